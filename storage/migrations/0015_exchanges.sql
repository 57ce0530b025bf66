-- 沟通交流 (Article 8). An exchange belongs to its base; persons are recorded by name only.
-- plan (JSON) is NULL where it was recorded afterwards; planned_on and held_on (2026-12-15) stand beside the
-- JSON to be searched. obligation_id is the duty that reminds of a planned one.
CREATE TABLE exchanges (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    regular BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    plan JSON,
    planned_on TEXT,
    held_on TEXT,
    version BIGINT NOT NULL,
    recorded_by TEXT,
    obligation_id BIGINT REFERENCES obligations (id),
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX exchanges_base ON exchanges (base_id, held_on);
CREATE INDEX exchanges_open ON exchanges (state) WHERE state IN ('planned', 'recorded', 'disputed');

-- What was held, as it was recorded each time; the last version counts.
CREATE TABLE exchange_records (
    exchange_id BIGINT NOT NULL REFERENCES exchanges (id),
    version BIGINT NOT NULL,
    record JSON NOT NULL,
    PRIMARY KEY (exchange_id, version)
);

-- Every step: by whom of which side, what was said, and who of the base answers for
-- what the gate remarked on (reviewer). source: recorded by the centre for the base (代录).
CREATE TABLE exchange_entries (
    id IDENTITY,
    exchange_id BIGINT NOT NULL REFERENCES exchanges (id),
    move TEXT NOT NULL,
    version BIGINT NOT NULL,
    side TEXT NOT NULL,
    by_name TEXT NOT NULL,
    words TEXT,
    reviewer TEXT,
    source TEXT,
    attachment_ids JSON,
    at TIMESTAMP NOT NULL
);
CREATE INDEX exchange_entries_of ON exchange_entries (exchange_id, id);

-- 后续事项 of the last version. Whether it is done is the state of its obligation.
CREATE TABLE exchange_follow_ups (
    id IDENTITY,
    exchange_id BIGINT NOT NULL REFERENCES exchanges (id),
    obligation_id BIGINT NOT NULL REFERENCES obligations (id),
    what TEXT NOT NULL,
    side TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on TEXT NOT NULL,
    done_by TEXT
);
CREATE INDEX exchange_follow_ups_of ON exchange_follow_ups (exchange_id);
CREATE INDEX exchange_follow_ups_obligation ON exchange_follow_ups (obligation_id);

-- 沟通频次 of a base, in months; 0: none. A base without a row has the usual one since it is looked after here.
CREATE TABLE exchange_cadences (
    base_id BIGINT PRIMARY KEY REFERENCES bases (id),
    months BIGINT NOT NULL,
    since_on TEXT NOT NULL
);
