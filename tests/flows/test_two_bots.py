"""Two bots where there should be one: the second waits and says so, the first goes on."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot import intake
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from storage import updates
from storage.engine import connect
from tests.flows.conftest import _environment, free_port, started
from tests.flows.test_errors import ready

PATIENCE = 30.0
SECONDS_OF_TALK = 2.0
"""Longer than whoever does not wait would."""
MakeConfig = Callable[..., Config]


async def test_the_second_on_one_database_waits_until_the_first_ends(
    telegram: RehearsalServer, make_config: MakeConfig, database_url: str
) -> None:
    config = make_config(database_url)
    stranger = telegram.world.person("路人")
    async with AsyncExitStack() as first:
        await first.enter_async_context(started(config))
        await answered(stranger)
        introduced = len(telegram.world.calls.of("getMe"))
        async with second(config) as said:
            await heard(said, "another process runs on this database; waiting for it to end")
            await answered(stranger)
            assert len(telegram.world.calls.of("getMe")) == introduced
            await first.aclose()
            await heard(said, "ready as @")
            await answered(stranger)
    assert replies(stranger) == 3


async def test_two_on_one_token_with_a_database_each(
    telegram: RehearsalServer,
    make_config: MakeConfig,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "ESTABLISHED_S", 0.0)
    port = free_port()
    other = make_config(f"sqlite:///{tmp_path}/other.db", listen=f"127.0.0.1:{port}")
    stranger = telegram.world.person("路人")
    async with started(make_config(database_url)):
        await answered(stranger)
        async with second(other) as said:
            await heard(said, "another bot is running with this token; this one waits for it to end")
            assert "waits" in (await ready(port))["intake"]
            conflicts = len(telegram.world.calls.refused("getUpdates"))
            sent = await talk(stranger, SECONDS_OF_TALK)
            assert len(telegram.world.calls.refused("getUpdates")) == conflicts
    assert replies(stranger) == 1 + sent
    assert await kept(other) == {}


@asynccontextmanager
async def second(config: Config) -> AsyncIterator[asyncio.StreamReader]:
    """One more bot, a process of its own; what it says."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=_environment(config), stderr=PIPE
    )
    assert bot.stderr is not None
    try:
        yield bot.stderr
    finally:
        bot.terminate()
        await bot.wait()


async def heard(said: asyncio.StreamReader, words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        async for line in said:
            if words in line.decode():
                return
    raise AssertionError(f"it ended without saying {words!r}")


async def answered(stranger: Person) -> None:
    stranger.send("在吗")
    await stranger.expect()


async def talk(stranger: Person, seconds: float) -> int:
    """How often something was said and answered."""
    loop = asyncio.get_running_loop()
    end, said = loop.time() + seconds, 0
    while loop.time() < end:
        await answered(stranger)
        said += 1
    return said


def replies(person: Person) -> int:
    return sum(message.from_bot for message in person.messages())


async def kept(config: Config) -> dict[str, int]:
    database = await connect(config.database_url)
    try:
        async with database.read() as tx:
            return await updates.counts(tx)
    finally:
        await database.close()
