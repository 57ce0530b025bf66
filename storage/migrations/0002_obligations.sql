-- What a base or a person owes by when. A date is TEXT (2026-12-15); rev counts the moves.
CREATE TABLE obligations (
    id IDENTITY,
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    base_id BIGINT REFERENCES bases (id),
    person_id BIGINT REFERENCES persons (id),
    due_on TEXT NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    expected_on TEXT,
    created_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    CHECK ((base_id IS NULL) <> (person_id IS NULL))
);
CREATE UNIQUE INDEX obligations_of_base ON obligations (kind, year, base_id) WHERE base_id IS NOT NULL;
CREATE UNIQUE INDEX obligations_of_person ON obligations (kind, year, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX obligations_due ON obligations (due_on) WHERE state IN ('open', 'claimed');

-- 寒假 and 暑假 of a base: the first and the last day.
CREATE TABLE vacations (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL
);
CREATE INDEX vacations_base ON vacations (base_id);
