"""The tick: every minute, and whenever it is asked for. It keeps nothing: what is due lives in the database.

PTB's JobQueue (APScheduler) only beats. A beat that is missed is made up by the next one, since each looks at
all that is due, and two processes that beat at once store and queue everything once.
"""

import asyncio
import logging
from typing import Any, Final

from telegram.ext import Application, Job, JobQueue

from bot.logs import describe, reference
from bot.outbox import Outbox
from domain import directory
from domain.notices import SendState
from handlers import board, nudges, reach
from handlers.context import Services
from storage import bases, outbox
from storage.engine import CommitFailed, Tx, Unavailable, durably
from storage.files import in_thread
from storage.outbox import Result, Row

log = logging.getLogger(__name__)

EVERY_S: Final = 60
OPTIONS: Final[dict[str, Any]] = {"misfire_grace_time": 30, "coalesce": True}
"""APScheduler's own grace is 1 s: a busy loop would lose beats."""
AT_ONCE: Final = 100


class Ticks:
    """Plans what is to be said and, when its hour has come, hands it to the outbox."""

    def __init__(self, services: Services, sender: Outbox) -> None:
        self._services = services
        self._sender = sender
        self._one_at_a_time = asyncio.Lock()
        self._queue: JobQueue[Any] | None = None
        self._job: Job[Any] | None = None

    def start(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Beat from now on; the application has been started."""
        self._queue = application.job_queue
        if self._queue is None:
            raise LookupError("PTB without its JobQueue: python-telegram-bot[job-queue]")
        self._job = self._queue.run_repeating(self._beat, EVERY_S, name="tick", job_kwargs=OPTIONS)
        self.wake()

    def wake(self) -> None:
        """Tick at once: run_repeating's own first beat is a minute away, `first=0` or not."""
        if self._queue is not None:
            self._queue.run_once(self._beat, 0, name="tick at once", job_kwargs=OPTIONS)

    async def stop(self) -> None:
        """No further beat; the one in hand is finished."""
        if self._job is not None:
            self._job.schedule_removal()
        async with self._one_at_a_time:
            return

    async def tick(self) -> None:
        """Plan, queue or drop what is due, renew the boards. Raises Unavailable or CommitFailed."""
        async with self._one_at_a_time:
            await durably(self._services.database, lambda tx: nudges.plan_ahead(self._services, tx))
            lost = await durably(self._services.database, lambda tx: reach.notice_lost(self._services, tx))
            self._sender.send_now(lost)
            while rows := await durably(self._services.database, self._due):
                for row in rows:
                    await self._release(row)
                self._sender.wake()
            await board.refresh(self._services)

    async def _learn(self) -> None:
        """The pinyin of new bases, so that nobody who looks for one waits for it."""
        async with self._services.database.read() as tx:
            entries = await bases.entries(tx)
        if entries:
            await in_thread(directory.learn, entries)

    async def _due(self, tx: Tx) -> list[Row]:
        return await outbox.planned(tx, self._services.clock.now(), AT_ONCE)

    async def _release(self, row: Row) -> None:
        """Each in a transaction of its own: one that cannot be written holds up no other."""
        try:
            await durably(self._services.database, lambda tx: nudges.release(self._services, tx, row))
        except (Unavailable, CommitFailed):
            raise
        except Exception as error:  # noqa: BLE001  our fault: kept as failed, under a number
            number, name = reference(), type(error).__name__
            log.error("planned row %d cannot be written, %s\n%s", row.id, number, describe(error))
            failed = Result(row.id, SendState.FAILED, row.attempts, row.doubts, error=name, reference=number)
            now = self._services.clock.now()
            await durably(self._services.database, lambda tx: outbox.settle(tx, [failed], now))

    async def _beat(self, _: Any) -> None:
        try:
            await self.tick()
            await self._learn()
        except (Unavailable, CommitFailed):
            log.warning("the database is away; the next tick makes up for this one")
        except Exception as error:  # noqa: BLE001  a tick must not end the ticking
            log.error("the tick stumbled\n%s", describe(error))
