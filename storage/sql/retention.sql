-- name: delete_sends(before)!
DELETE FROM outbox WHERE settled_at < :before;

-- name: delete_sends_to_strangers(before)!
DELETE FROM outbox WHERE person_id IS NULL AND chat_id > 0 AND settled_at < :before;

-- name: forget_places_of_files(before)!
UPDATE attachments SET chat_id = NULL, message_id = NULL
WHERE chat_id IS NOT NULL AND state <> 'pending' AND received_at < :before;

-- name: forget_places_of_incidents(before)!
UPDATE incidents SET chat_id = NULL, message_id = NULL WHERE chat_id IS NOT NULL AND settled_at < :before;

-- name: delete_album_items(before)!
DELETE FROM album_items WHERE album_id IN (SELECT id FROM albums WHERE due_at < :before);

-- name: delete_albums(before)!
DELETE FROM albums WHERE due_at < :before;

-- name: forget_attendees(before)!
UPDATE event_entries SET plate = NULL, answers = '{}'
WHERE (plate IS NOT NULL OR answers <> '{}') AND event_id IN (SELECT id FROM events WHERE ends_at < :before);

-- name: delete_event_desks(before)!
DELETE FROM event_desks WHERE expires_at < :before;

-- name: delete_invitations(before)!
DELETE FROM invitations WHERE used_at < :before OR (used_at IS NULL AND expires_at < :before);

-- name: delete_jobs(before)!
DELETE FROM jobs WHERE settled_at < :before;

-- name: delete_absences(before_day)!
DELETE FROM absences WHERE last_on < :before_day;

-- name: delete_corrections(before)!
DELETE FROM corrections WHERE done_at < :before;

-- name: delete_consents(before)!
DELETE FROM consents WHERE withdrawn_at < :before;

-- name: delete_incidents(before)!
DELETE FROM incidents WHERE recorded_at < :before AND settled_at IS NOT NULL;

-- The margin is the trigger's: nothing goes that is not three years older than the newest line.
-- name: delete_access(before)!
DELETE FROM access_log WHERE at < :before AND at <= (SELECT max(at) FROM access_log) - 94608000000;

-- name: left_files(before)
SELECT id, sha256 FROM attachments
WHERE left_at < :before AND request_id IS NULL AND state <> 'pending' ORDER BY id;

-- name: delete_files_left(ids)!
DELETE FROM attachments WHERE id = ANY(CAST(:ids AS BIGINT[]));

-- name: keep_files(ids)!
UPDATE attachments SET left_at = NULL WHERE id = ANY(CAST(:ids AS BIGINT[]));
