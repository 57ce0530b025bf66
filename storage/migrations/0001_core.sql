-- Types are tokens: IDENTITY BIGINT BOOLEAN JSON TIMESTAMP become what each database has (storage/dialect.py).
-- A TIMESTAMP is an instant in milliseconds UTC; a date is TEXT (2026-12-15).

-- The inbox: an update is here before it is confirmed to Telegram. FIFO goes by id, never by update_id.
CREATE TABLE updates (
    id IDENTITY,
    update_id BIGINT NOT NULL UNIQUE,
    chat_id BIGINT NOT NULL,
    payload TEXT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    reference TEXT,
    error TEXT,
    received_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP
);
CREATE INDEX updates_open ON updates (id) WHERE state = 'stored';
CREATE INDEX updates_settled ON updates (settled_at);

-- The outbox: every call that has an effect outside is a row first.
CREATE TABLE outbox (
    id IDENTITY,
    key TEXT UNIQUE,
    chat_id BIGINT NOT NULL,
    person_id BIGINT,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    method TEXT NOT NULL,
    payload TEXT,
    template TEXT,
    facts JSON,
    target BIGINT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    doubts BIGINT NOT NULL DEFAULT 0,
    due_at TIMESTAMP NOT NULL,
    cutoff_at TIMESTAMP,
    message_id BIGINT,
    subject_kind TEXT,
    subject_id BIGINT,
    error TEXT,
    reference TEXT,
    created_at TIMESTAMP NOT NULL,
    sending_at TIMESTAMP,
    settled_at TIMESTAMP
);
CREATE INDEX outbox_queued ON outbox (due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('planned', 'queued', 'sending');
CREATE INDEX outbox_message ON outbox (chat_id, message_id);
CREATE INDEX outbox_subject ON outbox (subject_kind, subject_id);

-- What takes long: a download, a document, an export.
CREATE TABLE jobs (
    id IDENTITY,
    key TEXT UNIQUE,
    kind TEXT NOT NULL,
    args JSON NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    run_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP,
    error TEXT,
    reference TEXT,
    created_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP
);
CREATE INDEX jobs_open ON jobs (run_at, id) WHERE state IN ('waiting', 'running');

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE bases (
    id IDENTITY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    uscc TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    city TEXT NOT NULL,
    batch TEXT NOT NULL,
    recognised_on TEXT NOT NULL,
    project_start TEXT,
    department TEXT NOT NULL,
    status TEXT NOT NULL,
    counterpart_id BIGINT
);

CREATE TABLE persons (
    id IDENTITY,
    name TEXT NOT NULL,
    telegram_id BIGINT UNIQUE,
    locale TEXT,
    phone TEXT,
    phone_shared TEXT,
    phone_check TEXT NOT NULL,
    office_phone TEXT,
    reachable BOOLEAN NOT NULL,
    enrolled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE memberships (
    id IDENTITY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    base_id BIGINT REFERENCES bases (id),
    routes JSON NOT NULL,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);
CREATE INDEX memberships_person ON memberships (person_id);
CREATE INDEX memberships_base ON memberships (base_id);

-- Codes are stored hashed (SHA-256 of 128 random bits); one is claimed by the first account that opens it and
-- used when that account has finished enrolling.
CREATE TABLE invitations (
    id IDENTITY,
    code_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    base_id BIGINT REFERENCES bases (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    claimed_by BIGINT,
    claimed_at TIMESTAMP,
    used_at TIMESTAMP
);
CREATE INDEX invitations_claimed ON invitations (claimed_by);

CREATE TABLE guesses (
    id IDENTITY,
    telegram_id BIGINT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX guesses_by ON guesses (telegram_id, at);

CREATE TABLE consents (
    id IDENTITY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    given_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);
CREATE INDEX consents_person ON consents (person_id);

CREATE TABLE numbers (
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (series, year)
);

CREATE TABLE requests (
    id IDENTITY,
    number TEXT NOT NULL UNIQUE,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    service TEXT NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    answers JSON NOT NULL,
    submitted_by BIGINT NOT NULL REFERENCES persons (id),
    submitted_at TIMESTAMP NOT NULL,
    officer_id BIGINT REFERENCES persons (id),
    due_at TIMESTAMP NOT NULL,
    due_confirmed BOOLEAN NOT NULL,
    accepted_at TIMESTAMP,
    answered_at TIMESTAMP,
    waiting_since TIMESTAMP,
    closed_at TIMESTAMP
);
CREATE INDEX requests_base ON requests (base_id, id);
CREATE INDEX requests_state ON requests (state, due_at);

-- What was said in a request, by both sides, in order.
CREATE TABLE entries (
    id IDENTITY,
    request_id BIGINT NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    person_id BIGINT REFERENCES persons (id),
    body JSON NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX entries_request ON entries (request_id, id);

CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- A file as somebody sent it: one content may arrive under several names.
CREATE TABLE attachments (
    id IDENTITY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    telegram_file_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT,
    sha256 TEXT REFERENCES files (sha256),
    state TEXT NOT NULL,
    error TEXT,
    request_id BIGINT REFERENCES requests (id),
    entry_id BIGINT REFERENCES entries (id),
    received_at TIMESTAMP NOT NULL
);
CREATE INDEX attachments_request ON attachments (request_id, id);

CREATE TABLE drafts (
    id IDENTITY,
    form TEXT NOT NULL,
    version BIGINT NOT NULL,
    base_id BIGINT,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    subject_id BIGINT,
    answers JSON NOT NULL,
    rev BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX drafts_person ON drafts (person_id);

-- Which draft a person's next text answers.
CREATE TABLE focus (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    draft_id BIGINT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    editing TEXT
);

-- Append-only; speaks of internal ids, never of texts, numbers or names.
CREATE TABLE audit (
    id IDENTITY,
    at TIMESTAMP NOT NULL,
    actor_id BIGINT,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    facts JSON NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id);
