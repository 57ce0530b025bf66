-- name: plan_sends(keys, channels, base_id, subject_kind, subject_id, title, text, now)
INSERT INTO fallback_sends (key, channel, base_id, subject_kind, subject_id, title, text, state, created_at)
SELECT r.key, r.channel, CAST(:base_id AS BIGINT), CAST(:subject_kind AS TEXT), CAST(:subject_id AS BIGINT),
    CAST(:title AS TEXT), CAST(:text AS TEXT), 'planned', CAST(:now AS BIGINT)
FROM unnest(CAST(:keys AS TEXT[]), CAST(:channels AS TEXT[])) AS r (key, channel)
WHERE TRUE
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: lock_send(id)^
SELECT * FROM fallback_sends WHERE id = :id FOR UPDATE;

-- name: move_send(id, seen, state, attempts, reference, sending_at, settled_at)$
UPDATE fallback_sends
SET state = :state, attempts = :attempts, reference = CAST(:reference AS TEXT),
    sending_at = CAST(:sending_at AS BIGINT), settled_at = CAST(:settled_at AS BIGINT)
WHERE id = :id AND state = :seen
RETURNING id;

-- name: sends_of_base(base_id, most)
SELECT * FROM fallback_sends WHERE base_id = :base_id ORDER BY id DESC LIMIT :most;

-- name: bases_sent(subject_kind, subject_id)
SELECT DISTINCT base_id FROM fallback_sends
WHERE subject_kind = :subject_kind AND subject_id = :subject_id AND state = 'sent' ORDER BY base_id;

-- name: empty_sent_texts(before)!
UPDATE fallback_sends SET text = NULL WHERE text IS NOT NULL AND settled_at < :before;
