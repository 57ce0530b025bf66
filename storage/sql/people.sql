-- name: person(id)^
SELECT * FROM persons WHERE id = :id;

-- name: person_by_telegram(telegram_id)^
SELECT * FROM persons WHERE telegram_id = :telegram_id;

-- What is current of a person's memberships, a row each; of somebody without one, a row without a role.
-- name: known_by_telegram(telegram_id, version)
SELECT p.*, m.role, m.base_id, m.routes,
    (SELECT count(*) FROM consents c WHERE c.person_id = p.id AND c.withdrawn_at IS NULL) AS consents,
    (
        SELECT count(DISTINCT c.kind) FROM consents c
        WHERE c.person_id = p.id AND c.withdrawn_at IS NULL AND c.version = :version
    ) AS consents_to_version
FROM persons p LEFT JOIN memberships m ON m.person_id = p.id AND m.until IS NULL
WHERE p.telegram_id = :telegram_id ORDER BY m.id NULLS FIRST;

-- name: person_of_base(base_id, role, name)^
SELECT p.* FROM persons p JOIN memberships m ON m.person_id = p.id
WHERE m.base_id = :base_id AND m.role = :role AND m.until IS NULL AND p.name = :name;

-- name: insert_person(name, phone, office_phone, created_at)$
INSERT INTO persons (name, phone, phone_check, office_phone, reachable, created_at)
VALUES (:name, :phone, 'none', :office_phone, FALSE, :created_at)
RETURNING id;

-- name: insert_persons(name, phone, created_at)
INSERT INTO persons (name, phone, phone_check, reachable, created_at)
SELECT r.name, r.phone, 'none', FALSE, CAST(:created_at AS BIGINT)
FROM unnest(CAST(:name AS TEXT[]), CAST(:phone AS TEXT[])) AS r (name, phone)
WHERE TRUE
RETURNING id, name, phone;

-- name: update_persons(id, name, phone)!
UPDATE persons SET name = r.name, phone = r.phone
FROM unnest(CAST(:id AS BIGINT[]), CAST(:name AS TEXT[]), CAST(:phone AS TEXT[])) AS r (id, name, phone)
WHERE persons.id = r.id;

-- name: enrol(id, telegram_id, phone_shared, phone_check, locale, enrolled_at)!
UPDATE persons
SET telegram_id = :telegram_id, phone_shared = :phone_shared, phone_check = :phone_check,
    locale = COALESCE(locale, CAST(:locale AS TEXT)), reachable = TRUE, enrolled_at = :enrolled_at
WHERE id = :id;

-- name: set_phone_check(id, before, after)$
UPDATE persons SET phone_check = :after WHERE id = :id AND phone_check = :before RETURNING id;

-- name: change_phone(id, phone_shared, phone_check)!
UPDATE persons SET phone_shared = :phone_shared, phone_check = :phone_check WHERE id = :id;

-- name: set_locale(id, locale)!
UPDATE persons SET locale = :locale WHERE id = :id;

-- name: set_reachable(ids, reachable)!
UPDATE persons SET reachable = :reachable WHERE id = ANY(:ids);

-- name: set_reachable_by_telegram(telegram_id, reachable)!
UPDATE persons SET reachable = :reachable WHERE telegram_id = :telegram_id;

-- name: memberships_of(person_id)
SELECT role, base_id, routes FROM memberships WHERE person_id = :person_id AND until IS NULL ORDER BY id;

-- name: insert_membership(person_id, role, base_id, routes, since)!
INSERT INTO memberships (person_id, role, base_id, routes, since)
SELECT :person_id, :role, CAST(:base_id AS BIGINT), :routes, :since
WHERE NOT EXISTS (
    SELECT 1 FROM memberships
    WHERE person_id = :person_id AND role = :role AND until IS NULL
      AND COALESCE(base_id, 0) = COALESCE(CAST(:base_id AS BIGINT), 0)
);

-- name: insert_memberships(person_id, role, base_id, since)!
INSERT INTO memberships (person_id, role, base_id, routes, since)
SELECT r.person_id, r.role, r.base_id, '[]', CAST(:since AS BIGINT)
FROM unnest(CAST(:person_id AS BIGINT[]), CAST(:role AS TEXT[]), CAST(:base_id AS BIGINT[]))
    AS r (person_id, role, base_id);

-- name: end_memberships(person_id, role, base_id, until)!
UPDATE memberships SET until = :until
FROM unnest(CAST(:person_id AS BIGINT[]), CAST(:role AS TEXT[]), CAST(:base_id AS BIGINT[]))
    AS r (person_id, role, base_id)
WHERE memberships.person_id = r.person_id AND memberships.role = r.role
  AND COALESCE(memberships.base_id, 0) = COALESCE(r.base_id, 0) AND memberships.until IS NULL;

-- A reminder gives its key back: should the person return, it is planned anew.
-- name: drop_waiting(ids, now)!
UPDATE outbox
SET state = 'dropped', error = 'not in office', settled_at = :now, key = CASE WHEN kind = 'nudge' THEN NULL ELSE key END
WHERE person_id = ANY(CAST(:ids AS BIGINT[])) AND state IN ('planned', 'queued', 'sending') AND state <> 'sending'
  AND kind IN ('nudge', 'broadcast', 'receipt')
  AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = outbox.person_id AND m.until IS NULL);

-- name: people_in_roles(roles, base_id)
SELECT p.*, m.role, m.base_id, m.routes FROM persons p JOIN memberships m ON m.person_id = p.id
WHERE m.until IS NULL AND m.role = ANY(:roles)
  AND (CAST(:base_id AS BIGINT) IS NULL OR m.base_id = :base_id)
ORDER BY p.id;

-- name: pending()
SELECT p.*, m.role, m.base_id, m.routes, b.name AS base_name
FROM persons p JOIN memberships m ON m.person_id = p.id LEFT JOIN bases b ON b.id = m.base_id
WHERE m.until IS NULL AND p.telegram_id IS NULL AND (b.id IS NULL OR b.status <> 'left')
ORDER BY m.base_id NULLS FIRST, m.id;

-- name: insert_invitations(code_hash, person_id, role, base_id, created_at, expires_at)
INSERT INTO invitations (code_hash, person_id, role, base_id, created_at, expires_at)
SELECT r.code_hash, r.person_id, r.role, r.base_id, CAST(:created_at AS BIGINT), CAST(:expires_at AS BIGINT)
FROM unnest(
    CAST(:code_hash AS TEXT[]), CAST(:person_id AS BIGINT[]), CAST(:role AS TEXT[]), CAST(:base_id AS BIGINT[])
) AS r (code_hash, person_id, role, base_id)
JOIN persons p ON p.id = r.person_id
WHERE p.telegram_id IS NULL
RETURNING person_id, role, base_id;

-- name: insert_invitation(code_hash, person_id, role, base_id, created_at, expires_at)$
INSERT INTO invitations (code_hash, person_id, role, base_id, created_at, expires_at)
VALUES (:code_hash, :person_id, :role, :base_id, :created_at, :expires_at)
RETURNING id;

-- name: lock_invitation(code_hash)^
SELECT * FROM invitations WHERE code_hash = :code_hash FOR UPDATE;

-- name: claimed_invitation(telegram_id)^
SELECT * FROM invitations WHERE claimed_by = :telegram_id AND used_at IS NULL
ORDER BY claimed_at DESC, id DESC LIMIT 1 FOR UPDATE;

-- name: claim_invitation(id, telegram_id, claimed_at)!
UPDATE invitations SET claimed_by = :telegram_id, claimed_at = :claimed_at WHERE id = :id;

-- name: use_invitation(id, used_at)$
UPDATE invitations SET used_at = :used_at WHERE id = :id AND used_at IS NULL RETURNING id;

-- name: revoke_invitations(ids, now)!
UPDATE invitations SET expires_at = :now, claimed_by = NULL, claimed_at = NULL
WHERE person_id = ANY(:ids) AND used_at IS NULL AND (expires_at > :now OR claimed_by IS NOT NULL);

-- name: count_guesses(telegram_id, since)$
SELECT count(*) FROM guesses WHERE telegram_id = :telegram_id AND at > :since;

-- name: first_guess(telegram_id, since)$
SELECT min(at) FROM guesses WHERE telegram_id = :telegram_id AND at > :since;

-- name: insert_guess(telegram_id, at)!
INSERT INTO guesses (telegram_id, at) VALUES (:telegram_id, :at);

-- name: prune_guesses(before)!
DELETE FROM guesses WHERE at < :before;

-- name: insert_consent(person_id, kind, version, given_at)!
INSERT INTO consents (person_id, kind, version, given_at) VALUES (:person_id, :kind, :version, :given_at);

-- name: consents_of(person_id)
SELECT kind, version, given_at FROM consents
WHERE person_id = :person_id AND withdrawn_at IS NULL ORDER BY id;
