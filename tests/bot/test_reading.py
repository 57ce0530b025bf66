"""An update is read as PTB itself would read it."""

from typing import Any

import pytest
from telegram import Bot, CallbackQuery, Message, Update

from bot import reading

BOT = Bot("42:READING")
PERSON = {"id": 101, "is_bot": False, "first_name": "张三", "language_code": "zh-hans", "is_premium": True}
CHAT = {"id": 101, "type": "private", "first_name": "张三"}
SAID = {"message_id": 7, "date": 1_795_579_200, "from": PERSON, "chat": CHAT}
FILE = {"file_id": "a", "file_unique_id": "b", "file_size": 9}
KEYBOARD = {
    "inline_keyboard": [[{"text": "受理", "callback_data": "a:1:2"}], [{"text": "页", "url": "https://a.cn"}]]
}
OURS = SAID | {"text": "请确认", "reply_markup": KEYBOARD, "from": PERSON | {"is_bot": True}}
PRESS = {"id": "9", "from": PERSON, "chat_instance": "c", "data": "a:1:2"}

MESSAGES: dict[str, dict[str, Any]] = {
    "a command": {"text": "/my", "entities": [{"type": "bot_command", "offset": 0, "length": 3}]},
    "a text": {"text": "您好"},
    "an answer": {"text": "好", "reply_to_message": OURS},
    "a document": {
        "caption": "见附件",
        "caption_entities": [{"type": "bold", "offset": 0, "length": 1}],
        "document": FILE
        | {
            "file_name": "总结.docx",
            "mime_type": "application/msword",
            "thumbnail": FILE | {"width": 1, "height": 1},
        },
        "media_group_id": "g",
    },
    "a picture": {"photo": [FILE | {"width": 90, "height": 60}, FILE | {"width": 900, "height": 600}]},
    "a contact": {"contact": {"phone_number": "+8610000000901", "first_name": "张三", "user_id": 101}},
    "what was forwarded": {
        "text": "转",
        "forward_origin": {"type": "hidden_user", "date": 1_795_579_100, "sender_user_name": "某人"},
    },
    "a field that is not known yet": {"text": "新", "invented_tomorrow": {"a": 1}},
    "somebody who joined": {"new_chat_members": [PERSON]},
}
UPDATES: dict[str, dict[str, Any]] = {
    **{what: {"message": SAID | fields} for what, fields in MESSAGES.items()},
    "a post without a sender": {"message": {key: SAID[key] for key in ("message_id", "date", "chat")}},
    "an edit": {"edited_message": SAID | {"text": "改", "edit_date": 1_795_579_300}},
    "a press": {"callback_query": PRESS | {"message": OURS}},
    "a press on what cannot be seen any more": {
        "callback_query": PRESS | {"message": {"message_id": 7, "date": 0, "chat": CHAT}}
    },
    "a press on another's message": {"callback_query": PRESS | {"inline_message_id": "i"}},
    "a new kind beside a message": {"message": SAID | {"text": "a"}, "invented_tomorrow": {"a": 1}},
}


@pytest.mark.parametrize("what", UPDATES)
def test_it_is_read_as_ptb_reads_it(what: str) -> None:
    said = {"update_id": 5, **UPDATES[what]}
    ours, theirs = reading.update(said, BOT), Update.de_json(said, BOT)
    assert _all_of(ours) == _all_of(theirs)
    assert ours.effective_message == theirs.effective_message
    assert ours.effective_user == theirs.effective_user
    assert ours.get_bot() is BOT


@pytest.mark.parametrize(
    "said", [{}, {"update_id": 5, "message": {"text": "a"}}, {"update_id": 5, "message": 3}]
)
def test_what_is_no_update_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, AttributeError)):
        reading.update(said, BOT)


def test_what_people_send_is_not_left_to_ptb(monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected(*_: object) -> None:
        raise AssertionError("PTB has read it")

    for kind in (Update, Message, CallbackQuery):
        monkeypatch.setattr(kind, "de_json", unexpected)
    for what in ("a command", "a text", "an answer", "a document", "a picture", "a contact", "a press"):
        reading.update({"update_id": 5, **UPDATES[what]}, BOT)


def _all_of(thing: Any) -> Any:
    """Every attribute, those of the parts too; to_dict would leave out what is empty."""
    if isinstance(thing, tuple):
        return [_all_of(one) for one in thing]
    if not hasattr(thing, "api_kwargs"):
        return thing
    names = {name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())}
    names -= {
        "__dict__",
        "_bot",
        "_effective_chat",
        "_effective_message",
        "_effective_sender",
        "_effective_user",
    }
    return {name: _all_of(getattr(thing, name, None)) for name in names}
