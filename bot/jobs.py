"""The durable jobs: leased, tried again, given up with a reference number."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.clock import Clock
from bot.logs import describe, reference
from storage import jobs
from storage.engine import CommitFailed, Database, Tx, Unavailable, durably
from storage.jobs import Job

log = logging.getLogger(__name__)

ATTEMPTS: Final = 5
AT_ONCE: Final = 4
LEASE_MS: Final = 60_000
RENEW_S: Final = 15.0
LOOK_S: Final = 1.0
AWAY_S: Final = 0.5
FIRST_PAUSE_MS: Final = 2_000
DRAIN_S: Final = 10.0

Args = Mapping[str, Any]
Run = Callable[[Args], Awaitable[None]]
GaveUp = Callable[[Args, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Kind:
    run: Run
    gave_up: GaveUp | None


class Jobs:
    """Runs what is registered; a job may be run twice, so what it does must bear that."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kinds: dict[str, _Kind] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._awake = asyncio.Event()
        self._stopping = False

    def register(self, kind: str, run: Run, gave_up: GaveUp | None = None) -> None:
        """`run(args)` may raise to be tried again; after five attempts `gave_up(args, reference)` is told."""
        self._kinds[kind] = _Kind(run, gave_up)

    async def start(self) -> None:
        """Free what a dead process held, and begin."""
        await durably(self._database, jobs.requeue)
        loop = asyncio.get_running_loop()
        self._loops = [loop.create_task(self._pump()), loop.create_task(self._renew())]

    async def stop(self) -> None:
        """Finish what is in hand, for at most 10 s; what is cut off is free at the next start."""
        self._stopping = True
        self._awake.set()
        for loop in self._loops[:1]:
            await loop
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def idle(self) -> None:
        """Until all that is due now has been done."""
        while await self._claim() or self._running:
            await asyncio.wait(list(self._running.values()))

    def wake(self) -> None:
        """There is a new job in the table."""
        self._awake.set()

    async def _pump(self) -> None:
        while not self._stopping:
            self._awake.clear()
            found = 0
            try:
                found = await self._claim()
            except (Unavailable, CommitFailed):
                log.warning("the database is away; jobs wait")
            except Exception as error:  # noqa: BLE001  jobs must not end while the process lives
                log.error("claiming jobs stumbled\n%s", describe(error))
            if not found:
                await self._rest()

    async def _claim(self) -> int:
        free = AT_ONCE - len(self._running)
        if not free:
            return 0
        now = self._clock.now()
        async with self._database.tx() as tx:
            claimed = await jobs.claim(tx, now, now + LEASE_MS, free)
        for job in claimed:
            if job.id not in self._running:  # its lease ran out while it runs: the database was away
                self._begin(job)
        return len(claimed)

    def _begin(self, job: Job) -> None:
        task = asyncio.get_running_loop().create_task(self._work(job))
        self._running[job.id] = task
        task.add_done_callback(lambda _: self._end(job))

    def _end(self, job: Job) -> None:
        self._running.pop(job.id, None)
        self._awake.set()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._awake.wait(), LOOK_S)
        except TimeoutError:
            return

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            if held := list(self._running):
                until = self._clock.now() + LEASE_MS
                await self._stored(lambda tx, held=held, until=until: jobs.renew(tx, held, until))  # type: ignore[misc]

    async def _work(self, job: Job) -> None:
        """Must not raise."""
        try:
            await self._run(job)
        except Exception as error:  # noqa: BLE001  whatever it is, the job is tried again or given up
            await self._failed(job, error)
        else:
            await self._stored(lambda tx: jobs.finish(tx, job.id, self._clock.now()))

    async def _run(self, job: Job) -> None:
        if job.attempts > ATTEMPTS:
            raise _Deadly
        await self._kinds[job.kind].run(job.args)

    async def _failed(self, job: Job, error: Exception) -> None:
        number, name = reference(), type(error).__name__
        log.error("job %d (%s), attempt %d, %s\n%s", job.id, job.kind, job.attempts, number, describe(error))
        if job.attempts < ATTEMPTS:
            run_at = self._clock.now() + (FIRST_PAUSE_MS << job.attempts - 1)
            await self._stored(lambda tx: jobs.retry(tx, job.id, run_at, name))
            return
        await self._tell(job, number)
        await self._stored(lambda tx: jobs.fail(tx, job.id, self._clock.now(), name, number))

    async def _tell(self, job: Job, number: str) -> None:
        """Before the job is marked as failed: a kill between the two tells twice, not never."""
        kind = self._kinds.get(job.kind)
        if kind is None or kind.gave_up is None:
            return
        try:
            await kind.gave_up(job.args, number)
        except Exception as error:  # noqa: BLE001  it is given up whether or not that could be told
            log.error("giving up job %d stumbled, %s\n%s", job.id, number, describe(error))

    async def _stored(self, body: Callable[[Tx], Awaitable[None]]) -> None:
        """As `durably`, again and again while the database is away."""
        while True:
            try:
                return await durably(self._database, body)
            except (Unavailable, CommitFailed):
                await asyncio.sleep(AWAY_S)


class _Deadly(Exception):
    """The process died at every attempt."""
