import asyncio
import sys

import asyncpg
import pytest

from storage import lock as module
from storage.engine import Database, Unavailable, connect
from storage.lock import run_lock

HOLDER = """
import asyncio, sys
from storage.engine import connect
from storage.lock import run_lock

async def main(url):
    lock = run_lock(await connect(url))
    print(await lock.try_acquire(), flush=True)
    await asyncio.Event().wait()

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_A_TRY", 0.0)


async def test_one_holds_it_and_a_second_waits(database: Database) -> None:
    first, second = run_lock(database), run_lock(database)
    assert await first.try_acquire()
    assert not await second.try_acquire()
    waiting = asyncio.create_task(second.acquire())
    assert not await run_lock(database).try_acquire()
    assert not waiting.done()
    await first.release()
    await waiting
    assert not await first.try_acquire()
    await second.release()
    assert [first.lost.is_set(), second.lost.is_set()] == [False, False]


async def test_waiting_can_be_given_up(database: Database) -> None:
    first, second = run_lock(database), run_lock(database)
    assert await first.try_acquire()
    waiting = asyncio.create_task(second.acquire())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await first.release()
    assert await second.try_acquire()
    await second.release()


async def test_what_is_not_held_may_be_released(database: Database) -> None:
    lock = run_lock(database)
    await lock.release()
    assert await lock.try_acquire()
    await lock.release()
    await lock.release()


async def test_commands_work_beside_the_holder(database: Database, database_url: str) -> None:
    lock = run_lock(database)
    assert await lock.try_acquire()
    beside = await connect(database_url)
    try:
        async with beside.tx() as tx:
            await tx.script("INSERT INTO settings (key, value) VALUES ('a', 'b')")
    finally:
        await beside.close()
    await lock.release()


async def test_it_ends_with_the_process_however_it_dies(database: Database, database_url: str) -> None:
    lock = run_lock(database)
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"True\n"
    assert not await lock.try_acquire()
    holder.kill()
    await holder.wait()
    await lock.acquire()
    await lock.release()


async def test_a_lock_that_was_lost_says_so(postgres_url: str) -> None:
    database = await connect(postgres_url)
    lock = run_lock(database)
    assert await lock.try_acquire()
    admin = await asyncpg.connect(postgres_url)
    try:
        await admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'lianluo run' AND datname = current_database()"
        )
    finally:
        await admin.close()
    await lock.lost.wait()
    another = run_lock(database)
    assert await another.try_acquire()
    await lock.release()
    await another.release()
    await database.close()


async def test_no_server_no_lock(postgres_url: str) -> None:
    database = await connect(postgres_url)
    try:
        lock = module._AdvisoryLock("postgresql:///x?host=/nonexistent")
        with pytest.raises(Unavailable):
            await lock.try_acquire()
    finally:
        await database.close()
