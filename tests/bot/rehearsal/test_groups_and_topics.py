"""Groups: who sees what, topics, being thrown out, becoming a supergroup."""

from typing import Any

import pytest
from telegram import Bot, ChatMemberUpdated
from telegram.error import BadRequest, ChatMigrated

from bot.rehearsal import Group, Person, RehearsalServer
from tests.bot.rehearsal.conftest import Raw


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    return server.world.person("张三")


def texts(server: RehearsalServer) -> list[str]:
    bodies = [pending.body for pending in server.world.updates.pending]
    return [body["message"]["text"] for body in bodies if "text" in body.get("message", {})]


def test_a_group_is_numbered_as_telegram_numbers_it(server: RehearsalServer) -> None:
    assert str(server.world.group("a", supergroup=True).id).startswith("-100")
    assert -1_000_000_000_000 < server.world.group("b").id < 0


@pytest.mark.parametrize(
    ("admin", "reads_all", "seen"),
    [
        (False, False, ["/desk", "/desk@lianluo_bot", "回复"]),
        (True, False, ["闲聊", "/desk", "/desk@lianluo_bot", "/desk@other_bot", "回复"]),
        (False, True, ["闲聊", "/desk", "/desk@lianluo_bot", "/desk@other_bot", "回复"]),
    ],
)
async def test_privacy_mode_hides_talk_from_a_bot_that_is_no_admin(
    server: RehearsalServer, zhang: Person, bot: Bot, admin: bool, reads_all: bool, seen: list[str]
) -> None:
    server.world.state.reads_all_group_messages = reads_all
    group = server.world.group("中心", members=[zhang], admin=admin)
    asked = await bot.send_message(group.id, "?")
    for text in ("闲聊", "/desk", "/desk@lianluo_bot", "/desk@other_bot"):
        zhang.send(text, chat=group)
    zhang.send("回复", chat=group, reply_to=asked.message_id)
    assert texts(server) == seen


async def test_a_person_waits_and_presses_in_a_group(
    server: RehearsalServer, zhang: Person, call: Raw
) -> None:
    group = server.world.group("中心", members=[zhang])
    markup = {"inline_keyboard": [[{"text": "受理", "callback_data": "t:1:1"}]]}
    await call("sendMessage", chat_id=group.id, text="FW-2026-0001", reply_markup=markup)
    card = await zhang.expect("FW-2026", chat=group)
    assert zhang.press("受理", chat=group).query.message_id == card.message_id
    assert zhang.unread() == []


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize(
    ("leave", "reason"), [("remove_bot", "was kicked from"), ("leave", "is not a member of")]
)
async def test_a_bot_that_is_out_cannot_write(
    server: RehearsalServer, zhang: Person, bot: Bot, call: Raw, kind: str, leave: str, reason: str
) -> None:
    group = server.world.group("中心", members=[zhang], supergroup=kind == "supergroup")
    server.world.updates.drop_pending()
    if leave == "leave":
        await bot.leave_chat(group.id)
    else:
        group.remove_bot()
    answer = await call("sendMessage", chat_id=group.id, text="a")
    assert answer == {
        "ok": False,
        "error_code": 403,
        "description": f"Forbidden: bot {reason} the {kind} chat",
    }
    (told,) = await bot.get_updates()
    assert isinstance(told.my_chat_member, ChatMemberUpdated)
    assert told.my_chat_member.new_chat_member.status == ("left" if leave == "leave" else "kicked")


async def test_a_group_that_became_a_supergroup_names_its_new_id(
    server: RehearsalServer, zhang: Person, bot: Bot, call: Raw
) -> None:
    group = server.world.group("中心", members=[zhang])
    old = group.id
    server.world.updates.drop_pending()
    group.migrate()
    to, from_ = await bot.get_updates()
    assert to.message is not None
    assert from_.message is not None
    assert (to.message.chat.id, to.message.migrate_to_chat_id) == (old, group.id)
    assert (from_.message.chat.id, from_.message.migrate_from_chat_id) == (group.id, old)
    assert await call("sendMessage", chat_id=old, text="a") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": group.id},
    }
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "a")
    assert moved.value.new_chat_id == group.id
    await bot.send_message(group.id, "a")
    assert (await zhang.expect("a", chat=group)).chat_id == group.id


@pytest.fixture
def forum(server: RehearsalServer, zhang: Person) -> Group:
    return server.world.group("中心", members=[zhang], forum=True)


async def test_the_bot_opens_a_topic_and_people_answer_in_it(
    server: RehearsalServer, forum: Group, zhang: Person, bot: Bot
) -> None:
    topic = await bot.create_forum_topic(forum.id, "服务申请")
    await bot.send_message(forum.id, "新申请", message_thread_id=topic.message_thread_id)
    card = await zhang.expect("新申请", chat=forum)
    assert card.topic == topic.message_thread_id
    server.world.updates.drop_pending()
    zhang.send("好", chat=forum, topic=card.topic)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.is_topic_message, update.message.message_thread_id) == (True, card.topic)
    await bot.edit_forum_topic(forum.id, topic.message_thread_id, name="申请")
    assert [one.name for one in forum.topics] == ["申请"]
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    await bot.send_message(forum.id, "管理员可写", message_thread_id=topic.message_thread_id)
    await bot.reopen_forum_topic(forum.id, topic.message_thread_id)
    await bot.delete_forum_topic(forum.id, topic.message_thread_id)
    assert forum.topics == []
    with pytest.raises(BadRequest, match=r"^Message thread not found$"):
        await bot.send_message(forum.id, "a", message_thread_id=topic.message_thread_id)


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("createForumTopic", {"name": " "}, "Bad Request: TOPIC_TITLE_EMPTY"),
        ("editForumTopic", {"message_thread_id": 999, "name": "b"}, "Bad Request: TOPIC_ID_INVALID"),
        ("editForumTopic", {"name": "申请"}, "Bad Request: TOPIC_NOT_MODIFIED"),
        ("reopenForumTopic", {}, "Bad Request: TOPIC_NOT_MODIFIED"),
        ("sendMessage", {"text": "a", "message_thread_id": 999}, "Bad Request: message thread not found"),
    ],
)
async def test_a_topic_is_refused(
    forum: Group, call: Raw, method: str, params: dict[str, Any], description: str
) -> None:
    topic = forum.topic("申请")
    answer = await call(method, **({"chat_id": forum.id, "message_thread_id": topic.id} | params))
    assert answer == {"ok": False, "error_code": 400, "description": description}


async def test_topics_need_a_forum_and_an_admin(server: RehearsalServer, zhang: Person, call: Raw) -> None:
    plain = server.world.group("a", members=[zhang], supergroup=True)
    answer = await call("createForumTopic", chat_id=plain.id, name="a")
    assert answer["description"] == "Bad Request: the chat is not a forum"
    forum = server.world.group("b", members=[zhang], forum=True, admin=False)
    answer = await call("createForumTopic", chat_id=forum.id, name="a")
    assert answer["description"] == "Bad Request: not enough rights to create a topic"
    topic = forum.topic("a")
    topic.closed = True
    answer = await call("sendMessage", chat_id=forum.id, text="a", message_thread_id=topic.id)
    assert answer["description"] == "Bad Request: TOPIC_CLOSED"


async def test_rights_over_what_others_wrote(server: RehearsalServer, zhang: Person, call: Raw) -> None:
    group = server.world.group("a", members=[zhang], admin=False)
    theirs = zhang.send("a", chat=group)
    answer = await call("deleteMessage", chat_id=group.id, message_id=theirs.message_id)
    assert answer["description"] == "Bad Request: message can't be deleted"
    answer = await call("pinChatMessage", chat_id=group.id, message_id=theirs.message_id)
    assert answer["description"] == "Bad Request: not enough rights to manage pinned messages in the chat"
    group.add_bot(admin=True)
    assert (await call("deleteMessage", chat_id=group.id, message_id=theirs.message_id))["ok"]


async def test_members_are_told_apart(server: RehearsalServer, zhang: Person, bot: Bot, call: Raw) -> None:
    li = server.world.person("李四")
    group = server.world.group("a", members=[zhang])
    server.world.updates.drop_pending()
    await bot.get_updates(allowed_updates=["chat_member"])
    group.add(li)
    (joined,) = await bot.get_updates()
    assert joined.chat_member is not None
    assert joined.chat_member.new_chat_member.user.id == li.id
    statuses = [(await bot.get_chat_member(group.id, one)).status for one in (zhang.id, li.id, 42)]
    assert statuses == ["creator", "member", "administrator"]
    group.remove(li)
    assert (await bot.get_chat_member(group.id, li.id)).status == "left"
    assert (await call("getChatMember", chat_id=group.id, user_id=5))[
        "description"
    ] == "Bad Request: user not found"
    assert (await bot.get_chat(group.id)).title == "a"
