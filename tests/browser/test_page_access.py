"""For everybody: by keyboard alone, with names for what has no words, with enough contrast."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.rehearsal import Person
from bot.rehearsal.files import DOT
from tests.browser.conftest import NARROW, WIDE, EchoBot, Pages, Phone, Stage

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
NAMELESS = """() => [...document.querySelectorAll('button, input, textarea, select, a, [role]')]
    .filter(one => one.checkVisibility() && !one.closest('noscript'))
    .filter(one => !['status', 'alert', 'listitem'].includes(one.role))
    .filter(one => !(one.innerText || one.ariaLabel || one.labels?.length || one.ariaLabelledByElements))
    .map(one => one.outerHTML.slice(0, 120))"""


async def crowded(stage: Stage, person: Person) -> None:
    """Something of everything in the person's chat."""
    rows = [[{"text": "确认", "callback_data": "c"}], [{"text": "查看", "url": "https://example.org/"}]]
    asked = await stage.write(
        person, "<b>第 3/7 步</b> 用 /help 或 https://example.org <blockquote>引文</blockquote>", *rows
    )
    person.send("好的", reply_to=asked["message_id"])
    person.send_document("年报.pdf", b"%PDF", caption="请查收")
    person.send_photo(DOT, caption="照片")
    person.share_contact()
    keyboard = {"keyboard": [["服务申请", "通知"]]}
    await stage.call("sendMessage", chat_id=person.id, text="主页", reply_markup=keyboard)
    await stage.call("setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    await stage.call("sendChatAction", chat_id=person.id, action="typing")
    group = stage.world.group("工作群", members=list(stage.world.people.values()), forum=True)
    group.topic("新件")
    for other in stage.world.people.values():
        other.send("同意", chat=group)
    await stage.call("sendMessage", chat_id=group.id, text="已记录")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW])
async def test_every_text_has_enough_contrast(
    pages: Pages, stage: Stage, zhang: Person, li: Person, scheme: str, viewport: ViewportSize
) -> None:
    await crowded(stage, zhang)
    page = await pages.open(stage.server.url, viewport, color_scheme=scheme)
    phone = Phone(page, zhang)
    await expect(phone.row("主页")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []
    await phone.button("菜单").click()
    await phone.button("更多").click()
    assert await page.evaluate(CONTRAST) == []
    await page.keyboard.press("Escape")
    await phone.button("返回").click()
    await phone.button("工作群", exact=False).click()
    await page.get_by_role("button", name="添加人物").click()
    assert await page.evaluate(CONTRAST) == []
    await page.keyboard.press("Escape")
    await phone.button("综合", exact=False).click()
    await expect(phone.row("已记录")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []


async def test_everything_that_can_be_used_has_a_name(
    pages: Pages, stage: Stage, zhang: Person, li: Person
) -> None:
    await crowded(stage, zhang)
    page = await pages.open(stage.server.url)
    await expect(Phone(page, zhang).row("主页")).to_be_visible()
    assert await page.evaluate(NAMELESS) == []


async def test_a_conversation_by_keyboard_alone(pages: Pages, stage: Stage, li: Person) -> None:
    bot = EchoBot(stage)
    page = await pages.open(stage.server.url)
    phone = Phone(page, li)
    await reach(page, phone.button("开始"))
    await page.keyboard.press("Enter")
    await expect(phone.row("回声：/start")).to_be_visible()
    await reach(page, phone.field)
    await page.keyboard.type("你好")
    await page.keyboard.press("Enter")
    await expect(phone.row("回声：你好")).to_be_visible()
    await reach(page, phone.root.get_by_role("log"), "Shift+Tab")
    await page.keyboard.press("ArrowUp")
    await expect(phone.rows.last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(phone.root.get_by_role("menuitem", name="回复")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(phone.field).to_be_focused()
    await page.keyboard.type("回复你")
    await page.keyboard.press("Enter")
    await expect(phone.row("回复你").locator(".quote").first).to_contain_text("回声：你好")
    await bot.stop()


async def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    for _ in range(40):
        if await wanted.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError("the keyboard does not get there")


async def test_where_the_focus_is_can_be_seen(phone: Phone) -> None:
    await expect(phone.field).to_be_visible()
    await phone.button("更多").focus()
    await phone.page.keyboard.press("Shift+Tab")
    await expect(phone.button("返回")).to_have_css("outline-style", "solid")


async def test_new_messages_are_announced_and_a_menu_gives_the_focus_back(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    log = phone.root.get_by_role("log")
    await expect(log).not_to_have_attribute("aria-busy", "true")
    await expect(log).to_have_accessible_name("联络")
    await phone.button("更多").press("Enter")
    await phone.page.keyboard.press("ArrowDown")
    await expect(phone.root.get_by_role("menuitem", name="屏蔽机器人")).to_be_focused()
    await phone.page.keyboard.press("Escape")
    await expect(phone.button("更多")).to_be_focused()
