"""A badge as PNG: who comes, from where, to what, and the QR code that is scanned at the door."""

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from domain.event_papers import BadgeFacts
from messages.attachments.wording import printable

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.otf"
_WIDTH, _HEIGHT, _MARGIN, _CODE = 900, 560, 40, 380
_INK, _SOFT, _BAND, _GROUND = "#1F2933", "#5F6B76", "#1F4E79", "#FFFFFF"
_BAND_HEIGHT = 104


def badge(facts: BadgeFacts) -> bytes:
    """Wide enough to be printed on a card, large enough to be scanned from a phone's screen."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, _WIDTH, _BAND_HEIGHT), fill=_BAND)
    _write(pen, (_MARGIN, _BAND_HEIGHT / 2), facts.event, 40, _GROUND, _WIDTH - 2 * _MARGIN)
    room = _WIDTH - _CODE - 3 * _MARGIN
    for text, size, top, colour in (
        (facts.name, 64, 220, _INK),
        (facts.post, 34, 310, _SOFT),
        (facts.base, 34, 380, _SOFT),
    ):
        _write(pen, (_MARGIN, top), text, size, colour, room)
    image.paste(_code(facts.scanned), (_WIDTH - _CODE - _MARGIN, _BAND_HEIGHT + _MARGIN))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _code(scanned: str) -> "Image":
    import segno
    from PIL import Image

    out = io.BytesIO()
    segno.make(scanned, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    out.seek(0)
    return Image.open(out).convert("RGB").resize((_CODE, _CODE), Image.Resampling.NEAREST)


def _write(pen: "ImageDraw", at: tuple[float, float], text: str, size: int, colour: str, room: int) -> None:
    """On one line: smaller where it is long, cut where it is longer still."""
    text = " ".join(printable(text).split())
    while size > 20 and _font(size).getlength(text) > room:
        size -= 2
    while _font(size).getlength(text) > room:
        text = text[:-2] + "…"
    pen.text(at, text, fill=colour, font=_font(size), anchor="lm")


@cache
def _font(size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(_FONT, size)
