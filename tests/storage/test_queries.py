import inspect
from pathlib import Path

import aiosql
import pytest

from storage.dialect import Parameters, Statement
from storage.engine import Database, Row
from storage.queries import FOLDER, load

FILES = sorted(path.stem for path in FOLDER.glob("*.sql"))


async def test_queries_are_methods_that_take_a_transaction(database: Database, tmp_path: Path) -> None:
    (tmp_path / "settings.sql").write_text(
        """
        -- name: set_setting(key, value)!
        -- Remember a setting.
        INSERT INTO settings (key, value) VALUES (:key, :value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        -- name: get_setting(key)$
        SELECT value FROM settings WHERE key = :key
        -- name: list_settings()
        SELECT key, value FROM settings ORDER BY key
        """
    )
    settings = load("settings", tmp_path)
    assert settings.available_queries == [
        "get_setting",
        "list_settings",
        "list_settings_cursor",
        "set_setting",
    ]
    assert inspect.getdoc(settings.set_setting) == "Remember a setting."
    async with database.tx() as tx:
        assert await settings.set_setting(tx, key="b", value="1") == 1
        assert await settings.set_setting(tx, key="b", value="2") == 1
        assert await settings.set_setting(tx, key="a", value="3") == 1
        assert await settings.get_setting(tx, key="b") == "2"
        rows = await settings.list_settings(tx)
        assert [dict(row) for row in rows] == [{"key": "a", "value": "3"}, {"key": "b", "value": "2"}]
        assert rows[0]["value"] == "3"


async def test_a_query_costs_no_coroutine_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("-- name: one()$\nSELECT 1")

    class Handed:
        def value(self, statement: Statement, parameters: Parameters) -> str:
            return f"{statement.sqlite} {parameters}"

    assert load("q", tmp_path).one(Handed()) == "SELECT 1 {}"  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("-- name: one(id)$\nSELECT 1", "unused declared parameter"),
        ("-- name: one()$\nSELECT CAST(:id AS BIGINT)", "undeclared parameter"),
        ("-- name: one$\nSELECT 1", "missing mandatory parameter list"),
    ],
)
def test_parameters_are_declared(tmp_path: Path, sql: str, reason: str) -> None:
    (tmp_path / "q.sql").write_text(sql)
    with pytest.raises(aiosql.SQLParseException, match=reason):
        load("q", tmp_path)


@pytest.mark.parametrize("name", FILES)
async def test_every_query_of_the_product_is_understood_by_both(database: Database, name: str) -> None:
    """Each is prepared against the schema: a column misspelt, a cast forgotten is found at once."""
    queries = load(name)
    for query in queries.available_queries:
        if not query.endswith("_cursor"):
            await understood(database, getattr(queries, query).sql)


async def understood(database: Database, statement: Statement) -> None:
    async with database.read() as tx:
        if statement.sqlite.upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            await prepared(tx, statement)


async def prepared(tx: object, statement: Statement) -> list[Row]:
    if hasattr(tx, "_fetch"):
        nothing = dict.fromkeys((*statement.names, *statement.batches))
        rows: list[Row] = await tx._fetch(f"EXPLAIN {statement.sqlite}", nothing)
        return rows
    await tx._connection.prepare(statement.postgres)  # type: ignore[attr-defined]
    return []
