-- What goes over another channel because Telegram did not reach the base: a row before it is sent, one for each
-- notice, base and channel. `channel` is a mark of its address (LIANLUO_FALLBACK), never the address itself.
-- `text` is emptied some days after it was settled.
CREATE TABLE fallback_sends (
    id IDENTITY,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    text TEXT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    reference TEXT,
    created_at TIMESTAMP NOT NULL,
    sending_at TIMESTAMP,
    settled_at TIMESTAMP
);
CREATE INDEX fallback_sends_base ON fallback_sends (base_id, id);
CREATE INDEX fallback_sends_settled ON fallback_sends (settled_at);
