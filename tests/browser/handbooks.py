"""Takes the handbooks' pictures from the rehearsal and puts the bot's own help into their text.

`python -m tests.browser.handbooks` (`make handbooks`); it needs Chromium. What stands between
`<!-- help:NAME -->` and `<!-- /help -->` in `docs/handbook-*.md` is the help page of that name.
"""

import asyncio
import html
import io
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright, expect

from messages.catalog import Catalog
from tests.browser.conftest import CHROMIUM, FLAGS, WIDE
from tests.browser.test_product import PATIENCE_MS, Handset, rehearsing

DOCS = Path(__file__).resolve().parents[2] / "docs"
BOOKS = (DOCS / "handbook-liaison.md", DOCS / "handbook-staff.md")
PICTURES = DOCS / "pictures"
COLOURS = 64
_PART = re.compile(r"(<!-- help:(\w+) -->\n).*?(<!-- /help -->)", re.DOTALL)

Take = Callable[[str, Handset], Awaitable[None]]


def with_help(book: str) -> str:
    """The handbook with every help page as the bot has it now."""
    return _PART.sub(lambda part: f"{part[1]}{_as_markdown(part[2])}\n{part[3]}", book)


def _as_markdown(topic: str) -> str:
    """Without its heading, which the handbook has; a line is a paragraph, numbered lines a list."""
    page = Catalog().render(f"help/{topic}", "zh_CN", {"here": None})
    _, *lines = [html.unescape(line) for line in page.splitlines() if line.strip()]
    said = "\n\n".join(re.sub(r"^· ", "- ", line) for line in lines)
    return re.sub(r"(?m)^((?:\d\. |- ).*)\n\n(?=\d\. |- )", r"\1\n", said)


async def shown(handset: Handset, text: str) -> None:
    """Until the newest message says so: an older one may have said it before."""
    await expect(handset.newest).to_contain_text(text, timeout=PATIENCE_MS)


async def liaisons(take: Take, liaison: Handset) -> None:
    await liaison.says("/menu")
    await shown(liaison, "请选择：")
    await take("liaison-menu", liaison)
    await liaison.press("服务申请")
    await shown(liaison, "请选择")
    await take("liaison-request", liaison)
    await liaison.says("/report")
    await shown(liaison, "年度总结")
    await take("liaison-report", liaison)
    await liaison.says("请问专利权质押登记需要准备哪些材料？")
    await shown(liaison, "对接人")
    await take("liaison-question", liaison)
    await liaison.says("/profile")
    await shown(liaison, "身份：")
    await take("liaison-profile", liaison)
    await liaison.press("暂离")
    await shown(liaison, "第 1/")
    await liaison.says("/help")
    await shown(liaison, "您正在填写")
    await take("liaison-help", liaison)
    await liaison.press("取消")
    await liaison.press("放弃")


async def officers(take: Take, officer: Handset) -> None:
    await shown(officer, "请问专利权质押登记")
    await take("staff-question", officer)
    await officer.says("/desk")
    await shown(officer, "待办件")
    await take("staff-desk", officer)
    await officer.says("/bases 蜀江")
    await shown(officer, "共 1 家")
    await officer.press("蜀江理工（演示）")
    await shown(officer, "责任处室")
    await take("staff-base", officer)
    await officer.says("/reports")
    await shown(officer, "未开始")
    await take("staff-reports", officer)
    await officer.says("/announce")
    await shown(officer, "第 1/")
    await take("staff-announce", officer)
    await officer.press("取消")
    await officer.press("放弃")


async def take_pictures(folder: Path) -> None:
    """Every scene, on the phones of the rehearsal."""

    async def take(name: str, handset: Handset) -> None:
        shot = Image.open(io.BytesIO(await handset.root.screenshot()))
        shot.convert("RGB").quantize(COLOURS).save(folder / f"{name}.png", optimize=True)

    with tempfile.TemporaryDirectory() as play:
        async with rehearsing(Path(play)) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            context = await browser.new_context(viewport=WIDE, locale="zh-CN", device_scale_factor=2)
            page = await context.new_page()
            await page.goto(address)
            await liaisons(take, Handset(page, "林知行", "zh_CN"))
            await officers(take, Handset(page, "周明远", "zh_CN"))
            await browser.close()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(take_pictures(PICTURES))
    for book in BOOKS:
        book.write_text(with_help(book.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
