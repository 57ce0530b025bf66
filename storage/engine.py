"""Transactions on SQLite or PostgreSQL, chosen by a URL.

    database = await connect("sqlite:///var/lianluo.db")
    try:
        async with database.tx() as tx:
            await outbox.plan(tx, notices)
    finally:
        await database.close()

`tx()` comes back from its exit only after a durable COMMIT. Await nothing but storage inside it.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from storage.dialect import Dialect, Parameters, Statement

__all__ = ["CommitFailed", "Database", "Dialect", "Row", "Tx", "Unavailable", "connect", "durably"]

T = TypeVar("T")


class Unavailable(Exception):
    """The database can't be opened or reached, or has no room: try later. The message is one clear line."""


class CommitFailed(Exception):
    """The transaction was not kept, or nobody knows: try the body again with `tx(alone=True)`.

    `uncertain` is True when the connection was lost during COMMIT: the body must then be one that does
    nothing twice.
    """

    def __init__(self, message: str, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain


class Row(Protocol):
    """A row: `row["name"]`, `dict(row)`."""

    def __getitem__(self, key: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


class Tx(Protocol):
    """An open transaction; the first argument of every query."""

    dialect: Dialect

    async def rows(self, statement: Statement, parameters: Parameters, /) -> list[Row]: ...

    async def row(self, statement: Statement, parameters: Parameters, /) -> Row | None: ...

    async def value(self, statement: Statement, parameters: Parameters, /) -> Any: ...

    async def touch(self, statement: Statement, parameters: Parameters, /) -> int:
        """Run a change; the number of rows touched."""

    async def script(self, sql: str, /) -> None:
        """Run several statements, in the database's own dialect."""


class Database(Protocol):
    dialect: Dialect

    def tx(self, *, alone: bool = False) -> AbstractAsyncContextManager[Tx]:
        """A transaction that is durable when its exit returns. `alone` shares its COMMIT with nobody.

        Raises CommitFailed or Unavailable; an error of the body rolls it back and goes on as it is.
        """

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A long read, of one moment, in nobody's way; it can change nothing."""

    async def checkpoint(self) -> bool:
        """After an erasure: empty SQLite's WAL, so that nothing is left in it either.

        False when a read is in the way: try later. On PostgreSQL there is nothing to do.
        """

    async def rewrite(self) -> bool:
        """After an erasure that must leave nothing: SQLite's file is written anew too (a second for 100 MB).

        False when a read or another process is in the way: try later. On PostgreSQL autovacuum does it.
        """

    async def close(self) -> None: ...


async def durably(database: Database, body: Callable[[Tx], Awaitable[T]]) -> T:
    """Run the body in a transaction, and once more alone if the COMMIT that it shared failed."""
    try:
        async with database.tx() as tx:
            return await body(tx)
    except CommitFailed:
        async with database.tx(alone=True) as tx:
            return await body(tx)


async def connect(url: str) -> Database:
    """Open `sqlite:///relative`, `sqlite:////absolute` or `postgresql://…`.

    Raises ValueError for another URL, Unavailable when there is no database to be had.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from storage import sqlite

        return await sqlite.connect(rest[1:])
    if scheme in ("postgresql", "postgres"):
        from storage import postgres

        return await postgres.connect(url)
    raise ValueError("a database URL begins with sqlite:/// or postgresql://")
