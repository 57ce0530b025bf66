-- name: on_record(hashes)
SELECT sha256 FROM files WHERE sha256 = ANY(CAST(:hashes AS TEXT[]))
UNION
SELECT sha256 FROM download_links WHERE sha256 = ANY(CAST(:hashes AS TEXT[]));

-- name: payloads_with_files()
SELECT payload FROM outbox WHERE payload LIKE '{"attached"%';
