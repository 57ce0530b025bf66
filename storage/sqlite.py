"""SQLite: statements run where they are called, on the loop's thread; only COMMIT goes to aiosqlite's.

There is one writer. Bodies have it in turn, each in a SAVEPOINT, and share a COMMIT:

    BEGIN IMMEDIATE
      SAVEPOINT body … RELEASE      one body after another, none of them durable yet
      SAVEPOINT body … ROLLBACK TO  a body that failed
    COMMIT                          now every exit of the group returns

A statement costs 3 µs, a hop to a thread and back 100, an fsync as much or far more: five statements with
64 in flight come to 25 µs of CPU a body (benchmarks/storage.py).
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, suppress
from itertools import chain, repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from storage.dialect import Dialect, Parameters, Statement
from storage.engine import CommitFailed, Tx, Unavailable
from storage.sqlite_connection import Opened, SqliteTx, open_connection, raise_meaning, result_code
from storage.sqlite_readers import Readers

BODIES_A_COMMIT: Final = 64
SECONDS_A_COMMIT: Final = 0.010

# What SQLite's own busy handler waits, up to 30 s; it would do so on the loop's thread.
_BUSY_PAUSES: Final = [0.001, 0.002, 0.005, 0.010, 0.015, 0.020, 0.025, 0.025, 0.025, 0.050, 0.050]

# secure_delete zeroes what is deleted; but a page that was filled anew keeps copies of cells that went to
# another (5,000 rows written, changed and emptied: 25 texts could still be read). VACUUM leaves none.
_WRITE_ANEW: Final = "VACUUM"
# In aiosqlite's thread SQLite may wait itself, for a read or another process that is about to end.
_WAIT: Final = "PRAGMA busy_timeout = 500"
_DO_NOT_WAIT: Final = "PRAGMA busy_timeout = 0"
_EMPTY_THE_WAL: Final = "PRAGMA wal_checkpoint(TRUNCATE)"


async def connect(path: str) -> "SqliteDatabase":
    """Open or make the file and its folder. Raises Unavailable."""
    if sqlite3.sqlite_version_info < (3, 39):
        raise Unavailable(f"SQLite 3.39 or later is needed, this is {sqlite3.sqlite_version}")
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{file.parent}: {error.strerror}") from error
    # busy_timeout 0: SQLite would wait on the loop's thread
    return SqliteDatabase(file, await open_connection(file, "PRAGMA busy_timeout = 0"))


class _Body(SqliteTx):
    """A body at work on the writer: what `tx()` hands out."""

    def __init__(self, database: "SqliteDatabase", raw: sqlite3.Connection) -> None:
        self._database = database
        self._raw = raw
        self.failure: Exception | None = None

    def _run(self, sql: str, parameters: Parameters) -> tuple[list[Any], int]:
        if self.failure is not None:
            raise CommitFailed("this transaction is over") from self.failure
        try:
            cursor = self._raw.execute(sql, parameters)
            # all of them: half read, a statement would hide its errors and hold COMMIT up
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            self.failure = error
            self._database.check(error)
            raise_meaning(error)

    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        return self._run(sql, parameters)[0]

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        touched = self._run(*statement.for_sqlite(parameters))[1]
        if touched < 0:  # sqlite3 doesn't count a change that begins with WITH
            touched = self._run("SELECT changes()", {})[0][0][0]
        return touched


class _Turn(AbstractAsyncContextManager[Tx]):
    """One `tx()`: a body's way in and out."""

    def __init__(self, database: "SqliteDatabase", *, alone: bool) -> None:
        self._database = database
        self._alone = alone

    async def __aenter__(self) -> Tx:
        self._body = await self._database.enter(alone=self._alone)
        return self._body

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        committed = self._database.leave(self._body, keep=error is None)
        if committed is not None:
            await committed


class _Group:
    """The bodies that share one COMMIT."""

    def __init__(self, began: float, *, alone: bool) -> None:
        self._began = began
        self._alone = alone
        self._done: list[asyncio.Future[None]] = []

    def takes(self, now: float, *, alone: bool) -> bool:
        """Whether one more body may join."""
        if alone or self._alone:
            return False
        return len(self._done) < BODIES_A_COMMIT and now - self._began < SECONDS_A_COMMIT

    def add(self, committed: asyncio.Future[None]) -> asyncio.Future[None]:
        self._done.append(committed)
        return committed

    def __bool__(self) -> bool:
        return bool(self._done)

    def succeed(self) -> None:
        for committed in self._done:
            if not committed.done():
                committed.set_result(None)

    def fail(self, message: str, cause: BaseException | None, *, uncertain: bool = False) -> None:
        for committed in self._done:
            if not committed.done():
                committed.set_exception(_commit_failed(message, cause, uncertain=uncertain))


def _commit_failed(message: str, cause: BaseException | None, *, uncertain: bool = False) -> CommitFailed:
    failed = CommitFailed(f"SQLite: {message}", uncertain=uncertain)
    failed.__cause__ = cause
    return failed


async def _ended(task: asyncio.Future[Any]) -> bool:
    """Wait until the task has ended, come what may; True when the waiting was cancelled meanwhile."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            cancelled = True
    return cancelled


class SqliteDatabase:
    dialect = Dialect.SQLITE

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self._connection, self._raw = opened
        # Held by the body at work or by a COMMIT. It is fair: all go in the order in which they came.
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._group: _Group | None = None
        self._committers: set[asyncio.Task[None]] = set()
        self._readers = Readers(path)
        self._closed = False

    def tx(self, *, alone: bool = False) -> AbstractAsyncContextManager[Tx]:
        return _Turn(self, alone=alone)

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self._readers.read()

    async def close(self) -> None:
        """Wait for the body that is at it, commit what is done, and close. May be called again."""
        try:
            async with self._turn:
                self._closed = True
                await self._commit()
        finally:
            self._closed = True
            await self._readers.close()
            await self._connection.close()
            await asyncio.gather(*self._committers, return_exceptions=True)

    async def checkpoint(self) -> bool:
        return await self._between_bodies(_EMPTY_THE_WAL)

    async def rewrite(self) -> bool:
        return await self._between_bodies(_WAIT, _WRITE_ANEW, _EMPTY_THE_WAL)

    async def _between_bodies(self, *pragmas: str) -> bool:
        """In aiosqlite's thread; the last one's answer says whether something was in the way."""
        async with self._turn:
            self._check_open()
            await self._commit()
            done = asyncio.ensure_future(self._execute(pragmas))
            if await _ended(done):
                raise asyncio.CancelledError
            return done.result()

    async def _execute(self, pragmas: Iterable[str]) -> bool:
        busy = 0
        try:
            for pragma in pragmas:
                for row in await self._connection.execute_fetchall(pragma):
                    busy = row[0]
        except sqlite3.Error as error:
            if result_code(error) == sqlite3.SQLITE_BUSY:
                return False
            raise_meaning(error)
        finally:
            await self._connection.execute_fetchall(_DO_NOT_WAIT)
        return not busy

    async def enter(self, *, alone: bool) -> _Body:
        """Take the turn, open a group if there is none to join, and set the savepoint."""
        if self._holder is not None and self._holder is asyncio.current_task():
            raise RuntimeError("tx() inside tx() would wait for itself")
        await self._turn.acquire()
        try:
            await self._join(alone=alone)
            self._mark("SAVEPOINT body")
        except BaseException:
            self._turn.release()
            raise
        self._holder = asyncio.current_task()
        return _Body(self, self._raw)

    async def _join(self, *, alone: bool) -> None:
        self._check_open()
        now = asyncio.get_running_loop().time()
        if self._group is not None and not self._group.takes(now, alone=alone):
            await self._commit()
        if self._group is None:
            await self._begin()
            self._group = _Group(asyncio.get_running_loop().time(), alone=alone)
            self._commit_soon(self._group)

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("the database is closed")

    async def _begin(self) -> None:
        for pause in chain(_BUSY_PAUSES, repeat(0.1, 300)):
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                if result_code(error) != sqlite3.SQLITE_BUSY:
                    raise_meaning(error)
            else:
                return
            await asyncio.sleep(pause)
        raise Unavailable(f"{self.path}: another process keeps it busy")

    def _mark(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except sqlite3.Error as error:
            self._lose(error)
            raise_meaning(error)

    def leave(self, body: _Body, *, keep: bool) -> asyncio.Future[None] | None:
        """Close the savepoint and give the turn on; what is kept gets a future of its COMMIT."""
        self._holder = None
        failure, body.failure = body.failure, body.failure or RuntimeError("its block was left")
        try:
            if keep and failure is None and self._group is not None:
                self._mark("RELEASE body")
                return self._group.add(asyncio.get_running_loop().create_future())
            self._undo()
        finally:
            self._turn.release()
        if keep:
            raise _commit_failed("a statement of this transaction failed", failure)
        return None

    def _undo(self) -> None:
        if self._group is None:
            return
        with suppress(sqlite3.Error, Unavailable):
            self._mark("ROLLBACK TO body")
            self._mark("RELEASE body")

    def check(self, error: sqlite3.Error) -> None:
        """Give the group up if the error (a full disk) has rolled everything back: in autocommit, later
        statements would each commit by themselves."""
        if not self._raw.in_transaction:
            self._lose(error)

    def _lose(self, error: sqlite3.Error) -> None:
        self._rollback()
        group, self._group = self._group, None
        if group is not None:
            group.fail(str(error), error)

    def _rollback(self) -> None:
        with suppress(sqlite3.Error):
            self._raw.rollback()

    def _commit_soon(self, group: _Group) -> None:
        """Commit when all who wait for the turn now have had it."""
        committer = asyncio.get_running_loop().create_task(self._commit_in_turn(group))
        self._committers.add(committer)
        committer.add_done_callback(self._committers.discard)

    async def _commit_in_turn(self, group: _Group) -> None:
        async with self._turn:
            if self._group is group:
                await self._commit()

    async def _commit(self) -> None:
        """COMMIT the open group, if any; the turn is held. A cancellation waits until the thread is done."""
        group, self._group = self._group, None
        if not group:
            self._rollback()
            return
        commit = asyncio.ensure_future(self._connection.commit())
        cancelled = await _ended(commit)
        self._settle(group, commit)
        if cancelled:
            raise asyncio.CancelledError

    def _settle(self, group: _Group, commit: asyncio.Future[None]) -> None:
        if commit.cancelled():  # the loop is being torn down
            self._rollback()
            group.fail("COMMIT was cut off", None, uncertain=True)
        elif error := commit.exception():
            self._rollback()
            group.fail(str(error), error)
        else:
            group.succeed()
