"""The one clock. Everything that needs the time is given it."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """The present instant, in ms UTC."""

    async def until(self, instant: int) -> None:
        """Come back when it is `instant`, in ms UTC; at once if it has passed."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def until(self, instant: int) -> None:
        await asyncio.sleep(max(instant - self.now(), 0) / 1000)
