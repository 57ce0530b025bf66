"""What came of the sends, recorded: many results to a commit, none lost while the database is away."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from bot.clock import Clock
from bot.logs import describe
from storage import outbox, people, reachability
from storage.engine import CommitFailed, Database, Tx, Unavailable, durably
from storage.outbox import Result

log = logging.getLogger(__name__)

SETTLE_ROWS: Final = 50
SETTLE_S: Final = 0.005
AWAY_S: Final = 0.5


@dataclass(slots=True)
class _Batch:
    results: list[Result] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    recorded: asyncio.Event = field(default_factory=asyncio.Event)


class Settler:
    """Records results, many to a commit; keeps them while the database is away."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._batch = _Batch()
        self._writing: _Batch | None = None
        self._many = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.away: str | None = None

    def add(self, result: Result, dead: int | None = None, *, at_once: bool = False) -> None:
        self._batch.results.append(result)
        if dead is not None:
            self._batch.dead.append(dead)
        if at_once or len(self._batch.results) >= SETTLE_ROWS:
            self._many.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def flushed(self) -> None:
        """Until all that was added is durable."""
        for batch in (self._writing, self._batch):
            if batch is not None and batch.results:
                await batch.recorded.wait()

    async def stop(self, seconds: float) -> None:
        self._many.set()
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=seconds)
            self._task.cancel()

    async def _run(self) -> None:
        while self._batch.results:
            await self._gather()
            self._writing, self._batch = self._batch, _Batch()
            self._many.clear()
            await self._write(self._writing)
            self._writing.recorded.set()
            self._writing = None

    async def _gather(self) -> None:
        try:
            await asyncio.wait_for(self._many.wait(), SETTLE_S)
        except TimeoutError:
            return

    async def _write(self, batch: _Batch) -> None:
        async def record(tx: Tx) -> None:
            await outbox.settle(tx, batch.results, self._clock.now())
            if batch.dead:
                await people.set_unreachable(tx, batch.dead)
                await reachability.follow_dead(tx, batch.results, batch.dead, self._clock.now())

        while True:
            try:
                await durably(self._database, record)
            except (Unavailable, CommitFailed) as error:
                self.away = str(error)
                log.warning("the database is away; %d results are kept", len(batch.results))
            except Exception as error:  # noqa: BLE001  a result must not be lost
                log.error("settling stumbled\n%s", describe(error))
            else:
                self.away = None
                return
            await asyncio.sleep(AWAY_S)
