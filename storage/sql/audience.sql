-- name: open(subject_kind, subject_id, picked)!
INSERT INTO audiences (subject_kind, subject_id, picked, rev)
VALUES (:subject_kind, :subject_id, :picked, 0)
ON CONFLICT (subject_kind, subject_id) DO NOTHING;

-- name: of_subject(subject_kind, subject_id)^
SELECT * FROM audiences WHERE subject_kind = :subject_kind AND subject_id = :subject_id;

-- name: lock_audience(id)^
SELECT * FROM audiences WHERE id = :id FOR UPDATE;

-- name: save_audience(id, picked, rev)!
UPDATE audiences SET picked = :picked, rev = :rev WHERE id = :id;
