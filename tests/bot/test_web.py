"""What each of the two addresses says, and what the public one does not."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.web import Check, Site, inner, public


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def at(application: web.Application) -> Site:
    site = Site(application, "127.0.0.1:0")
    await site.start()
    return site


async def scrape() -> bytes:
    return b"lianluo_sends_total 1\n"


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.mark.parametrize(
    ("trouble", "status", "says"),
    [
        (None, 200, {"ready": True}),
        ("the disk is full", 503, {"ready": False, "database": "the disk is full"}),
    ],
)
async def test_the_inner_address_tells_whether_it_lives_and_can_work(
    session: aiohttp.ClientSession, trouble: str | None, status: int, says: dict[str, object]
) -> None:
    checks: dict[str, Check] = {"sending": lambda: None, "database": lambda: trouble}
    site = await at(inner(checks, scrape))
    try:
        async with session.get(f"http://127.0.0.1:{site.port}/healthz") as lives:
            assert (lives.status, await lives.text()) == (200, "ok\n")
        async with session.get(f"http://127.0.0.1:{site.port}/readyz") as works:
            assert (works.status, await works.json()) == (status, says)
        async with session.get(f"http://127.0.0.1:{site.port}/metrics") as metrics:
            assert await metrics.read() == b"lianluo_sends_total 1\n"
    finally:
        await site.stop()


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/", "/a", "/../metrics", "//metrics"])
async def test_the_public_address_serves_its_pages_alone_and_names_no_program(
    session: aiohttp.ClientSession, path: str
) -> None:
    site = await at(public([web.get("/page", hello)], 1000))
    try:
        async with session.get(f"http://127.0.0.1:{site.port}/page") as page:
            assert (page.status, await page.text()) == (200, "hello")
            assert "Server" not in page.headers
        async with session.get(f"http://127.0.0.1:{site.port}{path}") as other:
            assert other.status == 404
            assert "Server" not in other.headers
    finally:
        await site.stop()
