-- name: open_requests(base_id)
SELECT number, service, state, due_at FROM requests
WHERE base_id = :base_id AND state IN ('submitted', 'accepted', 'waiting', 'answered') ORDER BY due_at, id;

-- name: open_reports(base_id)
SELECT year, state FROM annual_reports WHERE base_id = :base_id AND state <> 'accepted' ORDER BY year;

-- name: open_duties(base_id)
SELECT o.kind, o.year, o.due_on, t.title FROM obligations o
LEFT JOIN obligation_titles t ON t.obligation_id = o.id
WHERE o.base_id = :base_id AND o.state IN ('open', 'claimed') AND o.kind NOT LIKE 'exchange:%'
ORDER BY o.due_on, o.id;

-- name: open_drafts(base_id, now)
SELECT form FROM drafts WHERE base_id = :base_id AND expires_at > :now ORDER BY id;

-- name: open_questions(base_id)
SELECT number, state, asked_at FROM questions
WHERE base_id = :base_id AND state IN ('open', 'answered') ORDER BY id;
