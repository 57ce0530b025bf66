"""What somebody wrote for a figure, read as an exact number or as the flaw that keeps it from being one."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

DIGITS = 15
"""As many as a spreadsheet keeps; a longer number is a slip."""
WRITTEN_DECIMALS = 2
"""1.500 in writing may be meant as 1500, so it is asked about; as a number it is 1.5."""
SHOWN_CHARS = 40

_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")
_HALF_WIDTH: Mapping[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    ord("\N{IDEOGRAPHIC SPACE}"): ord(" "),
    ord("\N{MINUS SIGN}"): ord("-"),
}
"""Full-width forms alone: NFKC would read 5² as 52."""


class Flaw(StrEnum):
    BLANK = "blank"  # nothing there, which is never 0
    NOT_A_NUMBER = "not_a_number"  # 约12, 12万, 1e3, true
    NEGATIVE = "negative"
    FRACTION = "fraction"  # of what is counted
    DECIMALS = "decimals"  # more than two of an amount in 万元
    TOO_LONG = "too_long"


def read(written: object, decimals: int) -> Decimal | Flaw:
    """A figure with at most so many decimals; `written` is text, or whatever JSON or a cell may hold.

    A binary float is taken to 15 digits, as a spreadsheet shows it: 850.5999999999999 is 850.6.
    """
    match written:
        case None:
            return Flaw.BLANK
        case str():
            return _text(visible(written.translate(_HALF_WIDTH)), decimals)
        case float():
            return _number(Decimal(f"{written:.{DIGITS}g}"), decimals)
        case int() | Decimal() if not isinstance(written, bool):
            return _number(Decimal(written), decimals)
    return Flaw.NOT_A_NUMBER


def plain(value: Decimal) -> str:
    """Without exponent, grouping and idle zeros: 860, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_written(written: object) -> str:
    """The beginning of what was written, on one line, to be shown beside what is wrong with it."""
    match written:
        case str():
            text = visible(written)
        case bool() | None:
            text = {True: "true", False: "false", None: ""}[written]
        case int() | float() | Decimal():
            text = str(Decimal(str(written) if isinstance(written, float) else written))
        case _:
            text = "{…}" if isinstance(written, dict) else "[…]"
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def visible(text: str) -> str:
    """On one line, without direction and zero-width characters."""
    return "".join(map(_seen, text)).strip()


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs") else character


def _text(text: str, decimals: int) -> Decimal | Flaw:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return Flaw.NOT_A_NUMBER if text else Flaw.BLANK
    value = _number(Decimal(text.replace(",", "")), decimals)
    if isinstance(value, Decimal) and len(match["part"] or "") > WRITTEN_DECIMALS:
        return _too_fine(decimals)
    return value


def _number(value: Decimal, decimals: int) -> Decimal | Flaw:
    if not value.is_finite():
        return Flaw.NOT_A_NUMBER
    if value < 0:
        return Flaw.NEGATIVE
    if value >= 10**DIGITS:
        return Flaw.TOO_LONG
    rounded = round(value, decimals)
    return rounded.copy_abs() if rounded == value else _too_fine(decimals)


def _too_fine(decimals: int) -> Flaw:
    return Flaw.DECIMALS if decimals else Flaw.FRACTION
