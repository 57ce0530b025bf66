-- 代录: what came by telephone, mail or on paper, and who of the centre recorded it (`submitted_by` is the officer).
ALTER TABLE requests ADD COLUMN source TEXT;
ALTER TABLE requests ADD COLUMN received_on TEXT;

-- 电话记录: who of the centre spoke with whom of a base, what came of it, what was promised by when.
CREATE TABLE calls (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    officer_id BIGINT NOT NULL REFERENCES persons (id),
    spoke_with TEXT NOT NULL,
    called_at TIMESTAMP NOT NULL,
    result TEXT NOT NULL,
    promise TEXT,
    promised_on TEXT,
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX calls_base ON calls (base_id, called_at);
