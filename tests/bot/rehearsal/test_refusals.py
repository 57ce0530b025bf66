"""Every refusal, in Telegram's exact words."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.rehearsal import Person, RehearsalServer
from bot.rehearsal.acting import CannotAct
from tests.bot.rehearsal.conftest import Clock, Raw

Params = dict[str, Any]
ENTITIES = "Bad Request: can't parse entities: "
INLINE = "Bad Request: can't parse inline keyboard button: "
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def inline(**button: Any) -> Params:
    return {"reply_markup": {"inline_keyboard": [[button]]}}


def html(text: str) -> Params:
    return {"text": text, "parse_mode": "HTML"}


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三")
    person.start()
    return person


REFUSED_TEXTS = [
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": " \n "}, "Bad Request: text must be non-empty"),
    ({"text": "\u200b"}, "Bad Request: text must be non-empty"),
    (html("<b></b>"), "Bad Request: text must be non-empty"),
    ({"text": "字" * 4097}, "Bad Request: message is too long"),
    ({"text": "😀" * 2049}, "Bad Request: message is too long"),
    ({"text": "a", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
    (html("年<x>"), ENTITIES + 'Unsupported start tag "x" at byte offset 3'),
    (html("1 < 2"), ENTITIES + 'Unsupported start tag "" at byte offset 2'),
    (html("a<br/>"), ENTITIES + 'Unsupported start tag "br/" at byte offset 1'),
    (html("😀<b"), ENTITIES + "Unclosed start tag at byte offset 4"),
    (html('<a href="x>y</a>'), ENTITIES + "Unclosed start tag at byte offset 0"),
    (html("<a href"), ENTITIES + 'Unclosed start tag "a" at byte offset 0'),
    (html("<b>年"), ENTITIES + 'Can\'t find end tag corresponding to start tag "b"'),
    (html("年</b>"), ENTITIES + "Unexpected end tag at byte offset 3"),
    (html("<b>年</b"), ENTITIES + "Unclosed end tag at byte offset 6"),
    (
        html("<b><i>a</b></i>"),
        ENTITIES + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    (html("<i   =a>b</i>"), ENTITIES + 'Empty attribute name in the tag "i" at byte offset 0'),
    (html("<a href=a/b>c</a>"), ENTITIES + "Unexpected end of name token at byte offset 8"),
    (html("<span>a</span>"), ENTITIES + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    (html("<tg-emoji>a</tg-emoji>"), ENTITIES + "Invalid custom emoji identifier specified"),
    ({"reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
    ({"reply_markup": "[]"}, "Bad Request: object expected as reply markup"),
    (
        {"reply_markup": {"inline_keyboard": "a"}},
        'Bad Request: field "inline_keyboard" must be of type Array',
    ),
    ({"reply_markup": {"force_reply": "yes"}}, 'Bad Request: field "force_reply" must be of type Boolean'),
    (inline(text="a", callback_data="字" * 22), "Bad Request: BUTTON_DATA_INVALID"),
    (inline(text="a"), INLINE + "Text buttons are unallowed in the inline keyboard"),
    (inline(text="a", callback_data=""), INLINE + "Text buttons are unallowed in the inline keyboard"),
    (inline(callback_data="a"), INLINE + 'Can\'t find field "text"'),
    (inline(text=5, callback_data="a"), INLINE + 'Field "text" must be of type String'),
    (
        inline(text="a", callback_data="a", url="https://example.org"),
        INLINE + "exactly one action expected, found url, callback_data",
    ),
    (
        inline(text="a", url="http://localhost/x"),
        "Bad Request: inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
    ),
    (
        inline(text="a", url="ftp://example.org"),
        "Bad Request: inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol",
    ),
    (
        inline(text="a", web_app={"url": "http://example.org"}),
        (
            "Bad Request: inline keyboard button Web App URL 'http://example.org' is invalid: "
            "Only HTTPS links are allowed"
        ),
    ),
    (inline(text="a", pay=True), "Bad Request: BUTTON_TYPE_INVALID"),
    (inline(text="a", copy_text={"text": ""}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    (
        {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b" * 64}]] * 150}},
        "Bad Request: reply markup is too long",
    ),
    ({"chat_id": ""}, "Bad Request: chat_id is empty"),
    ({"chat_id": 5}, "Bad Request: chat not found"),
    ({"chat_id": "@nobody"}, "Bad Request: chat not found"),
    ({"reply_parameters": {"message_id": 999}}, "Bad Request: message to be replied not found"),
    ({"reply_parameters": {"quote": "a"}}, 'Bad Request: can\'t find field "message_id"'),
    ({"message_thread_id": 7}, "Bad Request: message thread not found"),
]


@pytest.mark.parametrize(("params", "description"), REFUSED_TEXTS)
async def test_a_message_is_refused(zhang: Person, call: Raw, params: Params, description: str) -> None:
    answer = await call("sendMessage", **({"chat_id": zhang.id, "text": "a"} | params))
    assert answer == {"ok": False, "error_code": 400, "description": description}
    assert zhang.unread() == []


@pytest.mark.parametrize(
    ("prepare", "description"),
    [
        (Person.block, "Forbidden: bot was blocked by the user"),
        (Person.deactivate, "Forbidden: user is deactivated"),
    ],
)
@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction", "editMessageText"])
async def test_a_person_who_left_cannot_be_reached(
    zhang: Person, call: Raw, prepare: Callable[[Person], None], description: str, method: str
) -> None:
    sent = await call("sendMessage", chat_id=zhang.id, text="a")
    prepare(zhang)
    answer = await call(
        method, chat_id=zhang.id, text="b", action="typing", message_id=sent["result"]["message_id"]
    )
    assert answer == {"ok": False, "error_code": 403, "description": description}


async def test_a_person_known_from_a_group_who_never_started_cannot_be_written_to(
    server: RehearsalServer, call: Raw
) -> None:
    li = server.world.person("李四")
    assert (await call("sendMessage", chat_id=li.id, text="a"))[
        "description"
    ] == "Bad Request: chat not found"
    server.world.group("中心", members=[li])
    answer = await call("sendMessage", chat_id=li.id, text="a")
    assert answer == {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot can't initiate conversation with a user",
    }


async def sent(call: Raw, chat_id: int, **params: Any) -> int:
    answer = await call("sendMessage", **({"chat_id": chat_id, "text": "a"} | params))
    return int(answer["result"]["message_id"])


@pytest.mark.parametrize(
    ("first", "method", "params", "description"),
    [
        ({}, "editMessageText", {"text": "a"}, NOT_MODIFIED),
        ({}, "editMessageText", {"text": "<i></i>a ", "parse_mode": "HTML"}, NOT_MODIFIED),
        ({}, "editMessageReplyMarkup", {}, NOT_MODIFIED),
        (
            inline(text="a", callback_data="b"),
            "editMessageText",
            {"text": "a"} | inline(text="a", callback_data="b"),
            NOT_MODIFIED,
        ),
        ({}, "editMessageText", {"text": "b", "message_id": 999}, "Bad Request: message to edit not found"),
        (
            {},
            "editMessageText",
            {"text": "b", "message_id": None},
            "Bad Request: message identifier is not specified",
        ),
        ({}, "editMessageText", {"text": "b", "message_id": 1}, "Bad Request: message can't be edited"),
        ({}, "editMessageText", {"text": "b" * 4097}, "Bad Request: MESSAGE_TOO_LONG"),
        ({}, "editMessageText", {"text": ""}, "Bad Request: message text is empty"),
        (
            {},
            "editMessageCaption",
            {"caption": "b"},
            "Bad Request: there is no caption in the message to edit",
        ),
        ({}, "editMessageCaption", {"caption": "b" * 1025}, "Bad Request: MEDIA_CAPTION_TOO_LONG"),
        (
            {},
            "editMessageText",
            {"text": "b", "reply_markup": {"keyboard": [["b"]]}},
            "Bad Request: inline keyboard expected",
        ),
        (
            {"reply_markup": {"keyboard": [["b"]]}},
            "editMessageText",
            {"text": "b"},
            "Bad Request: message can't be edited",
        ),
        (
            {"reply_markup": {"remove_keyboard": True}},
            "editMessageReplyMarkup",
            inline(text="a", callback_data="b"),
            "Bad Request: message can't be edited",
        ),
        ({}, "deleteMessage", {"message_id": 999}, "Bad Request: message to delete not found"),
        ({}, "pinChatMessage", {"message_id": 999}, "Bad Request: message to pin not found"),
        ({}, "unpinChatMessage", {}, "Bad Request: message to unpin not found"),
        (
            {},
            "setMessageReaction",
            {"reaction": [{"type": "emoji", "emoji": "x"}]},
            "Bad Request: REACTION_INVALID",
        ),
        ({}, "setMessageReaction", {"message_id": 999}, "Bad Request: message to react not found"),
        ({}, "sendChatAction", {"action": "sleeping"}, "Bad Request: wrong parameter action in request"),
    ],
)
async def test_a_change_is_refused(
    zhang: Person, call: Raw, first: Params, method: str, params: Params, description: str
) -> None:
    named = {"chat_id": zhang.id, "message_id": await sent(call, zhang.id, **first)}
    answer = await call(method, **(named | params))
    assert answer == {"ok": False, "error_code": 400, "description": description}


@pytest.mark.parametrize(
    ("method", "description"),
    [
        ("forwardMessage", "Bad Request: message to forward not found"),
        ("copyMessage", "Bad Request: message to copy not found"),
    ],
)
async def test_a_message_that_is_not_there_cannot_be_passed_on(
    zhang: Person, call: Raw, method: str, description: str
) -> None:
    answer = await call(method, chat_id=zhang.id, from_chat_id=zhang.id, message_id=999)
    assert answer["description"] == description


async def test_a_message_can_be_deleted_for_48_hours(zhang: Person, call: Raw, clock: Clock) -> None:
    old = await sent(call, zhang.id)
    clock.pass_seconds(48 * 3600)
    assert (await call("deleteMessage", chat_id=zhang.id, message_id=old))["ok"]
    old = await sent(call, zhang.id)
    clock.pass_seconds(48 * 3600 + 1)
    answer = await call("deleteMessage", chat_id=zhang.id, message_id=old)
    assert answer["description"] == "Bad Request: message can't be deleted for everyone"
    assert (await call("deleteMessages", chat_id=zhang.id, message_ids=[old, 999]))["result"] is True
    assert [one.message_id for one in zhang.messages()][-1] == old


async def test_a_press_can_be_answered_for_30_seconds(zhang: Person, call: Raw, clock: Clock) -> None:
    await sent(call, zhang.id, **inline(text="a", callback_data="b"))
    first, second = zhang.press("a"), zhang.press("a")
    clock.pass_seconds(30)
    assert (await call("answerCallbackQuery", callback_query_id=first.query.id))["ok"]
    clock.pass_seconds(1)
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    answer = await call("answerCallbackQuery", callback_query_id=second.query.id)
    assert answer == {"ok": False, "error_code": 400, "description": too_old}
    assert (await call("answerCallbackQuery", callback_query_id="1"))["description"] == too_old


async def test_an_answer_to_a_press_has_200_characters(zhang: Person, call: Raw) -> None:
    await sent(call, zhang.id, **inline(text="a", callback_data="b"))
    press = zhang.press("a")
    answer = await call("answerCallbackQuery", callback_query_id=press.query.id, text="字" * 201)
    assert answer["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert press.answers == []


async def test_a_phone_number_is_asked_for_in_private_chats_only(
    server: RehearsalServer, zhang: Person, call: Raw
) -> None:
    asking = {"reply_markup": {"keyboard": [[{"text": "电话", "request_contact": True}]]}}
    group = server.world.group("中心", members=[zhang])
    answer = await call("sendMessage", chat_id=group.id, text="a", **asking)
    assert answer["description"] == "Bad Request: phone number can be requested in private chats only"
    assert await sent(call, zhang.id, **asking)


async def test_a_button_that_asks_for_people_needs_its_number_and_takes_ten_at_most(
    server: RehearsalServer, zhang: Person, call: Raw
) -> None:
    def asking(**asked: object) -> dict[str, object]:
        return {"reply_markup": {"keyboard": [[{"text": "选人", "request_users": asked}]]}}

    for wrong in ({}, {"request_id": 2**31}, {"request_id": 1, "max_quantity": 11}):
        assert not (await call("sendMessage", chat_id=zhang.id, text="a", **asking(**wrong)))["ok"]
    assert await sent(call, zhang.id, **asking(request_id=1, request_name=True))
    li = server.world.person("李四", username="lisi")
    assert zhang.tap("选人", whom=li).raw["users_shared"] == {
        "request_id": 1,
        "users": [{"user_id": li.id, "first_name": "李四"}],
    }
    with pytest.raises(CannotAct):
        zhang.tap("选人")


async def test_wrong_tokens_and_methods_are_refused(server: RehearsalServer, call: Raw) -> None:
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await call("sendMesage") == not_found
    async with call.session.get(f"{server.base_url}42:WRONG/getMe") as answer:
        assert (answer.status, await answer.json()) == (401, unauthorized)
    server.world.revoke()
    assert await call("getMe") == unauthorized
    server.world.restore()
    assert (await call("GETME"))["result"]["username"] == "lianluo_bot"


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        (
            "setMyCommands",
            {"commands": [{"command": "A b", "description": "c"}]},
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setWebhook",
            {"url": "http://example.org"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            {"url": "", "secret_token": "a b"},
            "Bad Request: secret token contains unallowed characters",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "entities": "{"},
            "Bad Request: can't parse entities JSON object",
        ),
    ],
)
async def test_settings_are_refused(call: Raw, method: str, params: Params, description: str) -> None:
    assert (await call(method, **params))["description"] == description
