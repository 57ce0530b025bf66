"""PostgreSQL through an asyncpg pool; BEGIN and COMMIT are our own, since a COMMIT must be looked at."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Final

import asyncpg

from storage.dialect import Dialect, Parameters, Statement
from storage.engine import CommitFailed, Row, Tx, Unavailable

CONNECTIONS: Final = 20
CONNECT_SECONDS: Final = 10

# SQLSTATE classes that are no fault of the statement: connection, resources, operator, system.
_UNAVAILABLE: Final = ("08", "53", "57P", "58")


async def connect(url: str) -> "PostgresDatabase":
    """Open the pool. Raises Unavailable, ValueError for a URL that asyncpg can't read."""
    with _reachable():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=CONNECT_SECONDS,
            statement_cache_size=1024,
            max_cached_statement_lifetime=0,
            reset=_leave_as_it_is,
            server_settings={"application_name": "lianluo", "jit": "off"},
        )
    return PostgresDatabase(url, pool)


async def _leave_as_it_is(connection: object) -> None:
    """Nothing of a session outlives its transaction here, so the reset's round trip is saved."""


def _out_of_reach(error: BaseException) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate).startswith(_UNAVAILABLE)
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if _out_of_reach(error) or isinstance(error, _AT_LOGIN):
            raise Unavailable(f"PostgreSQL: {_line(error)}") from error
        raise


_AT_LOGIN: Final = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class _PostgresTx:
    dialect = Dialect.POSTGRES

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def rows(self, statement: Statement, parameters: Parameters, /) -> list[Row]:
        with _reachable():
            return list(await self._connection.fetch(statement.postgres, *statement.for_postgres(parameters)))

    async def row(self, statement: Statement, parameters: Parameters, /) -> Row | None:
        with _reachable():
            return await self._connection.fetchrow(statement.postgres, *statement.for_postgres(parameters))

    async def value(self, statement: Statement, parameters: Parameters, /) -> Any:
        with _reachable():
            return await self._connection.fetchval(statement.postgres, *statement.for_postgres(parameters))

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        with _reachable():
            tag = await self._connection.execute(statement.postgres, *statement.for_postgres(parameters))
        count = tag.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def script(self, sql: str, /) -> None:
        with _reachable():
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
        with _reachable():
            connection = await self._pool.acquire()
        try:
            with _reachable():
                await connection.execute(begin)
            yield _PostgresTx(connection)
        except BaseException:
            await _rollback(connection)
            raise
        else:
            await _commit(connection)
        finally:
            await self._pool.release(connection)

    async def close(self) -> None:
        """Wait for the transactions that are open, and close."""
        await self._pool.close()


async def _rollback(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
    """End the transaction; where that can't be done the connection goes, for the pool doesn't reset it."""
    try:
        await connection.execute("ROLLBACK")
    except asyncio.CancelledError:
        connection.terminate()
        raise
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        connection.terminate()


async def _commit(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
    try:
        tag = await connection.execute("COMMIT")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        connection.terminate()
        raise CommitFailed(f"PostgreSQL: {_line(error)}", uncertain=_out_of_reach(error)) from error
    except BaseException:
        connection.terminate()
        raise
    if tag != "COMMIT":
        # an error was swallowed: PostgreSQL rolls back and says so in the tag alone
        raise CommitFailed("PostgreSQL: a statement of this transaction failed")
