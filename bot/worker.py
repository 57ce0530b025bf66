"""Handling what is in the inbox: three attempts, then set aside with a reference number (I2)."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable

from telegram import Bot, Update

from bot import reading
from bot.attempts import Attempts
from bot.fifo import Fifo
from bot.logs import describe, reference
from bot.metrics import Metrics
from handlers import serving
from handlers.context import Services
from handlers.serving import INBOUND, Inbound
from storage import updates
from storage.engine import CommitFailed, Unavailable
from storage.updates import Entry

log = logging.getLogger(__name__)

ATTEMPTS = 3
CHATS_AT_ONCE = 64
PAUSE_S = 1.0
"""Between tries while the database is away; nothing is counted against the update."""

Process = Callable[[Update], Awaitable[None]]


class Worker:
    """Takes entries in order, one at a time for each chat."""

    def __init__(self, services: Services, bot: Bot, process: Process, metrics: Metrics) -> None:
        self._services = services
        self._bot = bot
        self._process = process
        self._metrics = metrics
        self._attempts = Attempts(services.database)
        self._fifo: Fifo[Entry] = Fifo(self._handle, CHATS_AT_ONCE)
        self._held: set[int] = set()
        self._stopping = asyncio.Event()
        self.away: str | None = None
        """Why nothing can be handled, in the database's words; None while all is well."""

    def feed(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.id not in self._held:
                self._held.add(entry.id)
                self._fifo.put(entry.chat_id, entry)

    async def recover(self) -> None:
        """Take up what an earlier process left open.

        What was in hand when it died comes first and alone, so that an update which kills the
        process is found without blaming its neighbours.
        """
        async with self._services.database.tx() as tx:
            left = await updates.list_open(tx)
        suspects = {entry.chat_id for entry in left if entry.attempts}
        for entry in left:
            if entry.chat_id in suspects:
                await self._handle(entry)
        self.feed(entry for entry in left if entry.chat_id not in suspects)

    async def stop(self) -> None:
        self._stopping.set()
        await self._fifo.stop()

    async def _handle(self, entry: Entry) -> None:
        try:
            await self._see_through(entry)
        finally:
            self._held.discard(entry.id)

    async def _see_through(self, entry: Entry) -> None:
        attempts = entry.attempts
        while not self._stopping.is_set():
            try:
                settled = await self._attempt(entry, attempts)
                self.away = None
                if settled:
                    return
                attempts += 1
            except (Unavailable, CommitFailed) as error:
                self.away = str(error)
                log.warning("the database is away; update %d waits", entry.id)
                await self._pause()
            except Exception as error:  # noqa: BLE001  the chat goes on whatever happened
                log.error("update %d could not be settled\n%s", entry.id, describe(error))
                await self._pause()

    async def _attempt(self, entry: Entry, attempts: int) -> bool:
        """Whether the update is settled now."""
        if attempts >= ATTEMPTS:
            await self._set_aside(entry, None, reference(), "")
            return True
        await self._attempts.begin(entry.id)
        started = self._services.clock.now()
        update, error = await self._serve(entry)
        if error is None:
            self._metrics.handled(self._services.clock.now() - started)
            return True
        number = reference()
        log.error("update %d failed, attempt %d, %s\n%s", entry.id, attempts + 1, number, describe(error))
        if attempts + 1 >= ATTEMPTS or update is None:
            await self._set_aside(entry, update, number, type(error).__name__)
            return True
        async with self._services.database.tx() as tx:
            await updates.record_error(tx, entry.id, type(error).__name__)
        return False

    async def _serve(self, entry: Entry) -> tuple[Update | None, Exception | None]:
        try:
            update = reading.update(json.loads(entry.payload), self._bot)
        except Exception as error:  # noqa: BLE001  not an update at all: set aside
            return None, error
        inbound = await self._process_as(Inbound(entry), update)
        if isinstance(inbound.error, CommitFailed):
            inbound = await self._process_as(Inbound(entry, alone=True), update)
        if isinstance(inbound.error, Unavailable | CommitFailed):
            raise inbound.error
        if not inbound.served:
            await self._ignore(entry)
        return update, inbound.error

    async def _process_as(self, inbound: Inbound, update: Update) -> Inbound:
        token = INBOUND.set(inbound)
        try:
            await self._process(update)
        finally:
            INBOUND.reset(token)
        return inbound

    async def _ignore(self, entry: Entry) -> None:
        async with self._services.database.tx() as tx:
            await updates.settle(tx, entry.id, updates.State.IGNORED, self._services.clock.now())

    async def _set_aside(self, entry: Entry, update: Update | None, number: str, error: str) -> None:
        log.error("update %d is set aside, %s", entry.id, number)
        try:
            await serving.fail(self._services, entry, update or _bare(entry, self._bot), number, error)
        except (Unavailable, CommitFailed):
            raise
        except Exception as second:  # noqa: BLE001  even if nobody can be told, the chat goes on
            log.error("nobody could be told of %s\n%s", number, describe(second))
            await serving.fail(self._services, entry, None, number, error)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), PAUSE_S)
        except TimeoutError:
            return


def _bare(entry: Entry, bot: Bot) -> Update | None:
    """The update once more, for the address of whoever sent it; None if it can't be read."""
    try:
        return reading.update(json.loads(entry.payload), bot)
    except Exception:  # noqa: BLE001  there is nobody to tell
        return None
