-- What the files of annual reports say (JSON), by their content: lists behind the figures, the text as a document.
CREATE TABLE annual_readings (
    sha256 TEXT PRIMARY KEY,
    told JSON NOT NULL,
    read_at TIMESTAMP NOT NULL
);
