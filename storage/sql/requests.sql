-- name: insert_request(number, base_id, service, answers, submitted_by, submitted_at, due_at, due_confirmed, source, received_on)$
INSERT INTO requests
    (number, base_id, service, state, rev, answers, submitted_by, submitted_at, due_at, due_confirmed, source,
     received_on)
VALUES (:number, :base_id, :service, 'submitted', 0, :answers, :submitted_by, :submitted_at, :due_at, :due_confirmed,
    :source, :received_on)
RETURNING id;

-- name: request(id)^
SELECT * FROM requests WHERE id = :id;

-- name: request_numbered(number)$
SELECT id FROM requests WHERE number = :number;

-- name: lock_request(id)^
SELECT * FROM requests WHERE id = :id FOR UPDATE;

-- name: save_request(id, seen_rev, rev, state, officer_id, accepted_at, answered_at, waiting_since, closed_at, due_at, due_confirmed)$
UPDATE requests
SET due_at = :due_at, due_confirmed = :due_confirmed, rev = :rev, state = :state, officer_id = :officer_id, accepted_at = :accepted_at, answered_at = :answered_at,
    waiting_since = :waiting_since, closed_at = :closed_at
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: requests_of_base(base_id, most)
SELECT * FROM requests WHERE base_id = :base_id ORDER BY id DESC LIMIT :most;

-- name: requests_in_states(states)
SELECT * FROM requests WHERE state = ANY(:states) ORDER BY due_at, id;

-- name: count_in_states(states, base_id)$
SELECT count(*) FROM requests
WHERE state = ANY(:states) AND (CAST(:base_id AS BIGINT) IS NULL OR base_id = :base_id);

-- name: insert_entry(request_id, kind, person_id, body, at)$
INSERT INTO entries (request_id, kind, person_id, body, at) VALUES (:request_id, :kind, :person_id, :body, :at)
RETURNING id;

-- name: entries_of(request_id)
SELECT e.id, e.kind, e.person_id, e.body, e.at, p.name
FROM entries e LEFT JOIN persons p ON p.id = e.person_id
WHERE e.request_id = :request_id ORDER BY e.id;
