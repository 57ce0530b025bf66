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

-- Those of the base, and those that its people have begun about its requests and reports.
-- name: open_drafts(base_id, now)
SELECT form FROM drafts
WHERE expires_at > :now AND (
    base_id = :base_id
    OR (base_id IS NULL AND person_id IN (
        SELECT m.person_id FROM memberships m WHERE m.base_id = :base_id AND m.until IS NULL
    ) AND (
        (form IN ('say', 'supplement') AND subject_id IN (SELECT id FROM requests WHERE base_id = :base_id))
        OR (form = 'handover_page' AND subject_id IN (SELECT id FROM handovers WHERE base_id = :base_id))
        OR (substr(form, 1, 7) = 'annual_'
            AND subject_id IN (SELECT id FROM annual_reports WHERE base_id = :base_id))
    ))
)
ORDER BY id;

-- name: open_questions(base_id)
SELECT number, state, asked_at FROM questions
WHERE base_id = :base_id AND state IN ('open', 'answered') ORDER BY id;

-- name: open_counts(base_id, now)^
SELECT (
    SELECT count(DISTINCT r.announcement_id) FROM announcement_recipients r
    WHERE r.base_id = :base_id AND NOT EXISTS (
        SELECT 1 FROM announcement_receipts t
        WHERE t.announcement_id = r.announcement_id AND t.base_id = r.base_id
    )
) AS notices, (
    SELECT count(*) FROM event_entries e JOIN events v ON v.id = e.event_id
    WHERE e.base_id = :base_id AND e.standing IN ('registered', 'offered', 'waiting')
      AND v.state = 'published' AND v.ends_at > :now
) AS registrations, (
    SELECT count(*) FROM supply_cards c WHERE c.base_id = :base_id AND c.state IN ('submitted', 'returned', 'listed')
) AS cards, (
    SELECT count(*) FROM cases k WHERE k.base_id = :base_id AND k.state IN ('submitted', 'returned', 'passed')
) AS cases;
