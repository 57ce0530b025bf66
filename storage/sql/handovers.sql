-- name: insert_handover(base_id, role, leaver_id, successor_id, successor_name, successor_tel, proposed_by, proposed_at)$
INSERT INTO handovers (
    base_id, role, leaver_id, successor_id, successor_name, successor_tel, state, rev, proposed_by, proposed_at
)
SELECT
    CAST(:base_id AS BIGINT), CAST(:role AS TEXT), CAST(:leaver_id AS BIGINT), CAST(:successor_id AS BIGINT),
    CAST(:successor_name AS TEXT), CAST(:successor_tel AS TEXT), 'proposed', 0, CAST(:proposed_by AS BIGINT),
    CAST(:proposed_at AS BIGINT)
WHERE TRUE
ON CONFLICT DO NOTHING
RETURNING id;

-- name: handover(id)^
SELECT * FROM handovers WHERE id = :id;

-- name: handover_of_duty(form_duty_id)^
SELECT * FROM handovers WHERE form_duty_id = :form_duty_id;

-- name: lock_handover(id)^
SELECT * FROM handovers WHERE id = :id FOR UPDATE;

-- name: unsettled_handovers(base_id)
SELECT * FROM handovers WHERE base_id = :base_id AND state IN ('proposed', 'registered') ORDER BY id;

-- name: unsettled_for(successor_id)
SELECT * FROM handovers WHERE successor_id = :successor_id AND state IN ('proposed', 'registered')
ORDER BY id FOR UPDATE;

-- name: count_named(successor_id)$
SELECT count(*) FROM handovers WHERE successor_id = :successor_id AND state IN ('proposed', 'registered');

-- name: registered_for(base_id, role, successor_id)^
SELECT * FROM handovers
WHERE base_id = :base_id AND role = :role AND successor_id = :successor_id AND state = 'registered'
FOR UPDATE;

-- name: save_handover(id, seen_rev, rev, state, successor_id, confirmed_via, confirmed_by, confirmed_at, form_due_on, form_attachment_id, form_duty_id, registered_by, registered_at, settled_at, moved)$
UPDATE handovers SET
    rev = :rev, state = :state, successor_id = CAST(:successor_id AS BIGINT),
    confirmed_via = CAST(:confirmed_via AS TEXT), confirmed_by = CAST(:confirmed_by AS TEXT),
    confirmed_at = CAST(:confirmed_at AS BIGINT), form_due_on = CAST(:form_due_on AS TEXT),
    form_attachment_id = CAST(:form_attachment_id AS BIGINT), form_duty_id = CAST(:form_duty_id AS BIGINT),
    registered_by = CAST(:registered_by AS BIGINT),
    registered_at = CAST(:registered_at AS BIGINT), settled_at = CAST(:settled_at AS BIGINT),
    moved = CAST(:moved AS TEXT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: move_drafts(base_id, leaver_id, successor_id)!
UPDATE drafts SET person_id = :successor_id WHERE base_id = :base_id AND person_id = :leaver_id;

-- What the leaver had begun about a request or a report of the base, in a draft of their own.
-- name: move_subject_drafts(base_id, leaver_id, successor_id)!
UPDATE drafts SET person_id = :successor_id
WHERE person_id = :leaver_id AND base_id IS NULL AND (
    (form IN ('say', 'supplement') AND subject_id IN (SELECT id FROM requests WHERE base_id = :base_id))
    OR (form = 'handover_page' AND subject_id IN (SELECT id FROM handovers WHERE base_id = :base_id))
    OR (substr(form, 1, 7) = 'annual_' AND subject_id IN (SELECT id FROM annual_reports WHERE base_id = :base_id))
);

-- name: leave_focus(leaver_id)!
DELETE FROM focus WHERE person_id = :leaver_id;

-- name: end_links(leaver_id, now)!
UPDATE upload_links SET ended_at = :now WHERE person_id = :leaver_id AND ended_at IS NULL;

-- name: end_downloads(leaver_id)!
DELETE FROM download_links WHERE person_id = :leaver_id;

-- name: move_files(leaver_id, successor_id)
UPDATE attachments SET person_id = :successor_id
WHERE person_id = :leaver_id AND state IN ('pending', 'held')
RETURNING id;

-- name: drop_nudges(leaver_id, base_id, now)!
UPDATE outbox SET state = 'dropped', error = 'not in office', settled_at = :now, key = NULL
WHERE person_id = :leaver_id AND state IN ('planned', 'queued') AND kind = 'nudge'
  AND subject_kind = 'obligation' AND subject_id IN (SELECT id FROM obligations WHERE base_id = :base_id);
