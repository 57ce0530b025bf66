"""callback_data: `op[.arg]:id:rev`, the numbers in base 36, at most 64 bytes (Bot API, InlineKeyboardButton).

Treated as forged until proven: unpacking shows that it is well formed and nothing more.
"""

import re
from dataclasses import dataclass

from domain.notices import Offer

MAX_BYTES = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAX_NUMBER = 2**63 - 1
_FORM = re.compile(
    r"(?P<op>[a-z_]{1,20})(?:\.(?P<arg>[0-9A-Za-z_]{1,24}))?:(?P<id>[0-9a-z]{1,13}):(?P<rev>[0-9a-z]{1,13})"
)


@dataclass(frozen=True, slots=True)
class Press:
    """A press as it claims to be."""

    op: str
    arg: str
    id: int
    rev: int


def pack(offer: Offer) -> str:
    data = f"{offer.op}:{_base36(offer.id)}:{_base36(offer.rev)}"
    if len(data.encode()) > MAX_BYTES or unpack(data) is None:
        raise ValueError(f"no callback data: {data}")
    return data


def unpack(data: str) -> Press | None:
    """The press, or None where the data is not ours."""
    match = _FORM.fullmatch(data)
    if match is None:
        return None
    number, rev = int(match["id"], 36), int(match["rev"], 36)
    if max(number, rev) > _MAX_NUMBER:
        return None
    return Press(match["op"], match["arg"] or "", number, rev)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if number == 0:
            return digits
