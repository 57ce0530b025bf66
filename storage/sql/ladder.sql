-- name: insert_request(obligation_id, until_on, reason, asked_by, now)$
INSERT INTO extension_requests (obligation_id, until_on, reason, asked_by, asked_at)
VALUES (:obligation_id, :until_on, :reason, :asked_by, :now)
RETURNING id;

-- name: request(id)^
SELECT * FROM extension_requests WHERE id = :id;

-- name: decide_requests(obligation_id, granted, decided_by, now)!
UPDATE extension_requests
SET granted = CAST(:granted AS BOOLEAN), decided_by = CAST(:decided_by AS BIGINT),
    decided_at = CAST(:now AS BIGINT)
WHERE obligation_id = :obligation_id AND granted IS NULL;

-- name: choose(person_id, obligation_ids)!
INSERT INTO nudge_choices (person_id, obligation_id)
SELECT CAST(:person_id AS BIGINT), r.obligation_id
FROM unnest(CAST(:obligation_ids AS BIGINT[])) AS r (obligation_id)
WHERE TRUE
ON CONFLICT (person_id, obligation_id) DO NOTHING;

-- name: leave(person_id, obligation_ids)!
DELETE FROM nudge_choices WHERE person_id = :person_id AND obligation_id = ANY(:obligation_ids);

-- name: chosen(person_id)
SELECT obligation_id FROM nudge_choices WHERE person_id = :person_id;

-- name: called_bases(since)
SELECT DISTINCT base_id FROM calls WHERE called_at >= :since;

-- name: reminded(obligation_ids, since, until)
SELECT DISTINCT subject_id FROM outbox
WHERE subject_kind = 'obligation' AND subject_id = ANY(:obligation_ids) AND kind = 'nudge'
    AND state <> 'dropped' AND due_at >= :since AND due_at < :until;

-- name: open_board(person_id)!
INSERT INTO boards (person_id, pinned) VALUES (:person_id, FALSE)
ON CONFLICT (person_id) DO UPDATE SET
    message_row = NULL, edit_row = NULL, shown = NULL, drawn_at = NULL, pinned = FALSE;

-- name: close_board(person_id)!
DELETE FROM boards WHERE person_id = :person_id;

-- name: lock_boards()
SELECT * FROM boards ORDER BY person_id FOR UPDATE;

-- name: save_board(person_id, message_row, edit_row, shown, drawn_at, pinned)!
UPDATE boards
SET message_row = CAST(:message_row AS BIGINT), edit_row = CAST(:edit_row AS BIGINT),
    shown = CAST(:shown AS TEXT), drawn_at = CAST(:drawn_at AS BIGINT), pinned = :pinned
WHERE person_id = :person_id;

-- name: insert_answers(obligation_id, answers, answered_by, now)!
INSERT INTO self_checks (obligation_id, answers, answered_by, answered_at)
VALUES (:obligation_id, :answers, :answered_by, :now);

-- name: last_answers(obligation_id)^
SELECT * FROM self_checks WHERE obligation_id = :obligation_id ORDER BY id DESC LIMIT 1;
