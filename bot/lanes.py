"""Rows in hand: one after another for each chat and lane, lanes side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from domain.notices import Lane
from storage.outbox import Row

GLANCE_S: Final = 0.01


class Lanes:
    """Rows one after another for each chat and lane, lanes side by side; answers to presses all at once."""

    def __init__(self, deliver: Callable[[Row], Awaitable[None]]) -> None:
        self._deliver = deliver
        self._queues: dict[tuple[int, Lane], deque[Row]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False
        self.held: set[int] = set()
        self.puts = 0

    def put(self, row: Row) -> None:
        self.held.add(row.id)
        self.puts += 1
        if row.lane is Lane.PRESS:
            self._spawn(self._see_off(row))
            return
        key = (row.chat_id, row.lane)
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(row)
            return
        self._queues[key] = deque((row,))
        self._spawn(self._run(key))

    def change_behind(self, row: Row, change: Callable[[Row], Row]) -> None:
        """Put something else in place of each row that waits behind this one."""
        queue = self._queues.get((row.chat_id, row.lane), deque())
        for _ in range(len(queue)):
            queue.append(change(queue.popleft()))

    def chats(self) -> set[int]:
        """Those in whose lanes something is."""
        return {chat_id for chat_id, _ in self._queues}

    @property
    def active(self) -> int:
        """How many rows are in hand."""
        return len(self._tasks)

    async def advance(self) -> None:
        """Until one more lane is empty, or a moment has passed."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GLANCE_S, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float) -> list[Row]:
        """Finish what is in hand; what had not begun. What does not end in time is cut off: in doubt."""
        self._stopped = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return [row for queue in self._queues.values() for row in queue]

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: tuple[int, Lane]) -> None:
        queue = self._queues[key]
        while queue and not self._stopped:
            await self._see_off(queue.popleft())
        if not queue:
            del self._queues[key]

    async def _see_off(self, row: Row) -> None:
        await self._deliver(row)
        self.held.discard(row.id)
