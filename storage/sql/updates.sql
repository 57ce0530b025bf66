-- name: insert_updates(update_ids, chat_ids, payloads, received_at)!
INSERT INTO updates (update_id, chat_id, payload, state, received_at)
SELECT r.update_id, r.chat_id, r.payload, 'stored', :received_at
FROM unnest(CAST(:update_ids AS BIGINT[]), CAST(:chat_ids AS BIGINT[]), CAST(:payloads AS TEXT[]))
    WITH ORDINALITY AS r (update_id, chat_id, payload, n)
WHERE TRUE
ORDER BY r.n
ON CONFLICT (update_id) DO NOTHING;

-- name: still_open(update_ids)
SELECT id, chat_id, payload, attempts FROM updates
WHERE update_id = ANY(:update_ids) AND state = 'stored' ORDER BY id;

-- name: finish_update(id, settled_at)$
UPDATE updates SET state = 'done', payload = NULL, settled_at = :settled_at, reference = NULL, error = NULL
WHERE id = :id AND state = 'stored' RETURNING id;

-- name: open_updates()
SELECT id, chat_id, payload, attempts FROM updates WHERE state = 'stored' ORDER BY id;

-- name: begin_attempts(ids)!
UPDATE updates SET attempts = attempts + 1 WHERE id = ANY(:ids);

-- name: settle_update(id, state, settled_at, reference, error)!
UPDATE updates
SET state = :state, payload = NULL, settled_at = :settled_at, reference = :reference, error = :error
WHERE id = :id;

-- name: record_error(id, error)!
UPDATE updates SET error = :error WHERE id = :id;

-- name: prune_updates(before)!
DELETE FROM updates WHERE state <> 'stored' AND settled_at < :before;

-- name: count_by_state()
SELECT state, count(*) AS n FROM updates GROUP BY state;

-- name: failed_references(since)
SELECT reference FROM updates
WHERE state = 'failed' AND reference IS NOT NULL AND settled_at >= :since ORDER BY id DESC;
