"""First in, first out for each key; different keys side by side (I4)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Fifo(Generic[T]):
    """Runs `work(item)` one at a time per key, at most `width` keys at once.

    `work` must not raise: what may go wrong with an item is the item's affair.
    """

    def __init__(self, work: Callable[[T], Awaitable[None]], width: int) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._waiting: dict[int, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._waiting.values())

    def put(self, key: int, item: T) -> None:
        queue = self._waiting.get(key)
        if queue is not None:
            queue.append(item)
            return
        self._waiting[key] = deque((item,))
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Finish what is in hand; what waits stays where it was stored."""
        self._stopped = True
        await self.idle()

    async def idle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _run(self, key: int) -> None:
        queue = self._waiting[key]
        while queue and not self._stopped:
            async with self._width:
                if not self._stopped:
                    await self._work(queue.popleft())
        del self._waiting[key]
