CREATE FUNCTION access_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is append-only';
END
$$;
-- What is three years older than the newest line has been kept for as long as it is to be (domain/retention.py).
CREATE FUNCTION access_log_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > (SELECT max(at) FROM access_log) - 94608000000 THEN
        RAISE EXCEPTION 'the access log is append-only';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER access_log_no_change BEFORE UPDATE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION access_log_is_append_only();
CREATE TRIGGER access_log_kept BEFORE DELETE ON access_log
    FOR EACH ROW EXECUTE FUNCTION access_log_is_kept();
