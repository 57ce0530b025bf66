from pathlib import Path

from storage.engine import Database
from storage.queries import load


async def test_a_row_is_there_after_its_transaction(database: Database, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text(
        "-- name: put(key, value)!\nINSERT INTO settings (key, value) VALUES (:key, :value)\n"
        "-- name: get(key)^\nSELECT key, value FROM settings WHERE key = :key\n"
    )
    q = load("q", tmp_path)
    async with database.tx() as tx:
        assert await q.put(tx, key="a", value="1") == 1
    async with database.read() as tx:
        row = await q.get(tx, key="a")
    assert dict(row) == {"key": "a", "value": "1"}
