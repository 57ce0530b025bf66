"""Whether Telegram can be spoken to: closed while it gives no answers or does not know the token."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bot.clock import Clock
from bot.delivery import Halt, Outcome, RetryAt, Uncertain, Why, outcome_of, pause
from bot.transport import Transport, Unanswered, Unreached

log = logging.getLogger(__name__)

PROBE_MS: Final = 3_000
SILENCES: Final = 5


class Line:
    """Learns from what came of each send; once closed it asks until Telegram knows us, and calls `opened`."""

    def __init__(self, transport: Transport, clock: Clock, opened: Callable[[], None]) -> None:
        self._transport = transport
        self._clock = clock
        self._opened = opened
        self._open = asyncio.Event()
        self._open.set()
        self._silences = 0
        self._probing: asyncio.Task[None] | None = None
        self.misses = 0
        """How often in a row nobody could be reached."""
        self.halted = False
        """Telegram does not know the token: nothing is sent, all is kept."""

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    async def open(self) -> None:
        """Until it is open."""
        await self._open.wait()

    def heed(self, outcome: Outcome) -> None:
        """Several answers lost in a row: an outage must not put in doubt more than what is in flight."""
        match outcome:
            case Uncertain():
                self._silences += 1
                if self._silences == SILENCES:
                    log.warning("Telegram gives no answers; nothing is sent until it does")
                    self._close()
            case RetryAt(why=Why.UNREACHED):
                self.misses += 1
            case _:
                self.misses = self._silences = 0

    def halt(self) -> None:
        if not self.halted:
            log.error("Telegram does not know the token; nothing is sent, all is kept")
        self.halted = True
        self._close()

    async def stop(self) -> None:
        """Ask no more."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)

    def _close(self) -> None:
        if self.is_open:
            self._open.clear()
            self._probing = asyncio.get_running_loop().create_task(self._probe())

    async def _probe(self) -> None:
        tries = 0
        while not await self._is_known():
            await self._clock.until(self._clock.now() + pause(tries, PROBE_MS))
            tries += 1
        log.info("Telegram answers; sending goes on")
        self.halted, self._silences = False, 0
        self._open.set()
        self._opened()

    async def _is_known(self) -> bool:
        try:
            answer = await self._transport.post("getMe", "{}")
        except (Unreached, Unanswered):
            return False
        if isinstance(outcome_of(answer, self._clock.now(), 0), Halt):
            self.halt()
        return answer.ok
