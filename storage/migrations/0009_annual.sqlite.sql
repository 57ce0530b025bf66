CREATE TRIGGER annual_versions_no_update BEFORE UPDATE ON annual_versions BEGIN SELECT RAISE(ABORT, 'a version is append-only'); END;
CREATE TRIGGER annual_versions_no_delete BEFORE DELETE ON annual_versions BEGIN SELECT RAISE(ABORT, 'a version is append-only'); END;
