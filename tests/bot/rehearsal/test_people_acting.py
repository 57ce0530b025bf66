"""What people do, as the bot is told of it, and what they see of what it does."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.rehearsal import CannotAct, Person, RehearsalServer, World
from bot.rehearsal.people import NotSeen
from bot.rehearsal.snapshot import dump, load
from tests.bot.rehearsal.conftest import Clock

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("确认 ✅", callback_data="c:1:1")]])


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三", last_name="Zhang", username="zhangsan", phone="+8613800000001")
    person.start()
    server.world.updates.drop_pending()
    return person


def last(world: World) -> dict[str, Any]:
    return world.updates.pending[-1].body


def contains(whole: Any, part: Any) -> bool:
    """PTB adds its defaults; everything that was sent must still be there."""
    if isinstance(part, dict):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def act_everything(zhang: Person) -> None:
    li = zhang.world.person("李四", phone="13900000002")
    sent = zhang.send("年 #专利 /menu https://a.cn")
    zhang.send("回复", reply_to=sent)
    zhang.edit(sent, "改")
    zhang.share_contact()
    zhang.share_contact_of(li)
    zhang.share_contact_of({"phone_number": "1", "first_name": "王五"})
    zhang.forward_contact(zhang, by=li)
    zhang.share_users({"request_id": 7, "request_name": True, "request_username": True}, li)
    zhang.send_photo(caption="照片")
    zhang.send_sticker()
    zhang.send_voice()
    zhang.send_document("a.txt", b"a", caption="附件")
    zhang.block()
    zhang.unblock()
    group = zhang.world.group("中心", members=[zhang], forum=True)
    zhang.send("/desk", chat=group, topic=group.topic("申请"))
    basic = zhang.world.group("工作群", members=[zhang, li])
    basic.migrate()
    basic.remove_bot()


async def test_every_update_is_what_ptb_reads(zhang: Person, server: RehearsalServer, bot: Bot) -> None:
    await bot.send_message(zhang.id, "a", reply_markup=BUTTON)
    zhang.press("确认")
    act_everything(zhang)
    for pending in server.world.updates.pending:
        update = Update.de_json(pending.body, bot)
        assert contains(update.to_dict(), pending.body)
        assert update.effective_user is not None
    kinds = {kind for pending in server.world.updates.pending for kind in pending.body} - {"update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}


@pytest.mark.parametrize(
    ("share", "user_id_of", "forwarded_from"),
    [
        (lambda zhang, _: zhang.share_contact(), "zhang", None),
        (lambda zhang, li: zhang.share_contact_of(li), "li", None),
        (lambda zhang, li: zhang.forward_contact(li), "li", "li"),
        (lambda zhang, li: zhang.forward_contact(zhang, by=li), "zhang", "li"),
    ],
)
async def test_whose_contact_it_is_and_who_forwarded_it_can_be_told(
    zhang: Person,
    server: RehearsalServer,
    share: Callable[[Person, Person], Any],
    user_id_of: str,
    forwarded_from: str | None,
) -> None:
    people = {"zhang": zhang, "li": server.world.person("李四", phone="13900000002")}
    share(zhang, people["li"])
    message = last(server.world)["message"]
    assert message["contact"]["user_id"] == people[user_id_of].id
    origin = message.get("forward_origin", {}).get("sender_user", {}).get("id")
    assert origin == (people[forwarded_from].id if forwarded_from else None)


async def test_a_forged_press_and_a_press_on_a_message_that_is_gone(
    zhang: Person, server: RehearsalServer, bot: Bot
) -> None:
    await bot.send_message(zhang.id, "a", reply_markup=BUTTON)
    seen = await zhang.expect("a")
    zhang.press_data("forged", seen)
    assert last(server.world)["callback_query"]["data"] == "forged"
    await bot.delete_message(zhang.id, seen.message_id)
    zhang.press("确认", seen)
    update = (await bot.get_updates())[-1]
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible
    with pytest.raises(LookupError, match="no message of the bot has a button '确认'"):
        zhang.press("确认")


async def test_an_old_button_keeps_the_data_it_was_seen_with(
    zhang: Person, bot: Bot, server: RehearsalServer
) -> None:
    message = await bot.send_message(zhang.id, "a", reply_markup=BUTTON)
    old = await zhang.expect("a")
    newer = InlineKeyboardMarkup([[InlineKeyboardButton("确认", callback_data="c:1:2")]])
    await message.edit_text("b", reply_markup=newer)
    assert zhang.press("确认", old).query.data == "c:1:1"
    assert zhang.press("确认").query.data == "c:1:2"
    assert zhang.refreshed(old).text == "b"
    assert server.world.state.messages[zhang.id][message.message_id].versions == [{"text": "a"}]


async def test_expecting_goes_forward_only(zhang: Person, bot: Bot) -> None:
    for text in ("第 1 步", "第 2 步", "第 3 步"):
        await bot.send_message(zhang.id, text)
    assert (await zhang.expect("第")).text == "第 1 步"
    assert (await zhang.expect(re.compile(r"第 [3-9]"))).text == "第 3 步"
    with pytest.raises(NotSeen, match="did not see '第 2 步'"):
        await zhang.expect("第 2 步", timeout=0)
    await bot.send_message(zhang.id, "a")
    zhang.send("b")
    with pytest.raises(NotSeen, match="since the last act came\n  nothing\nthe chat ends with"):
        await zhang.expect("a", timeout=0)


async def test_expecting_wakes_with_the_message(zhang: Person, bot: Bot) -> None:
    waiting = asyncio.create_task(zhang.expect("年"))
    await asyncio.sleep(0)
    await bot.send_message(zhang.id, "月")
    assert not waiting.done()
    await bot.send_message(zhang.id, "年")
    assert (await waiting).text == "年"


async def test_a_deletion_is_seen_when_it_is_asked_for(zhang: Person, bot: Bot) -> None:
    message = await bot.send_message(zhang.id, "年")
    await message.delete()
    assert [one.text for one in zhang.messages()] == ["/start"]
    assert (await zhang.expect("年")).deleted is False
    assert (await zhang.expect("年", where=lambda one: one.deleted)).deleted is True


async def test_typing_is_seen_for_five_seconds(zhang: Person, bot: Bot, clock: Clock) -> None:
    await bot.send_chat_action(zhang.id, "typing")
    assert zhang.typing == "typing"
    clock.pass_seconds(5)
    assert zhang.typing is None


async def test_a_message_has_the_clocks_date(zhang: Person, bot: Bot, clock: Clock) -> None:
    clock.pass_seconds(3600)
    message = await bot.send_message(zhang.id, "a")
    assert message.date.timestamp() * 1000 == clock.ms
    clock.pass_seconds(60)
    edited = await message.edit_text("b")
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert edited.edit_date.timestamp() * 1000 == clock.ms


async def test_blocking_and_restarting_are_told(zhang: Person, server: RehearsalServer, bot: Bot) -> None:
    zhang.block()
    zhang.start()
    blocked, unblocked, started = await bot.get_updates()
    assert blocked.my_chat_member is not None
    assert unblocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert started.message is not None
    assert await bot.send_message(zhang.id, "a")


@pytest.mark.parametrize(
    "act",
    [
        lambda zhang: (zhang.block(), zhang.send("a")),
        lambda zhang: (zhang.deactivate(), zhang.send("a")),
        lambda zhang: zhang.tap("没有"),
        lambda zhang: zhang.world.person("李四").share_contact(),
        lambda zhang: zhang.send("a", chat=zhang.world.group("别处")),
        lambda zhang: zhang.edit(
            zhang.messages()[0].__class__(**{**zhang.last.__dict__, "message_id": 99}), "b"
        ),
    ],
)
async def test_what_telegram_would_not_let_a_person_do(zhang: Person, act: Callable[[Person], Any]) -> None:
    with pytest.raises(CannotAct):
        act(zhang)


async def test_a_person_deletes_what_the_bot_sent(zhang: Person, bot: Bot) -> None:
    await bot.send_message(zhang.id, "a")
    zhang.delete(zhang.last)
    assert zhang.messages()[-1].text == "/start"


async def test_forwards_copies_pins_and_reactions(zhang: Person, bot: Bot) -> None:
    mine = zhang.send("证据")
    forwarded = await bot.forward_message(zhang.id, zhang.id, mine.message_id)
    assert forwarded.forward_origin is not None
    assert forwarded.text == "证据"
    copied = await bot.copy_message(zhang.id, zhang.id, mine.message_id)
    assert zhang.last.message_id == copied.message_id
    await bot.pin_chat_message(zhang.id, copied.message_id)
    pinned = (await bot.get_chat(zhang.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == copied.message_id
    await bot.unpin_chat_message(zhang.id)
    assert (await bot.get_chat(zhang.id)).pinned_message is None
    assert await bot.set_message_reaction(zhang.id, mine.message_id, "👌")


async def test_settings_are_kept(bot: Bot) -> None:
    await bot.set_my_commands([("start", "开始")], language_code="zh")
    assert [one.command for one in await bot.get_my_commands(language_code="zh")] == ["start"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()
    await bot.set_my_description("说明")
    await bot.set_my_short_description("短")
    await bot.set_my_name("联络")
    assert (await bot.get_my_description()).description == "说明"
    assert await bot.set_chat_menu_button()


async def test_the_state_is_the_same_after_json(zhang: Person, server: RehearsalServer, bot: Bot) -> None:
    await bot.send_message(zhang.id, "a", reply_markup=BUTTON)
    zhang.press("确认")
    act_everything(zhang)
    zhang.send_document("a.bin", b"\x00\xff")
    state = server.world.state
    assert load(dump(state)) == state
    again = RehearsalServer(server.token, state=load(dump(state))).world
    assert again.people[zhang.id].messages() == zhang.messages()
    assert again.groups.keys() == server.world.groups.keys()
