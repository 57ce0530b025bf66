-- name: insert_absence(base_id, person_id, first_on, last_on, told_at)$
INSERT INTO absences (base_id, person_id, first_on, last_on, told_at)
VALUES (:base_id, :person_id, :first_on, :last_on, :told_at)
RETURNING id;

-- name: absences_on(base_id, day)
SELECT person_id, max(last_on) AS last_on FROM absences
WHERE base_id = :base_id AND first_on <= :day AND last_on >= :day AND ended_at IS NULL
GROUP BY person_id;

-- name: end_absences(person_id, day, ended_at)
UPDATE absences SET ended_at = :ended_at
WHERE person_id = :person_id AND last_on >= :day AND ended_at IS NULL
RETURNING base_id;

-- name: coming_absence(person_id, day)^
SELECT first_on, last_on FROM absences
WHERE person_id = :person_id AND last_on >= :day AND ended_at IS NULL ORDER BY first_on LIMIT 1;
