-- A base has one liaison and one deputy (Article 8). Of several on record whoever is enrolled stays, or the newest.
UPDATE memberships SET until = since
WHERE until IS NULL AND role IN ('liaison', 'deputy') AND EXISTS (
    SELECT 1 FROM memberships m JOIN persons p ON p.id = m.person_id
    WHERE m.until IS NULL AND m.base_id = memberships.base_id AND m.role = memberships.role AND (
        CASE WHEN p.telegram_id IS NULL THEN 0 ELSE 1 END, m.id
    ) > (
        (SELECT CASE WHEN h.telegram_id IS NULL THEN 0 ELSE 1 END FROM persons h WHERE h.id = memberships.person_id),
        memberships.id
    )
);
CREATE UNIQUE INDEX memberships_office ON memberships (base_id, role)
WHERE until IS NULL AND role IN ('liaison', 'deputy');

-- The duty of the base by which the stamped 登记表 is asked for while it is awaited.
ALTER TABLE handovers ADD COLUMN form_duty_id BIGINT REFERENCES obligations (id);
CREATE INDEX handovers_form_duty ON handovers (form_duty_id);
