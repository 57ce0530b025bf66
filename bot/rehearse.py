"""The rehearsal: the bot and a small Telegram in one process, with people who are already there.

It binds to loopback only and keeps its data in `var/rehearsal/`, whatever the environment says of other
places: a lost token must never mix play with records.
"""

import asyncio
import logging
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from bot import app, demo
from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from handlers import nudges
from storage import jobs, outbox

log = logging.getLogger(__name__)

FOLDER = Path("var/rehearsal")
HOST = "127.0.0.1"
PORT = 8090
TOKEN = "1000000001:rehearsal-of-lianluo"  # noqa: S105  play, known to everybody
USERNAME = "lianluo_yanshi_bot"


class MovableClock(SystemClock):
    """The system's clock, and how far it has been moved ahead; the shift outlives a restart."""

    def __init__(self, kept_at: Path) -> None:
        self._kept_at = kept_at
        self._ahead = int(kept_at.read_text()) if kept_at.exists() else 0
        self._moved = asyncio.Event()

    def now(self) -> int:
        return super().now() + self._ahead

    async def until(self, instant: int) -> None:
        while (left := instant - self.now()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), left / 1000)
            except TimeoutError:
                return

    def move_to(self, instant: int) -> None:
        """Forward only."""
        self._ahead += max(0, instant - self.now())
        self._kept_at.write_text(str(self._ahead))
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


class Winder:
    """Moves the clock for the page, from one due instant to the next."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._house: app.House | None = None

    def attach(self, house: app.House) -> None:
        self._house = house

    def now(self) -> int:
        return self._clock.now()

    async def next_due(self) -> int | None:
        if self._house is None:
            return None
        services, now = self._house.services, self.now()
        async with services.database.read() as tx:
            due = [
                await jobs.next_run(tx),
                await outbox.next_due(tx, now),
                await nudges.next_reminder(services, tx, now),
            ]
        return min((instant for instant in due if instant and instant > now), default=None)

    async def advance(self, to_ms: int) -> None:
        self._clock.move_to(to_ms)
        if self._house is not None:
            await self._house.settled()


def configured(config: Config, server: RehearsalServer, pages_port: int) -> Config:
    """The configuration with play in place of every record and every address outside."""
    play = {
        "token": SecretStr(server.token),
        "api_url": server.url,
        "database_url": f"sqlite:///{FOLDER}/lianluo.db",
        "data_dir": FOLDER,
        "webhook_url": None,
        "public_listen": f"{HOST}:{pages_port}",
        "public_url": f"http://{HOST}:{pages_port}",
        "proxy": None,
        "fallback": None,
        "sends_per_second": 0.0,
    }
    return config.model_copy(update=play)


def _pages_port(beside: int) -> int:
    """The next one, so that links in the chats outlive a restart; where that is taken, any that is free."""
    for wanted in (beside + 1, 0):
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, wanted))
            port: int = probe.getsockname()[1]
            return port
    raise OSError("no port is free")


async def run(config: Config, *, port: int = PORT, fresh: bool = False) -> int:
    """Serve the page until Ctrl-C. The exit code."""
    _make_folder(fresh=fresh)
    async with rehearsing(config, port) as (server, house):
        log.info("演示 / rehearsal: %s/", server.url)
        return await app.until_stopped(house)


def _make_folder(*, fresh: bool) -> None:
    if fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)


@asynccontextmanager
async def rehearsing(config: Config, port: int) -> AsyncIterator[tuple[RehearsalServer, app.House]]:
    clock = MovableClock(FOLDER / "clock")
    winder = Winder(clock)
    server = RehearsalServer(
        TOKEN,
        clock=clock.now,
        host=HOST,
        port=port,
        username=USERNAME,
        kept_at=FOLDER / "telegram.json",
        zone=config.timezone,
        clock_control=winder,
    )
    async with server:
        play = configured(config, server, _pages_port(port))
        async with app.running(play, clock) as house:
            winder.attach(house)
            await demo.seed(house.services.database, server, clock.now())
            yield server, house
