-- name: insert_attachment(person_id, telegram_file_id, kind, name, size, upload_id, chat_id, message_id, received_at)$
INSERT INTO attachments (
    person_id, telegram_file_id, kind, name, size, upload_id, chat_id, message_id, state, received_at
)
VALUES (
    :person_id, :telegram_file_id, :kind, :name, :size, :upload_id, :chat_id, :message_id, 'pending', :received_at
)
RETURNING id;

-- name: attachments(ids)
SELECT * FROM attachments WHERE id = ANY(:ids) ORDER BY id;

-- name: attachments_of_request(request_id)
SELECT * FROM attachments WHERE request_id = :request_id ORDER BY id;

-- name: attachments_of_content(sha256)
SELECT * FROM attachments WHERE sha256 = :sha256 ORDER BY id;

-- name: lock_attachment(id)^
SELECT * FROM attachments WHERE id = :id FOR UPDATE;

-- name: join_attachments(ids, request_id, entry_id)
UPDATE attachments SET request_id = :request_id, entry_id = :entry_id WHERE id = ANY(:ids)
RETURNING id;

-- A row that is there is written all the same: whoever erases its content waits for that (lock_file).
-- name: insert_file(sha256, size, media_type, created_at)!
INSERT INTO files (sha256, size, media_type, created_at) VALUES (:sha256, :size, :media_type, :created_at)
ON CONFLICT (sha256) DO UPDATE SET size = files.size;

-- name: keep_attachment(id, state, name, sha256, size, findings)!
UPDATE attachments SET state = :state, name = :name, sha256 = :sha256, size = :size, findings = :findings
WHERE id = :id;

-- name: ask_about_attachment(id, now)^
UPDATE attachments SET asked_at = :now WHERE id = :id AND asked_at IS NULL
RETURNING id;

-- name: confirm_attachment(id, confirmed_by, now)^
UPDATE attachments SET state = 'kept', confirmed_by = :confirmed_by, confirmed_at = :now
WHERE id = :id AND state = 'held'
RETURNING id;

-- name: refuse_attachment(id, error, reason)!
UPDATE attachments SET state = 'refused', error = :error, reason = :reason, sha256 = NULL, findings = NULL WHERE id = :id;

-- name: block_attachment(id)!
UPDATE attachments SET
    state = 'blocked', name = '', telegram_file_id = '', size = NULL, chat_id = NULL, message_id = NULL
WHERE id = :id;

-- name: lock_file(sha256)^
SELECT sha256 FROM files WHERE sha256 = :sha256 FOR UPDATE;

-- name: users_of_file(sha256)$
SELECT count(*) FROM attachments WHERE sha256 = :sha256;

-- name: delete_file(sha256)!
DELETE FROM files WHERE sha256 = :sha256;

-- name: media_type(sha256)$
SELECT media_type FROM files WHERE sha256 = :sha256;
