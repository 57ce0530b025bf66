"""Chromium on the page of a rehearsal server: one browser for all tests, a server and a page for each.

Where Chromium is missing the tests are skipped, and say so. What the page complains of in its console, and
whatever it asks of another host, fails the test.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from bot.rehearsal import Person, RehearsalServer, World

CHROMIUM = Path("/usr/bin/chromium")
MISSING = f"Chromium is not installed: {CHROMIUM} is missing (apt-get install chromium)"
TOKEN = "42:TEST"
MORNING = 1_795_395_600_000  # Monday, 2026-11-23 09:00 in Shanghai
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all of them, since they share the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=MISSING))


class Contexts:
    """One context for each set of options; a test has a server, so an origin and a storage, of its own."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.made: dict[str, BrowserContext] = {}

    async def get(self, **options: Any) -> BrowserContext:
        key = repr(options)
        if key not in self.made:
            self.made[key] = await self.browser.new_context(locale="zh-CN", **options)
        return self.made[key]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def contexts() -> AsyncIterator[Contexts]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Contexts(browser)
        await browser.close()


@dataclass
class Clock:
    """A clock that the page can move. It keeps where it stopped."""

    ms: int = MORNING
    due: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self) -> int:
        return self.ms

    def now(self) -> int:
        return self.ms

    async def next_due(self) -> int | None:
        return min((at for at in self.due if at > self.ms), default=None)

    async def advance(self, to_ms: int) -> None:
        await self.gate.wait()
        self.ms = to_ms
        self.stops.append(to_ms)


class Stage:
    """The server with its people, and the bot's side of it."""

    def __init__(self, server: RehearsalServer, session: aiohttp.ClientSession, clock: Clock) -> None:
        self.server = server
        self.session = session
        self.clock = clock

    @property
    def world(self) -> World:
        return self.server.world

    async def call(self, method: str, **params: Any) -> Any:
        """A method of the Bot API, as the bot calls it."""
        url = f"{self.server.base_url}{TOKEN}/{method}"
        async with self.session.post(url, json=params) as answer:
            envelope = await answer.json()
        assert envelope["ok"], envelope
        return envelope["result"]

    async def write(self, person: Person, text: str, *buttons: list[dict[str, Any]], **more: Any) -> Any:
        markup = {"reply_markup": {"inline_keyboard": buttons}} if buttons else {}
        return await self.call(
            "sendMessage", chat_id=person.id, text=text, parse_mode="HTML", **markup, **more
        )

    async def send_file(self, person: Person, kind: str, name: str, data: bytes, **more: Any) -> Any:
        form = aiohttp.FormData({"chat_id": str(person.id), **more}, quote_fields=False)
        form.add_field(kind, data, filename=name)
        url = f"{self.server.base_url}{TOKEN}/send{kind.title()}"
        async with self.session.post(url, data=form) as answer:
            return (await answer.json())["result"]

    async def bot_reads(self) -> None:
        """Confirms every update, as a bot that asks for the next."""
        updates = await self.call("getUpdates")
        await self.call("getUpdates", offset=updates[-1]["update_id"] + 1)


class EchoBot:
    """Says again whatever it is told, until it is stopped."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _run(self) -> None:
        offset = 0
        while True:
            for update in await self.stage.call("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                message = update.get("message", {})
                if "text" in message:
                    text = f"回声：{message['text']}"
                    await self.stage.call("sendMessage", chat_id=message["chat"]["id"], text=text)


class Phone:
    """A person's phone on a page."""

    def __init__(self, page: Page, person: Person) -> None:
        self.page = page
        self.root = page.locator(f"#phone-{person.id}")
        self.field = self.root.get_by_role("textbox", name="消息", exact=True)
        self.alert = self.root.get_by_role("alertdialog")
        self.toast = self.root.locator(".toast")
        self.rows = self.root.locator(".row")

    def row(self, text: str | re.Pattern[str]) -> Locator:
        return self.rows.filter(has_text=text)

    def button(self, name: str, *, exact: bool = True) -> Locator:
        return self.root.get_by_role("button", name=name, exact=exact)

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def choose(self, row: Locator, deed: str) -> None:
        """From the menu of a message."""
        await row.hover()
        await row.get_by_role("button", name="消息操作").click()
        await self.root.get_by_role("menuitem", name=deed).click()

    async def attach(self, kind: str, *files: Any) -> Locator:
        """Picks files; gives the dialog in which they are sent."""
        async with self.page.expect_file_chooser() as chosen:
            await self.button("附件").click()
            await self.root.get_by_role("menuitem", name=kind).click()
        await (await chosen.value).set_files(list(files))
        return self.page.get_by_role("dialog")


@pytest_asyncio.fixture(loop_scope="session")
async def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(clock: Clock) -> AsyncIterator[Stage]:
    async with (
        RehearsalServer(TOKEN, clock=clock, clock_control=clock) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Stage(server, session, clock)


@pytest.fixture
def zhang(stage: Stage) -> Person:
    """A liaison who has started the bot."""
    person = stage.world.person("张三", phone="+8610000000101", slot="liaison")
    person.start()
    stage.world.updates.drop_pending()
    return person


@pytest.fixture
def li(stage: Stage) -> Person:
    """An officer who has not met the bot."""
    return stage.world.person("李四", slot="officer")


class Pages:
    """The pages of a test; their complaints are kept."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.complaints: list[str] = []
        self.failing = False  # whether requests are meant to fail, of which a console complains

    async def open(self, url: str, viewport: ViewportSize = WIDE, **more: Any) -> Page:
        context = await self.contexts.get(viewport=viewport, **more)
        page = await context.new_page()
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(f"{error}"))
        page.on("request", lambda asked: self._asked(asked.url, url))
        await page.goto(url)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not (self.failing and "Failed to load resource" in text):
            self.complaints.append(text)

    def _asked(self, asked: str, own: str) -> None:
        if not asked.startswith((own, "data:", "blob:")):
            self.complaints.append(f"asked for {asked}")

    async def close(self) -> None:
        for context in self.contexts.made.values():
            for page in context.pages:
                await page.close()


@pytest_asyncio.fixture(loop_scope="session")
async def pages(contexts: Contexts, stage: Stage) -> AsyncIterator[Pages]:
    """Closed before the server stops."""
    opened = Pages(contexts)
    yield opened
    await opened.close()
    assert opened.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(pages: Pages, stage: Stage, zhang: Person) -> Page:
    """A wide page, with Zhang on it."""
    return await pages.open(stage.server.url)


@pytest_asyncio.fixture(loop_scope="session")
async def phone(page: Page, zhang: Person) -> Phone:
    return Phone(page, zhang)
