-- name: insert_link(token_hash, person_id, sha256, name, media_type, size, created_at, expires_at)$
INSERT INTO download_links (token_hash, person_id, sha256, name, media_type, size, created_at, expires_at)
VALUES (:token_hash, :person_id, :sha256, :name, :media_type, :size, :created_at, :expires_at)
RETURNING id;

-- name: link(token_hash)^
SELECT id, person_id, sha256, name, media_type, size, expires_at, browser, pressed_at
FROM download_links WHERE token_hash = :token_hash;

-- name: lock_link(token_hash)^
SELECT id, person_id, sha256, name, media_type, size, expires_at, browser, pressed_at
FROM download_links WHERE token_hash = :token_hash FOR UPDATE;

-- name: press_link(id, browser, now)!
UPDATE download_links SET browser = :browser, pressed_at = :now WHERE id = :id;

-- name: delete_links(before)!
DELETE FROM download_links WHERE expires_at <= :before;
