-- name: coming_vacations(base_id, day)
SELECT id, first_on, last_on FROM vacations WHERE base_id = :base_id AND last_on >= :day ORDER BY first_on, id;

-- name: remove_vacation(id, base_id)$
DELETE FROM vacations WHERE id = :id AND base_id = :base_id RETURNING id;
