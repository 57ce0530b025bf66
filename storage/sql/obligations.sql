-- name: open_year(kind, year, due_on, now)
INSERT INTO obligations (kind, year, base_id, due_on, state, rev, created_at, changed_at)
SELECT CAST(:kind AS TEXT), CAST(:year AS BIGINT), b.id, CAST(:due_on AS TEXT), 'open', 0,
    CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM bases b
WHERE b.status = 'active' AND NOT EXISTS (
    SELECT 1 FROM obligations o WHERE o.kind = :kind AND o.year = :year AND o.base_id = b.id
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: obligation(id)^
SELECT * FROM obligations WHERE id = :id;

-- name: lock_obligation(id)^
SELECT * FROM obligations WHERE id = :id FOR UPDATE;

-- name: save_obligation(id, seen_rev, state, rev, expected_on, changed_at)$
UPDATE obligations
SET state = :state, rev = :rev, expected_on = CAST(:expected_on AS TEXT), changed_at = :changed_at
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: obligations_of_year(kind, year)
SELECT o.*, b.short_name FROM obligations o JOIN bases b ON b.id = o.base_id
WHERE o.kind = :kind AND o.year = :year AND (b.status = 'active' OR o.state = 'received')
ORDER BY o.base_id;

-- name: obligation_of_base(kind, year, base_id)^
SELECT * FROM obligations WHERE kind = :kind AND year = :year AND base_id = :base_id;

-- name: incomplete(since)
SELECT o.* FROM obligations o LEFT JOIN bases b ON b.id = o.base_id
WHERE o.state IN ('open', 'claimed') AND (b.id IS NULL OR b.status = 'active') AND (
    o.due_on >= :since
    OR EXISTS (SELECT 1 FROM extensions x WHERE x.obligation_id = o.id AND x.until_on >= :since)
)
ORDER BY o.id;

-- The numbers of a kind are never used again: the reminders' keys are made of them.
-- name: insert_numbered(kind, year, base_id, due_on, now)$
INSERT INTO obligations (kind, year, base_id, due_on, state, rev, created_at, changed_at)
SELECT CAST(:kind AS TEXT) || ':' || CAST(count(*) + 1 AS TEXT), CAST(:year AS BIGINT),
    CAST(:base_id AS BIGINT), CAST(:due_on AS TEXT), 'open', 0, CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM obligations
WHERE base_id = :base_id AND kind LIKE CAST(:kind AS TEXT) || ':%'
ON CONFLICT DO NOTHING
RETURNING id;

-- name: insert_title(obligation_id, title)!
INSERT INTO obligation_titles (obligation_id, title) VALUES (:obligation_id, :title);

-- name: title(obligation_id)$
SELECT title FROM obligation_titles WHERE obligation_id = :obligation_id;

-- name: titled_of_base(base_id)
SELECT o.*, t.title FROM obligations o JOIN obligation_titles t ON t.obligation_id = o.id
WHERE o.base_id = :base_id
ORDER BY o.due_on, o.id;

-- name: others_of_base(base_id, kind, since)
SELECT o.*, t.title FROM obligations o LEFT JOIN obligation_titles t ON t.obligation_id = o.id
WHERE o.base_id = :base_id AND o.kind <> :kind AND (o.state IN ('open', 'claimed') OR o.due_on >= :since)
ORDER BY o.due_on, o.id;

-- name: insert_vacation(base_id, first_on, last_on)!
INSERT INTO vacations (base_id, first_on, last_on) VALUES (:base_id, :first_on, :last_on);

-- name: vacations_of(base_ids)
SELECT base_id, first_on, last_on FROM vacations WHERE base_id = ANY(:base_ids) ORDER BY base_id, id;
