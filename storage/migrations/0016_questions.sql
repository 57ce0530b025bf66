-- A question of a base to the centre; `waiting_since` while the centre owes an answer, `spoken_at` the last word.
CREATE TABLE questions (
    id IDENTITY,
    number TEXT NOT NULL UNIQUE,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES persons (id),
    asked_at TIMESTAMP NOT NULL,
    spoken_at TIMESTAMP NOT NULL,
    waiting_since TIMESTAMP,
    answered_by BIGINT REFERENCES persons (id),
    closed_at TIMESTAMP,
    request_id BIGINT REFERENCES requests (id)
);
CREATE INDEX questions_base ON questions (base_id, id);
CREATE INDEX questions_waiting ON questions (waiting_since) WHERE state = 'open';
CREATE INDEX questions_request ON questions (request_id);

-- What was said in it, by both sides, in order.
CREATE TABLE question_entries (
    id IDENTITY,
    question_id BIGINT NOT NULL REFERENCES questions (id),
    kind TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    words TEXT NOT NULL,
    reviewer TEXT,
    at TIMESTAMP NOT NULL
);
CREATE INDEX question_entries_question ON question_entries (question_id, id);

-- The files of a word in a question, in the order in which they were sent.
CREATE TABLE question_files (
    attachment_id BIGINT PRIMARY KEY REFERENCES attachments (id),
    question_id BIGINT NOT NULL REFERENCES questions (id),
    entry_id BIGINT NOT NULL REFERENCES question_entries (id),
    place BIGINT NOT NULL
);
CREATE INDEX question_files_question ON question_files (question_id, entry_id, place);

-- Several files that were sent at once (media_group_id): each comes as an update of its own. What they are together
-- is decided when none has come for a while; until then `words` is the caption, `cites` the number of the request or
-- question that was replied to, `draft_id` and `step` the form that asked for files.
CREATE TABLE albums (
    id IDENTITY,
    chat_id BIGINT NOT NULL,
    media_group_id TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    due_at TIMESTAMP NOT NULL,
    waited BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    cites TEXT,
    draft_id BIGINT,
    step TEXT,
    UNIQUE (chat_id, media_group_id)
);

-- `decided`: it is part of what the album has become; `told`: whoever sent it knows what the gate found.
CREATE TABLE album_items (
    album_id BIGINT NOT NULL REFERENCES albums (id),
    message_id BIGINT NOT NULL,
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    in_form BOOLEAN NOT NULL,
    decided BOOLEAN NOT NULL,
    told BOOLEAN NOT NULL,
    PRIMARY KEY (album_id, message_id)
);
