-- name: base(id)^
SELECT * FROM bases WHERE id = :id;

-- name: base_by_code(code)^
SELECT * FROM bases WHERE code = :code;

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
