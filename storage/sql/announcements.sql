-- name: insert_announcement(title, body, reply_by, drafter_id, now)$
INSERT INTO announcements (title, body, reply_by, state, rev, drafter_id, created_at)
VALUES (:title, :body, :reply_by, 'submitted', 0, :drafter_id, :now)
RETURNING id;

-- name: announcement(id)^
SELECT * FROM announcements WHERE id = :id;

-- name: lock_announcement(id)^
SELECT * FROM announcements WHERE id = :id FOR UPDATE;

-- name: save_announcement(id, seen_rev, title, body, reply_by, state, rev, signer_id, reason, issued, signed_at)$
UPDATE announcements
SET title = :title, body = :body, reply_by = CAST(:reply_by AS TEXT), state = :state, rev = :rev,
    signer_id = CAST(:signer_id AS BIGINT), reason = CAST(:reason AS TEXT), issued = CAST(:issued AS TEXT),
    signed_at = CAST(:signed_at AS BIGINT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: newest(limit)
SELECT * FROM announcements ORDER BY id DESC LIMIT :limit;

-- name: newest_of_bases(base_ids, limit)
SELECT * FROM announcements
WHERE state = 'signed'
  AND id IN (SELECT announcement_id FROM announcement_recipients WHERE base_id = ANY(:base_ids))
ORDER BY id DESC LIMIT :limit;

-- name: offices()
SELECT b.id AS base_id, b.short_name AS base, p.id AS person_id, p.name, p.telegram_id, p.locale, p.reachable,
    COALESCE(p.office_phone, p.phone) AS tel, m.role
FROM bases b
LEFT JOIN memberships m ON m.base_id = b.id AND m.until IS NULL AND m.role IN ('liaison', 'deputy', 'head')
LEFT JOIN persons p ON p.id = m.person_id
WHERE b.status <> 'left'
ORDER BY b.id, m.id NULLS FIRST;

-- name: insert_recipients(announcement_id, base_ids, person_ids, by_phone)!
INSERT INTO announcement_recipients (announcement_id, base_id, person_id, by_phone)
SELECT CAST(:announcement_id AS BIGINT), r.base_id, r.person_id, r.by_phone <> 0
FROM unnest(CAST(:base_ids AS BIGINT[]), CAST(:person_ids AS BIGINT[]), CAST(:by_phone AS BIGINT[]))
    AS r (base_id, person_id, by_phone);

-- name: bases_of(announcement_id)
SELECT DISTINCT r.base_id, b.name FROM announcement_recipients r JOIN bases b ON b.id = r.base_id
WHERE r.announcement_id = :announcement_id ORDER BY r.base_id;

-- name: count_by_phone(announcement_id)$
SELECT count(*) FROM announcement_recipients WHERE announcement_id = :announcement_id AND by_phone;

-- name: insert_receipt(announcement_id, base_id, person_id, now)$
INSERT INTO announcement_receipts (announcement_id, base_id, person_id, at)
VALUES (:announcement_id, :base_id, :person_id, :now)
ON CONFLICT (announcement_id, base_id) DO NOTHING
RETURNING base_id;

-- name: receipts_of(announcement_id)
SELECT r.base_id, b.name AS base, p.name, r.at
FROM announcement_receipts r JOIN bases b ON b.id = r.base_id JOIN persons p ON p.id = r.person_id
WHERE r.announcement_id = :announcement_id ORDER BY r.at, r.base_id;

-- name: deliveries(announcement_id)
SELECT o.id, o.person_id, p.name, o.state, o.reference, o.attempts, o.doubts
FROM outbox o JOIN persons p ON p.id = o.person_id
WHERE o.subject_kind = 'announcement' AND o.subject_id = :announcement_id AND o.kind = 'broadcast'
ORDER BY o.id;

-- name: announcement_of_delivery(row_id)$
SELECT subject_id FROM outbox
WHERE id = :row_id AND subject_kind = 'announcement' AND kind = 'broadcast';

-- name: take_as_delivered(ids)
UPDATE outbox SET state = 'sent'
WHERE id = ANY(CAST(:ids AS BIGINT[])) AND state = 'uncertain' AND kind = 'broadcast'
RETURNING id;

-- name: insert_panels(announcement_id, person_ids)!
INSERT INTO announcement_panels (announcement_id, person_id)
SELECT CAST(:announcement_id AS BIGINT), r.person_id
FROM unnest(CAST(:person_ids AS BIGINT[])) AS r (person_id)
WHERE TRUE
ON CONFLICT (announcement_id, person_id) DO NOTHING;

-- name: lock_panels(announcement_id)
SELECT * FROM announcement_panels WHERE announcement_id = :announcement_id ORDER BY person_id FOR UPDATE;

-- name: save_panel(announcement_id, person_id, message_row, edit_row, shown, drawn_at)!
UPDATE announcement_panels
SET message_row = CAST(:message_row AS BIGINT), edit_row = CAST(:edit_row AS BIGINT),
    shown = CAST(:shown AS TEXT), drawn_at = CAST(:drawn_at AS BIGINT)
WHERE announcement_id = :announcement_id AND person_id = :person_id;

-- name: insert_watch(key, args, run_at, now)$
INSERT INTO jobs (key, kind, args, state, run_at, created_at)
SELECT CAST(:key AS TEXT), 'announcement_watch', CAST(:args AS TEXT), 'waiting', CAST(:run_at AS BIGINT),
    CAST(:now AS BIGINT)
WHERE TRUE
ON CONFLICT (key) DO NOTHING
RETURNING id;
