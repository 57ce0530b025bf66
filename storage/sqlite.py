"""SQLite: statements run where they are called, on the loop's thread; only COMMIT goes to aiosqlite's.

There is one writer. Bodies have it in turn, each in a SAVEPOINT, and share a COMMIT:

    BEGIN IMMEDIATE
      SAVEPOINT body … RELEASE      one body after another, none of them durable yet
      SAVEPOINT body … ROLLBACK TO  a body that failed
    COMMIT                          now every exit of the group returns

A thread hop costs some 30 µs, a statement 5, an fsync much more: shared by 64 they are 70 µs a body.
"""

import asyncio
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, NoReturn

import aiosqlite

from storage.dialect import Dialect, Parameters, Statement, statements
from storage.engine import CommitFailed, Row, Tx, Unavailable

BODIES_A_COMMIT: Final = 64
SECONDS_A_COMMIT: Final = 0.010
IDLE_READERS: Final = 4
STEPS_A_LOOK: Final = 10_000  # of SQLite's machine, between two looks whether a read was given up

# What SQLite's own busy handler waits, up to 30 s; it would do so on the loop's thread.
_BUSY_PAUSES: Final = [0.001, 0.002, 0.005, 0.010, 0.015, 0.020, 0.025, 0.025, 0.025, 0.050, 0.050]

_SETUP: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",
)

_EMPTY_THE_WAL: Final = "PRAGMA wal_checkpoint(TRUNCATE)"

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
    return SqliteDatabase(file, await _open(file, "PRAGMA busy_timeout = 0"))


class _Opened(NamedTuple):
    connection: aiosqlite.Connection
    raw: sqlite3.Connection  # the same, for statements on the loop's own thread


async def _open(path: Path, *pragmas: str) -> _Opened:
    # Not in aiosqlite's thread: a connection that fails there leaves it behind, and it is not a daemon.
    try:
        raw = await asyncio.to_thread(_connect, path, *_SETUP, *pragmas)
    except sqlite3.Error as error:
        raise Unavailable(f"{path}: {error}") from error
    return _Opened(await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), raw)


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


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _raise(error: sqlite3.Error) -> NoReturn:
    """Raise Unavailable for what is no fault of the statement, else the error itself."""
    if _code(error) in _UNAVAILABLE:
        raise Unavailable(f"SQLite: {error}") from error
    raise error


class _SqliteTx(ABC):
    dialect = Dialect.SQLITE

    @abstractmethod
    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]: ...

    async def rows(self, statement: Statement, parameters: Parameters, /) -> list[Row]:
        return await self._fetch(statement.sqlite, statement.for_sqlite(parameters))

    async def row(self, statement: Statement, parameters: Parameters, /) -> Row | None:
        rows = await self._fetch(statement.sqlite, statement.for_sqlite(parameters))
        return rows[0] if rows else None

    async def value(self, statement: Statement, parameters: Parameters, /) -> Any:
        rows = await self._fetch(statement.sqlite, statement.for_sqlite(parameters))
        return rows[0][0] if rows else None

    @abstractmethod
    async def touch(self, statement: Statement, parameters: Parameters, /) -> int: ...

    async def script(self, sql: str, /) -> None:
        # sqlite3's executescript would COMMIT first
        for statement in statements(sql):
            await self._fetch(statement, {})


class _Body(_SqliteTx):
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
            _raise(error)

    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        return self._run(sql, parameters)[0]

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        touched = self._run(statement.sqlite, statement.for_sqlite(parameters))[1]
        if touched < 0:  # sqlite3 doesn't count a change that begins with WITH
            touched = self._run("SELECT changes()", {})[0][0][0]
        return touched


class _Reading(_SqliteTx):
    """A read in the thread of its own connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def _fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        try:
            return list(await self._connection.execute_fetchall(sql, parameters))
        except sqlite3.Error as error:
            _raise(error)

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        raise TypeError("read() changes nothing: use tx()")


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

    def __init__(self, path: Path, opened: _Opened) -> None:
        self.path = path
        self._connection, self._raw = opened
        # Held by the body at work or by a COMMIT. It is fair: all go in the order in which they came.
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._group: _Group | None = None
        self._committers: set[asyncio.Task[None]] = set()
        self._readers = _Readers(path)
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
        async with self._turn:
            await self._commit()
            emptied = asyncio.ensure_future(self._connection.execute_fetchall(_EMPTY_THE_WAL))
            if await _ended(emptied):
                raise asyncio.CancelledError
            ((busy, _, _),) = emptied.result()
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
        if self._closed:
            raise Unavailable("the database is closed")
        now = asyncio.get_running_loop().time()
        if self._group is not None and not self._group.takes(now, alone=alone):
            await self._commit()
        if self._group is None:
            await self._begin()
            self._group = _Group(asyncio.get_running_loop().time(), alone=alone)
            self._commit_soon(self._group)

    async def _begin(self) -> None:
        for pause in chain(_BUSY_PAUSES, repeat(0.1, 300)):
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                if _code(error) != sqlite3.SQLITE_BUSY:
                    _raise(error)
            else:
                return
            await asyncio.sleep(pause)
        raise Unavailable(f"{self.path}: another process keeps it busy")

    def _mark(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except sqlite3.Error as error:
            self._lose(error)
            _raise(error)

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


class _Reader(NamedTuple):
    connection: aiosqlite.Connection
    abandoned: threading.Event  # ends its statement; interrupt() would miss one that hasn't begun


class _Readers:
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
        connection, raw = await _open(self._path, "PRAGMA query_only = ON")
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
