-- name: fix_period(year, first_on, cut_off_on, fixed_by, fixed_at)!
INSERT INTO annual_periods (year, first_on, cut_off_on, fixed_by, fixed_at)
VALUES (:year, :first_on, :cut_off_on, :fixed_by, :fixed_at)
ON CONFLICT (year) DO UPDATE SET
    first_on = :first_on, cut_off_on = :cut_off_on, fixed_by = :fixed_by, fixed_at = :fixed_at;

-- name: period(year)^
SELECT first_on, cut_off_on FROM annual_periods WHERE year = :year;

-- name: open_report(base_id, year, since)!
INSERT INTO annual_reports (base_id, year, state, rev, since) VALUES (:base_id, :year, 'draft', 0, :since)
ON CONFLICT (base_id, year) DO NOTHING;

-- name: report_of(base_id, year)$
SELECT id FROM annual_reports WHERE base_id = :base_id AND year = :year;

-- name: lock_report(id)$
SELECT id FROM annual_reports WHERE id = :id FOR UPDATE;

-- name: report(id)^
SELECT r.*, p.first_on, p.cut_off_on, (
    SELECT x.until_on FROM extensions x JOIN obligations o ON o.id = x.obligation_id
    WHERE o.kind = 'annual_report' AND o.year = r.year AND o.base_id = r.base_id
    ORDER BY x.id DESC LIMIT 1
) AS until_on
FROM annual_reports r LEFT JOIN annual_periods p ON p.year = r.year
WHERE r.id = :id;

-- name: save_report(id, seen_rev, rev, state, since, seal_due_on, sealed_via, sealed_by, sealed_at, sealed_attachment_id)$
UPDATE annual_reports SET
    rev = :rev, state = :state, since = :since, seal_due_on = CAST(:seal_due_on AS TEXT),
    sealed_via = CAST(:sealed_via AS TEXT), sealed_by = CAST(:sealed_by AS BIGINT),
    sealed_at = CAST(:sealed_at AS BIGINT), sealed_attachment_id = CAST(:sealed_attachment_id AS BIGINT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: insert_entries(report_id, part, key, written, source, reason, entered_by, entered_at)!
INSERT INTO annual_entries (report_id, part, key, written, source, reason, entered_by, entered_at)
SELECT CAST(:report_id AS BIGINT), r.part, r.key, r.written, r.source, r.reason, r.entered_by, r.entered_at
FROM unnest(
    CAST(:part AS TEXT[]), CAST(:key AS TEXT[]), CAST(:written AS TEXT[]), CAST(:source AS TEXT[]),
    CAST(:reason AS TEXT[]), CAST(:entered_by AS BIGINT[]), CAST(:entered_at AS BIGINT[])
) WITH ORDINALITY AS r (part, key, written, source, reason, entered_by, entered_at, n)
ORDER BY r.n;

-- name: present_entries(report_id)
SELECT * FROM annual_entries
WHERE id IN (SELECT max(id) FROM annual_entries WHERE report_id = :report_id GROUP BY part, key)
ORDER BY id;

-- name: all_entries(report_id)
SELECT * FROM annual_entries WHERE report_id = :report_id ORDER BY id;

-- name: insert_file(report_id, attachment_id, purpose, name, sha256, added_by, added_at)!
INSERT INTO annual_files (report_id, attachment_id, purpose, name, sha256, added_by, added_at)
VALUES (:report_id, :attachment_id, :purpose, :name, :sha256, :added_by, :added_at);

-- name: remove_files(report_id, ids, now)!
UPDATE annual_files SET removed_at = CAST(:now AS BIGINT)
WHERE report_id = :report_id AND attachment_id = ANY(:ids) AND removed_at IS NULL;

-- name: present_files(report_id)
SELECT * FROM annual_files WHERE report_id = :report_id AND removed_at IS NULL ORDER BY id;

-- name: report_with_file(attachment_id)$
SELECT report_id FROM annual_files WHERE attachment_id = :attachment_id ORDER BY id DESC LIMIT 1;

-- name: insert_signature(report_id, signing, name, sha256, via, signed_by, signed_at, attachment_id)!
INSERT INTO annual_signatures (report_id, signing, name, sha256, via, signed_by, signed_at, attachment_id)
VALUES (:report_id, :signing, :name, :sha256, :via, :signed_by, :signed_at, :attachment_id);

-- name: signatures(report_id)
SELECT * FROM annual_signatures WHERE report_id = :report_id ORDER BY id;

-- name: insert_version(report_id, number, content, sha256, via, counts_on, submitted_by, submitted_at, receipt)!
INSERT INTO annual_versions
    (report_id, number, content, sha256, via, counts_on, submitted_by, submitted_at, receipt)
VALUES (:report_id, :number, :content, :sha256, :via, :counts_on, :submitted_by, :submitted_at, :receipt);

-- name: versions(report_id)
SELECT number, sha256, via, counts_on, submitted_by, submitted_at, receipt
FROM annual_versions WHERE report_id = :report_id ORDER BY number;

-- name: snapshot(report_id, number)^
SELECT * FROM annual_versions WHERE report_id = :report_id AND number = :number;

-- name: snapshots_of_year(year, after, most)
SELECT v.*, r.base_id, r.state FROM annual_versions v JOIN annual_reports r ON r.id = v.report_id
WHERE r.year = :year AND v.id > :after
ORDER BY v.id LIMIT :most;

-- name: insert_remarks(report_id, move, version, items, made_by, made_at)!
INSERT INTO annual_remarks (report_id, move, version, items, made_by, made_at)
VALUES (:report_id, :move, :version, :items, :made_by, :made_at);

-- name: remarks(report_id)
SELECT * FROM annual_remarks WHERE report_id = :report_id ORDER BY id;

-- name: states_of_year(year)
SELECT b.id AS base_id, b.short_name, r.id AS report_id, r.state, r.since, r.seal_due_on,
    (SELECT v.counts_on FROM annual_versions v WHERE v.report_id = r.id AND v.number = 1) AS counts_on,
    (SELECT count(*) FROM annual_versions v WHERE v.report_id = r.id) AS versions,
    (EXISTS (SELECT 1 FROM annual_entries e WHERE e.report_id = r.id)
        OR EXISTS (SELECT 1 FROM annual_files f WHERE f.report_id = r.id)) AS begun, (
    SELECT x.until_on FROM extensions x JOIN obligations o ON o.id = x.obligation_id
    WHERE o.kind = 'annual_report' AND o.year = :year AND o.base_id = b.id
    ORDER BY x.id DESC LIMIT 1
) AS until_on
FROM bases b LEFT JOIN annual_reports r ON r.base_id = b.id AND r.year = :year
WHERE b.status = 'active' OR r.id IS NOT NULL
ORDER BY b.id;

-- name: insert_extension(obligation_id, until_on, reason, granted_by, granted_at)!
INSERT INTO extensions (obligation_id, until_on, reason, granted_by, granted_at)
VALUES (:obligation_id, :until_on, :reason, :granted_by, :granted_at);

-- name: extensions(obligation_id)
SELECT * FROM extensions WHERE obligation_id = :obligation_id ORDER BY id;

-- name: standings(obligation_ids)
SELECT o.id, r.state, r.since, r.seal_due_on, x.until_on, x.granted_at,
    (EXISTS (SELECT 1 FROM annual_entries e WHERE e.report_id = r.id)
        OR EXISTS (SELECT 1 FROM annual_files f WHERE f.report_id = r.id)) AS begun,
    EXISTS (SELECT 1 FROM annual_versions v WHERE v.report_id = r.id) AS submitted
FROM obligations o
LEFT JOIN annual_reports r ON o.kind = 'annual_report' AND r.year = o.year AND r.base_id = o.base_id
LEFT JOIN extensions x ON x.id = (SELECT max(id) FROM extensions WHERE obligation_id = o.id)
WHERE o.id = ANY(:obligation_ids);

-- name: put_in_charge(id, officer_id)!
UPDATE annual_reports SET officer_id = CAST(:officer_id AS BIGINT) WHERE id = :id;
