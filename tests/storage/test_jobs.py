"""Durable jobs, on both databases."""

from storage import jobs
from storage.engine import Database
from storage.jobs import Job

NOW = 1_000_000


async def add(database: Database, kind: str = "fetch", now: int = NOW, key: str | None = None) -> int | None:
    async with database.tx() as tx:
        return await jobs.add(tx, kind, {"名": kind}, now, key)


async def claim(database: Database, now: int, limit: int = 10) -> list[Job]:
    async with database.tx() as tx:
        return await jobs.claim(tx, now, now + 100, limit)


async def test_a_job_is_claimed_once_in_the_order_in_which_they_fell_due(database: Database) -> None:
    second, first = await add(database, "b"), await add(database, "a", NOW - 1)
    await add(database, "later", NOW + 1)
    claimed = await claim(database, NOW)
    assert claimed == [Job(first or 0, "a", {"名": "a"}, 1), Job(second or 0, "b", {"名": "b"}, 1)]
    assert await claim(database, NOW) == []


async def test_a_key_makes_a_job_that_is_added_twice_one(database: Database) -> None:
    assert await add(database, key="export:2026") is not None
    assert await add(database, key="export:2026") is None
    assert len(await claim(database, NOW)) == 1


async def test_a_lease_that_ran_out_frees_the_job_and_a_renewed_one_does_not(database: Database) -> None:
    await add(database)
    [job] = await claim(database, NOW)
    async with database.tx() as tx:
        await jobs.renew(tx, [job.id], NOW + 200)
    assert await claim(database, NOW + 200) == []
    [again] = await claim(database, NOW + 201)
    assert (again.id, again.attempts) == (job.id, 2)


async def test_how_a_job_ends(database: Database) -> None:
    for _ in range(3):
        await add(database)
    done, failed, retried = await claim(database, NOW)
    async with database.tx() as tx:
        await jobs.finish(tx, done.id, NOW)
        await jobs.fail(tx, failed.id, NOW, "OSError", "E-1")
        await jobs.retry(tx, retried.id, NOW + 50, "OSError")
        assert await jobs.counts(tx) == {"done": 1, "failed": 1, "waiting": 1}
        assert await jobs.next_run(tx) == NOW + 50
    assert await claim(database, NOW + 49) == []
    assert [job.id for job in await claim(database, NOW + 50)] == [retried.id]


async def test_what_a_dead_process_held_is_free_at_the_next_start(database: Database) -> None:
    await add(database)
    await claim(database, NOW)
    async with database.tx() as tx:
        assert await jobs.requeue(tx) == 1
    assert [job.attempts for job in await claim(database, NOW)] == [2]
