"""Files of our own making that a call takes along: how a row's payload names them.

    {"attached": {"<sha256>": {"name": "回执.docx", "media_type": "application/…"}},
     "chat_id": 1, "document": "attach://<sha256>", "caption": "…"}

It is Telegram's own attach://, in whatever field it may stand, and the content's hash names the part. The
first key says at a glance whether a payload takes files along, so that no other need be parsed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_KEY: Final = "attached"
_START: Final = f'{{"{_KEY}": '


@dataclass(frozen=True, slots=True)
class Attached:
    """A content of the file store by its SHA-256, and as what people are to get it."""

    sha256: str
    name: str
    media_type: str

    @property
    def address(self) -> str:
        """What stands in the call's field."""
        return f"attach://{self.sha256}"


def taking_along(call: Mapping[str, Any], *files: Attached) -> dict[str, Any]:
    """The call's parameters, with the files beside them; they stay first whatever is changed behind."""
    return {_KEY: {one.sha256: {"name": one.name, "media_type": one.media_type} for one in files}, **call}


def takes_along(payload: str) -> bool:
    return payload.startswith(_START)


def split(payload: str) -> tuple[dict[str, Any], list[Attached]]:
    """What is posted, and the files beside it."""
    call = json.loads(payload)
    named = call.pop(_KEY, {})
    return call, [Attached(sha256, **described) for sha256, described in named.items()]
