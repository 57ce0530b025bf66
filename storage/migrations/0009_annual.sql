-- 统计期 of a year, as the centre fixed it: the first day and the 统计截止日.
CREATE TABLE annual_periods (
    year BIGINT PRIMARY KEY,
    first_on TEXT NOT NULL,
    cut_off_on TEXT NOT NULL,
    fixed_by BIGINT NOT NULL REFERENCES persons (id),
    fixed_at TIMESTAMP NOT NULL
);

-- The annual report of a base: rev counts every change, since is when it came into its state.
CREATE TABLE annual_reports (
    id IDENTITY,
    base_id BIGINT NOT NULL REFERENCES bases (id),
    year BIGINT NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    since TIMESTAMP NOT NULL,
    seal_due_on TEXT,
    sealed_via TEXT,
    sealed_by BIGINT REFERENCES persons (id),
    sealed_at TIMESTAMP,
    sealed_attachment_id BIGINT REFERENCES attachments (id),
    UNIQUE (base_id, year)
);
CREATE INDEX annual_reports_year ON annual_reports (year, state);

-- Whatever was entered, in order: the last of a part and key is the present one, the others are its history.
CREATE TABLE annual_entries (
    id IDENTITY,
    report_id BIGINT NOT NULL REFERENCES annual_reports (id),
    part TEXT NOT NULL,
    key TEXT NOT NULL,
    written TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    entered_by BIGINT NOT NULL REFERENCES persons (id),
    entered_at TIMESTAMP NOT NULL
);
CREATE INDEX annual_entries_present ON annual_entries (report_id, part, key, id);

CREATE TABLE annual_files (
    id IDENTITY,
    report_id BIGINT NOT NULL REFERENCES annual_reports (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES persons (id),
    added_at TIMESTAMP NOT NULL,
    removed_at TIMESTAMP
);
CREATE UNIQUE INDEX annual_files_present ON annual_files (report_id, attachment_id) WHERE removed_at IS NULL;

-- 保密审查 and 审核: who signed which content, and how.
CREATE TABLE annual_signatures (
    id IDENTITY,
    report_id BIGINT NOT NULL REFERENCES annual_reports (id),
    signing TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    via TEXT NOT NULL,
    signed_by BIGINT NOT NULL REFERENCES persons (id),
    signed_at TIMESTAMP NOT NULL,
    attachment_id BIGINT REFERENCES attachments (id),
    UNIQUE (report_id, signing, sha256)
);

-- What was submitted: content is the canonical JSON over which the sha256 was made. Append-only.
CREATE TABLE annual_versions (
    id IDENTITY,
    report_id BIGINT NOT NULL REFERENCES annual_reports (id),
    number BIGINT NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    via TEXT NOT NULL,
    counts_on TEXT NOT NULL,
    submitted_by BIGINT NOT NULL REFERENCES persons (id),
    submitted_at TIMESTAMP NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    UNIQUE (report_id, number)
);

-- What was asked of the base: items (JSON) by what they are about; to which version, 0 before the first.
CREATE TABLE annual_remarks (
    id IDENTITY,
    report_id BIGINT NOT NULL REFERENCES annual_reports (id),
    move TEXT NOT NULL,
    version BIGINT NOT NULL,
    items JSON NOT NULL,
    made_by BIGINT NOT NULL REFERENCES persons (id),
    made_at TIMESTAMP NOT NULL
);
CREATE INDEX annual_remarks_report ON annual_remarks (report_id, id);

-- 延期 of any obligation: the last counts.
CREATE TABLE extensions (
    id IDENTITY,
    obligation_id BIGINT NOT NULL REFERENCES obligations (id),
    until_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_by BIGINT NOT NULL REFERENCES persons (id),
    granted_at TIMESTAMP NOT NULL
);
CREATE INDEX extensions_obligation ON extensions (obligation_id, id);
