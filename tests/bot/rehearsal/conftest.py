"""A server on a free port, a clock that stands still until it is moved, and PTB's own Bot against it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.rehearsal import RehearsalServer

TOKEN = "42:TEST"
NOON = 1_795_579_200_000  # 2026-11-24 12:00 UTC


@dataclass
class Clock:
    ms: int = NOON

    def __call__(self) -> int:
        return self.ms

    def pass_seconds(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(TOKEN, clock=clock) as running:
        yield running


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[Bot]:
    request = HTTPXRequest(connection_pool_size=16)
    async with Bot(
        server.token, server.base_url, server.base_file_url, request=request, get_updates_request=request
    ) as running:
        server.world.calls.all.clear()
        yield running


class Raw:
    """Calls a method with a JSON body and gives the envelope."""

    def __init__(self, session: aiohttp.ClientSession, server: RehearsalServer) -> None:
        self.session = session
        self.server = server

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.server.base_url}{TOKEN}/{method}", json=params) as answer:
            envelope: dict[str, Any] = await answer.json()
        assert answer.status == (200 if envelope["ok"] else envelope["error_code"])
        return envelope


@pytest.fixture
async def call(server: RehearsalServer) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, server)
