CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
-- What is three years older than the newest line has been kept for as long as it is to be (domain/retention.py).
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log
WHEN OLD.at > (SELECT max(at) FROM access_log) - 94608000000
BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
