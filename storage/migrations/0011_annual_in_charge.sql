-- Who of the centre took the report into review; NULL: the counterpart of its base.
ALTER TABLE annual_reports ADD COLUMN officer_id BIGINT REFERENCES persons (id);
