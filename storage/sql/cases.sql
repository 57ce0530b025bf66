-- name: insert_case(number, base_id, title, sections, filed_by, now)$
INSERT INTO cases (number, base_id, state, rev, version, title, sections, figures, filed_by, filed_at)
VALUES (:number, :base_id, 'submitted', 0, 1, :title, :sections, '[]', :filed_by, :now)
RETURNING id;

-- name: case_by_id(id)^
SELECT * FROM cases WHERE id = :id;

-- name: lock_case(id)^
SELECT * FROM cases WHERE id = :id FOR UPDATE;

-- name: save_case(id, seen_rev, rev, state, version, title, sections, figures, remark)$
UPDATE cases SET rev = :rev, state = :state, version = :version, title = :title, sections = :sections,
    figures = :figures, remark = CAST(:remark AS TEXT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: cases_of_base(base_id, most)
SELECT * FROM cases WHERE base_id = :base_id AND state <> 'withdrawn' ORDER BY id DESC LIMIT :most;

-- name: cases_in(states, most)
SELECT * FROM cases WHERE state = ANY(:states) ORDER BY id DESC LIMIT :most;

-- name: consents_of(case_ids)
SELECT c.case_id, c.use_of FROM case_consents c JOIN cases k ON k.id = c.case_id AND k.version = c.version
WHERE c.case_id = ANY(:case_ids) AND c.withdrawn_at IS NULL ORDER BY c.id;

-- name: give_consent(case_id, version, use_of, given_by, now)!
INSERT INTO case_consents (case_id, version, use_of, given_by, given_at)
VALUES (:case_id, :version, :use_of, :given_by, :now);

-- name: withdraw_consents(case_id, uses, now)!
UPDATE case_consents SET withdrawn_at = CAST(:now AS BIGINT)
WHERE case_id = :case_id AND use_of = ANY(:uses) AND withdrawn_at IS NULL;

-- name: insert_sends(case_id, version, base_ids, now)!
INSERT INTO case_sends (case_id, base_id, version, sent_at)
SELECT CAST(:case_id AS BIGINT), r.base_id, CAST(:version AS BIGINT), CAST(:now AS BIGINT)
FROM unnest(CAST(:base_ids AS BIGINT[])) AS r (base_id)
WHERE TRUE
ON CONFLICT (case_id, base_id, version) DO NOTHING;

-- name: sends_of(case_id)
SELECT b.short_name, min(s.sent_at) AS sent_at FROM case_sends s JOIN bases b ON b.id = s.base_id
WHERE s.case_id = :case_id GROUP BY b.id, b.short_name ORDER BY b.id;

-- name: sent_version_to(case_id, version)
SELECT base_id FROM case_sends WHERE case_id = :case_id AND version = :version ORDER BY base_id;
