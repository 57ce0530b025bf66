-- name: insert_line(at, actor_id, role, what, person_id, base_id)!
INSERT INTO access_log (at, actor_id, role, what, person_id, base_id)
VALUES (:at, :actor_id, :role, :what, :person_id, :base_id);

-- name: insert_lines(at, actor_id, role, what, person_ids)!
INSERT INTO access_log (at, actor_id, role, what, person_id)
SELECT CAST(:at AS BIGINT), CAST(:actor_id AS BIGINT), CAST(:role AS TEXT), CAST(:what AS TEXT), r.person_id
FROM unnest(CAST(:person_ids AS BIGINT[])) AS r (person_id);

-- What others saw of a person: of them by name, of their base while they were of it, of everybody.
-- name: lines_about(person_id, limit)
SELECT a.at, a.actor_id, a.role, a.what, a.person_id, a.base_id FROM access_log a
WHERE a.actor_id <> :person_id AND (
    a.person_id = :person_id
    OR (a.person_id IS NULL AND EXISTS (
        SELECT 1 FROM memberships m
        WHERE m.person_id = :person_id AND m.since <= a.at AND (m.until IS NULL OR m.until >= a.at)
          AND (a.base_id IS NULL OR m.base_id = a.base_id)
    ))
)
ORDER BY a.id DESC LIMIT :limit;

-- name: lines(what, person_id, since, skip, limit)
SELECT a.id, a.at, a.actor_id, a.role, a.what, a.person_id, a.base_id,
       actor.name AS actor, seen.name AS person, b.short_name AS base
FROM access_log a JOIN persons actor ON actor.id = a.actor_id
LEFT JOIN persons seen ON seen.id = a.person_id LEFT JOIN bases b ON b.id = a.base_id
WHERE a.at >= :since AND (CAST(:what AS TEXT) IS NULL OR a.what = :what)
  AND (CAST(:person_id AS BIGINT) IS NULL OR a.person_id = :person_id OR a.actor_id = :person_id
       OR (a.person_id IS NULL AND EXISTS (
           SELECT 1 FROM memberships m
           WHERE m.person_id = :person_id AND m.since <= a.at AND (m.until IS NULL OR m.until >= a.at)
             AND (a.base_id IS NULL OR m.base_id = a.base_id)
       )))
ORDER BY a.id DESC LIMIT :limit OFFSET :skip;

-- name: named(name)
SELECT id FROM persons WHERE name = :name ORDER BY id DESC LIMIT 1;
