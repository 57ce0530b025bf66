-- The confidentiality gate. Where a file stands in a chat, so that it can be deleted there; what was found in
-- it (JSON: rule, place, masked excerpt) while a named person is asked; who that was.
ALTER TABLE attachments ADD COLUMN upload_id BIGINT;
ALTER TABLE attachments ADD COLUMN chat_id BIGINT;
ALTER TABLE attachments ADD COLUMN message_id BIGINT;
ALTER TABLE attachments ADD COLUMN findings JSON;
ALTER TABLE attachments ADD COLUMN asked_at TIMESTAMP;
ALTER TABLE attachments ADD COLUMN confirmed_by TEXT;
ALTER TABLE attachments ADD COLUMN confirmed_at TIMESTAMP;

-- What was blocked: rule, place (JSON) and hash, and nothing else of it.
CREATE TABLE incidents (
    id IDENTITY,
    number TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    attachment_id BIGINT,
    kind TEXT NOT NULL,
    found JSON NOT NULL,
    sha256 TEXT NOT NULL,
    chat_id BIGINT,
    message_id BIGINT,
    sent_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    deletion TEXT NOT NULL,
    settled_at TIMESTAMP,
    acknowledged_at TIMESTAMP
);
CREATE INDEX incidents_person ON incidents (person_id);
