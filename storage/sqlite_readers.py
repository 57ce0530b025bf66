"""Long reads on SQLite: in the threads of their own connections, in nobody's way."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiosqlite

from storage.dialect import Parameters, Statement
from storage.engine import Tx, Unavailable
from storage.sqlite_connection import SqliteTx, open_connection, raise_meaning

IDLE_READERS: Final = 4
STEPS_A_LOOK: Final = 10_000  # of SQLite's machine, between two looks whether a read was given up


class _Reading(SqliteTx):
    """A read in the thread of its own connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        try:
            return list(await self._connection.execute_fetchall(sql, parameters))
        except sqlite3.Error as error:
            raise_meaning(error)

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        raise TypeError("read() changes nothing: use tx()")


class _Reader(NamedTuple):
    connection: aiosqlite.Connection
    abandoned: threading.Event  # ends its statement; interrupt() would miss one that hasn't begun


class Readers:
    """Connections for long reads: each read has one to itself, the last few are kept open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[_Reader] = []
        self._stopping: set[asyncio.Future[Any]] = set()
        self._closed = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        reader = self._idle.pop() if self._idle else await self._new()
        try:
            await reader.connection.execute("BEGIN")
            yield _Reading(reader.connection)
            await reader.connection.rollback()
        except BaseException:
            self._discard(reader)
            raise
        self._keep(reader)

    async def _new(self) -> _Reader:
        if self._closed:
            raise Unavailable("the database is closed")
        connection, raw = await open_connection(self._path, "PRAGMA query_only = ON")
        abandoned = threading.Event()
        raw.set_progress_handler(abandoned.is_set, STEPS_A_LOOK)
        return _Reader(connection, abandoned)

    def _keep(self, reader: _Reader) -> None:
        if self._closed or len(self._idle) >= IDLE_READERS:
            self._discard(reader)
        else:
            self._idle.append(reader)

    def _discard(self, reader: _Reader) -> None:
        """Stop what it is at and close it, without waiting: this also happens in a cancelled task."""
        reader.abandoned.set()
        stopped = reader.connection.stop()
        if stopped is not None:
            self._stopping.add(stopped)
            stopped.add_done_callback(self._stopping.discard)

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            self._discard(self._idle.pop())
        if self._stopping:
            await asyncio.wait(self._stopping)
