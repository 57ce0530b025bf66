-- name: insert_link(token_hash, person_id, purpose, subject_id, title, created_at, expires_at)$
INSERT INTO upload_links (token_hash, person_id, purpose, subject_id, title, created_at, expires_at)
VALUES (:token_hash, :person_id, :purpose, :subject_id, :title, :created_at, :expires_at)
RETURNING id;

-- name: link(token_hash)^
SELECT id, person_id, purpose, subject_id, title, expires_at, browser, ended_at
FROM upload_links WHERE token_hash = :token_hash;

-- name: lock_link(token_hash)^
SELECT id, person_id, purpose, subject_id, title, expires_at, browser, ended_at
FROM upload_links WHERE token_hash = :token_hash FOR UPDATE;

-- name: bind_link(id, browser)!
UPDATE upload_links SET browser = :browser WHERE id = :id;

-- name: end_link(id, now)!
UPDATE upload_links SET ended_at = :now WHERE id = :id;

-- name: insert_upload(link_id, client_key, name, size, now)^
INSERT INTO link_uploads (link_id, client_key, name, size, received, state, created_at)
VALUES (:link_id, :client_key, :name, :size, 0, 'open', :now)
RETURNING id, link_id, name, size, received, state, attachment_id;

-- name: upload_by_key(link_id, client_key)^
SELECT id, link_id, name, size, received, state, attachment_id
FROM link_uploads WHERE link_id = :link_id AND client_key = :client_key;

-- name: upload(link_id, id)^
SELECT id, link_id, name, size, received, state, attachment_id
FROM link_uploads WHERE link_id = :link_id AND id = :id;

-- name: uploads_of(link_id)
SELECT id, link_id, name, size, received, state, attachment_id
FROM link_uploads WHERE link_id = :link_id ORDER BY id;

-- name: advance_upload(id, offset, received)^
UPDATE link_uploads SET received = :received
WHERE id = :id AND state = 'open' AND received = :offset
RETURNING id, link_id, name, size, received, state, attachment_id;

-- name: rewind_upload(id)!
UPDATE link_uploads SET received = 0 WHERE id = :id AND state = 'open';

-- name: complete_upload(id, attachment_id)!
UPDATE link_uploads SET state = 'completed', attachment_id = :attachment_id WHERE id = :id;

-- name: forget_name(attachment_id)!
UPDATE link_uploads SET name = '' WHERE attachment_id = :attachment_id;

-- name: delete_upload(link_id, id)$
DELETE FROM link_uploads WHERE link_id = :link_id AND id = :id AND state = 'open'
RETURNING id;

-- name: delete_unfinished(now)
DELETE FROM link_uploads
WHERE state = 'open' AND link_id IN (
    SELECT id FROM upload_links WHERE expires_at <= :now OR ended_at IS NOT NULL
)
RETURNING id;

-- name: delete_links(before)!
DELETE FROM upload_links WHERE expires_at <= :before;

-- name: needed_uploads(ids)
SELECT u.id FROM link_uploads u LEFT JOIN attachments a ON a.id = u.attachment_id
WHERE u.id = ANY(CAST(:ids AS BIGINT[])) AND (u.state = 'open' OR a.state = 'pending');
