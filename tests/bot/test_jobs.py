"""Durable jobs at work, on both databases; time moves when a test moves it."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.jobs import ATTEMPTS, LEASE_MS, Jobs
from storage import jobs
from storage.engine import Database

NOW = 1_795_579_200_000


@dataclass
class StillClock:
    instant: int = NOW

    def now(self) -> int:
        return self.instant

    async def until(self, instant: int) -> None:
        raise NotImplementedError


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@asynccontextmanager
async def working(
    database: Database,
    clock: StillClock,
    run: Callable[[Mapping[str, Any]], Awaitable[None]],
    gave_up: Callable[[Mapping[str, Any], str], Awaitable[None]] | None = None,
) -> AsyncIterator[Jobs]:
    worker = Jobs(database, clock)
    worker.register("fetch", run, gave_up)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def add(database: Database, number: int) -> None:
    async with database.tx() as tx:
        await jobs.add(tx, "fetch", {"number": number}, NOW)


async def counts(database: Database) -> dict[str, int]:
    async with database.tx() as tx:
        return await jobs.counts(tx)


async def test_jobs_are_done_once_as_soon_as_they_are_there(database: Database, clock: StillClock) -> None:
    done: list[int] = []

    async def run(args: Mapping[str, Any]) -> None:
        done.append(args["number"])

    async with working(database, clock, run) as worker:
        for number in range(9):
            await add(database, number)
        worker.wake()
        await worker.idle()
    assert sorted(done) == list(range(9))
    assert await counts(database) == {"done": 9}


async def test_a_job_that_fails_is_tried_again_later_and_later(database: Database, clock: StillClock) -> None:
    tries: list[int] = []

    async def run(_: Mapping[str, Any]) -> None:
        tries.append(clock.now() - NOW)
        if len(tries) < 4:
            raise OSError

    await add(database, 1)
    async with working(database, clock, run) as worker:
        for moved in (0, 1_999, 1, 3_999, 1, 8_000):
            clock.instant += moved
            await worker.idle()
    assert tries == [0, 2_000, 6_000, 14_000]
    assert await counts(database) == {"done": 1}


async def test_after_five_attempts_it_is_given_up_under_a_number_and_somebody_is_told(
    database: Database, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[int, str]] = []
    tries = 0

    async def run(_: Mapping[str, Any]) -> None:
        nonlocal tries
        tries += 1
        raise ValueError("秘密")

    async def gave_up(args: Mapping[str, Any], number: str) -> None:
        told.append((args["number"], number))
        raise RuntimeError("telling fails too")

    await add(database, 7)
    with caplog.at_level(logging.INFO):
        async with working(database, clock, run, gave_up) as worker:
            for _ in range(ATTEMPTS):
                await worker.idle()
                clock.instant += 100_000
    assert tries == ATTEMPTS
    [(number, reference)] = told
    assert number == 7
    assert reference in caplog.text
    assert "秘密" not in caplog.text
    assert await counts(database) == {"failed": 1}


async def test_a_kind_that_nobody_registered_fails_and_the_rest_goes_on(
    database: Database, clock: StillClock
) -> None:
    done: list[int] = []

    async def run(args: Mapping[str, Any]) -> None:
        done.append(args["number"])

    async with database.tx() as tx:
        await jobs.add(tx, "unheard of", {}, NOW)
    await add(database, 1)
    async with working(database, clock, run) as worker:
        await worker.idle()
    assert done == [1]
    assert await counts(database) == {"done": 1, "waiting": 1}


async def test_a_job_whose_lease_ran_out_under_its_hands_is_not_begun_again(
    database: Database, clock: StillClock
) -> None:
    begun, release, tries = asyncio.Event(), asyncio.Event(), 0

    async def run(_: Mapping[str, Any]) -> None:
        nonlocal tries
        tries += 1
        begun.set()
        await release.wait()

    await add(database, 1)
    async with working(database, clock, run) as worker:
        await begun.wait()
        clock.instant += LEASE_MS + 1
        assert await worker._claim() == 1
        release.set()
        await worker.idle()
    assert tries == 1


async def test_stopping_finishes_what_is_in_hand(database: Database, clock: StillClock) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def run(_: Mapping[str, Any]) -> None:
        begun.set()
        await release.wait()

    await add(database, 1)
    async with working(database, clock, run):
        await begun.wait()
        asyncio.get_running_loop().call_soon(release.set)
    assert await counts(database) == {"done": 1}


async def test_a_job_that_kills_the_process_each_time_is_given_up(
    database: Database, clock: StillClock
) -> None:
    await add(database, 1)
    for _ in range(ATTEMPTS):
        async with database.tx() as tx:
            await jobs.requeue(tx)
            assert len(await jobs.claim(tx, clock.now(), clock.now() + LEASE_MS, 1)) == 1

    tries = 0

    async def run(_: Mapping[str, Any]) -> None:
        nonlocal tries
        tries += 1

    told: list[str] = []

    async def gave_up(_: Mapping[str, Any], number: str) -> None:
        told.append(number)

    async with working(database, clock, run, gave_up) as worker:
        await worker.idle()
    assert await counts(database) == {"failed": 1}
    assert (tries, len(told)) == (0, 1)


CHILD = """
import asyncio, sys
from bot.clock import SystemClock
from bot.jobs import Jobs
from storage.engine import connect

async def main(url):
    worker = Jobs(await connect(url), SystemClock())

    async def run(args):
        print("begun", flush=True)
        await asyncio.Event().wait()

    worker.register("fetch", run)
    await worker.start()
    await asyncio.Event().wait()

asyncio.run(main(sys.argv[1]))
"""


async def test_what_a_killed_process_had_in_hand_is_done_at_the_next_start(
    database: Database, database_url: str, clock: StillClock
) -> None:
    await add(database, 1)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, database_url, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    async with asyncio.timeout(30):
        assert await child.stdout.readline() == b"begun\n"
    child.kill()
    await child.wait()
    assert await counts(database) == {"running": 1}
    done: list[int] = []

    async def run(args: Mapping[str, Any]) -> None:
        done.append(args["number"])

    async with working(database, clock, run) as worker:
        await worker.idle()
    assert done == [1]
    assert await counts(database) == {"done": 1}
