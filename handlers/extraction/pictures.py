"""Pictures: nothing in them can be read but what was written beside the pixels (Exif, XMP, PNG text)."""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from domain.confidential.findings import Part
from handlers.extraction import guards
from handlers.extraction.drawing import texts
from handlers.extraction.result import Gathered, Kind, NotTaken, Reason

_PNG_HEAD = 8
_MAX_TEXT = 1024 * 1024
_MARKS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_START_OF_SCAN, _END_OF_IMAGE, _APP1, _COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
_EXIF = b"Exif\0\0"
_WINDOWS_TAGS = range(0x9C9B, 0x9CA0)  # XPTitle to XPSubject, in UTF-16
_USER_COMMENT = 0x9286
_EXIF_FOLDER, _GPS_FOLDER = 0x8769, 0x8825
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)


def read(data: bytes, kind: Kind, gathered: Gathered) -> None:
    """Raises NotTaken: DAMAGED when its structure cannot be followed to the pixels."""
    found = _png(data) if kind is Kind.PNG else _jpg(data)
    for text in found:
        gathered.text(text, Part.PROPERTY)
    xmp(data, gathered)
    gathered.closed(Part.FILE)


def xmp(data: bytes, gathered: Gathered) -> None:
    """The metadata packets (ISO 16684-1) that stand uncompressed in a file."""
    for match in _XMP.finditer(data):
        with suppress(NotTaken):
            for text in texts(guards.parse(match[0])):
                gathered.text(text, Part.PROPERTY)


def _png(data: bytes) -> Iterator[str]:
    """The text chunks (PNG, third edition, 11.3.3) and Exif."""
    at = _PNG_HEAD
    seen = set()
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">L4s", data, at)
        start, at = at + 8, at + 12 + length
        seen.add(name)
        if name == b"eXIf":
            yield from _exif(data[start : start + length])
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            yield _png_text(name, data[start : start + length])
        elif name == b"IEND":
            break
    if not {b"IHDR", b"IDAT", b"IEND"} <= seen:
        raise NotTaken(Reason.DAMAGED)


def _png_text(name: bytes, chunk: bytes) -> str:
    keyword, _, rest = chunk.partition(b"\0")
    if name == b"tEXt":
        return f"{_words(keyword)}: {_words(rest)}"
    if name == b"zTXt":
        return f"{_words(keyword)}: {_words(_inflated(rest[1:]))}"
    compressed = rest[:1] == b"\1"
    text = rest[2:].split(b"\0", 2)[-1]
    return f"{_words(keyword)}: {_words(_inflated(text) if compressed else text)}"


def _inflated(data: bytes) -> bytes:
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(data, _MAX_TEXT)
    return b""


def _words(data: bytes) -> str:
    """Text whose encoding is promised to be Latin-1 and here is UTF-8 or GB18030 more often."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding).strip("\0 ")
    return data.decode("latin-1").strip("\0 ")


def _jpg(data: bytes) -> Iterator[str]:
    """The comments and Exif segments before the pixels (ITU-T T.81 annex B)."""
    at = 2
    while at + 4 <= len(data):
        start, mark, length = struct.unpack_from(">BBH", data, at)
        if start != 0xFF or mark == _END_OF_IMAGE:
            break
        if mark == _START_OF_SCAN:
            return
        if mark in _MARKS_WITHOUT_LENGTH or mark == 0xFF:
            at += 1 if mark == 0xFF else 2
            continue
        segment = data[at + 4 : at + 2 + length]
        at += 2 + length
        if mark == _COMMENT:
            yield _words(segment)
        elif mark == _APP1 and segment.startswith(_EXIF):
            yield from _exif(segment)
    raise NotTaken(Reason.DAMAGED)


def _exif(data: bytes) -> Iterator[str]:
    """Every text of the Exif block, and the place where a photograph was taken."""
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(data)
        folders = [dict(exif), exif.get_ifd(_EXIF_FOLDER)]
        place = exif.get_ifd(_GPS_FOLDER)
    except (ValueError, SyntaxError, OSError, struct.error, KeyError, TypeError):
        return
    for folder in folders:
        for tag, value in folder.items():
            yield _exif_text(tag, value)
    yield _coordinates(place)


def _exif_text(tag: int, value: object) -> str:
    if isinstance(value, str):
        return _words(value.encode("latin-1", "replace"))  # Exif text is ASCII by promise, UTF-8 in fact
    if not isinstance(value, bytes | tuple):
        return ""
    with suppress(ValueError, TypeError):
        raw = bytes(value)
        if tag in _WINDOWS_TAGS:
            return raw.decode("utf-16-le", "ignore").strip("\0")
        if tag == _USER_COMMENT:
            return _user_comment(raw)
    return ""


def _user_comment(raw: bytes) -> str:
    code, text = raw[:8], raw[8:]
    if not code.startswith(b"UNICODE"):
        return _words(text)
    return max((text.decode(form, "ignore") for form in ("utf-16-le", "utf-16-be")), key=_ideographs)


def _ideographs(text: str) -> int:
    return sum("\u4e00" <= char <= "\u9fff" or char.isascii() for char in text)


def _coordinates(place: dict[int, object]) -> str:
    """Degrees with their hemispheres: 30.658600°N, 104.064700°E."""
    try:
        latitude, longitude = (_degrees(place[key]) for key in (2, 4))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{latitude:.6f}°{place.get(1, 'N')}, {longitude:.6f}°{place.get(3, 'E')}"


def _degrees(value: object) -> float:
    degrees, minutes, seconds = (float(part) for part in value)  # type: ignore[attr-defined]
    return float(degrees + minutes / 60 + seconds / 3600)
