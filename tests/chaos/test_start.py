"""A start into Telegram's bad moment: it is tried again, the process does not end."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import DropBefore, Failure, RehearsalServer
from bot.rehearsal.faults import Effect
from tests.chaos.process import Bot

TOKEN = "42:TEST-TOKEN-OF-THE-CHAOS"


@pytest.mark.parametrize(
    ("method", "effect"),
    [
        ("getMe", Failure(500)),
        ("getMe", DropBefore()),
        ("getMe", Failure(429, retry_after=1)),
        ("deleteWebhook", Failure(429, retry_after=1)),
        ("deleteWebhook", Failure(502)),
        ("deleteWebhook", DropBefore()),
        ("setMyCommands", Failure(429, retry_after=1)),
    ],
)
async def test_a_fault_at_the_start_does_not_end_the_bot(
    method: str, effect: Effect, sqlite_url: str, tmp_path: Path
) -> None:
    async with RehearsalServer(TOKEN, clock=SystemClock().now) as server:
        server.world.faults.add(method, effect, times=1)
        config = Config(
            token=SecretStr(TOKEN),
            api_url=server.url,
            database_url=sqlite_url,
            data_dir=tmp_path / "data",
            listen="127.0.0.1:0",
        )
        bot = Bot(config, tmp_path / "log")
        await bot.start()
        try:
            assert await server.world.events.until(lambda: server.world.updates.waiting, 20)
        finally:
            await bot.stop()
