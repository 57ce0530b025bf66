"""An update as PTB's object.

PTB looks for each of the hundred fields that a message may have, and guards every attribute of what it makes
against change: 70 µs an update, more than all that is stored of it. What people send to a bot has a dozen
fields and takes 30; whatever has another one is read by PTB itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    Contact,
    Document,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    PhotoSize,
    Update,
    User,
)

Json = dict[str, Any]

_AS_IT_IS: Final = {"message_id", "text", "caption", "media_group_id"}
_READ: Final[dict[str, Callable[[Any, Bot], Any]]] = {
    "date": lambda seconds, _: datetime.fromtimestamp(seconds, UTC),
    "chat": Chat.de_json,
    "entities": MessageEntity.de_list,
    "caption_entities": MessageEntity.de_list,
    "contact": Contact.de_json,
    "document": Document.de_json,
    "photo": PhotoSize.de_list,
    "reply_markup": InlineKeyboardMarkup.de_json,
    "reply_to_message": lambda said, bot: message(said, bot),  # noqa: PLW0108  it is further down
}
_OF_MESSAGE: Final = frozenset(_AS_IT_IS | _READ.keys() | {"from"})
_OF_PRESS: Final = frozenset({"id", "from", "chat_instance", "message", "data"})


class _Message(Message):
    """Without PTB's guard, which costs more than all else of making one."""

    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


class _Update(Update):
    __slots__ = ()
    __setattr__ = object.__setattr__  # type: ignore[assignment]


def update(said: Json, bot: Bot) -> Update:
    """What Telegram sent. Raises what PTB raises where it is no update."""
    match said:
        case {"update_id": number, "message": inner, **more} if not more:
            read: Update = _Update(number, message=message(inner, bot))
        case {"update_id": number, "callback_query": inner, **more} if not more:
            read = _Update(number, callback_query=_press(inner, bot))
        case _:
            return Update.de_json(said, bot)
    read.set_bot(bot)
    return read


def message(said: Json, bot: Bot) -> Message:
    if not said.keys() <= _OF_MESSAGE or not said.get(
        "date"
    ):  # without a date: one that cannot be seen any more
        return Message.de_json(said, bot)
    fields = {name: _READ[name](value, bot) if name in _READ else value for name, value in said.items()}
    read = _Message(from_user=_user(fields.pop("from", None), bot), **fields)
    read.set_bot(bot)
    return read


def _press(said: Json, bot: Bot) -> CallbackQuery:
    if not said.keys() <= _OF_PRESS:
        return CallbackQuery.de_json(said, bot)
    of = said.get("message")
    read = CallbackQuery(
        said["id"],
        User.de_json(said["from"], bot),
        said["chat_instance"],
        message=message(of, bot) if of else None,
        data=said.get("data"),
    )
    read.set_bot(bot)
    return read


def _user(said: Json | None, bot: Bot) -> User | None:
    return User.de_json(said, bot) if said else None
