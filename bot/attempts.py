"""Attempts are counted before they are made, those that begin together in one commit (I2)."""

import asyncio

from storage import updates
from storage.engine import Database


class Attempts:
    """Of the updates that begin while a commit is under way, the next commit counts all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._beginning: list[int] = []
        self._counted: asyncio.Task[None] | None = None

    async def begin(self, entry_id: int) -> None:
        """Return once it is durable. Raises Unavailable or CommitFailed; then it must not be made."""
        self._beginning.append(entry_id)
        if self._counted is None:
            self._counted = asyncio.get_running_loop().create_task(self._count())
        await asyncio.shield(self._counted)

    async def _count(self) -> None:
        async with self._turn:
            beginning, self._beginning, self._counted = self._beginning, [], None
            async with self._database.tx() as tx:
                await updates.begin(tx, beginning)
