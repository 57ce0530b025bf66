"""The disk is full: the bot says so, confirms nothing that it cannot keep, and goes on once there is room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot import app
from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from storage.dialect import prepare
from storage.engine import Database, connect
from storage.sqlite import SqliteDatabase
from tests.flows.conftest import free_port
from tests.flows.test_errors import ready, until_ready

LONG = "字" * 4_000
MESSAGES = 60
FULL = "the database: SQLite: database or disk is full"
PATIENCE = 60.0
_KEPT = prepare("SELECT update_id FROM updates")


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """As if the file had no room for one more page."""
    assert isinstance(database, SqliteDatabase)
    [pages] = database._raw.execute("PRAGMA page_count").fetchone()
    [most] = database._raw.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    assert most == pages
    try:
        yield
    finally:
        database._raw.execute("PRAGMA max_page_count = 4294967294").fetchall()


async def test_what_cannot_be_kept_is_not_confirmed_and_nothing_is_lost(
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    sqlite_migrated_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()
    config = make_config(sqlite_migrated_url, listen=f"127.0.0.1:{port}")
    world = telegram.world
    first = world.state.next_update_id
    strangers = [world.person(f"路人{n}") for n in range(6)]
    async with app.running(config, SystemClock()) as house:
        with full_disk(house.services.database):
            for n in range(MESSAGES):
                strangers[n % len(strangers)].send(f"{n} {LONG}")
            await until_ready(port, lambda said: said.get("intake") == FULL)
            assert f"no updates come in: {FULL}" in caplog.text
            assert world.updates.pending
            confirmed = set(range(first, world.updates.pending[0].update_id))
            assert confirmed <= await kept(config)
        assert await world.events.until(lambda: answers(strangers) >= MESSAGES, PATIENCE)
        strangers[0].send("在吗")
        await strangers[0].expect()
        assert (await ready(port))["ready"]
        await house.settled()
    assert answers(strangers) == MESSAGES + 1
    assert await kept(config) == set(range(first, world.state.next_update_id))


def answers(strangers: list[Person]) -> int:
    return sum(message.from_bot for one in strangers for message in one.messages())


async def kept(config: Config) -> set[int]:
    beside = await connect(config.database_url)
    try:
        async with beside.read() as tx:
            return {row["update_id"] for row in await tx.rows(_KEPT, {})}
    finally:
        await beside.close()
