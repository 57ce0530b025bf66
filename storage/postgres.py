"""PostgreSQL through an asyncpg pool; BEGIN and COMMIT are our own, since a COMMIT must be looked at."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from storage.dialect import Dialect, Parameters, Statement
from storage.engine import CommitFailed, Row, Tx, Unavailable

CONNECTIONS: Final = 20
CONNECT_SECONDS: Final = 10
COMMAND_SECONDS: Final = 60  # a server that has vanished from the network says nothing for hours

# SQLSTATE classes that are no fault of the statement: connection, login, no such database, resources,
# operator, system.
_UNAVAILABLE: Final = ("08", "28", "3D", "53", "57P", "58")
_ROLLED_BACK: Final = "40"  # a deadlock, a serialization failure: the same again may succeed

_ERRORS: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

if TYPE_CHECKING:
    _Pooled = PoolConnectionProxy[asyncpg.Record]


async def connect(url: str) -> "PostgresDatabase":
    """Open the pool. Raises Unavailable."""
    try:
        return PostgresDatabase(url, await _pool(url))
    except ValueError as error:
        raise Unavailable(_line(error)) from error


async def _pool(url: str) -> "asyncpg.Pool[asyncpg.Record]":
    with reachable():
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            reset=_leave_as_it_is,
            server_settings={"application_name": "lianluo", "jit": "off"},
        )


async def _leave_as_it_is(connection: object) -> None:
    """Nothing of a session outlives its transaction here, so the reset's round trip is saved."""


@contextmanager
def reachable(connection: "_Pooled | None" = None) -> Iterator[None]:
    """Raise Unavailable for what is no fault of the statement, CommitFailed for what may succeed again."""
    try:
        yield
    except _ERRORS as error:
        if _out_of_reach(error, connection):
            raise Unavailable(_line(error)) from error
        if _state(error).startswith(_ROLLED_BACK):
            raise CommitFailed(_line(error)) from error
        raise


def _out_of_reach(error: BaseException, connection: "_Pooled | None") -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return _state(error).startswith(_UNAVAILABLE)
    # asyncpg's own errors are about a parameter as often as about the connection
    return isinstance(error, OSError) or connection is None or _lost(connection)


def _lost(connection: "_Pooled") -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken the broken connection back already
        return True


def _drop(connection: "_Pooled") -> None:
    with suppress(asyncpg.InterfaceError):
        connection.terminate()


def _state(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""


def _line(error: BaseException) -> str:
    return "PostgreSQL: " + (" ".join(str(error).split()) or type(error).__name__)


class _PostgresTx:
    dialect = Dialect.POSTGRES

    def __init__(self, connection: "_Pooled") -> None:
        self._connection = connection

    async def rows(self, statement: Statement, parameters: Parameters, /) -> list[Row]:
        with reachable(self._connection):
            return list(await self._connection.fetch(statement.postgres, *statement.for_postgres(parameters)))

    async def row(self, statement: Statement, parameters: Parameters, /) -> Row | None:
        with reachable(self._connection):
            return await self._connection.fetchrow(statement.postgres, *statement.for_postgres(parameters))

    async def value(self, statement: Statement, parameters: Parameters, /) -> Any:
        with reachable(self._connection):
            return await self._connection.fetchval(statement.postgres, *statement.for_postgres(parameters))

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        with reachable(self._connection):
            tag = await self._connection.execute(statement.postgres, *statement.for_postgres(parameters))
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def script(self, sql: str, /) -> None:
        with reachable(self._connection):
            await self._connection.execute(sql)


class PostgresDatabase:
    dialect = Dialect.POSTGRES

    def __init__(self, url: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.url = url
        self._pool = pool

    def tx(self, *, alone: bool = False) -> AbstractAsyncContextManager[Tx]:
        """Every transaction has its own COMMIT here; `alone` changes nothing."""
        return self._transaction("BEGIN")

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[Tx]:
        with reachable():
            connection = await self._pool.acquire()
        try:
            with reachable(connection):
                await connection.execute(begin)
            yield _PostgresTx(connection)
        except BaseException:
            await _rollback(connection)
            raise
        else:
            await _commit(connection)
        finally:
            await self._pool.release(connection)

    async def checkpoint(self) -> bool:
        return True

    async def rewrite(self) -> bool:
        return True

    async def close(self) -> None:
        """Wait for the transactions that are open, and close."""
        await self._pool.close()


async def _rollback(connection: "_Pooled") -> None:
    """End the transaction; where that can't be done the connection goes, for the pool doesn't reset it."""
    try:
        await connection.execute("ROLLBACK")
    except asyncio.CancelledError:
        _drop(connection)
        raise
    except _ERRORS:
        _drop(connection)


async def _commit(connection: "_Pooled") -> None:
    try:
        tag = await connection.execute("COMMIT")
    except _ERRORS as error:
        uncertain = _out_of_reach(error, connection)
        _drop(connection)
        raise CommitFailed(_line(error), uncertain=uncertain) from error
    except BaseException:
        _drop(connection)
        raise
    if tag != "COMMIT":
        # an error was swallowed: PostgreSQL rolls back and says so in the tag alone
        raise CommitFailed("PostgreSQL: a statement of this transaction failed")
