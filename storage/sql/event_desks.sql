-- name: insert_desk(token_hash, event_id, person_id, expires_at)$
INSERT INTO event_desks (token_hash, event_id, person_id, expires_at)
VALUES (:token_hash, :event_id, :person_id, :expires_at)
RETURNING id;

-- name: desk(token_hash)^
SELECT id, event_id, person_id, browser, expires_at FROM event_desks WHERE token_hash = :token_hash;

-- name: bind(id, browser)$
UPDATE event_desks SET browser = :browser WHERE id = :id AND (browser IS NULL OR browser = :browser)
RETURNING id;

-- name: of_browser(browser, event_id, now)^
SELECT id, event_id, person_id, browser, expires_at FROM event_desks
WHERE browser = :browser AND event_id = :event_id AND expires_at > :now
ORDER BY id DESC LIMIT 1;
