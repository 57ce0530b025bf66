-- name: insert_rows(keys, chat_ids, person_ids, lanes, kinds, methods, payloads, templates, facts, targets, states, due_ats, cutoff_ats, subject_kinds, subject_ids, created_ats, sending_ats)
INSERT INTO outbox (
    key, chat_id, person_id, lane, kind, method, payload, template, facts, target, state,
    due_at, cutoff_at, subject_kind, subject_id, created_at, sending_at
)
SELECT
    r.key, r.chat_id, r.person_id, r.lane, r.kind, r.method, r.payload, r.template, r.facts, r.target, r.state,
    r.due_at, r.cutoff_at, r.subject_kind, r.subject_id, r.created_at, r.sending_at
FROM unnest(
    CAST(:keys AS TEXT[]), CAST(:chat_ids AS BIGINT[]), CAST(:person_ids AS BIGINT[]), CAST(:lanes AS TEXT[]),
    CAST(:kinds AS TEXT[]), CAST(:methods AS TEXT[]), CAST(:payloads AS TEXT[]), CAST(:templates AS TEXT[]),
    CAST(:facts AS TEXT[]), CAST(:targets AS BIGINT[]), CAST(:states AS TEXT[]), CAST(:due_ats AS BIGINT[]),
    CAST(:cutoff_ats AS BIGINT[]), CAST(:subject_kinds AS TEXT[]), CAST(:subject_ids AS BIGINT[]),
    CAST(:created_ats AS BIGINT[]), CAST(:sending_ats AS BIGINT[])
) WITH ORDINALITY AS r (
    key, chat_id, person_id, lane, kind, method, payload, template, facts, target, state,
    due_at, cutoff_at, subject_kind, subject_id, created_at, sending_at, n
)
WHERE TRUE
ORDER BY r.n
ON CONFLICT (key) DO NOTHING
RETURNING id, key;

-- name: find_message(chat_id, message_id)^
SELECT * FROM outbox WHERE chat_id = :chat_id AND message_id = :message_id ORDER BY id DESC LIMIT 1;

-- name: get_row(id)^
SELECT * FROM outbox WHERE id = :id;

-- The first due row of each chat among the first `limit`: one chat's many rows take no other's turn.
-- name: claim_queued(now, limit, busy)
UPDATE outbox SET state = 'sending', sending_at = :now
WHERE id IN (
    SELECT head.id FROM (
        SELECT due.id, row_number() OVER (PARTITION BY due.chat_id ORDER BY due.due_at, due.id) AS n
        FROM (
            SELECT id, chat_id, due_at FROM outbox
            WHERE state = 'queued' AND due_at <= :now AND chat_id <> ALL(CAST(:busy AS BIGINT[]))
            ORDER BY due_at, id LIMIT :limit
            FOR UPDATE SKIP LOCKED
        ) AS due
    ) AS head
    WHERE head.n = 1
)
RETURNING *;

-- name: take_queued(id, now)$
UPDATE outbox SET state = 'sending', sending_at = :now WHERE id = :id AND state = 'queued' RETURNING id;

-- name: settle_rows(ids, states, message_ids, attempts, doubts, errors, refs, now)!
UPDATE outbox
SET state = r.state, message_id = r.message_id, attempts = r.attempts, doubts = r.doubts, error = r.error,
    reference = r.reference, settled_at = CASE WHEN r.state = 'queued' THEN NULL ELSE CAST(:now AS BIGINT) END
FROM unnest(
    CAST(:ids AS BIGINT[]), CAST(:states AS TEXT[]), CAST(:message_ids AS BIGINT[]), CAST(:attempts AS BIGINT[]),
    CAST(:doubts AS BIGINT[]), CAST(:errors AS TEXT[]), CAST(:refs AS TEXT[])
) AS r (id, state, message_id, attempts, doubts, error, reference)
WHERE outbox.id = r.id;

-- name: requeue_rows(ids, now)
UPDATE outbox
SET state = 'queued', due_at = :now, cutoff_at = NULL, error = NULL, reference = NULL, settled_at = NULL
WHERE id = ANY(CAST(:ids AS BIGINT[])) AND state IN ('uncertain', 'failed') AND payload IS NOT NULL
  AND (person_id IS NULL OR EXISTS (
    SELECT 1 FROM memberships m WHERE m.person_id = outbox.person_id AND m.until IS NULL
  ))
RETURNING id;

-- name: remake_row(id, method, payload, kind)!
UPDATE outbox SET state = 'queued', method = :method, payload = :payload, kind = :kind, target = NULL WHERE id = :id;

-- name: move_chat(old, new)!
UPDATE outbox SET chat_id = :new WHERE chat_id = :old AND state IN ('planned', 'queued', 'sending');

-- name: open_in_flight()
SELECT * FROM outbox WHERE state = 'sending' ORDER BY id;

-- name: open_interactive(now)
SELECT * FROM outbox
WHERE state IN ('planned', 'queued', 'sending') AND state = 'queued' AND lane <> 'bulk' AND due_at <= :now
ORDER BY id;

-- name: queue_depths(now)
SELECT lane, count(*) AS depth FROM outbox WHERE state = 'queued' AND due_at <= :now GROUP BY lane;

-- name: oldest_due(now)$
SELECT min(due_at) FROM outbox WHERE state = 'queued' AND due_at <= :now;

-- name: next_due(now)$
SELECT min(due_at) FROM outbox
WHERE state IN ('planned', 'queued', 'sending') AND state <> 'sending' AND due_at > :now;

-- name: waiting_broadcasts(person_id)
SELECT * FROM outbox
WHERE state IN ('planned', 'queued', 'sending') AND state <> 'sending' AND kind = 'broadcast'
  AND person_id = :person_id
ORDER BY id;

-- name: count_by_subject(subject_kind, subject_id)
SELECT state, count(*) AS n FROM outbox
WHERE subject_kind = :subject_kind AND subject_id = :subject_id
GROUP BY state;

-- name: rows_of_subject(subject_kind, subject_id, states)
SELECT * FROM outbox
WHERE subject_kind = :subject_kind AND subject_id = :subject_id AND state = ANY(CAST(:states AS TEXT[]))
ORDER BY id;

-- name: planned_due(now, limit)
SELECT * FROM outbox
WHERE state IN ('planned', 'queued', 'sending') AND state = 'planned' AND due_at <= :now
ORDER BY id LIMIT :limit;

-- name: known_keys(keys)
SELECT key FROM outbox WHERE key = ANY(CAST(:keys AS TEXT[]));

-- name: queue_planned(id, payload, chat_id)$
UPDATE outbox SET state = 'queued', payload = :payload, chat_id = COALESCE(CAST(:chat_id AS BIGINT), chat_id)
WHERE id = :id AND state = 'planned' RETURNING id;

-- name: drop_open(id, error, now)$
UPDATE outbox SET state = 'dropped', error = :error, settled_at = :now
WHERE id = :id AND state IN ('planned', 'queued') RETURNING id;

-- name: forget_texts(before)!
UPDATE outbox SET payload = NULL, facts = NULL WHERE settled_at < :before AND payload IS NOT NULL;

-- name: overdue(before)^
SELECT count(*) AS n, min(due_at) AS oldest FROM outbox
WHERE state IN ('planned', 'queued', 'sending') AND due_at < :before;

-- name: count_uncertain(since)$
SELECT count(*) FROM outbox WHERE state = 'uncertain' AND settled_at >= :since;

-- name: refused_references(since)
SELECT reference FROM outbox
WHERE state = 'failed' AND reference IS NOT NULL AND settled_at >= :since ORDER BY id DESC;
