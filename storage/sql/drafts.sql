-- name: insert_draft(form, version, base_id, person_id, subject_id, answers, created_at, expires_at)$
INSERT INTO drafts (form, version, base_id, person_id, subject_id, answers, rev, created_at, expires_at)
VALUES (:form, :version, :base_id, :person_id, :subject_id, :answers, 0, :created_at, :expires_at)
RETURNING id;

-- name: draft(id)^
SELECT * FROM drafts WHERE id = :id;

-- name: lock_draft(id)^
SELECT * FROM drafts WHERE id = :id FOR UPDATE;

-- name: draft_named(form)^
SELECT * FROM drafts WHERE form = :form ORDER BY id DESC LIMIT 1;

-- name: save_draft(id, seen_rev, rev, answers, expires_at)$
UPDATE drafts SET rev = :rev, answers = :answers, expires_at = :expires_at
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: delete_draft(id)!
DELETE FROM drafts WHERE id = :id;

-- name: find_draft(form, person_id, base_id, subject_id)^
SELECT * FROM drafts
WHERE form = :form
  AND (base_id = CAST(:base_id AS BIGINT) OR (CAST(:base_id AS BIGINT) IS NULL AND person_id = :person_id))
  AND COALESCE(subject_id, 0) = COALESCE(CAST(:subject_id AS BIGINT), 0)
ORDER BY id DESC LIMIT 1 FOR UPDATE;

-- name: expired_drafts(before)
SELECT id FROM drafts WHERE expires_at < :before ORDER BY id;

-- name: leave_files(ids, since, now)!
UPDATE attachments SET left_at = :now
WHERE id = ANY(CAST(:ids AS BIGINT[])) AND received_at >= :since AND request_id IS NULL AND left_at IS NULL;

-- name: set_focus(person_id, draft_id, editing, rev)!
INSERT INTO focus (person_id, draft_id, editing, rev) VALUES (:person_id, :draft_id, :editing, :rev)
ON CONFLICT (person_id) DO UPDATE SET draft_id = excluded.draft_id, editing = excluded.editing, rev = excluded.rev;

-- name: focus(person_id)^
SELECT draft_id, editing, rev FROM focus WHERE person_id = :person_id;

-- name: clear_focus(person_id)!
DELETE FROM focus WHERE person_id = :person_id;
