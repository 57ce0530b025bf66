-- name: settings()
SELECT key, value FROM settings;

-- name: set_setting(key, value)!
INSERT INTO settings (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: setting(key)$
SELECT value FROM settings WHERE key = :key;
