"""Charts as PNG, to be printed in black and white as well: bars from left to right, each with its number."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from messages.attachments.wording import printable

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.otf"
_WIDTH, _MARGIN, _LABELS, _NUMBERS = 1560, 20, 620, 260
_TEXT, _BAR, _GAP, _SPACE, _HEAD = 36, 34, 6, 26, 74
_INK, _GROUND = "#1F2933", "#FFFFFF"
_COLOURS = ("#1F4E79", "#A9C4DE", "#5F6B76")


@dataclass(frozen=True, slots=True)
class Bar:
    """`values` one a series, None where there is none; `shown` is how each is written."""

    label: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]


def bars(series: Sequence[str], rows: Sequence[Bar]) -> bytes:
    """Rows of bars, one bar a series; at most three series, which a legend names where there are several."""
    from PIL import Image, ImageDraw

    head = _HEAD if len(series) > 1 else _MARGIN
    step = len(series) * (_BAR + _GAP) + _SPACE
    image = Image.new("RGB", (_WIDTH, head + step * len(rows) + _MARGIN), _GROUND)
    pen = ImageDraw.Draw(image)
    if len(series) > 1:
        _legend(pen, series)
    most = max((value for row in rows for value in row.values if value), default=1.0)
    for n, row in enumerate(rows):
        _row(pen, head + n * step, row, most)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True, dpi=(254, 254))
    return out.getvalue()


def _legend(pen: "ImageDraw", series: Sequence[str]) -> None:
    x = _LABELS + _MARGIN
    for name, colour in zip(series, _COLOURS, strict=False):
        pen.rectangle((x, _MARGIN + 4, x + _BAR, _MARGIN + 4 + _BAR), fill=colour)
        pen.text((x + _BAR + 12, _MARGIN), printable(name), fill=_INK, font=_font())
        x += _BAR + 60 + round(_font().getlength(name))


def _row(pen: "ImageDraw", top: int, row: Bar, most: float) -> None:
    height = len(row.values) * (_BAR + _GAP) - _GAP
    label = _shortened(printable(row.label), _LABELS - _MARGIN)
    pen.text((_LABELS, top + height / 2), label, fill=_INK, font=_font(), anchor="rm")
    room = _WIDTH - _LABELS - 2 * _MARGIN - _NUMBERS
    for n, (value, shown) in enumerate(zip(row.values, row.shown, strict=True)):
        left, above = _LABELS + _MARGIN, top + n * (_BAR + _GAP)
        right = left + max(2, round(room * (value or 0) / most))
        pen.rectangle((left, above, right, above + _BAR), fill=_COLOURS[n % len(_COLOURS)])
        pen.text((right + 12, above + _BAR / 2), shown, fill=_INK, font=_font(), anchor="lm")


def _shortened(text: str, room: int) -> str:
    if _font().getlength(text) <= room:
        return text
    while text and _font().getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…"


@cache
def _font() -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(_FONT, _TEXT)
