"""What PostgreSQL alone has: connections that break, and a server that stops and comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from storage.dialect import prepare
from storage.engine import CommitFailed, Tx, Unavailable, connect, durably
from storage.postgres import PostgresDatabase

PUT = prepare("INSERT INTO marks (name) VALUES (:name)")
NAMES = prepare("SELECT name FROM marks ORDER BY name")
WHO = prepare("SELECT pg_backend_pid()")


@pytest.fixture
async def marks(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    database = await connect(postgres_url)
    assert isinstance(database, PostgresDatabase)
    try:
        async with database.tx() as tx:
            await tx.script("CREATE TABLE marks (name TEXT PRIMARY KEY)")
        yield database
    finally:
        await database.close()


@pytest.fixture
async def admin(postgres_url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(postgres_url)
    try:
        yield connection
    finally:
        await connection.close()


async def put(tx: Tx, name: str) -> None:
    await tx.touch(PUT, {"name": name})


async def write(database: PostgresDatabase, name: str) -> None:
    async with database.tx() as tx:
        await put(tx, name)


async def names(database: PostgresDatabase) -> list[str]:
    async with database.read() as tx:
        return [row["name"] for row in await tx.rows(NAMES, {})]


async def test_a_connection_lost_in_a_body_is_unavailable_and_the_next_works(
    marks: PostgresDatabase, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async def lose() -> None:
        async with marks.tx() as tx:
            await put(tx, "a")
            await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", await tx.value(WHO, {}))
            await put(tx, "b")

    with pytest.raises(Unavailable):
        await lose()
    await write(marks, "c")
    assert await names(marks) == ["c"]


async def test_a_connection_lost_before_commit_is_no_success(
    marks: PostgresDatabase, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async def lose() -> None:
        async with marks.tx() as tx:
            await put(tx, "a")
            await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", await tx.value(WHO, {}))

    with pytest.raises(CommitFailed) as failed:
        await lose()
    assert failed.value.uncertain
    assert await names(marks) == []


async def test_a_connection_lost_while_committing_is_uncertain(
    marks: PostgresDatabase, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """COMMIT waits in a deferred trigger until its backend is killed."""
    async with marks.tx() as tx:
        await tx.script(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON marks DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION wait();
            """
        )
    await admin.execute("SELECT pg_advisory_lock(1)")
    writing = asyncio.create_task(write(marks, "a"))
    waiting = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
    )
    while (pid := await admin.fetchval(waiting)) is None:
        assert not writing.done()
    await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    with pytest.raises(CommitFailed) as failed:
        await writing
    assert failed.value.uncertain


async def test_a_connection_goes_back_to_the_pool_outside_any_transaction(marks: PostgresDatabase) -> None:
    async def fail(how: BaseException) -> None:
        async with marks.tx() as tx:
            await put(tx, "a")
            raise how

    complaints: list[object] = []  # asyncpg would roll back by itself, and complain
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    for how in (LookupError(), asyncio.CancelledError()):
        with pytest.raises(type(how)):
            await fail(how)
    connections = [await marks._pool.acquire() for _ in range(marks._pool.get_size())]
    assert [connection.is_in_transaction() for connection in connections] == [False] * len(connections)
    assert complaints == []
    for connection in connections:
        await marks._pool.release(connection)


async def test_a_deadlock_is_tried_again(marks: PostgresDatabase) -> None:
    await write(marks, "a")
    await write(marks, "b")
    lock = prepare("SELECT name FROM marks WHERE name = :name FOR UPDATE")
    both = asyncio.Barrier(2)
    tries = 0

    def crossing(one: str, two: str, patience: int) -> Callable[[Tx], Awaitable[None]]:
        async def body(tx: Tx) -> None:
            nonlocal tries
            tries += 1
            await tx.script(f"SET LOCAL deadlock_timeout = {patience}")  # the less patient is the victim
            await tx.row(lock, {"name": one})
            if tries <= 2:
                await both.wait()
            await tx.row(lock, {"name": two})

        return body

    bodies = [crossing("a", "b", 10), crossing("b", "a", 60_000)]
    await asyncio.gather(*(durably(marks, body) for body in bodies))
    assert tries == 3


async def test_two_statements_at_once_are_an_error_and_no_outage(marks: PostgresDatabase) -> None:
    async def both() -> None:
        async with marks.tx() as tx:
            await asyncio.gather(put(tx, "a"), put(tx, "b"))

    with pytest.raises(asyncpg.InterfaceError, match="in progress"):
        await both()
    assert await names(marks) == []


async def test_a_wrong_parameter_is_no_outage(marks: PostgresDatabase) -> None:
    with pytest.raises(asyncpg.DataError):
        await write(marks, 5)  # type: ignore[arg-type]
    await write(marks, "a")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "postgresql:///nothing?host=/nonexistent",
        "postgresql://localhost:many/x",
    ],
)
async def test_a_server_that_is_not_there_is_unavailable_in_one_line(url: str) -> None:
    with pytest.raises(Unavailable, match=r"^PostgreSQL: .*") as unavailable:
        await connect(url)
    assert "\n" not in str(unavailable.value)


async def test_a_database_that_is_not_there_is_unavailable(postgres_server: str) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        await connect(postgres_server.format("nothing"))


async def test_it_recovers_when_the_server_comes_back(
    marks: PostgresDatabase, stop_postgres: Callable[[], Callable[[], None]]
) -> None:
    await asyncio.gather(*(write(marks, f"{n}") for n in range(30)))
    start_again = stop_postgres()
    with pytest.raises(Unavailable):
        await write(marks, "while away")
    with pytest.raises(Unavailable):
        await names(marks)
    start_again()
    await asyncio.gather(*(write(marks, f"after {n}") for n in range(30)))
    assert len(await names(marks)) == 60
