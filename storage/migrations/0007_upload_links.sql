-- Links to the upload page. Tokens and the secrets of browsers are stored hashed (SHA-256 of 128 random bits).
CREATE TABLE upload_links (
    id IDENTITY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    purpose TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    browser TEXT,
    ended_at TIMESTAMP
);
CREATE INDEX upload_links_expiry ON upload_links (expires_at);

-- Files on their way. `client_key` is the page's name for a content, so that one begun twice is one.
CREATE TABLE link_uploads (
    id IDENTITY,
    link_id BIGINT NOT NULL REFERENCES upload_links (id) ON DELETE CASCADE,
    client_key TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    state TEXT NOT NULL,
    attachment_id BIGINT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (link_id, client_key)
);
CREATE INDEX link_uploads_attachment ON link_uploads (attachment_id);

CREATE TABLE download_links (
    id IDENTITY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    browser TEXT,
    pressed_at TIMESTAMP
);
CREATE INDEX download_links_expiry ON download_links (expires_at);
