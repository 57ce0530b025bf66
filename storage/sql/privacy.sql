-- name: insert_erasure(person_id, reason, telegram_id, phones, now)$
INSERT INTO erasures (person_id, reason, telegram_id, phones, begun_at)
VALUES (:person_id, :reason, :telegram_id, :phones, :now)
RETURNING id;

-- name: erasure(id)^
SELECT id, person_id, telegram_id, phones, begun_at FROM erasures WHERE id = :id AND settled_at IS NULL FOR UPDATE;

-- name: settle_erasure(id, now)!
UPDATE erasures SET telegram_id = NULL, phones = NULL, settled_at = :now WHERE id = :id;

-- name: open_erasures(before)
SELECT id FROM erasures WHERE settled_at IS NULL AND begun_at < :before ORDER BY id;

-- name: erase_person(id, name, now)!
UPDATE persons SET
    name = :name, telegram_id = NULL, locale = NULL, phone = NULL, phone_shared = NULL, phone_check = 'none',
    office_phone = NULL, post = NULL, reachable = FALSE, enrolled_at = NULL, erased_at = :now
WHERE id = :id;

-- name: unbind_person(id)!
UPDATE persons SET
    telegram_id = NULL, locale = NULL, phone_shared = NULL, phone_check = 'none', reachable = FALSE,
    enrolled_at = NULL
WHERE id = :id;

-- name: erased_at(id)$
SELECT erased_at FROM persons WHERE id = :id;

-- name: end_offices(person_id, now)!
UPDATE memberships SET until = :now WHERE person_id = :person_id AND until IS NULL;

-- name: withdraw_consents(person_id, now)!
UPDATE consents SET withdrawn_at = :now WHERE person_id = :person_id AND withdrawn_at IS NULL;

-- name: release_requests(person_id)
UPDATE requests SET officer_id = NULL
WHERE officer_id = :person_id AND state NOT IN ('closed', 'withdrawn')
RETURNING id;

-- name: release_counterpart(person_id)!
UPDATE bases SET counterpart_id = NULL WHERE counterpart_id = :person_id;

-- name: end_upload_links(person_id, now)!
UPDATE upload_links SET ended_at = :now WHERE person_id = :person_id AND ended_at IS NULL;

-- name: end_download_links(person_id)!
DELETE FROM download_links WHERE person_id = :person_id;

-- name: own_drafts(person_id)
SELECT id, person_id, form, version, base_id, subject_id, answers, rev, created_at, expires_at FROM drafts
WHERE person_id = :person_id AND base_id IS NULL ORDER BY id;

-- name: forget_focus(person_id)!
DELETE FROM focus WHERE person_id = :person_id;

-- name: forget_search(person_id)!
DELETE FROM directory_searches WHERE person_id = :person_id;

-- name: drop_sends(person_id, now)!
UPDATE outbox SET state = 'dropped', error = 'erased', settled_at = :now
WHERE person_id = :person_id AND state IN ('planned', 'queued');

-- What is still on its way to the chat, or came from it and is not handled: the erasure waits for it.
-- name: in_hand(person_id, chat_id)$
SELECT
    (SELECT count(*) FROM outbox WHERE state IN ('planned', 'queued', 'sending') AND chat_id = :chat_id)
    + (SELECT count(*) FROM updates WHERE state = 'stored' AND chat_id = :chat_id)
    + (SELECT count(*) FROM attachments WHERE state = 'pending' AND person_id = :person_id)
    + (SELECT count(*) FROM incidents WHERE settled_at IS NULL AND person_id = :person_id AND chat_id = :chat_id);

-- Every call that took files along, before its text is forgotten.
-- name: texts_of_chat(chat_id)
SELECT payload FROM outbox WHERE chat_id = :chat_id AND payload LIKE '{"attached"%';

-- name: forget_chat(chat_id, now)!
UPDATE outbox SET
    payload = NULL, facts = NULL,
    error = CASE WHEN state IN ('planned', 'queued') THEN 'erased' ELSE error END,
    settled_at = COALESCE(settled_at, CAST(:now AS BIGINT)),
    state = CASE WHEN state IN ('planned', 'queued') THEN 'dropped' WHEN state = 'sending' THEN 'uncertain' ELSE state END
WHERE chat_id = :chat_id;

-- name: forget_successor_tel(person_id)!
UPDATE handovers SET successor_tel = NULL WHERE successor_id = :person_id;

-- name: phones_of_others(person_id)
SELECT phone AS number FROM persons WHERE id <> :person_id AND phone IS NOT NULL
UNION SELECT phone_shared FROM persons WHERE id <> :person_id AND phone_shared IS NOT NULL
UNION SELECT office_phone FROM persons WHERE id <> :person_id AND office_phone IS NOT NULL;

-- name: lock_holders(role)
SELECT id FROM memberships WHERE role = :role AND until IS NULL ORDER BY id FOR UPDATE;

-- name: count_others(person_id, role)$
SELECT count(DISTINCT m.person_id) FROM memberships m JOIN persons p ON p.id = m.person_id
WHERE m.role = :role AND m.until IS NULL AND p.telegram_id IS NOT NULL AND p.id <> :person_id;

-- name: roles_held(person_id)
SELECT DISTINCT role FROM memberships WHERE person_id = :person_id;

-- Who held an office, holds none since before the instant, and is not about to hold one again.
-- name: leavers(before, now)
SELECT p.id FROM persons p
WHERE p.erased_at IS NULL
  AND EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = p.id AND (m.until IS NULL OR m.until > :before))
  AND NOT EXISTS (
      SELECT 1 FROM invitations i WHERE i.person_id = p.id AND i.used_at IS NULL AND i.expires_at > :now
  )
  AND NOT EXISTS (
      SELECT 1 FROM handovers h WHERE h.successor_id = p.id AND h.state IN ('proposed', 'registered')
  )
ORDER BY p.id;

-- name: last_ask(person_id)^
SELECT version, asked_at FROM consent_asks WHERE person_id = :person_id;

-- name: keep_ask(person_id, version, now)!
INSERT INTO consent_asks (person_id, version, asked_at) VALUES (:person_id, :version, :now)
ON CONFLICT (person_id) DO UPDATE SET version = excluded.version, asked_at = excluded.asked_at;

-- name: own_counts(person_id)^
SELECT
    (SELECT count(*) FROM requests WHERE submitted_by = :person_id) AS requests,
    (SELECT count(*) FROM entries WHERE person_id = :person_id) AS entries,
    (SELECT count(*) FROM attachments WHERE person_id = :person_id) AS files,
    (SELECT count(*) FROM drafts WHERE person_id = :person_id) AS drafts,
    (SELECT count(*) FROM incidents WHERE person_id = :person_id) AS incidents;

-- name: own_offices(person_id)
SELECT m.role, b.name AS unit, m.since AS since_at, m.until AS until_at
FROM memberships m LEFT JOIN bases b ON b.id = m.base_id WHERE m.person_id = :person_id ORDER BY m.id;

-- name: own_consents(person_id)
SELECT kind, version, given_at, withdrawn_at FROM consents WHERE person_id = :person_id ORDER BY id;

-- name: own_requests(person_id)
SELECT number, service, state, submitted_at, answers FROM requests WHERE submitted_by = :person_id ORDER BY id;

-- name: own_entries(person_id)
SELECT r.number, e.kind, e.at AS said_at, e.body FROM entries e JOIN requests r ON r.id = e.request_id
WHERE e.person_id = :person_id ORDER BY e.id;

-- name: own_files(person_id)
SELECT name, size, state, received_at FROM attachments WHERE person_id = :person_id AND name <> '' ORDER BY id;

-- name: own_forms(person_id)
SELECT form, created_at, expires_at, answers FROM drafts WHERE person_id = :person_id ORDER BY id;

-- name: own_incidents(person_id)
SELECT number, kind, sent_at, deletion FROM incidents WHERE person_id = :person_id ORDER BY id;

-- name: own_absences(person_id)
SELECT first_on, last_on, ended_at FROM absences WHERE person_id = :person_id ORDER BY id;

-- name: own_receipts(person_id)
SELECT a.title, r.at AS received_at FROM announcement_receipts r JOIN announcements a ON a.id = r.announcement_id
WHERE r.person_id = :person_id ORDER BY r.at;

-- name: own_signatures(person_id)
SELECT r.year, s.signing, s.name, s.via, s.signed_at FROM annual_signatures s
JOIN annual_reports r ON r.id = s.report_id WHERE s.signed_by = :person_id ORDER BY s.id;

-- name: own_questions(person_id)
SELECT q.number, e.at AS said_at, e.words FROM question_entries e JOIN questions q ON q.id = e.question_id
WHERE e.person_id = :person_id ORDER BY e.id;

-- name: own_registrations(person_id)
SELECT v.title, e.name, e.post, e.plate, e.standing, e.entered_at FROM event_entries e
JOIN events v ON v.id = e.event_id WHERE e.registered_by = :person_id ORDER BY e.id;

-- name: own_corrections(person_id)
SELECT words, asked_at, done_at FROM corrections WHERE person_id = :person_id ORDER BY id;

-- name: correct_person(id, name, post, office_phone)!
UPDATE persons SET
    name = COALESCE(CAST(:name AS TEXT), name), post = COALESCE(CAST(:post AS TEXT), post),
    office_phone = COALESCE(CAST(:office_phone AS TEXT), office_phone)
WHERE id = :id;

-- name: insert_correction(person_id, words, now)$
INSERT INTO corrections (person_id, words, asked_at) VALUES (:person_id, :words, :now) RETURNING id;

-- name: correction(id)^
SELECT id, person_id, words, asked_at, done_by, done_at FROM corrections WHERE id = :id;

-- name: finish_correction(id, by, now)$
UPDATE corrections SET done_by = :by, done_at = :now WHERE id = :id AND done_at IS NULL RETURNING person_id;

-- name: open_corrections(limit)
SELECT c.id, c.words, c.asked_at, p.name FROM corrections c JOIN persons p ON p.id = c.person_id
WHERE c.done_at IS NULL ORDER BY c.id LIMIT :limit;
