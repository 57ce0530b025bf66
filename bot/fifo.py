"""First in, first out for each key; different keys side by side (I4)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Fifo(Generic[T]):
    """Runs `work(item)` one at a time per key, at most `width` keys at once.

    `work` must not raise: what may go wrong with an item is the item's affair.
    """

    def __init__(self, work: Callable[[T], Awaitable[None]], width: int) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._waiting: dict[Hashable, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    def __len__(self) -> int:
        """How many items wait."""
        return sum(len(queue) for queue in self._waiting.values())

    @property
    def keys(self) -> int:
        """How many keys have something waiting or in hand."""
        return len(self._waiting)

    def put(self, key: Hashable, item: T) -> None:
        queue = self._waiting.get(key)
        if queue is not None:
            queue.append(item)
            return
        self._waiting[key] = deque((item,))
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> list[T]:
        """Finish what is in hand; what waited comes back, in order."""
        self._stopped = True
        await self.idle()
        left = [item for queue in self._waiting.values() for item in queue]
        self._waiting.clear()
        return left

    async def idle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _run(self, key: Hashable) -> None:
        queue = self._waiting[key]
        while queue and not self._stopped:
            async with self._width:
                if not self._stopped:
                    await self._work(queue.popleft())
        if not queue:
            del self._waiting[key]
