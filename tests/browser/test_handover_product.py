"""A change of liaison as people do it on the rehearsal's page: picked, confirmed, registered, enrolled."""

import asyncio
import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import WIDE, Contexts
from tests.browser.test_product import PATIENCE_MS, Handset, confirm_sharing, rehearsal

__all__ = ["rehearsal"]

LEAVER, SUCCESSOR = "林知行", "宋知远（演示）"


async def test_a_liaison_picks_a_successor_who_takes_over_by_the_forwarded_link(
    contexts: Contexts, rehearsal: str
) -> None:
    context = await contexts.get(viewport=WIDE)
    page = await context.new_page()
    try:
        await page.goto(rehearsal)
        leaver, officer = Handset(page, LEAVER, "zh_CN"), Handset(page, "周明远", "zh_CN")
        await added(page)
        await leaver.press("我的信息")
        await leaver.press("变更联络员")
        await leaver.sees("变更由本单位办理")
        await shot(leaver, "1-ways")
        await leaver.press("在 Telegram 选人 · 联络员")
        await leaver.sees("在 Telegram 名单中选择一位")
        await shot(leaver, "2-pick")
        await leaver.press("选择新任人员")
        await page.get_by_role("dialog").get_by_role("button", name=SUCCESSOR).click()
        await leaver.sees("联系方式")
        await leaver.says("10000000303")
        await shot(leaver, "3-review")
        await leaver.press("提交")
        await leaver.sees("待中心登记")
        await shot(leaver, "4-proposed")
        await officer.press("查看变更")
        await officer.press("登记变更")
        await officer.sees("登记表最迟")
        await shot(officer, "5-registered")
        await leaver.sees("?start=")
        link = await leaver.root.get_by_role("link").last.inner_text()

        newcomer = Handset(page, SUCCESSOR, "zh_CN")
        await newcomer.root.get_by_label("邀请码（可不填）").fill(link)
        await newcomer.press("开始")
        for key in ("agree_processing", "agree_cross_border", "share_phone"):
            await newcomer.press(newcomer.label(key))
        await confirm_sharing(newcomer)
        await newcomer.sees("请接手")
        await leaver.sees("移交完成")
        await expect(newcomer.root.locator(".attachment").last).to_be_visible(timeout=PATIENCE_MS)
        await shot(newcomer, "6-taken")
        await shot(leaver, "7-left")
    finally:
        await page.close()


async def added(page: Page) -> None:
    """Somebody who has Telegram, and has never met the bot."""
    await page.get_by_role("button", name="添加人物").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("姓名").fill(SUCCESSOR)
    await dialog.get_by_label("手机号（可不填）").fill("+8610000000303")
    await dialog.get_by_role("button", name="添加", exact=True).click()


async def shot(phone: Handset, name: str) -> None:
    if folder := os.environ.get("LIANLUO_SCREENSHOTS"):
        await asyncio.sleep(0.3)
        await phone.root.screenshot(path=Path(folder) / f"handover-{name}.png")
