import asyncio
from itertools import chain
from pathlib import Path

import pytest

from storage.dialect import Dialect, prepare
from storage.engine import Database, connect
from storage.migrate import FOLDER, Incompatible, migrate, read

NAMES = prepare("SELECT name FROM notes ORDER BY id")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_notes.sql").write_text(
        "CREATE TABLE notes (id IDENTITY, name TEXT NOT NULL, read BOOLEAN);"
    )
    (folder / "0001_notes.sqlite.sql").write_text("INSERT INTO notes (name) VALUES ('sqlite; JSON');")
    (folder / "0001_notes.postgres.sql").write_text("INSERT INTO notes (name) VALUES ('postgres; JSON');")
    (folder / "0002_more.sql").write_text("INSERT INTO notes (name) VALUES ('more'); -- the end")
    return folder


async def notes(database: Database) -> list[str]:
    async with database.read() as tx:
        return [row["name"] for row in await tx.rows(NAMES, {})]


async def test_what_is_missing_is_applied_in_order_and_once(url: str, folder: Path) -> None:
    database = await connect(url)
    try:
        assert await migrate(database, folder) == ["0001_notes", "0002_more"]
        assert await migrate(database, folder) == []
        (folder / "0003_last.postgres.sql").write_text("INSERT INTO notes (name) VALUES ('last')")
        (folder / "0003_last.sqlite.sql").write_text("INSERT INTO notes (name) VALUES ('last')")
        assert await migrate(database, folder) == ["0003_last"]
        assert await notes(database) == [f"{database.dialect.value}; JSON", "more", "last"]
    finally:
        await database.close()


async def test_a_migration_that_fails_leaves_nothing_of_itself(url: str, folder: Path) -> None:
    (folder / "0002_more.sql").write_text(
        "INSERT INTO notes (name) VALUES ('more'); INSERT INTO nothing VALUES (1);"
    )
    database = await connect(url)
    try:
        with pytest.raises(Exception, match="nothing"):
            await migrate(database, folder)
        assert len(await notes(database)) == 1
        (folder / "0002_more.sql").write_text("INSERT INTO notes (name) VALUES ('more')")
        assert await migrate(database, folder) == ["0002_more"]
    finally:
        await database.close()


async def test_a_database_newer_than_the_code_is_refused(url: str, folder: Path) -> None:
    database = await connect(url)
    try:
        await migrate(database, folder)
        (folder / "0002_more.sql").unlink()
        with pytest.raises(Incompatible, match="newer than this version: it has 0002_more"):
            await migrate(database, folder)
    finally:
        await database.close()


async def test_a_migration_changed_since_is_refused(url: str, folder: Path) -> None:
    database = await connect(url)
    try:
        await migrate(database, folder)
        (folder / "0002_more.sql").write_text("INSERT INTO notes (name) VALUES ('less')")
        with pytest.raises(Incompatible, match="0002_more was changed"):
            await migrate(database, folder)
    finally:
        await database.close()


async def test_several_at_once_apply_each_migration_once(url: str, folder: Path) -> None:
    databases = [await connect(url) for _ in range(4)]
    try:
        applied = await asyncio.gather(*(migrate(database, folder) for database in databases))
        assert sorted(chain(*applied)) == ["0001_notes", "0002_more"]
        assert len(await notes(databases[0])) == 2
    finally:
        for database in databases:
            await database.close()


@pytest.mark.parametrize("dialect", Dialect)
def test_what_is_for_one_database_is_taken_as_it_is(tmp_path: Path, dialect: Dialect) -> None:
    (tmp_path / "0001_a.sql").write_text("CREATE TABLE a (x JSON);")
    (tmp_path / f"0001_a.{dialect.value}.sql").write_text("CREATE TABLE b (x JSON);")
    (migration,) = read(dialect, tmp_path)
    assert "CREATE TABLE a (x TEXT)" in migration.script
    assert "CREATE TABLE b (x JSON);" in migration.script


@pytest.mark.parametrize("name", ["notes.sql", "01_notes.sql", "0001_notes.mysql.sql", "0001-notes.sql"])
def test_a_file_misnamed_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(ValueError, match="NNNN_name"):
        read(Dialect.SQLITE, tmp_path)


def test_two_migrations_of_one_number_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").touch()
    (tmp_path / "0001_b.sql").touch()
    with pytest.raises(ValueError, match="0001"):
        read(Dialect.SQLITE, tmp_path)


async def test_the_schema_is_the_same_on_both(sqlite_url: str, postgres_url: str) -> None:
    columns = []
    for url in (sqlite_url, postgres_url):
        database = await connect(url)
        try:
            await migrate(database)
            async with database.read() as tx:
                rows = await tx.rows(prepare(COLUMNS[database.dialect]), {})
                columns.append({(row["of"], row["name"], bool(row["required"])) for row in rows})
        finally:
            await database.close()
    assert columns[0] == columns[1]
    assert columns[0]


async def test_every_table_of_sqlite_is_strict(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    try:
        await migrate(database)
        async with database.read() as tx:
            rows = await tx.rows(prepare("SELECT name FROM pragma_table_list WHERE NOT strict"), {})
        assert {row["name"] for row in rows if not row["name"].startswith("sqlite_")} == set()
    finally:
        await database.close()


def test_the_folder_has_migrations() -> None:
    assert [migration.name for migration in read(Dialect.SQLITE)] == [
        migration.name for migration in read(Dialect.POSTGRES)
    ]
    assert (FOLDER / "0001_core.sql").exists()


COLUMNS = {
    Dialect.SQLITE: """
        SELECT t.name AS of, c.name AS name, c."notnull" OR c.pk > 0 AS required
        FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'
        """,
    Dialect.POSTGRES: """
        SELECT table_name AS of, column_name AS name, is_nullable = 'NO' AS required
        FROM information_schema.columns WHERE table_schema = 'public'
        """,
}
