-- name: insert_question(number, base_id, asked_by, now)$
INSERT INTO questions (number, base_id, state, rev, asked_by, asked_at, spoken_at, waiting_since)
VALUES (:number, :base_id, 'open', 0, :asked_by, :now, :now, :now)
RETURNING id;

-- name: question(id)^
SELECT * FROM questions WHERE id = :id;

-- name: lock_question(id)^
SELECT * FROM questions WHERE id = :id FOR UPDATE;

-- name: question_numbered(number)$
SELECT id FROM questions WHERE number = :number;

-- name: save_question(id, seen_rev, rev, state, spoken_at, waiting_since, answered_by, closed_at, request_id)$
UPDATE questions SET
    rev = :rev, state = :state, spoken_at = :spoken_at, waiting_since = CAST(:waiting_since AS BIGINT),
    answered_by = CAST(:answered_by AS BIGINT), closed_at = CAST(:closed_at AS BIGINT),
    request_id = CAST(:request_id AS BIGINT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- The newest in which somebody has asked or added something.
-- name: last_spoken_by(base_id, person_id)^
SELECT q.* FROM questions q
WHERE q.base_id = :base_id AND q.state IN ('open', 'answered') AND EXISTS (
    SELECT 1 FROM question_entries e
    WHERE e.question_id = q.id AND e.person_id = :person_id AND e.kind IN ('ask', 'add')
)
ORDER BY q.spoken_at DESC, q.id DESC LIMIT 1 FOR UPDATE;

-- name: questions_of_base(base_id, most)
SELECT * FROM questions WHERE base_id = :base_id ORDER BY id DESC LIMIT :most;

-- name: waiting_questions(most)
SELECT * FROM questions WHERE state = 'open' ORDER BY waiting_since, id LIMIT :most;

-- name: count_waiting()$
SELECT count(*) FROM questions WHERE state = 'open';

-- name: question_of_request(request_id)^
SELECT * FROM questions WHERE request_id = :request_id;

-- name: insert_entry(question_id, kind, person_id, words, reviewer, at)$
INSERT INTO question_entries (question_id, kind, person_id, words, reviewer, at)
VALUES (:question_id, :kind, :person_id, :words, :reviewer, :at)
RETURNING id;

-- name: entries_of(question_id)
SELECT e.id, e.kind, e.person_id, e.words, e.reviewer, e.at, p.name,
    (SELECT count(*) FROM question_files f WHERE f.entry_id = e.id) AS files
FROM question_entries e JOIN persons p ON p.id = e.person_id
WHERE e.question_id = :question_id ORDER BY e.id;

-- name: insert_files(attachment_ids, question_id, entry_id)!
INSERT INTO question_files (attachment_id, question_id, entry_id, place)
SELECT r.attachment_id, CAST(:question_id AS BIGINT), CAST(:entry_id AS BIGINT), r.n
FROM unnest(CAST(:attachment_ids AS BIGINT[])) WITH ORDINALITY AS r (attachment_id, n)
WHERE TRUE
ON CONFLICT (attachment_id) DO NOTHING;

-- name: files_of(question_id)
SELECT a.* FROM question_files f JOIN attachments a ON a.id = f.attachment_id
WHERE f.question_id = :question_id ORDER BY f.entry_id, f.place;

-- name: question_with_file(attachment_id)^
SELECT q.* FROM questions q JOIN question_files f ON f.question_id = q.id WHERE f.attachment_id = :attachment_id;
