"""The whole bot against the rehearsal server, over real HTTP; people act as people do."""

import asyncio
import os
import socket
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot import app, invitations
from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearse import MovableClock, Winder
from domain.bases import Base
from domain.people import Role
from storage import bases, exchange_cadences
from storage.engine import Database, connect

if TYPE_CHECKING:
    from tests.flows.autumn import Autumn

TOKEN = "42:TEST-TOKEN-OF-THE-FLOWS"

BASE = Base(
    id=0,
    code="YS01",
    name="蜀江理工大学（演示）",
    short_name="蜀江理工（演示）",
    uscc="12510000DEM000014E",
    kind="高校",
    city="成都",
    batch="第一批",
    recognised_on="2024-12-20",
    project_start="2025-01-01",
    department="科技成果转化处",
)
OTHER_BASE = Base(
    id=0,
    code="YS02",
    name="涪川先进材料研究院（演示）",
    short_name="涪川材料院（演示）",
    uscc="12510700DEM000022D",
    kind="科研院所",
    city="绵阳",
    batch="第一批",
    recognised_on="2024-12-20",
    project_start=None,
    department="产业合作部",
)


DATABASES = ("sqlite", "postgres")
ON_BOTH = ("story", "order", "errors", "two_bots", "full_disk", "events_crowd", "erasure")
"""Flows about what a database promises: they run on both, every time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` runs any other flow on one of the two, in turn by its name; `make proof` on the other."""
    flows = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in flows:
        used = getattr(item, "callspec", None)
        database = used.params.get("database_url") if used is not None else None
        if database is None or item.path.stem.startswith(tuple(f"test_{one}" for one in ON_BOTH)):
            continue
        name = item.nodeid.replace(str(database), "")
        if database != DATABASES[zlib.crc32(name.encode()) % len(DATABASES)]:
            item.add_marker(pytest.mark.proof)


@dataclass
class House:
    """A bot that runs, the world it runs in, and its database beside it, as the command line has it."""

    server: RehearsalServer
    database: Database
    config: Config
    language_code: str = "zh-hans"

    def label(self, key: str) -> str:
        """The button's word in the language of the test."""
        from messages.catalog import Catalog

        return Catalog().label(key, "en" if self.language_code == "en" else "zh_CN")

    async def invite(self, role: Role, name: str, base: str | None = None) -> str:
        code = await invitations.invite(self.database, role, name, base, SystemClock().now())
        assert code is not None
        return code

    def newcomer(self, name: str, phone: str = "+8610000000101") -> Person:
        return self.server.world.person(name, phone=phone, language_code=self.language_code)

    async def enrolled(
        self, role: Role, name: str, base: str | None = None, phone: str = "+8610000000101"
    ) -> Person:
        """Somebody who has gone through the whole of enrolment."""
        person = self.newcomer(name, phone)
        person.start(await self.invite(role, name, base))
        await person.expect(where=lambda m: m.has(self.label("agree_processing")))
        person.press(self.label("agree_processing"))
        await person.expect(where=lambda m: m.has(self.label("agree_cross_border")))
        person.press(self.label("agree_cross_border"))
        await person.expect(where=lambda m: bool(person.keyboard))
        person.tap(self.label("share_phone"))
        await person.expect(where=lambda m: m.has(self.label("profile")))
        return person


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """`lianluo run` as a process of its own, to be killed as a machine dies."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            env=_environment(self._config),
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def reborn(self) -> None:
        """Killed before it can have answered, and started again."""
        await self.kill()
        await self.start()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()


def _environment(config: Config) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    return clean | {
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "LIANLUO_TOKEN": config.bot_token,
        "LIANLUO_API_URL": config.api_url,
        "LIANLUO_DATABASE_URL": config.database_url,
        "LIANLUO_DATA_DIR": str(config.data_dir),
        "LIANLUO_LISTEN": config.listen,
        "LIANLUO_SENDS_PER_SECOND": "0",
        "LIANLUO_PUBLIC_LISTEN": config.public_listen or "",
        "LIANLUO_PUBLIC_URL": config.public_url or "",
        "LIANLUO_FALLBACK": config.fallback.get_secret_value() if config.fallback else "",
    }


@asynccontextmanager
async def started(config: Config) -> AsyncIterator[None]:
    async with app.running(config, SystemClock()):
        yield


@pytest.fixture
async def telegram() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(TOKEN, clock=SystemClock().now, port=0) as server:
        yield server


@pytest.fixture
def make_config(
    telegram: RehearsalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Config]:
    monkeypatch.chdir(tmp_path)

    def make(database_url: str, **changes: Any) -> Config:
        values: dict[str, Any] = {
            "token": TOKEN,
            "api_url": telegram.url,
            "database_url": database_url,
            "data_dir": tmp_path / "data",
            "listen": "127.0.0.1:0",
            "sends_per_second": 0,
        }
        return Config(**(values | changes))

    return make


@pytest.fixture(params=["polling", "webhook"])
def intake(request: pytest.FixtureRequest) -> dict[str, Any]:
    if request.param == "polling":
        return {}
    port = free_port()
    return {
        "webhook_url": f"http://127.0.0.1:{port}",
        "webhook_secret": "a-secret-of-the-flows",
        "public_listen": f"127.0.0.1:{port}",
    }


@pytest.fixture
async def house(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> AsyncIterator[House]:
    """The bot by polling, on each database, in Chinese."""
    async with _house(telegram, make_config(database_url), "zh-hans") as made:
        yield made


@pytest.fixture(params=["zh-hans", "en"])
async def autumn(
    request: pytest.FixtureRequest,
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    database_url: str,
    tmp_path: Path,
) -> "AsyncIterator[Autumn]":
    """Two bases, in both languages, and a bot to be started whose clock is moved."""
    from tests.flows.autumn import BEGIN, Autumn, at

    kept_at = tmp_path / "clock"
    kept_at.write_text(str(at(BEGIN) - SystemClock().now()))
    clock = MovableClock(kept_at)
    beside = await connect(database_url)
    try:
        async with beside.tx() as tx:
            for one in (BASE, OTHER_BASE):  # no regular exchanges, which would be reminded of in between
                await exchange_cadences.set_months(tx, await bases.add(tx, one), 0, date(2026, 9, 1))
        house = House(telegram, beside, make_config(database_url), request.param)
        yield Autumn(house, Winder(clock), clock)
    finally:
        await beside.close()


@asynccontextmanager
async def _house(telegram: RehearsalServer, config: Config, language: str) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(started(config))
        beside = await connect(config.database_url)
        stack.push_async_callback(beside.close)
        async with beside.tx() as tx:
            await bases.add(tx, BASE)
            await bases.add(tx, OTHER_BASE)
        yield House(telegram, beside, config, language)


@pytest.fixture
async def mortal(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> AsyncIterator[tuple[House, BotProcess]]:
    """A bot that runs as a process, and can be killed."""
    config = make_config(database_url)
    process = BotProcess(config)
    beside = await connect(config.database_url)
    try:
        async with beside.tx() as tx:
            await bases.add(tx, BASE)
        await process.start()
        yield House(telegram, beside, config), process
    finally:
        await process.stop()
        await beside.close()
