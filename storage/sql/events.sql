-- name: insert_event(kind, title, starts_at, ends_at, place, register_until, whom, agenda, quota, quota_per_base, asks_plate, questions, files, organiser_id, now)$
INSERT INTO events
    (kind, title, starts_at, ends_at, place, register_until, whom, agenda, quota, quota_per_base, asks_plate,
     questions, files, state, rev, sequence, organiser_id, created_at)
VALUES
    (:kind, :title, :starts_at, :ends_at, :place, :register_until, :whom, :agenda, :quota, :quota_per_base,
     :asks_plate, :questions, :files, 'draft', 0, 0, :organiser_id, :now)
RETURNING id;

-- name: event(id)^
SELECT * FROM events WHERE id = :id;

-- name: lock_event(id)^
SELECT * FROM events WHERE id = :id FOR UPDATE;

-- name: save_event(id, seen_rev, kind, title, starts_at, ends_at, place, register_until, whom, agenda, quota, quota_per_base, asks_plate, questions, files, state, rev, sequence, reason, published_at, cancelled_at)$
UPDATE events
SET kind = :kind, title = :title, starts_at = :starts_at, ends_at = :ends_at, place = :place,
    register_until = :register_until, whom = CAST(:whom AS TEXT), agenda = CAST(:agenda AS TEXT),
    quota = CAST(:quota AS BIGINT), quota_per_base = CAST(:quota_per_base AS BIGINT), asks_plate = :asks_plate,
    questions = :questions, files = :files, state = :state, rev = :rev, sequence = :sequence,
    reason = CAST(:reason AS TEXT), published_at = CAST(:published_at AS BIGINT),
    cancelled_at = CAST(:cancelled_at AS BIGINT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: newest(most)
SELECT * FROM events ORDER BY starts_at DESC, id DESC LIMIT :most;

-- name: of_bases(base_ids, most)
SELECT * FROM events
WHERE state <> 'draft' AND id IN (SELECT event_id FROM event_invited WHERE base_id = ANY(:base_ids))
ORDER BY starts_at DESC, id DESC LIMIT :most;

-- name: invite(event_id, base_ids, person_ids)!
INSERT INTO event_invited (event_id, base_id, person_id)
SELECT CAST(:event_id AS BIGINT), r.base_id, r.person_id
FROM unnest(CAST(:base_ids AS BIGINT[]), CAST(:person_ids AS BIGINT[])) AS r (base_id, person_id)
WHERE TRUE
ON CONFLICT (event_id, base_id, person_id) DO NOTHING;

-- name: invited_bases(event_id)
SELECT DISTINCT i.base_id, b.name, b.short_name FROM event_invited i JOIN bases b ON b.id = i.base_id
WHERE i.event_id = :event_id ORDER BY i.base_id;

-- name: invited_people(event_id)
SELECT DISTINCT person_id FROM event_invited WHERE event_id = :event_id ORDER BY person_id;

-- name: entries(event_id)
SELECT * FROM event_entries WHERE event_id = :event_id ORDER BY id;

-- name: entry(id)^
SELECT * FROM event_entries WHERE id = :id;

-- name: entry_of_code(code)^
SELECT * FROM event_entries WHERE code = :code;

-- name: insert_entries(event_id, base_ids, registered_bys, names, name_keys, posts, plates, answers, standings, codes, confirm_bys, now)
INSERT INTO event_entries
    (event_id, base_id, registered_by, name, name_key, post, plate, answers, standing, code, confirm_by,
     entered_at, changed_at)
SELECT CAST(:event_id AS BIGINT), r.base_id, r.registered_by, r.name, r.name_key, r.post, r.plate, r.answers,
    r.standing, r.code, r.confirm_by, CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM unnest(
    CAST(:base_ids AS BIGINT[]), CAST(:registered_bys AS BIGINT[]), CAST(:names AS TEXT[]),
    CAST(:name_keys AS TEXT[]), CAST(:posts AS TEXT[]), CAST(:plates AS TEXT[]), CAST(:answers AS TEXT[]),
    CAST(:standings AS TEXT[]), CAST(:codes AS TEXT[]), CAST(:confirm_bys AS BIGINT[])
) WITH ORDINALITY AS r
    (base_id, registered_by, name, name_key, post, plate, answers, standing, code, confirm_by, n)
ORDER BY r.n
RETURNING id, code;

-- name: save_entries(ids, standings, confirm_bys, changed_ats)!
UPDATE event_entries SET standing = r.standing, confirm_by = r.confirm_by, changed_at = r.changed_at
FROM unnest(
    CAST(:ids AS BIGINT[]), CAST(:standings AS TEXT[]), CAST(:confirm_bys AS BIGINT[]),
    CAST(:changed_ats AS BIGINT[])
) AS r (id, standing, confirm_by, changed_at)
WHERE event_entries.id = r.id;

-- name: arrive(id, person_id, now)$
UPDATE event_entries SET arrived_at = :now, arrived_by = :person_id
WHERE id = :id AND standing = 'registered' AND arrived_at IS NULL
RETURNING id;

-- name: unarrive(id)$
UPDATE event_entries SET arrived_at = NULL, arrived_by = NULL
WHERE id = :id AND arrived_at IS NOT NULL
RETURNING id;

-- name: add_job(key, kind, args, run_at, now)$
INSERT INTO jobs (key, kind, args, state, run_at, created_at)
SELECT CAST(:key AS TEXT), CAST(:kind AS TEXT), CAST(:args AS TEXT), 'waiting', CAST(:run_at AS BIGINT),
    CAST(:now AS BIGINT)
WHERE TRUE
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: rate(event_id, person_id, stars, now)!
INSERT INTO event_ratings (event_id, person_id, stars, at) VALUES (:event_id, :person_id, :stars, :now)
ON CONFLICT (event_id, person_id) DO UPDATE SET stars = excluded.stars, at = excluded.at;

-- name: ratings(event_id)
SELECT stars, count(*) AS n FROM event_ratings WHERE event_id = :event_id GROUP BY stars ORDER BY stars DESC;

-- name: keep_outcome(event_id, base_id, intentions, contracts, amount, answered_by, now)!
INSERT INTO event_outcomes (event_id, base_id, intentions, contracts, amount, answered_by, at)
VALUES (:event_id, :base_id, :intentions, :contracts, :amount, :answered_by, :now)
ON CONFLICT (event_id, base_id) DO UPDATE SET
    intentions = excluded.intentions, contracts = excluded.contracts, amount = excluded.amount,
    answered_by = excluded.answered_by, at = excluded.at;

-- name: outcomes(event_id)
SELECT base_id, intentions, contracts, amount, at FROM event_outcomes WHERE event_id = :event_id ORDER BY base_id;

-- name: outcomes_of_base(base_id, since, until)
SELECT e.id, e.title, e.kind, e.starts_at, o.base_id, o.intentions, o.contracts, o.amount, o.at
FROM event_outcomes o JOIN events e ON e.id = o.event_id
WHERE o.base_id = :base_id AND e.starts_at >= :since AND e.starts_at < :until
ORDER BY e.starts_at, e.id;
