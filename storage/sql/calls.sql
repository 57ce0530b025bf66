-- name: insert_call(base_id, officer_id, spoke_with, called_at, result, promise, promised_on, recorded_at)$
INSERT INTO calls (base_id, officer_id, spoke_with, called_at, result, promise, promised_on, recorded_at)
VALUES (:base_id, :officer_id, :spoke_with, :called_at, :result, :promise, :promised_on, :recorded_at)
RETURNING id;

-- name: calls_of_base(base_id, most)
SELECT c.base_id, p.name AS officer, c.spoke_with, c.called_at, c.result, c.promise, c.promised_on
FROM calls c JOIN persons p ON p.id = c.officer_id
WHERE c.base_id = :base_id ORDER BY c.called_at DESC, c.id DESC LIMIT :most;
