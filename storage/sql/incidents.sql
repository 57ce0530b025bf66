-- name: insert_incident(number, person_id, attachment_id, kind, found, sha256, chat_id, message_id, sent_at, recorded_at, deletion)$
INSERT INTO incidents (
    number, person_id, attachment_id, kind, found, sha256, chat_id, message_id, sent_at, recorded_at, deletion
)
VALUES (
    :number, :person_id, :attachment_id, :kind, :found, :sha256, :chat_id, :message_id, :sent_at, :recorded_at,
    :deletion
)
RETURNING id;

-- name: incident(id)^
SELECT * FROM incidents WHERE id = :id;

-- name: incident_of_attachment(attachment_id)^
SELECT * FROM incidents WHERE attachment_id = :attachment_id;

-- name: incidents_newest(limit)
SELECT * FROM incidents ORDER BY id DESC LIMIT :limit;

-- name: settle_incident(id, deletion, now)^
UPDATE incidents SET deletion = :deletion, settled_at = :now WHERE id = :id AND settled_at IS NULL
RETURNING id;

-- name: acknowledge_incident(id, person_id, now)^
UPDATE incidents SET acknowledged_at = :now
WHERE id = :id AND person_id = :person_id AND acknowledged_at IS NULL
RETURNING id;
