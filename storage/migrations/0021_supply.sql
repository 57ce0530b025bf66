-- What a base offers or seeks (Article 7(3)); what it says is JSON, as the form has it.
CREATE TABLE supply_cards (
    id IDENTITY,
    number TEXT NOT NULL UNIQUE,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    said JSON NOT NULL,
    filed_by BIGINT NOT NULL REFERENCES persons (id),
    filed_at TIMESTAMP NOT NULL,
    expires_on TEXT,
    remark TEXT
);
CREATE INDEX supply_cards_base ON supply_cards (base_id, id);
CREATE INDEX supply_cards_state ON supply_cards (state, side);

-- Two cards that an officer brought together; contacts are exchanged when both sides agreed.
CREATE TABLE introductions (
    id IDENTITY,
    offer_id BIGINT NOT NULL REFERENCES supply_cards (id),
    seek_id BIGINT NOT NULL REFERENCES supply_cards (id),
    standing TEXT NOT NULL,
    rev BIGINT NOT NULL,
    offer_agreed BOOLEAN NOT NULL,
    seek_agreed BOOLEAN NOT NULL,
    released_by BIGINT NOT NULL REFERENCES persons (id),
    released_at TIMESTAMP NOT NULL,
    UNIQUE (offer_id, seek_id)
);
CREATE INDEX introductions_seek ON introductions (seek_id);
