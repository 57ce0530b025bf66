"""A whole conversation, with PTB's own Bot on the other side."""

import asyncio

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)

from bot.rehearsal import Answer, NotSeen, RehearsalServer


async def next_update(bot: Bot, offset: int | None = None) -> Update:
    (update,) = await bot.get_updates(offset=offset, timeout=2)
    return update


async def test_a_person_registers_by_contact_and_press(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三", username="zhangsan", phone="+8613800000001")
    zhang.start("CODE")
    first = await next_update(bot)
    assert first.message is not None
    assert first.message.text == "/start CODE"
    assert first.message.parse_entities(["bot_command"]) == {first.message.entities[0]: "/start"}

    keyboard = ReplyKeyboardMarkup([[KeyboardButton("共享电话", request_contact=True)]])
    await bot.send_message(zhang.id, "请提供<b>联系电话</b>", parse_mode="HTML", reply_markup=keyboard)
    asked = await zhang.expect("联系电话")
    assert asked.html == "请提供<b>联系电话</b>"
    assert zhang.keyboard == [["共享电话"]]

    zhang.tap("共享电话")
    second = await next_update(bot, first.update_id + 1)
    assert second.message is not None
    assert second.message.contact is not None
    assert second.message.contact.user_id == zhang.id
    assert second.message.contact.phone_number == "8613800000001"
    assert second.message.reply_to_message is not None

    confirm = InlineKeyboardMarkup([[InlineKeyboardButton("提交", callback_data="s:1:1")]])
    review = await bot.send_message(zhang.id, "请核对", reply_markup=confirm)
    press = zhang.press("提交", await zhang.expect("核对"))
    third = await next_update(bot, second.update_id + 1)
    assert third.callback_query is not None
    assert third.callback_query.data == "s:1:1"
    assert third.callback_query.message is not None
    assert third.callback_query.message.message_id == review.message_id

    answered = asyncio.create_task(press.answered())
    await third.callback_query.answer("收到", show_alert=True)
    assert await answered == Answer("收到", show_alert=True)
    await third.callback_query.edit_message_text("登记完成")
    done = await zhang.expect("登记完成", where=lambda message: message.edited)
    assert done.buttons == []
    assert [message.text for message in zhang.messages()] == ["/start CODE", "请提供联系电话", "", "登记完成"]


async def test_what_is_not_seen_in_time_says_what_came_instead(server: RehearsalServer, bot: Bot) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    await bot.send_message(zhang.id, "菜单")
    with pytest.raises(NotSeen, match="菜单"):
        await zhang.expect("登记", timeout=0)
