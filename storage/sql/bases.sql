-- name: base(id)^
SELECT * FROM bases WHERE id = :id;

-- name: base_by_code(code)^
SELECT * FROM bases WHERE code = :code;

-- name: bases_known()
SELECT code, uscc FROM bases;

-- name: insert_base(code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department)$
INSERT INTO bases (code, name, short_name, uscc, kind, city, batch, recognised_on, project_start, department, status)
VALUES (:code, :name, :short_name, :uscc, :kind, :city, :batch, :recognised_on, :project_start, :department, 'active')
RETURNING id;
