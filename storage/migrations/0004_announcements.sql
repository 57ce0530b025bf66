-- Notices to all bases. `issued` (JSON) is the frame as it was signed: centre, contact, telephone, date.
CREATE TABLE announcements (
    id IDENTITY,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    reply_by TEXT,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    drafter_id BIGINT NOT NULL REFERENCES persons (id),
    signer_id BIGINT REFERENCES persons (id),
    reason TEXT,
    issued JSON,
    created_at TIMESTAMP NOT NULL,
    signed_at TIMESTAMP
);

-- Whom it was for when it was signed, a row for each office held; person NULL: the base had nobody.
CREATE TABLE announcement_recipients (
    id IDENTITY,
    announcement_id BIGINT NOT NULL REFERENCES announcements (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    person_id BIGINT REFERENCES persons (id),
    by_phone BOOLEAN NOT NULL
);
CREATE INDEX announcement_recipients_of ON announcement_recipients (announcement_id);
CREATE INDEX announcement_recipients_base ON announcement_recipients (base_id);

-- 收到: one for each base is enough.
CREATE TABLE announcement_receipts (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (announcement_id, base_id)
);

-- The message that shows somebody how the sending goes: outbox rows of the message and of its last edit.
CREATE TABLE announcement_panels (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    message_row BIGINT,
    edit_row BIGINT,
    shown TEXT,
    drawn_at TIMESTAMP,
    PRIMARY KEY (announcement_id, person_id)
);
