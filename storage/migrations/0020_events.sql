-- Events (Article 7(3)). `questions` (JSON) are texts, `files` (JSON) ids of attachments; rev counts the moves,
-- sequence what calendars have to take over.
CREATE TABLE events (
    id IDENTITY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_at TIMESTAMP NOT NULL,
    ends_at TIMESTAMP NOT NULL,
    place TEXT NOT NULL,
    register_until TIMESTAMP NOT NULL,
    whom TEXT,
    agenda TEXT,
    quota BIGINT,
    quota_per_base BIGINT,
    asks_plate BOOLEAN NOT NULL,
    questions JSON NOT NULL,
    files JSON NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    organiser_id BIGINT NOT NULL REFERENCES persons (id),
    reason TEXT,
    created_at TIMESTAMP NOT NULL,
    published_at TIMESTAMP,
    cancelled_at TIMESTAMP
);
CREATE INDEX events_starts ON events (starts_at);

-- Whom it was published to.
CREATE TABLE event_invited (
    event_id BIGINT NOT NULL REFERENCES events (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    PRIMARY KEY (event_id, base_id, person_id)
);
CREATE INDEX event_invited_base ON event_invited (base_id);

-- An attendee each; the id is the order of the presses: entries are made under the lock of their event.
-- `name_key` is the name without spaces and case: nobody is registered twice.
CREATE TABLE event_entries (
    id IDENTITY,
    event_id BIGINT NOT NULL REFERENCES events (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    registered_by BIGINT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    post TEXT NOT NULL,
    plate TEXT,
    answers JSON NOT NULL,
    standing TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    confirm_by TIMESTAMP,
    entered_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    arrived_at TIMESTAMP,
    arrived_by BIGINT REFERENCES persons (id)
);
CREATE INDEX event_entries_event ON event_entries (event_id, id);
CREATE UNIQUE INDEX event_entries_once ON event_entries (event_id, base_id, name_key)
    WHERE standing IN ('registered', 'offered', 'waiting');

-- Whom a notice or an event is meant for, as somebody picks it: `picked` (JSON) is a list of words by dimension.
CREATE TABLE audiences (
    id IDENTITY,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    picked JSON NOT NULL,
    rev BIGINT NOT NULL,
    UNIQUE (subject_kind, subject_id)
);

-- A browser of a member of the event's staff, from which badges are checked in.
CREATE TABLE event_desks (
    id IDENTITY,
    token_hash TEXT NOT NULL UNIQUE,
    event_id BIGINT NOT NULL REFERENCES events (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    browser TEXT,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX event_desks_browser ON event_desks (browser);

-- One voice for each person, the last that they gave.
CREATE TABLE event_ratings (
    event_id BIGINT NOT NULL REFERENCES events (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    stars BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, person_id)
);

-- What came of a matchmaking event for a base; `amount` a decimal in 万元. All 0: nothing.
CREATE TABLE event_outcomes (
    event_id BIGINT NOT NULL REFERENCES events (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    intentions BIGINT NOT NULL,
    contracts BIGINT NOT NULL,
    amount TEXT NOT NULL,
    answered_by BIGINT NOT NULL REFERENCES persons (id),
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (event_id, base_id)
);
