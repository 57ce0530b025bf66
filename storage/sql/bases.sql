-- name: base(id)^
SELECT * FROM bases WHERE id = :id;

-- name: base_by_code(code)^
SELECT * FROM bases WHERE code = :code;

-- name: entries()
SELECT id, code, name, short_name, city, batch, uscc FROM bases ORDER BY id;

-- name: bases_by_id(ids)
SELECT * FROM bases WHERE id = ANY(:ids);

-- name: all_bases()
SELECT * FROM bases ORDER BY id;

-- name: insert_bases(code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department)
INSERT INTO bases (code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department, status)
SELECT r.code, r.name, r.short_name, r.uscc, r.kind, r.city, r.batch, r.recognised_on,
    r.project_start, r.department, 'active'
FROM unnest(
    CAST(:code AS TEXT[]), CAST(:name AS TEXT[]), CAST(:short_name AS TEXT[]), CAST(:uscc AS TEXT[]),
    CAST(:kind AS TEXT[]), CAST(:city AS TEXT[]), CAST(:batch AS TEXT[]), CAST(:recognised_on AS TEXT[]),
    CAST(:project_start AS TEXT[]), CAST(:department AS TEXT[])
) AS r (code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department)
WHERE TRUE
RETURNING id, code;

-- name: update_bases(id, code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department)!
UPDATE bases
SET code = r.code, name = r.name, short_name = r.short_name, uscc = r.uscc, kind = r.kind,
    city = r.city, batch = r.batch, recognised_on = r.recognised_on, project_start = r.project_start,
    department = r.department
FROM unnest(
    CAST(:id AS BIGINT[]), CAST(:code AS TEXT[]), CAST(:name AS TEXT[]), CAST(:short_name AS TEXT[]),
    CAST(:uscc AS TEXT[]), CAST(:kind AS TEXT[]), CAST(:city AS TEXT[]), CAST(:batch AS TEXT[]),
    CAST(:recognised_on AS TEXT[]), CAST(:project_start AS TEXT[]), CAST(:department AS TEXT[])
) AS r (id, code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department)
WHERE bases.id = r.id;

-- name: lock_base(id)^
SELECT * FROM bases WHERE id = :id FOR UPDATE;

-- name: set_counterpart(id, counterpart_id)!
UPDATE bases SET counterpart_id = :counterpart_id WHERE id = :id;

-- name: set_project_end(id, project_end)!
UPDATE bases SET project_end = :project_end WHERE id = :id;

-- name: set_status(id, status)!
UPDATE bases SET status = :status WHERE id = :id;

-- name: insert_status(base_id, status, reason, changed_by, changed_at)!
INSERT INTO base_statuses (base_id, status, reason, changed_by, changed_at)
VALUES (:base_id, :status, :reason, :changed_by, :changed_at);

-- name: statuses_of(base_id)
SELECT s.status, s.reason, s.changed_at, p.name FROM base_statuses s JOIN persons p ON p.id = s.changed_by
WHERE s.base_id = :base_id ORDER BY s.id DESC;

-- name: reached_bases()
SELECT DISTINCT m.base_id FROM memberships m JOIN persons p ON p.id = m.person_id
WHERE m.until IS NULL AND m.role IN ('liaison', 'deputy', 'head') AND p.telegram_id IS NOT NULL AND p.reachable;

-- name: search_of(person_id)$
SELECT wanted FROM directory_searches WHERE person_id = :person_id;

-- name: keep_search(person_id, wanted)!
INSERT INTO directory_searches (person_id, wanted) VALUES (:person_id, :wanted)
ON CONFLICT (person_id) DO UPDATE SET wanted = excluded.wanted;

-- name: end_unreached()
DELETE FROM unreached_bases
WHERE base_id IN (
    SELECT m.base_id FROM memberships m JOIN persons p ON p.id = m.person_id
    WHERE m.until IS NULL AND m.role IN ('liaison', 'deputy') AND p.telegram_id IS NOT NULL AND p.reachable
) OR base_id IN (SELECT id FROM bases WHERE status <> 'active')
RETURNING base_id;

-- Somebody of it was enrolled once: a base that nobody has joined yet is not lost.
-- name: begin_unreached(since)
INSERT INTO unreached_bases (base_id, since)
SELECT b.id, CAST(:since AS BIGINT) FROM bases b
WHERE b.status = 'active' AND EXISTS (
    SELECT 1 FROM memberships m JOIN persons p ON p.id = m.person_id
    WHERE m.base_id = b.id AND m.role IN ('liaison', 'deputy') AND p.enrolled_at IS NOT NULL
) AND NOT EXISTS (
    SELECT 1 FROM memberships m JOIN persons p ON p.id = m.person_id
    WHERE m.base_id = b.id AND m.until IS NULL AND m.role IN ('liaison', 'deputy')
      AND p.telegram_id IS NOT NULL AND p.reachable
)
ON CONFLICT DO NOTHING
RETURNING base_id;
