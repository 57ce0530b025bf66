"""A connection to SQLite: how it is opened, what its errors mean, what its transactions have in common."""

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import aiosqlite

from storage.dialect import Dialect, Parameters, Statement, statements
from storage.engine import Row, Unavailable

_SETUP: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",
)

# Primary result codes that are no fault of the statement.
_UNAVAILABLE: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}


class Opened(NamedTuple):
    connection: aiosqlite.Connection
    raw: sqlite3.Connection  # the same, for statements on the loop's own thread


async def open_connection(path: Path, *pragmas: str) -> Opened:
    """Set up to lose nothing: WAL, synchronous=FULL, foreign keys. Raises Unavailable."""
    # Not in aiosqlite's thread: a connection that fails there leaves it behind, and it is not a daemon.
    try:
        raw = await asyncio.to_thread(_connect, path, *_SETUP, *pragmas)
    except sqlite3.Error as error:
        raise Unavailable(f"{path}: {error}") from error
    return Opened(await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), raw)


def _connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    # the timeout: turning WAL on waits for another process that does the same
    raw = sqlite3.connect(
        path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=1024
    )
    try:
        for pragma in pragmas:
            raw.execute(pragma)
    except BaseException:
        raw.close()
        raise
    raw.row_factory = sqlite3.Row
    return raw


def result_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code, such as SQLITE_BUSY."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def raise_meaning(error: sqlite3.Error) -> NoReturn:
    """Raise Unavailable for what is no fault of the statement, else the error itself."""
    if result_code(error) in _UNAVAILABLE:
        raise Unavailable(f"SQLite: {error}") from error
    raise error


class SqliteTx(ABC):
    """What a body on the writer and a long read have in common: all rows of a statement at once."""

    dialect = Dialect.SQLITE

    @abstractmethod
    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]: ...

    async def rows(self, statement: Statement, parameters: Parameters, /) -> list[Row]:
        return await self._fetch(*statement.for_sqlite(parameters))

    async def row(self, statement: Statement, parameters: Parameters, /) -> Row | None:
        rows = await self._fetch(*statement.for_sqlite(parameters))
        return rows[0] if rows else None

    async def value(self, statement: Statement, parameters: Parameters, /) -> Any:
        rows = await self._fetch(*statement.for_sqlite(parameters))
        return rows[0][0] if rows else None

    @abstractmethod
    async def touch(self, statement: Statement, parameters: Parameters, /) -> int: ...

    async def script(self, sql: str, /) -> None:
        # sqlite3's executescript would COMMIT first
        for statement in statements(sql):
            await self._fetch(statement, {})
