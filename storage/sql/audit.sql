-- name: insert_audit(at, actor_id, action, subject_kind, subject_id, facts)!
INSERT INTO audit (at, actor_id, action, subject_kind, subject_id, facts)
VALUES (:at, :actor_id, :action, :subject_kind, :subject_id, :facts);

-- name: audit_of(subject_kind, subject_id)
SELECT at, actor_id, action, facts FROM audit
WHERE subject_kind = :subject_kind AND subject_id = :subject_id ORDER BY id;
