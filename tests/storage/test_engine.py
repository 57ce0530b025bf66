"""What both databases promise of a transaction."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from storage.dialect import prepare
from storage.engine import CommitFailed, Database, Tx, Unavailable, connect, durably

PUT = prepare("INSERT INTO marks (name) VALUES (:name)")
NAMES = prepare("SELECT name FROM marks ORDER BY name")


@pytest.fixture
async def marks(database: Database) -> Database:
    async with database.tx() as tx:
        await tx.script("CREATE TABLE marks (name TEXT PRIMARY KEY)")
    return database


async def put(tx: Tx, name: str) -> None:
    assert await tx.touch(PUT, {"name": name}) == 1


async def names(database: Database) -> list[str]:
    async with database.read() as tx:
        return [row["name"] for row in await tx.rows(NAMES, {})]


async def write(database: Database, name: str, *, alone: bool = False) -> None:
    async with database.tx(alone=alone) as tx:
        await put(tx, name)


async def test_what_a_body_wrote_is_seen_after_it_and_not_before(marks: Database) -> None:
    async with marks.tx() as tx:
        await put(tx, "a")
        assert await names(marks) == []
    assert await names(marks) == ["a"]


async def test_what_was_written_is_there_in_the_next_process(marks: Database, database_url: str) -> None:
    await write(marks, "a")
    other = await connect(database_url)
    try:
        assert await names(other) == ["a"]
    finally:
        await other.close()


async def test_a_body_that_raises_leaves_nothing(marks: Database) -> None:
    async def fail() -> None:
        async with marks.tx() as tx:
            await put(tx, "a")
            raise LookupError("b")

    with pytest.raises(LookupError, match="b"):
        await fail()
    await write(marks, "c")
    assert await names(marks) == ["c"]


async def test_a_swallowed_error_keeps_nothing_and_says_so(marks: Database) -> None:
    await write(marks, "a")

    async def swallow() -> None:
        async with marks.tx() as tx:
            await put(tx, "b")
            with pytest.raises(Exception, match=r"(?i)unique"):
                await tx.touch(PUT, {"name": "a"})

    with pytest.raises(CommitFailed) as failed:
        await swallow()
    assert not failed.value.uncertain
    assert await names(marks) == ["a"]


async def test_after_an_error_a_transaction_takes_no_more_statements(marks: Database) -> None:
    await write(marks, "a")

    async def go_on() -> None:
        async with marks.tx() as tx:
            with pytest.raises(Exception, match=r"(?i)unique"):
                await tx.touch(PUT, {"name": "a"})
            await put(tx, "b")

    with pytest.raises(Exception, match=r"is over|current transaction is aborted"):
        await go_on()
    assert await names(marks) == ["a"]


async def test_a_transaction_that_was_left_takes_no_more_statements(marks: Database) -> None:
    async with marks.tx() as tx:
        await put(tx, "a")
    with pytest.raises(Exception, match=r"is over|released back"):
        await put(tx, "b")
    assert await names(marks) == ["a"]


async def test_sixty_four_in_flight_all_come_through(marks: Database) -> None:
    await asyncio.gather(*(write(marks, f"{n:03}") for n in range(640)))
    assert await names(marks) == [f"{n:03}" for n in range(640)]


async def test_the_failures_among_many_fail_alone(marks: Database) -> None:
    async def maybe(n: int) -> None:
        async with marks.tx() as tx:
            await put(tx, f"{n:03}")
            if n % 3 == 0:
                raise LookupError
            if n % 3 == 1:
                await put(tx, f"{n:03}")

    outcomes = await asyncio.gather(*(maybe(n) for n in range(90)), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if outcome is None] == list(range(2, 90, 3))
    assert await names(marks) == [f"{n:03}" for n in range(2, 90, 3)]


async def test_a_cancelled_body_leaves_nothing_and_holds_nobody_up(marks: Database) -> None:
    at_it = asyncio.Event()

    async def hang() -> None:
        async with marks.tx() as tx:
            await put(tx, "hanging")
            at_it.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await at_it.wait()
    others = [asyncio.create_task(write(marks, name)) for name in "ab"]
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await asyncio.gather(*others)
    assert await names(marks) == ["a", "b"]


@pytest.mark.parametrize("alone", [False, True])
async def test_it_can_be_cancelled_at_any_moment(marks: Database, alone: bool) -> None:
    """Cancelled after 0, 1, 2 … turns of the loop: the effect is whole or absent, and the engine goes on."""
    finished = 0
    for turns in range(60):
        tasks = [asyncio.create_task(write(marks, f"{turns}-{n}", alone=alone)) for n in range(3)]
        for _ in range(turns):
            await asyncio.sleep(0)
        tasks[1].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert outcomes[0] is None
        assert outcomes[2] is None
        kept = await names(marks)
        assert {f"{turns}-0", f"{turns}-2"} <= set(kept)
        if outcomes[1] is None:
            finished += 1
            assert f"{turns}-1" in kept
    assert finished < 60


async def test_the_commit_of_one_is_not_failed_by_another(marks: Database) -> None:
    """The foreign key is looked at by COMMIT, which the culprit shares with the innocent."""
    async with marks.tx() as tx:
        await tx.script(
            "CREATE TABLE owners (name TEXT PRIMARY KEY);"
            "CREATE TABLE owned (name TEXT REFERENCES owners (name) DEFERRABLE INITIALLY DEFERRED);"
        )
    own = prepare("INSERT INTO owned (name) VALUES (:name)")

    def innocent(name: str) -> Callable[[Tx], Awaitable[None]]:
        return lambda tx: put(tx, name)

    async def culprit(tx: Tx) -> None:
        await put(tx, "culprit")
        await tx.touch(own, {"name": "nobody"})

    bodies = [innocent("a"), culprit, innocent("b")]
    outcomes = await asyncio.gather(*(durably(marks, body) for body in bodies), return_exceptions=True)
    assert isinstance(outcomes[1], CommitFailed)
    assert [outcomes[0], outcomes[2]] == [None, None]
    await write(marks, "c")
    assert await names(marks) == ["a", "b", "c"]


async def test_a_failed_commit_is_tried_once_more_alone(marks: Database) -> None:
    tries: list[bool] = []

    async def body(tx: Tx) -> str:
        tries.append(True)
        if len(tries) == 1:
            await put(tx, "a")
            raise CommitFailed("shared")
        await put(tx, "b")
        return "done"

    assert await durably(marks, body) == "done"
    assert await names(marks) == ["b"]


async def test_a_read_is_of_one_moment(marks: Database) -> None:
    await write(marks, "a")
    async with marks.read() as tx:
        assert len(await tx.rows(NAMES, {})) == 1
        await write(marks, "b")
        assert len(await tx.rows(NAMES, {})) == 1
    assert await names(marks) == ["a", "b"]


async def test_reads_go_on_beside_each_other_and_a_writer(marks: Database) -> None:
    async with marks.tx() as writing:
        await put(writing, "a")
        async with marks.read() as one, marks.read() as two:
            assert await one.rows(NAMES, {}) == await two.rows(NAMES, {}) == []


async def test_a_read_changes_nothing(marks: Database) -> None:
    async def change() -> None:
        async with marks.read() as tx:
            await tx.value(prepare("INSERT INTO marks (name) VALUES ('a') RETURNING name"), {})

    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await change()
    assert await names(marks) == []


@pytest.mark.parametrize("turns", [0, 1, 2, 1000])
async def test_a_cancelled_read_holds_nothing_up(marks: Database, turns: int) -> None:
    """Cancelled before its statement began, or in the midst of it."""
    slow = prepare(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
        " SELECT count(*) FROM n"
    )
    at_it = asyncio.Event()

    async def read() -> None:
        async with marks.read() as tx:
            at_it.set()
            await tx.value(slow, {})

    reading = asyncio.create_task(read())
    await at_it.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await write(marks, "a")
    assert await names(marks) == ["a"]


async def test_a_closed_database_is_unavailable(marks: Database) -> None:
    await marks.close()
    await marks.close()
    with pytest.raises(Unavailable):
        await write(marks, "a")
    with pytest.raises(Unavailable):
        await names(marks)


async def test_closing_keeps_what_was_under_way(database_url: str) -> None:
    database = await connect(database_url)
    async with database.tx() as tx:
        await tx.script("CREATE TABLE marks (name TEXT PRIMARY KEY)")
    at_it, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with database.tx() as tx:
            await put(tx, "a")
            at_it.set()
            await go_on.wait()
            await put(tx, "b")

    working = asyncio.create_task(work())
    await at_it.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(working, closing)
    again = await connect(database_url)
    try:
        assert await names(again) == ["a", "b"]
    finally:
        await again.close()


@pytest.mark.parametrize(
    "url", ["", "lianluo.db", "sqlite://", "sqlite:///", "mysql://localhost/lianluo", "sqlite+aiosqlite:///x"]
)
async def test_a_url_of_neither_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database URL"):
        await connect(url)
