-- name: contacts_of(base_ids, day)
SELECT m.base_id, m.person_id, m.role, (p.telegram_id IS NOT NULL AND p.reachable) AS reached,
    EXISTS (
        SELECT 1 FROM absences a
        WHERE a.person_id = m.person_id AND a.base_id = m.base_id AND a.ended_at IS NULL
          AND a.first_on <= CAST(:day AS TEXT) AND a.last_on >= CAST(:day AS TEXT)
    ) AS away
FROM memberships m JOIN persons p ON p.id = m.person_id
WHERE m.until IS NULL AND m.base_id = ANY(:base_ids) AND m.role IN ('liaison', 'deputy', 'head')
ORDER BY m.base_id, m.id;

-- What was for somebody who turned out to be out of reach: to be looked at once (storage/jobs).
-- name: follow_dead(ids, person_ids, now)!
INSERT INTO jobs (key, kind, args, state, run_at, created_at)
SELECT 'go_over:' || CAST(o.id AS TEXT), 'go_over', '{"row_id": ' || CAST(o.id AS TEXT) || '}', 'waiting',
    CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM outbox o
WHERE o.id = ANY(:ids) AND o.person_id = ANY(:person_ids) AND o.state = 'failed'
  AND o.kind IN ('receipt', 'nudge', 'broadcast')
ON CONFLICT (key) DO NOTHING;

-- One for each officer; a base that is lost again in the same year opens it again.
-- name: open_calls(kind, year, person_ids, due_on, now)
INSERT INTO obligations (kind, year, person_id, due_on, state, rev, created_at, changed_at)
SELECT CAST(:kind AS TEXT), CAST(:year AS BIGINT), r.person_id, CAST(:due_on AS TEXT), 'open', 0,
    CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM unnest(CAST(:person_ids AS BIGINT[])) AS r (person_id)
WHERE TRUE
ON CONFLICT (kind, year, person_id) WHERE person_id IS NOT NULL DO UPDATE
SET state = 'open', due_on = excluded.due_on, rev = obligations.rev + 1, changed_at = excluded.changed_at
RETURNING id, person_id;

-- name: end_calls(kinds, state, now)
UPDATE obligations SET state = :state, rev = rev + 1, changed_at = :now
WHERE kind = ANY(:kinds) AND state = 'open' AND person_id IS NOT NULL
RETURNING id, kind;

-- name: calls_owed()
SELECT kind, min(due_on) AS due_on FROM obligations
WHERE kind LIKE 'call:%' AND state = 'open' AND person_id IS NOT NULL
GROUP BY kind ORDER BY min(due_on), kind;

-- name: base_delivered(announcement_id)
SELECT r.base_id, b.short_name AS base,
    max(CASE WHEN o.state = 'sent' THEN 1 ELSE 0 END) AS sent,
    max(CASE WHEN o.state IN ('planned', 'queued', 'sending') THEN 1 ELSE 0 END) AS open
FROM announcement_recipients r JOIN bases b ON b.id = r.base_id
LEFT JOIN outbox o ON o.person_id = r.person_id AND o.kind = 'broadcast'
    AND o.subject_kind = 'announcement' AND o.subject_id = r.announcement_id
WHERE r.announcement_id = :announcement_id
GROUP BY r.base_id, b.short_name ORDER BY r.base_id;

-- name: addressed_of(announcement_id, person_id)
SELECT DISTINCT base_id FROM announcement_recipients
WHERE announcement_id = :announcement_id AND person_id = :person_id ORDER BY base_id;

-- name: told_of(announcement_id, base_id)
SELECT DISTINCT person_id FROM announcement_recipients
WHERE announcement_id = :announcement_id AND base_id = :base_id AND person_id IS NOT NULL;

-- name: add_recipient(announcement_id, base_id, person_id)!
INSERT INTO announcement_recipients (announcement_id, base_id, person_id, by_phone)
SELECT CAST(:announcement_id AS BIGINT), CAST(:base_id AS BIGINT), CAST(:person_id AS BIGINT), FALSE
WHERE NOT EXISTS (
    SELECT 1 FROM announcement_recipients
    WHERE announcement_id = :announcement_id AND base_id = :base_id AND person_id = :person_id
);
