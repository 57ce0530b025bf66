"""What SQLite alone has: one writer, shared COMMITs, a disk that fills up, other processes."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import sqlite
from storage.dialect import prepare
from storage.engine import CommitFailed, Tx, Unavailable, connect, durably
from storage.sqlite import SqliteDatabase

PUT = prepare("INSERT INTO marks (name, body) VALUES (:name, :body)")
NAMES = prepare("SELECT name FROM marks ORDER BY name")
MARKS = "CREATE TABLE marks (name TEXT PRIMARY KEY, body TEXT) STRICT"


@pytest.fixture
async def marks(sqlite_url: str) -> AsyncIterator[SqliteDatabase]:
    database = await connect(sqlite_url)
    assert isinstance(database, SqliteDatabase)
    try:
        async with database.tx() as tx:
            await tx.script(MARKS)
        yield database
    finally:
        await database.close()


async def put(tx: Tx, name: str, body: str = "") -> None:
    await tx.touch(PUT, {"name": name, "body": body})


async def write(database: SqliteDatabase, name: str, *, alone: bool = False) -> None:
    async with database.tx(alone=alone) as tx:
        await put(tx, name)


async def names(database: SqliteDatabase) -> list[str]:
    async with database.read() as tx:
        return [row["name"] for row in await tx.rows(NAMES, {})]


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group is closed by its number alone, however slow the machine."""
    monkeypatch.setattr(sqlite, "SECONDS_A_COMMIT", 60.0)


@contextmanager
def traced(database: SqliteDatabase) -> Iterator[list[str]]:
    """The statements that the writer runs."""
    said: list[str] = []
    database._raw.set_trace_callback(said.append)
    try:
        yield said
    finally:
        database._raw.set_trace_callback(None)


async def commits(database: SqliteDatabase, *bodies: str, alone: bool = False) -> int:
    with traced(database) as said:
        await asyncio.gather(*(write(database, body, alone=alone) for body in bodies))
    return said.count("COMMIT")


async def test_it_is_set_up_to_lose_nothing(marks: SqliteDatabase) -> None:
    pragmas = ["journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout"]
    values = [marks._raw.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
    assert values == ["wal", 2, 1, 1, 0]


@pytest.mark.usefixtures("unhurried")
async def test_bodies_in_flight_share_commits(marks: SqliteDatabase) -> None:
    assert await commits(marks, "one") == 1
    assert await commits(marks, *(f"a{n}" for n in range(64))) == 1
    assert await commits(marks, *(f"b{n}" for n in range(65))) == 2
    assert await commits(marks, *(f"c{n}" for n in range(640))) == 10


@pytest.mark.usefixtures("unhurried")
async def test_alone_shares_with_nobody(marks: SqliteDatabase) -> None:
    assert await commits(marks, "a", "b", "c", alone=True) == 3
    with traced(marks) as said:
        await asyncio.gather(write(marks, "d"), write(marks, "e", alone=True), write(marks, "f"))
    assert said.count("COMMIT") == 3


async def test_nothing_is_acknowledged_before_its_commit(marks: SqliteDatabase) -> None:
    async def acknowledge(name: str) -> None:
        await write(marks, name)
        with sqlite3.connect(marks.path) as other:
            assert other.execute("SELECT count(*) FROM marks WHERE name = ?", [name]).fetchone() == (1,)
        other.close()

    await asyncio.gather(*(acknowledge(f"{n}") for n in range(64)))


async def test_ten_milliseconds_are_enough_for_a_group(
    marks: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SECONDS_A_COMMIT", 0.0)
    assert await commits(marks, "a", "b", "c") == 3


async def test_statements_run_without_a_turn_of_the_loop(marks: SqliteDatabase) -> None:
    async with marks.tx() as tx:
        turned = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turned.set_result, None)
        await put(tx, "a")
        await tx.rows(NAMES, {})
        assert not turned.done()


@pytest.mark.usefixtures("unhurried")
async def test_only_the_commit_goes_to_the_thread(
    marks: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    hops: list[object] = []
    execute: Callable[..., object] = marks._connection._execute

    def counted(function: object, *args: object) -> object:
        hops.append(function)
        return execute(function, *args)

    monkeypatch.setattr(marks._connection, "_execute", counted)
    await asyncio.gather(*(write(marks, f"{n}") for n in range(64)))
    assert hops == [marks._raw.commit]


async def test_a_body_that_waits_keeps_the_others_waiting_and_whole(marks: SqliteDatabase) -> None:
    go_on = asyncio.Event()

    async def slow() -> None:
        async with marks.tx() as tx:
            await put(tx, "slow 1")
            await go_on.wait()
            await put(tx, "slow 2")
            raise LookupError

    slowly = asyncio.create_task(slow())
    await asyncio.sleep(0)
    others = [asyncio.create_task(write(marks, f"{n}")) for n in range(3)]
    await asyncio.sleep(0)
    assert not any(other.done() for other in others)
    go_on.set()
    await asyncio.gather(*others)
    with pytest.raises(LookupError):
        await slowly
    assert await names(marks) == ["0", "1", "2"]


async def test_a_transaction_inside_another_is_an_error_and_no_deadlock(marks: SqliteDatabase) -> None:
    async with marks.tx() as tx:
        await put(tx, "a")
        with pytest.raises(RuntimeError, match="inside"):
            await write(marks, "b")
    assert await names(marks) == ["a"]


async def test_a_cancellation_while_another_group_commits_is_not_forgotten(marks: SqliteDatabase) -> None:
    first = asyncio.create_task(write(marks, "a"))
    second = asyncio.create_task(write(marks, "b", alone=True))
    await asyncio.sleep(0)
    assert marks._group is None  # being committed, by the second
    assert not first.done()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await first
    await write(marks, "c")
    assert await names(marks) == ["a", "c"]


async def test_closing_commits_what_its_bodies_have_left(sqlite_url: str) -> None:
    database = await sqlite.connect(sqlite_url.removeprefix("sqlite:///"))
    async with database.tx() as tx:
        await tx.script(MARKS)
    await asyncio.gather(write(database, "a"), write(database, "b"), database.close())
    with sqlite3.connect(database.path) as other:
        assert other.execute("SELECT count(*) FROM marks").fetchone() == (2,)
    other.close()


@pytest.mark.usefixtures("unhurried")
async def test_a_full_disk_fails_the_group_and_nothing_commits_by_itself(marks: SqliteDatabase) -> None:
    """SQLite rolls everything back on its own and goes into autocommit: the rest of a body must not go on."""
    raw = marks._raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()

    async def greedy(tx: Tx) -> None:
        with pytest.raises(Unavailable, match="full"):
            await put(tx, "greedy", "x" * 100_000)
        assert not raw.in_transaction
        with pytest.raises(CommitFailed):
            await put(tx, "by itself")

    async def small(tx: Tx) -> None:
        await put(tx, f"small {len(await tx.rows(NAMES, {}))}")

    async def shared(body: object) -> None:
        async with marks.tx() as tx:
            await body(tx)  # type: ignore[operator]

    outcomes = await asyncio.gather(shared(small), shared(greedy), shared(small), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [CommitFailed, CommitFailed, type(None)]
    assert "disk is full" in str(outcomes[0])
    assert await names(marks) == ["small 0"]
    retried = await asyncio.gather(
        *(durably(marks, body) for body in (small, greedy, small)), return_exceptions=True
    )
    assert [type(outcome) for outcome in retried] == [type(None), CommitFailed, type(None)]
    assert len(await names(marks)) == 3


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes: the kernel refuses as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("unhurried")
async def test_a_commit_that_fails_fails_every_body_of_it_and_none_stays(marks: SqliteDatabase) -> None:
    await write(marks, "before")
    wal = marks.path.with_name(marks.path.name + "-wal").stat().st_size
    with file_limit(wal):
        outcomes = await asyncio.gather(*(write(marks, f"{n}") for n in range(8)), return_exceptions=True)
        with pytest.raises(CommitFailed):
            await write(marks, "alone", alone=True)
    assert [type(outcome) for outcome in outcomes] == [CommitFailed] * 8
    assert len(set(map(id, outcomes))) == 8
    await write(marks, "after")
    assert await names(marks) == ["after", "before"]
    assert marks._raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


async def test_it_waits_for_another_process_without_holding_the_loop(marks: SqliteDatabase) -> None:
    other = sqlite3.connect(marks.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO marks (name) VALUES ('other')")
    waiting = [asyncio.create_task(write(marks, name)) for name in "abc"]
    await names(marks)
    waiting[0].cancel()
    await names(marks)
    assert not waiting[1].done()
    other.execute("COMMIT")
    other.close()
    await asyncio.gather(*waiting[1:])
    assert await names(marks) == ["b", "c", "other"]


async def test_it_gives_up_on_a_process_that_never_ends(
    marks: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "repeat", lambda _pause, _times: [])
    other = sqlite3.connect(marks.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="busy"):
        await write(marks, "a")
    other.close()
    await write(marks, "b")
    assert await names(marks) == ["b"]


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 100])
async def test_what_is_no_database_is_unavailable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(Unavailable, match=r"x\.db: file is not a database"):
        await connect(f"sqlite:///{tmp_path}/x.db")


async def test_a_folder_that_can_not_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="file"):
        await connect(f"sqlite:///{tmp_path}/file/x.db")
    with pytest.raises(Unavailable, match="unable to open"):
        await connect(f"sqlite:///{tmp_path}")


async def test_a_relative_path_is_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = await connect("sqlite:///var/deep/x.db")
    await database.close()
    assert (tmp_path / "var" / "deep" / "x.db").exists()


async def test_what_was_deleted_is_gone_from_the_file(marks: SqliteDatabase) -> None:
    secret = "说好不留下的话"
    async with marks.tx() as tx:
        await put(tx, "a", secret)
    async with marks.tx() as tx:
        await tx.script("DELETE FROM marks")
    async with marks.read() as tx:
        await tx.rows(NAMES, {})
        await write(marks, "since")
        assert not await marks.checkpoint()
    assert await marks.checkpoint()
    for file in marks.path.parent.glob("lianluo.db*"):
        assert secret.encode() not in file.read_bytes()


# -- any interleaving

ENDS = st.sampled_from(["return", "raise", "violate", "swallow", "fail the commit"])
BODIES = st.lists(
    st.fixed_dictionaries(
        {
            "end": st.one_of(st.just("return"), ENDS),
            "writes": st.integers(0, 3),
            "waits": st.lists(st.integers(0, 3), max_size=3),
            "starts": st.integers(0, 8),
            "cancelled": st.one_of(st.none(), st.integers(0, 25)),
            "alone": st.sampled_from([False, False, False, True]),
        }
    ),
    min_size=1,
    max_size=12,
)


class RaisedError(Exception):
    pass


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def play(database: SqliteDatabase, number: int, plan: dict[str, object]) -> None:
    await turns(plan["starts"])  # type: ignore[arg-type]
    async with database.tx(alone=bool(plan["alone"])) as tx:
        for n in range(plan["writes"]):  # type: ignore[call-overload]
            await put(tx, f"{number}.{n}")
            await turns((plan["waits"] or [0])[n % max(1, len(plan["waits"]))])  # type: ignore[index,arg-type]
        await end(tx, number, str(plan["end"]))


async def end(tx: Tx, number: int, how: str) -> None:
    if how == "raise":
        raise RaisedError
    if how == "violate":
        await tx.script("INSERT INTO marks (name) VALUES ('taken')")
    if how == "swallow":
        with pytest.raises(sqlite3.IntegrityError):
            await tx.script("INSERT INTO marks (name) VALUES ('taken')")
    if how == "fail the commit":
        await tx.script("INSERT INTO owned (name) VALUES ('nobody')")


async def run(plans: list[dict[str, object]], path: Path) -> None:
    database = await sqlite.connect(str(path))
    try:
        async with database.tx() as tx:
            await tx.script(MARKS)
            await tx.script(
                "INSERT INTO marks (name) VALUES ('taken');"
                "CREATE TABLE owned (name TEXT REFERENCES marks (name) DEFERRABLE INITIALLY DEFERRED);"
            )
        tasks = [asyncio.create_task(play(database, n, plan)) for n, plan in enumerate(plans)]
        for turn in range(26):
            for task, plan in zip(tasks, plans, strict=True):
                if plan["cancelled"] == turn:
                    task.cancel()
            await asyncio.sleep(0)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        judge(plans, outcomes, set(await names(database)) - {"taken"})
        await write(database, "still usable")
    finally:
        await database.close()


def judge(plans: list[dict[str, object]], outcomes: Sequence[object], kept: set[str]) -> None:
    spoilt = any(plan["end"] == "fail the commit" for plan in plans)
    for number, (plan, outcome) in enumerate(zip(plans, outcomes, strict=True)):
        written = {f"{number}.{n}" for n in range(plan["writes"])}  # type: ignore[call-overload]
        if outcome is None:
            assert plan["end"] == "return"
            assert written <= kept
        elif isinstance(outcome, asyncio.CancelledError):
            assert plan["cancelled"] is not None
            assert written <= kept or not written & kept
        else:
            assert not written & kept
            expected = {"raise": RaisedError, "violate": sqlite3.IntegrityError}
            assert isinstance(outcome, expected.get(str(plan["end"]), CommitFailed))
            assert plan["end"] != "return" or spoilt


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=BODIES)
def test_whatever_the_interleaving_effects_are_whole_and_acknowledged_ones_stay(
    plans: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    asyncio.run(run(plans, tmp_path_factory.mktemp("play") / "x.db"))
