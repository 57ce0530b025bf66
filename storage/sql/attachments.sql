-- name: insert_attachment(person_id, telegram_file_id, kind, name, size, received_at)$
INSERT INTO attachments (person_id, telegram_file_id, kind, name, size, state, received_at)
VALUES (:person_id, :telegram_file_id, :kind, :name, :size, 'pending', :received_at)
RETURNING id;

-- name: attachments(ids)
SELECT * FROM attachments WHERE id = ANY(:ids) ORDER BY id;

-- name: attachments_of_request(request_id)
SELECT * FROM attachments WHERE request_id = :request_id ORDER BY id;

-- name: lock_attachment(id)^
SELECT * FROM attachments WHERE id = :id FOR UPDATE;

-- name: join_attachments(ids, request_id, entry_id)
UPDATE attachments SET request_id = :request_id, entry_id = :entry_id WHERE id = ANY(:ids)
RETURNING id;

-- name: insert_file(sha256, size, media_type, created_at)!
INSERT INTO files (sha256, size, media_type, created_at) VALUES (:sha256, :size, :media_type, :created_at)
ON CONFLICT (sha256) DO NOTHING;

-- name: keep_attachment(id, name, sha256, size)!
UPDATE attachments SET state = 'kept', name = :name, sha256 = :sha256, size = :size WHERE id = :id;

-- name: refuse_attachment(id, error)!
UPDATE attachments SET state = 'refused', error = :error WHERE id = :id;
