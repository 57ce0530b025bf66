CREATE FUNCTION a_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version is append-only';
END
$$;
CREATE TRIGGER annual_versions_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON annual_versions
    FOR EACH STATEMENT EXECUTE FUNCTION a_version_is_append_only();
