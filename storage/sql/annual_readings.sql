-- name: save(sha256, told, read_at)!
INSERT INTO annual_readings (sha256, told, read_at) VALUES (:sha256, :told, :read_at)
ON CONFLICT (sha256) DO UPDATE SET told = :told, read_at = :read_at;

-- name: of(hashes)
SELECT sha256, told FROM annual_readings WHERE sha256 = ANY(CAST(:hashes AS TEXT[]));
