"""Which rows of the table are sent next: notices are claimed as places become free."""

import asyncio
import logging
from typing import Final

from bot.buckets import Buckets
from bot.clock import Clock
from bot.lanes import Lanes
from bot.line import Line
from bot.logs import describe
from bot.settler import Settler
from domain.notices import SendState
from storage import outbox
from storage.engine import CommitFailed, Database, Unavailable
from storage.outbox import Result, Row

log = logging.getLogger(__name__)

CLAIM: Final = 100
IN_FLIGHT: Final = 128
AHEAD: Final = 24
"""So many are claimed before there is a place for them: a claim takes some ms, and places would stay empty.

A kill puts them in doubt, too; with a rate there are none, as the windows open for fewer.
"""
FREE_FOR_CLAIM: Final = 8
"""A claim for each place that becomes free would be a commit for each row."""
LOOK_S: Final = 1.0
SWEEP_S: Final = 30.0


class Claims:
    """Claims notices for the lanes, and looks for rows that are in nobody's hands."""

    def __init__(
        self, database: Database, clock: Clock, buckets: Buckets, lanes: Lanes, settler: Settler, line: Line
    ) -> None:
        self._database = database
        self._clock = clock
        self._buckets = buckets
        self._lanes = lanes
        self._settler = settler
        self._line = line
        self._flying: set[int] = set()
        self._strays: set[int] = set()
        self._turn = asyncio.Lock()
        self._awake = asyncio.Event()
        self._stopping = False
        self._pump_task: asyncio.Task[None] | None = None
        self._sweep_task: asyncio.Task[None] | None = None
        self.away: str | None = None
        """Why nothing can be claimed, in the database's words; None while all is well."""

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._pump_task = loop.create_task(self._pump())
        self._sweep_task = loop.create_task(self._sweep_now_and_then())

    async def stop(self) -> None:
        """Claim no more; what is being claimed comes to the lanes first."""
        self._stopping = True
        self._awake.set()
        if self._pump_task is not None:
            await self._pump_task
        if self._sweep_task is not None:
            self._sweep_task.cancel()
            await asyncio.gather(self._sweep_task, return_exceptions=True)

    def wake(self) -> None:
        """There are new queued rows in the table."""
        self._awake.set()

    def fly(self, row: Row) -> None:
        """The row is about to be sent, and takes a place."""
        self._flying.add(row.id)

    def land(self, row: Row) -> None:
        """The row has left its place, if it had one."""
        if row.id not in self._flying:
            return
        self._flying.remove(row.id)
        if self._free >= FREE_FOR_CLAIM:
            self._awake.set()

    async def find_more(self) -> bool:
        """Whether anybody has claimed anything; asked while no chat is busy, which would hide its rows."""
        before = self._lanes.puts
        await self.claim()
        return self._lanes.puts != before

    async def claim(self) -> int:
        """How many rows were claimed. One claim at a time: two would each take a row of the same chat."""
        async with self._turn:
            return await self._claim_alone()

    async def sweep(self) -> None:
        """Queue again what is `sending` in the table and in nobody's hands: none of it was ever written.

        That is how it looks when a COMMIT that seemed to fail was kept. Two sweeps must have found it:
        a reply may be on its way to `send_now`.
        """
        await self._settler.flushed()
        held = set(self._lanes.held)
        async with self._database.tx() as tx:
            strays = [row for row in await outbox.orphans(tx) if row.id not in held]
            left = [row for row in strays if row.id in self._strays]
            if left:
                again = [Result(row.id, SendState.QUEUED, row.attempts, row.doubts) for row in left]
                await outbox.settle(tx, again, self._clock.now())
        self._strays = {row.id for row in strays}
        if left:
            log.warning("%d sends were in nobody's hands", len(left))
            self._awake.set()

    async def _pump(self) -> None:
        while not self._stopping:
            self._awake.clear()
            found = 0
            try:
                found = await self.claim()
                self.away = None
            except (Unavailable, CommitFailed) as error:
                self.away = str(error)
                log.warning("the database is away; the outbox waits")
            except Exception as error:  # noqa: BLE001  sending must not end while the process lives
                log.error("claiming stumbled\n%s", describe(error))
            if not found:
                await self._rest()

    async def _claim_alone(self) -> int:
        now = self._clock.now()
        most = self._buckets.room(now, min(self._free, CLAIM))
        if not self._line.is_open or self._free < FREE_FOR_CLAIM or not most:
            return 0
        busy = self._lanes.chats() | self._buckets.shut(now)
        async with self._database.tx() as tx:
            rows = await outbox.claim(tx, now, most, busy)
        self._buckets.claimed(len(rows), now)
        for row in rows:
            self.fly(row)
            self._lanes.put(row)
        return len(rows)

    @property
    def _free(self) -> int:
        return IN_FLIGHT + AHEAD - len(self._flying)

    async def _rest(self) -> None:
        """Until woken or until the windows open, at most a second."""
        if self._stopping:
            return
        now = self._clock.now()
        opens_s = (self._buckets.opens(now) - now) / 1000
        try:
            await asyncio.wait_for(self._awake.wait(), min(opens_s, LOOK_S) or LOOK_S)
        except TimeoutError:
            return

    async def _sweep_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.sweep()
            except (Unavailable, CommitFailed):
                continue
            except Exception as error:  # noqa: BLE001  as in the pump
                log.error("sweeping stumbled\n%s", describe(error))
