-- 申请延期: what a base asked for; granted NULL while nobody has decided.
CREATE TABLE extension_requests (
    id IDENTITY,
    obligation_id BIGINT NOT NULL REFERENCES obligations (id),
    until_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES persons (id),
    asked_at TIMESTAMP NOT NULL,
    granted BOOLEAN,
    decided_by BIGINT REFERENCES persons (id),
    decided_at TIMESTAMP
);
CREATE INDEX extension_requests_obligation ON extension_requests (obligation_id, id);

-- Which bases an officer has chosen to be reminded, until they are, or are left.
CREATE TABLE nudge_choices (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    obligation_id BIGINT NOT NULL REFERENCES obligations (id),
    PRIMARY KEY (person_id, obligation_id)
);

-- The pinned message about a year: outbox rows of the message and of its last edit.
CREATE TABLE boards (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    message_row BIGINT,
    edit_row BIGINT,
    shown TEXT,
    drawn_at TIMESTAMP,
    pinned BOOLEAN NOT NULL
);

-- What an obligation of a base's own is called: the milestone of a project, the grant to be spent.
CREATE TABLE obligation_titles (
    obligation_id BIGINT PRIMARY KEY REFERENCES obligations (id),
    title TEXT NOT NULL
);

-- The yearly self-check (Article 4) as it was answered: answers (JSON) by condition. The last counts.
CREATE TABLE self_checks (
    id IDENTITY,
    obligation_id BIGINT NOT NULL REFERENCES obligations (id),
    answers JSON NOT NULL,
    answered_by BIGINT NOT NULL REFERENCES persons (id),
    answered_at TIMESTAMP NOT NULL
);
CREATE INDEX self_checks_obligation ON self_checks (obligation_id, id);
