ALTER TABLE bases ADD COLUMN project_end TEXT;

-- 建设中 / 期满 / 退出: every change, with its reason. Append-only.
CREATE TABLE base_statuses (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_by BIGINT NOT NULL REFERENCES persons (id),
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX base_statuses_base ON base_statuses (base_id, id);

-- What somebody last looked for in the directory: the pages of the answer are turned by buttons.
CREATE TABLE directory_searches (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    wanted TEXT NOT NULL
);

-- 暂离: from the first to the last day; ended_at when the person was back before.
CREATE TABLE absences (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    told_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX absences_base ON absences (base_id, last_on);

-- A change of liaison (Article 8). The base confirms it by its head's press, by the stamped 登记表 or as an officer
-- recorded it; `form_due_on` is the day by which the 登记表 is awaited where it was registered first (先办后补).
-- `moved` (JSON) is what went over, as it was then.
CREATE TABLE handovers (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    role TEXT NOT NULL,
    leaver_id BIGINT REFERENCES persons (id),
    successor_id BIGINT REFERENCES persons (id),
    successor_name TEXT NOT NULL,
    successor_tel TEXT,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    proposed_by BIGINT REFERENCES persons (id),
    proposed_at TIMESTAMP NOT NULL,
    confirmed_via TEXT,
    confirmed_by TEXT,
    confirmed_at TIMESTAMP,
    form_due_on TEXT,
    form_attachment_id BIGINT REFERENCES attachments (id),
    registered_by BIGINT REFERENCES persons (id),
    registered_at TIMESTAMP,
    settled_at TIMESTAMP,
    moved JSON
);
CREATE UNIQUE INDEX handovers_open ON handovers (base_id, role) WHERE state IN ('proposed', 'registered');
CREATE INDEX handovers_successor ON handovers (successor_id);

-- Active bases of which nobody can be written to any more, from when it was noticed until somebody can again.
CREATE TABLE unreached_bases (
    base_id BIGINT PRIMARY KEY REFERENCES bases (id),
    since TIMESTAMP NOT NULL
);
