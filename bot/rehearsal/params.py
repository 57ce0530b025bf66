"""The parameters of a call, from wherever HTTP carries them, in the types their names stand for."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.rehearsal.refusal import Refusal, bad_request
from bot.rehearsal.state import Json

UPLOAD_LIMIT = 50 * 1024 * 1024

INTEGERS = frozenset(
    (
        "message_id",
        "message_thread_id",
        "user_id",
        "offset",
        "limit",
        "timeout",
        "cache_time",
        "max_connections",
        "icon_color",
        "duration",
        "width",
        "height",
    )
)
BOOLEANS = frozenset(
    (
        "disable_notification",
        "protect_content",
        "allow_paid_broadcast",
        "show_alert",
        "drop_pending_updates",
        "is_big",
        "show_caption_above_media",
        "has_spoiler",
        "disable_content_type_detection",
    )
)
STRUCTURES = frozenset(
    (
        "reply_markup",
        "entities",
        "caption_entities",
        "reply_parameters",
        "link_preview_options",
        "media",
        "allowed_updates",
        "commands",
        "scope",
        "menu_button",
        "reaction",
        "message_ids",
    )
)
TRUE, FALSE = ("true", "1", "yes", "y", "t"), ("false", "0", "no", "n", "f", "")


@dataclass(frozen=True)
class Upload:
    name: str
    data: bytes
    mime_type: str


@dataclass
class Params:
    """The values as they are logged (an upload only by its name), and the uploads beside them."""

    values: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name, default)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        return self.values.get(name) is True

    def listed(self, name: str) -> list[Any] | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: expected an Array")
        return value

    def objects(self, name: str) -> list[Json] | None:
        value = self.listed(name)
        if value is not None and not all(isinstance(one, dict) for one in value):
            raise bad_request(f"can't parse {name}: expected an Array of Object")
        return value

    def mapped(self, name: str) -> Json:
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise bad_request(f"can't parse {name}: expected an Object")
        return value


async def read_params(request: web.Request) -> Params:
    """Query string first, then the body: JSON, urlencoded or multipart."""
    params = Params(dict(request.query))
    if request.content_type == "multipart/form-data":
        await _read_multipart(request, params)
    elif request.content_type == "application/json":
        params.values |= _json_body(await request.text())
    elif request.can_read_body:
        params.values |= {name: str(value) for name, value in (await request.post()).items()}
    params.values = {name: _typed(name, value) for name, value in params.values.items()}
    return params


def _json_body(body: str) -> Json:
    try:
        read = json.loads(body or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise bad_request("can't parse request JSON object")
    return read


async def _read_multipart(request: web.Request, params: Params) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=False))
        if part.filename is None:
            params.values[part.name] = data.decode()
            continue
        if len(data) > UPLOAD_LIMIT:
            raise Refusal(413, "Request Entity Too Large")
        mime_type = part.headers.get("Content-Type", "application/octet-stream")
        params.uploads[part.name] = Upload(part.filename, data, mime_type)


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in INTEGERS or name in ("chat_id", "from_chat_id"):
        return int(value) if value.removeprefix("-").isdecimal() else value
    if name in BOOLEANS:
        return {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}.get(value.lower(), value)
    return _structure(name, value) if name in STRUCTURES else value


def _structure(name: str, value: str) -> Any:
    try:
        return json.loads(value) if value else None
    except ValueError:
        if name == "reply_markup":  # refused in its own words, where it is read
            return value
        raise bad_request(f"can't parse {name} JSON object") from None
