"""The story as a newcomer clicks it, in both languages: start the rehearsal, enrol, file, be answered."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from domain import catalogue
from messages.catalog import Catalog
from tests.browser.conftest import WIDE, Contexts
from tests.flows.conftest import free_port
from tests.flows.test_story import ANSWERS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 20_000
NEWCOMER = "宋一苇（演示）"


@asynccontextmanager
async def rehearsing(folder: Path) -> AsyncIterator[str]:
    """`lianluo rehearse`, in a folder of its own; its address."""
    port = free_port()
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "rehearse",
        "--port",
        str(port),
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT), "LIANLUO_LISTEN": "127.0.0.1:0"},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        while b"rehearsal:" not in (line := await process.stderr.readline()):
            assert line, "the rehearsal ended before it was ready"
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        assert await process.wait() == 0


@pytest_asyncio.fixture(loop_scope="session")
async def rehearsal(tmp_path: Path) -> AsyncIterator[str]:
    async with rehearsing(tmp_path) as address:
        yield address


class Handset:
    """One phone on the page, used as a person uses it."""

    def __init__(self, page: Page, owner: str, language: str) -> None:
        self.page = page
        self.root = page.get_by_role("region", name=re.compile(re.escape(owner)))
        self.label = lambda key: Catalog().label(key, language)

    @property
    def newest(self) -> Locator:
        return self.root.locator(".row").last

    async def press(self, word: str) -> None:
        await self.root.get_by_role("button", name=word, exact=True).last.click(timeout=PATIENCE_MS)

    async def turns_back(self) -> None:
        """返回 under the newest message, once it is there; the phone has a button of that name too."""
        await self.newest.get_by_role("button", name=self.label("home"), exact=True).click(
            timeout=PATIENCE_MS
        )

    async def sees(self, text: str) -> None:
        shown = self.root.locator(".row").filter(has_text=text).last
        await expect(shown).to_be_visible(timeout=PATIENCE_MS)

    async def shot(self, name: str) -> None:
        if folder := os.environ.get("LIANLUO_SCREENSHOTS"):
            await self.root.screenshot(path=Path(folder) / f"upload-{name}.png")

    async def says(self, text: str) -> None:
        field = self.root.get_by_role("textbox")
        await field.fill(text)
        await field.press("Enter")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_story_from_enrolment_to_closing(
    contexts: Contexts, rehearsal: str, language: str, request: pytest.FixtureRequest
) -> None:
    context = await contexts.get(viewport=WIDE)
    page = await context.new_page()
    try:
        await page.goto(rehearsal)
        await story(page, language)
        if shots := os.environ.get("LIANLUO_SCREENSHOTS"):
            await page.screenshot(path=Path(shots) / f"story-{language}.png")
    finally:
        await page.close()


async def story(page: Page, language: str) -> None:
    officer = Handset(page, "周明远（演示）", "zh_CN")
    await officer.press("基地名录")
    await officer.press("岷畔转移中心（演示）")
    await officer.press(f"邀请 {NEWCOMER}")
    await officer.sees("?start=")
    link = await officer.root.get_by_role("link").last.inner_text()

    await add_person(page, NEWCOMER, link, language)
    liaison = Handset(page, NEWCOMER, language)
    await enrol(liaison)
    await file_request(liaison, language)

    await officer.sees("新申请")
    await officer.press("受理")
    await officer.press("回复")
    await officer.sees("回复内容")
    await officer.says("可以提交预审，请按清单准备。")
    await officer.press("跳过")
    await officer.press("提交")
    await liaison.sees("可以提交预审，请按清单准备。")
    await officer.press("办结")
    await officer.press("跳过")
    await officer.press("提交")
    await liaison.sees(liaison.label("state_closed"))


async def add_person(page: Page, name: str, link: str, language: str) -> None:
    await page.get_by_role("button", name="添加人物").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("姓名").fill(name)
    await dialog.get_by_label("手机号（可不填）").fill("+8610000000301")
    if language == "en":
        await dialog.get_by_label("聊天软件语言").select_option("English")
    await dialog.get_by_role("button", name="添加", exact=True).click()
    phone = Handset(page, name, language)
    await phone.root.get_by_label("邀请码（可不填）").fill(link)
    await phone.press("开始")


async def enrol(liaison: Handset) -> None:
    await liaison.press(liaison.label("agree_processing"))
    await liaison.press(liaison.label("agree_cross_border"))
    await liaison.press(liaison.label("share_phone"))
    await confirm_sharing(liaison)
    await liaison.press(liaison.label("request"))


async def confirm_sharing(liaison: Handset) -> None:
    """Telegram asks before it gives the number away."""
    sure = liaison.root.get_by_role("alertdialog").get_by_role("button").last
    if await sure.count():
        await sure.click()


async def file_request(liaison: Handset, language: str) -> None:
    service = catalogue.service("S301")
    await liaison.press(service.words.pick(language))
    for step in catalogue.form(service).steps:
        await liaison.sees(step.label.pick(language))
        value = ANSWERS[step.key]
        words = {choice.key: choice.words.pick(language) for choice in step.choices}
        if value is None:
            await liaison.press(liaison.label("skip"))
        elif value in words:
            await liaison.press(words[value])
        else:
            await liaison.says(str(value))
    await liaison.press(liaison.label("submit"))
    await liaison.sees("FW-2026-0001")
