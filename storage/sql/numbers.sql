-- name: next_number(series, year)$
INSERT INTO numbers (series, year, value) VALUES (:series, :year, 1)
ON CONFLICT (series, year) DO UPDATE SET value = numbers.value + 1
RETURNING value;
