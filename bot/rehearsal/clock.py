"""The clock that can be moved: what the product implements, and the page's way to it."""

import asyncio
import logging
from typing import Protocol

from bot.rehearsal.journal import Event, Events
from bot.rehearsal.state import Json

log = logging.getLogger(__name__)


class ClockControl(Protocol):
    """Implemented by the product. Instants are milliseconds in UTC."""

    def now(self) -> int: ...

    async def next_due(self) -> int | None:
        """The next instant after now at which something is due; None when nothing is."""

    async def advance(self, to_ms: int) -> None:
        """Moves the clock forward, stops at every instant at which something is due, and returns when all
        that was due by then is done. It is never called twice at a time."""


class Winding:
    """One move of the clock at a time, in the background, from one due instant to the next: between two of
    them it can be stopped."""

    def __init__(self, control: ClockControl, events: Events) -> None:
        self.control = control
        self._events = events
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self.to: int | None = None  # where the clock is on its way to

    def start(self, to: int) -> None:
        if self.to is not None:
            raise ValueError("the clock is being moved already")
        if to <= self.control.now():
            raise ValueError("the clock moves forward only")
        self.to, self._stopping = to, False
        self._task = asyncio.create_task(self._wind(to))
        self._tell()

    def stop(self) -> None:
        self._stopping = True

    async def close(self) -> None:
        """Stops now, wherever it is."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _wind(self, to: int) -> None:
        error = None
        try:
            while self.control.now() < to and not self._stopping:
                await self.control.advance(await self._stop_before(to))
                self._tell()
        except Exception as failure:
            log.exception("the clock could not be moved")
            error = str(failure) or type(failure).__name__
        finally:
            self.to = None
            self._tell(error)

    async def _stop_before(self, to: int) -> int:
        due = await self.control.next_due()
        return due if due is not None and self.control.now() < due < to else to

    def _tell(self, error: str | None = None) -> None:
        self._events.tell(Event("clock", about=self.json() | {"error": error}))

    def json(self) -> Json:
        return {"now": self.control.now(), "to": self.to}
