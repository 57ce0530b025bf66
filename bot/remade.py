"""A row whose call is changed on its way: another chat, another message, or another call altogether."""

import json
from dataclasses import replace
from typing import Any, Final

from domain.notices import Kind
from storage.outbox import Row

Call = dict[str, Any]

_SENDING: Final = {"photo": "sendPhoto", "document": "sendDocument"}
_CAN_BE_LEFT_OUT: Final = ("message_thread_id", "reply_parameters")


def with_changes(row: Row, **changes: int) -> Row:
    return replace(row, payload=_dumped(json.loads(row.payload) | changes))


def remade(row: Row) -> Row | None:
    """An edit as a new message, a message without the topic or the reply that is gone."""
    call: Call = json.loads(row.payload)
    match row.method:
        case "editMessageText":
            return _as_new(row, "sendMessage", call)
        case "editMessageMedia":
            media = call.pop("media")
            kind = media.pop("type")
            return _as_new(row, _SENDING[kind], call | {kind: media.pop("media")} | media)
    if not call.keys() & set(_CAN_BE_LEFT_OUT):
        return None
    return replace(row, payload=_dumped(_without(call, *_CAN_BE_LEFT_OUT)))


def _as_new(row: Row, method: str, call: Call) -> Row:
    payload = _dumped(_without(call, "message_id"))
    return replace(row, method=method, kind=Kind.REPLY, target=None, payload=payload)


def _without(call: Call, *names: str) -> Call:
    return {name: value for name, value in call.items() if name not in names}


def _dumped(call: Call) -> str:
    return json.dumps(call, ensure_ascii=False)
