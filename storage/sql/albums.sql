-- name: insert_album(chat_id, media_group_id, person_id, due_at, words, cites, draft_id, step)$
INSERT INTO albums (chat_id, media_group_id, person_id, due_at, waited, words, cites, draft_id, step)
SELECT
    CAST(:chat_id AS BIGINT), CAST(:media_group_id AS TEXT), CAST(:person_id AS BIGINT), CAST(:due_at AS BIGINT),
    FALSE, CAST(:words AS TEXT), CAST(:cites AS TEXT), CAST(:draft_id AS BIGINT), CAST(:step AS TEXT)
WHERE TRUE
ON CONFLICT (chat_id, media_group_id) DO NOTHING
RETURNING id;

-- name: album_of_group(chat_id, media_group_id)^
SELECT * FROM albums WHERE chat_id = :chat_id AND media_group_id = :media_group_id FOR UPDATE;

-- name: lock_album(id)^
SELECT * FROM albums WHERE id = :id FOR UPDATE;

-- name: save_album(id, due_at, waited, words)!
UPDATE albums SET due_at = :due_at, waited = :waited, words = :words WHERE id = :id;

-- name: insert_item(album_id, message_id, attachment_id, in_form)!
INSERT INTO album_items (album_id, message_id, attachment_id, in_form, decided, told)
VALUES (:album_id, :message_id, :attachment_id, :in_form, FALSE, FALSE);

-- name: undecided_items(album_id)
SELECT message_id, attachment_id, in_form FROM album_items
WHERE album_id = :album_id AND NOT decided ORDER BY message_id;

-- name: decide_items(album_id)!
UPDATE album_items SET decided = TRUE WHERE album_id = :album_id AND NOT decided;

-- name: untold_items(album_id)
SELECT i.attachment_id FROM album_items i JOIN attachments a ON a.id = i.attachment_id
WHERE i.album_id = :album_id AND i.decided AND NOT i.told ORDER BY i.message_id;

-- name: tell_items(attachment_ids)!
UPDATE album_items SET told = TRUE WHERE attachment_id = ANY(:attachment_ids);

-- Whether something that the chat has sent is still to be handled.
-- name: open_of_chat(chat_id)$
SELECT count(*) FROM updates WHERE state = 'stored' AND chat_id = :chat_id;

-- name: files_of_album(album_id)
SELECT attachment_id FROM album_items WHERE album_id = :album_id ORDER BY message_id;
