-- name: insert_exchange(base_id, regular, state, plan, planned_on, held_on, version, recorded_by, now)$
INSERT INTO exchanges
    (base_id, regular, state, rev, plan, planned_on, held_on, version, recorded_by, changed_at)
VALUES
    (:base_id, :regular, :state, 0, CAST(:plan AS TEXT), CAST(:planned_on AS TEXT), CAST(:held_on AS TEXT),
     :version, CAST(:recorded_by AS TEXT), :now)
RETURNING id;

-- name: exchange(id)^
SELECT e.*, r.record FROM exchanges e
LEFT JOIN exchange_records r ON r.exchange_id = e.id AND r.version = e.version
WHERE e.id = :id;

-- name: lock_exchange(id)$
SELECT id FROM exchanges WHERE id = :id FOR UPDATE;

-- name: save_exchange(id, seen_rev, state, rev, plan, planned_on, held_on, version, recorded_by, obligation_id, changed_at)$
UPDATE exchanges
SET state = :state, rev = :rev, plan = CAST(:plan AS TEXT), planned_on = CAST(:planned_on AS TEXT),
    held_on = CAST(:held_on AS TEXT), version = :version, recorded_by = CAST(:recorded_by AS TEXT),
    obligation_id = CAST(:obligation_id AS BIGINT), changed_at = :changed_at
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: remind_by(id, obligation_id)!
UPDATE exchanges SET obligation_id = :obligation_id WHERE id = :id;

-- name: insert_record(exchange_id, version, record)!
INSERT INTO exchange_records (exchange_id, version, record) VALUES (:exchange_id, :version, :record);

-- name: record_of(exchange_id, version)$
SELECT record FROM exchange_records WHERE exchange_id = :exchange_id AND version = :version;

-- name: insert_entry(exchange_id, move, version, side, by_name, words, reviewer, source, attachment_ids, now)!
INSERT INTO exchange_entries (exchange_id, move, version, side, by_name, words, reviewer, source, attachment_ids, at)
VALUES
    (:exchange_id, :move, :version, :side, :by_name, CAST(:words AS TEXT), CAST(:reviewer AS TEXT),
     CAST(:source AS TEXT), CAST(:attachment_ids AS TEXT), :now);

-- name: entries_of(exchange_ids)
SELECT exchange_id, move, version, side, by_name, words, reviewer, source, at FROM exchange_entries
WHERE exchange_id = ANY(:exchange_ids) ORDER BY id;

-- name: open_exchanges(base_id)
SELECT e.*, r.record FROM exchanges e
LEFT JOIN exchange_records r ON r.exchange_id = e.id AND r.version = e.version
WHERE e.state IN ('planned', 'recorded', 'disputed')
  AND (CAST(:base_id AS BIGINT) IS NULL OR e.base_id = :base_id)
ORDER BY COALESCE(e.held_on, e.planned_on), e.id;

-- name: held_exchanges(base_id, first_on, last_on)
SELECT e.*, r.record FROM exchanges e
JOIN exchange_records r ON r.exchange_id = e.id AND r.version = e.version
WHERE e.state IN ('recorded', 'disputed', 'confirmed') AND e.held_on >= :first_on AND e.held_on <= :last_on
  AND (CAST(:base_id AS BIGINT) IS NULL OR e.base_id = :base_id)
ORDER BY e.held_on, e.id;

-- name: confirmed_exchanges(base_id, most)
SELECT e.*, r.record FROM exchanges e
JOIN exchange_records r ON r.exchange_id = e.id AND r.version = e.version
WHERE e.state = 'confirmed' AND (CAST(:base_id AS BIGINT) IS NULL OR e.base_id = :base_id)
ORDER BY e.held_on DESC, e.id DESC
LIMIT :most;

-- name: insert_follow_up(exchange_id, obligation_id, what, side, owner, due_on)!
INSERT INTO exchange_follow_ups (exchange_id, obligation_id, what, side, owner, due_on)
VALUES (:exchange_id, :obligation_id, :what, :side, :owner, :due_on);

-- name: follow_ups_of(exchange_ids)
SELECT f.*, o.state, o.rev, o.changed_at, e.base_id FROM exchange_follow_ups f
JOIN obligations o ON o.id = f.obligation_id JOIN exchanges e ON e.id = f.exchange_id
WHERE f.exchange_id = ANY(:exchange_ids) ORDER BY f.due_on, f.id;

-- name: open_follow_ups(base_id)
SELECT f.*, o.state, o.rev, o.changed_at, e.base_id FROM exchange_follow_ups f
JOIN obligations o ON o.id = f.obligation_id JOIN exchanges e ON e.id = f.exchange_id
WHERE o.state = 'open' AND o.base_id = :base_id ORDER BY f.due_on, f.id;

-- name: follow_up(id)^
SELECT f.*, o.state, o.rev, o.changed_at, e.base_id FROM exchange_follow_ups f
JOIN obligations o ON o.id = f.obligation_id JOIN exchanges e ON e.id = f.exchange_id
WHERE f.id = :id;

-- name: follow_up_of_duty(obligation_id)^
SELECT f.*, o.state, o.rev, o.changed_at, e.base_id FROM exchange_follow_ups f
JOIN obligations o ON o.id = f.obligation_id JOIN exchanges e ON e.id = f.exchange_id
WHERE f.obligation_id = :obligation_id;

-- name: done_by(id, done_by)!
UPDATE exchange_follow_ups SET done_by = CAST(:done_by AS TEXT) WHERE id = :id;

-- name: exchange_of_duty(obligation_id)$
SELECT id FROM exchanges WHERE obligation_id = :obligation_id;

-- name: delete_follow_ups(ids)!
DELETE FROM exchange_follow_ups WHERE id = ANY(:ids);

-- name: begin_cadences(months, since_on)!
INSERT INTO exchange_cadences (base_id, months, since_on)
SELECT b.id, CAST(:months AS BIGINT), CAST(:since_on AS TEXT) FROM bases b
WHERE b.status = 'active' AND NOT EXISTS (SELECT 1 FROM exchange_cadences c WHERE c.base_id = b.id)
ON CONFLICT (base_id) DO NOTHING;

-- name: set_cadence(base_id, months, since_on)!
INSERT INTO exchange_cadences (base_id, months, since_on) VALUES (:base_id, :months, :since_on)
ON CONFLICT (base_id) DO UPDATE SET months = excluded.months, since_on = excluded.since_on;

-- The last regular exchange that was held, the next that is arranged, and the duty that stands, of active bases.
-- name: cadences(base_id, today)
SELECT c.base_id, c.months, c.since_on, h.held_on, p.planned_on, o.id AS open_id, o.due_on AS open_due_on
FROM exchange_cadences c
JOIN bases b ON b.id = c.base_id AND b.status = 'active'
LEFT JOIN (
    SELECT base_id, max(held_on) AS held_on FROM exchanges
    WHERE regular AND state IN ('recorded', 'disputed', 'confirmed') GROUP BY base_id
) h ON h.base_id = c.base_id
LEFT JOIN (
    SELECT base_id, min(planned_on) AS planned_on FROM exchanges
    WHERE regular AND state = 'planned' AND planned_on >= :today GROUP BY base_id
) p ON p.base_id = c.base_id
LEFT JOIN obligations o ON o.base_id = c.base_id AND o.state = 'open' AND o.kind LIKE 'exchange_cadence:%'
WHERE CAST(:base_id AS BIGINT) IS NULL OR c.base_id = :base_id
ORDER BY c.base_id;
