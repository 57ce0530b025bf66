-- Typical cases (Article 10); sections and figures are JSON.
CREATE TABLE cases (
    id IDENTITY,
    number TEXT NOT NULL UNIQUE,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    sections JSON NOT NULL,
    figures JSON NOT NULL,
    filed_by BIGINT NOT NULL REFERENCES persons (id),
    filed_at TIMESTAMP NOT NULL,
    remark TEXT
);
CREATE INDEX cases_base ON cases (base_id, id);
CREATE INDEX cases_state ON cases (state);

-- A consent to one use of one version; taken back when `withdrawn_at` is set. None is ever deleted.
CREATE TABLE case_consents (
    id IDENTITY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    version BIGINT NOT NULL,
    use_of TEXT NOT NULL,
    given_by BIGINT NOT NULL REFERENCES persons (id),
    given_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);
CREATE INDEX case_consents_case ON case_consents (case_id, version);

-- Where a case went: the bases that it was sent to.
CREATE TABLE case_sends (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    base_id BIGINT NOT NULL REFERENCES bases (id),
    version BIGINT NOT NULL,
    sent_at TIMESTAMP NOT NULL,
    PRIMARY KEY (case_id, base_id, version)
);
