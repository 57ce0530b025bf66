"""Attempts are counted before they are made, those that begin together in one commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.attempts import Attempts
from storage import updates
from storage.engine import CommitFailed, Database, Tx
from storage.updates import Incoming


class Counted:
    """A database whose transactions are counted, and fail where they are to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        self.transactions = 0
        self.fails = False
        self.entered = asyncio.Event()

    @asynccontextmanager
    async def tx(self, *, alone: bool = False) -> AsyncIterator[Tx]:
        self.transactions += 1
        self.entered.set()
        async with self._database.tx(alone=alone) as tx:
            yield tx
            if self.fails:
                raise CommitFailed("the disk is full")

    def read(self) -> object:
        return self._database.read()

    async def checkpoint(self) -> bool:
        return await self._database.checkpoint()

    async def close(self) -> None:
        await self._database.close()


async def stored(database: Database, count: int) -> list[int]:
    async with database.tx() as tx:
        return [e.id for e in await updates.store(tx, [Incoming(n, n, "{}") for n in range(count)], 1)]


async def counts(database: Database) -> list[int]:
    async with database.tx() as tx:
        return [entry.attempts for entry in await updates.list_open(tx)]


async def test_those_that_begin_together_are_counted_in_one_commit(database: Database) -> None:
    ids = await stored(database, 50)
    counted = Counted(database)
    attempts = Attempts(counted)  # type: ignore[arg-type]
    await asyncio.gather(*(attempts.begin(one) for one in ids[:-1]))
    assert counted.transactions == 1
    assert await counts(database) == [1] * 49 + [0]


async def test_those_that_begin_meanwhile_are_counted_by_the_next(database: Database) -> None:
    ids = await stored(database, 4)
    counted = Counted(database)
    attempts = Attempts(counted)  # type: ignore[arg-type]
    first = asyncio.ensure_future(attempts.begin(ids[0]))
    await counted.entered.wait()
    await asyncio.gather(first, *(attempts.begin(one) for one in ids[1:]))
    assert counted.transactions == 2
    assert await counts(database) == [1, 1, 1, 1]


async def test_where_the_commit_fails_none_has_begun(database: Database) -> None:
    ids = await stored(database, 3)
    counted = Counted(database)
    counted.fails = True
    attempts = Attempts(counted)  # type: ignore[arg-type]
    came = await asyncio.gather(*(attempts.begin(one) for one in ids), return_exceptions=True)
    assert [type(error) for error in came] == [CommitFailed] * 3
    assert await counts(database) == [0, 0, 0]
    counted.fails = False
    await attempts.begin(ids[0])
    assert await counts(database) == [1, 0, 0]
