"""Inline and reply keyboards, the answers to presses, contacts, links."""

from typing import Any

import pytest
from playwright.async_api import expect

from bot.rehearsal import Person
from tests.browser.conftest import Phone, Stage

CONFIRM = {"text": "确认", "callback_data": "c:1:1"}


async def pressed(stage: Stage) -> dict[str, Any]:
    """The press that the bot hears of."""
    query: dict[str, Any] = (await stage.call("getUpdates", timeout=5))[-1]["callback_query"]
    return query


async def test_a_press_turns_until_its_answer_comes_as_a_toast(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    await stage.write(zhang, "请确认", [CONFIRM, {"text": "取消", "callback_data": "c:1:2"}])
    await phone.button("确认").click()
    await expect(phone.button("确认")).to_have_attribute("aria-busy", "true")
    query = await pressed(stage)
    assert (query["data"], query["from"]["id"]) == ("c:1:1", zhang.id)
    await stage.call("answerCallbackQuery", callback_query_id=query["id"], text="已受理")
    await expect(phone.toast).to_have_text("已受理")
    await expect(phone.button("确认")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_waits_to_be_closed(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "请确认", [CONFIRM])
    await phone.button("确认").press("Enter")
    query = await pressed(stage)
    await stage.call("answerCallbackQuery", callback_query_id=query["id"], text="不在范围", show_alert=True)
    await expect(phone.alert).to_contain_text("不在范围")
    await expect(phone.button("好")).to_be_focused()
    await phone.page.keyboard.press("Escape")
    await expect(phone.alert).to_have_count(0)
    await expect(phone.button("确认")).to_be_focused()


async def test_an_empty_answer_only_stops_the_turning(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "请确认", [CONFIRM])
    await phone.button("确认").click()
    await stage.call("answerCallbackQuery", callback_query_id=(await pressed(stage))["id"])
    await expect(phone.button("确认")).not_to_have_attribute("aria-busy", "true")
    await expect(phone.toast).to_have_count(0)


async def test_a_button_with_a_link_opens_it_apart(phone: Phone, stage: Stage, zhang: Person) -> None:
    await stage.write(zhang, "规定", [{"text": "查看", "url": f"{stage.server.url}/page/icon.svg"}])
    async with phone.page.context.expect_page() as opened:
        await phone.button("查看").click()
    assert (await opened.value).url.endswith("/page/icon.svg")


async def test_a_button_copies_its_text(phone: Phone, stage: Stage, zhang: Person) -> None:
    await phone.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await stage.write(zhang, "编号", [{"text": "复制编号", "copy_text": {"text": "FW-2026-0001"}}])
    await phone.button("复制编号").click()
    await expect(phone.toast).to_have_text("已复制")
    assert await phone.page.evaluate("navigator.clipboard.readText()") == "FW-2026-0001"


async def show_keyboard(stage: Stage, person: Person, rows: list[list[Any]], **more: Any) -> None:
    markup = {"keyboard": rows, "resize_keyboard": True, **more}
    await stage.call("sendMessage", chat_id=person.id, text="请选择", reply_markup=markup)


async def test_a_reply_keyboard_sends_its_words_and_can_be_put_away(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    await show_keyboard(stage, zhang, [["服务申请", "通知"]], input_field_placeholder="写点什么")
    await phone.button("服务申请").click()
    await expect(phone.row("服务申请")).to_be_visible()
    assert zhang.last.text == "服务申请"
    await expect(phone.field).to_have_attribute("placeholder", "写点什么")
    await phone.button("收起按钮").click()
    await expect(phone.button("通知")).to_be_hidden()
    await phone.button("显示按钮").click()
    await expect(phone.button("通知")).to_be_visible()


async def test_a_keyboard_for_once_is_put_away_after_it_and_removed_when_the_bot_says_so(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    await show_keyboard(stage, zhang, [["好的"]], one_time_keyboard=True)
    await phone.button("好的").click()
    await expect(phone.button("好的")).to_be_hidden()
    await phone.button("显示按钮").click()
    await stage.call("sendMessage", chat_id=zhang.id, text="谢谢", reply_markup={"remove_keyboard": True})
    await expect(phone.button("好的")).to_have_count(0)
    await expect(phone.button("收起按钮")).to_be_hidden()


async def test_a_button_shares_the_persons_own_contact(phone: Phone, stage: Stage, zhang: Person) -> None:
    await show_keyboard(stage, zhang, [[{"text": "共享电话", "request_contact": True}]])
    await phone.button("共享电话").click()
    await expect(phone.rows.last.locator(".contact")).to_contain_text("+8610000000101")
    assert (zhang.last.contact or {})["user_id"] == zhang.id


@pytest.mark.parametrize(("name", "digits"), [("张三（本人）", "101"), ("王五", "105")])
async def test_any_contact_can_be_sent_from_the_address_book(
    phone: Phone, stage: Stage, zhang: Person, name: str, digits: str
) -> None:
    stage.world.person("王五", phone="+8610000000105")
    await phone.button("附件").click()
    await phone.root.get_by_role("menuitem", name="名片…").click()
    await phone.page.get_by_role("dialog").get_by_role("button", name=name).click()
    await expect(phone.rows.last.locator(".contact")).to_contain_text(digits)
    assert (zhang.last.contact or {})["phone_number"].endswith(digits)


async def test_an_invitation_link_in_a_message_starts_the_bot_with_it(
    phone: Phone, stage: Stage, zhang: Person
) -> None:
    await stage.write(zhang, "邀请：https://t.me/lianluo_bot?start=INV1TE")
    await phone.row("邀请").get_by_role("link").click()
    await expect(phone.row("/start INV1TE")).to_be_visible()


async def test_a_code_can_be_used_later_too(phone: Phone, zhang: Person) -> None:
    await phone.button("更多").click()
    await phone.root.get_by_role("menuitem", name="使用邀请码…").click()
    dialog = phone.page.get_by_role("dialog")
    await dialog.get_by_label("邀请码或邀请链接").fill("LATER")
    await dialog.get_by_role("button", name="开始").click()
    await expect(phone.row("/start LATER")).to_be_visible()
    await expect(dialog).to_have_count(0)
