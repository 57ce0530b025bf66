-- 职务, as the person gives it; when what identifies the person was erased (PIPL Article 47).
ALTER TABLE persons ADD COLUMN post TEXT;
ALTER TABLE persons ADD COLUMN erased_at TIMESTAMP;

-- An erasure under way: what is still to be looked for, as long as it is looked for and not a moment longer.
CREATE TABLE erasures (
    id IDENTITY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    reason TEXT NOT NULL,
    telegram_id BIGINT,
    phones JSON,
    begun_at TIMESTAMP NOT NULL,
    settled_at TIMESTAMP
);
CREATE INDEX erasures_person ON erasures (person_id);

-- Who of the centre or of a base saw what of whom, by internal ids. No person: of all people of the base;
-- no base either: of everybody. `role` is the one in which it was seen. Append-only for as long as it is kept.
CREATE TABLE access_log (
    id IDENTITY,
    at TIMESTAMP NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES persons (id),
    role TEXT NOT NULL,
    what TEXT NOT NULL,
    person_id BIGINT REFERENCES persons (id),
    base_id BIGINT REFERENCES bases (id)
);
CREATE INDEX access_log_person ON access_log (person_id, at);
CREATE INDEX access_log_base ON access_log (base_id, at);
CREATE INDEX access_log_at ON access_log (at);

-- 更正: what a person cannot put right themselves, for an officer.
CREATE TABLE corrections (
    id IDENTITY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    words TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    done_by BIGINT REFERENCES persons (id),
    done_at TIMESTAMP
);
CREATE INDEX corrections_open ON corrections (id) WHERE done_at IS NULL;

-- When a person was last asked to agree to a newer version of the notice.
CREATE TABLE consent_asks (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    version TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL
);

-- Files of a form that was given up or has expired, and of nothing else.
ALTER TABLE attachments ADD COLUMN left_at TIMESTAMP;
CREATE INDEX attachments_left ON attachments (left_at);
