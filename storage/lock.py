"""One `run` a database: who holds the lock runs, a second waits. It ends with the process, however it dies.

lock = run_lock(database)
if not await lock.try_acquire():
    print("another lianluo runs on this database; waiting")
    await lock.acquire()
try:
    …
finally:
    await lock.release()
"""

import asyncio
import fcntl
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final

import asyncpg

from storage.engine import Database
from storage.postgres import PostgresDatabase, reachable
from storage.sqlite import SqliteDatabase

SECONDS_A_TRY: Final = 0.5

_KEY: Final = 7020230002  # an advisory lock's number; migrations have another
_HELD: Final = """
SELECT EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1 AND granted
        AND classid::bigint << 32 | objid::bigint = $1
)"""


class RunLock(ABC):
    """`lost` is set when a lock that was held is gone: PostgreSQL was lost from sight, another may run."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()

    @abstractmethod
    async def try_acquire(self) -> bool:
        """Take the lock if it is free. Raises Unavailable."""

    @abstractmethod
    async def held(self) -> bool:
        """Whether anybody holds it; takes nothing and makes nothing. Raises Unavailable."""

    @abstractmethod
    async def release(self) -> None:
        """Give it back; does nothing when it isn't held."""

    async def acquire(self) -> None:
        """Wait for the lock. Tries, since a thread that blocks in flock can't be cancelled."""
        while not await self.try_acquire():  # noqa: ASYNC110 the event is in another process
            await asyncio.sleep(SECONDS_A_TRY)


def run_lock(database: Database) -> RunLock:
    if isinstance(database, SqliteDatabase):
        return _FileLock(database.path.with_name(f"{database.path.name}.lock"))
    if isinstance(database, PostgresDatabase):
        return _AdvisoryLock(database.url)
    raise TypeError(f"no lock for a {type(database).__name__}")


class _FileLock(RunLock):
    """flock on a file beside the database; the file stays, only the lock comes and goes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: int | None = None

    async def try_acquire(self) -> bool:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    async def held(self) -> bool:
        try:
            file = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    async def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class _AdvisoryLock(RunLock):
    """A session's advisory lock, on a connection of its own."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def try_acquire(self) -> bool:
        with reachable():
            connection = await asyncpg.connect(self._url, server_settings={"application_name": "lianluo run"})
            try:
                taken = bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _KEY))
            except BaseException:
                connection.terminate()
                raise
            if not taken:
                await connection.close()
                return False
        connection.add_termination_listener(self._lose)
        self._connection = connection
        return True

    async def held(self) -> bool:
        with reachable():
            connection = await asyncpg.connect(self._url, server_settings={"application_name": "lianluo"})
            try:
                return bool(await connection.fetchval(_HELD, _KEY))
            finally:
                await connection.close()

    def _lose(self, connection: object) -> None:
        self.lost.set()

    async def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.remove_termination_listener(self._lose)
            await connection.close()
