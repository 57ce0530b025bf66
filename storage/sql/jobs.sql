-- name: insert_job(key, kind, args, now)$
INSERT INTO jobs (key, kind, args, state, run_at, created_at)
SELECT CAST(:key AS TEXT), CAST(:kind AS TEXT), CAST(:args AS TEXT), 'waiting', CAST(:now AS BIGINT), CAST(:now AS BIGINT)
WHERE TRUE
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: claim_jobs(now, lease_until, limit)
UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = :lease_until
WHERE id IN (
    SELECT id FROM jobs
    WHERE state IN ('waiting', 'running') AND run_at <= :now AND (state = 'waiting' OR lease_until < :now)
    ORDER BY run_at, id LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, args, attempts, run_at;

-- name: renew_leases(ids, lease_until)!
UPDATE jobs SET lease_until = :lease_until WHERE id = ANY(CAST(:ids AS BIGINT[])) AND state = 'running';

-- name: finish_job(id, now)!
UPDATE jobs SET state = 'done', lease_until = NULL, error = NULL, settled_at = :now WHERE id = :id;

-- name: retry_job(id, run_at, error)!
UPDATE jobs SET state = 'waiting', lease_until = NULL, run_at = :run_at, error = :error WHERE id = :id;

-- name: fail_job(id, now, error, reference)!
UPDATE jobs
SET state = 'failed', lease_until = NULL, error = :error, reference = :reference, settled_at = :now
WHERE id = :id;

-- name: requeue_running()!
UPDATE jobs SET state = 'waiting', lease_until = NULL WHERE state IN ('waiting', 'running') AND state = 'running';

-- name: count_by_state()
SELECT state, count(*) AS n FROM jobs GROUP BY state;

-- name: next_run()$
SELECT min(run_at) FROM jobs WHERE state IN ('waiting', 'running') AND state = 'waiting';

-- name: failed_references(since)
SELECT reference FROM jobs
WHERE state = 'failed' AND reference IS NOT NULL AND settled_at >= :since ORDER BY id DESC;
