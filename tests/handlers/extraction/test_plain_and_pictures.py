"""Plain texts in the encodings that people have, and pictures with what was written beside the pixels."""

import io
import struct
import zlib
from datetime import date

import pytest
from PIL import Image, PngImagePlugin

from domain.confidential.findings import Finding, Part, Passage, Place, Rule
from handlers.extraction.extract import examine, extract
from handlers.extraction.result import Declined, Examined, Extracted, Kind, Reason
from tests.handlers.extraction.making import MARK


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("csv", [False, True])
def test_each_line_is_a_passage(encoding: str, *, csv: bool) -> None:
    data = f"标题\r\n\r\n{MARK},二\n".encode(encoding)
    assert extract(data, csv=csv) == Extracted(
        Kind.CSV if csv else Kind.TXT,
        [
            Passage(Place(Part.LINE, (1,)), "标题"),
            Passage(Place(Part.LINE, (3,)), f"{MARK}{'|' if csv else ','}二"),
        ],
        [],
    )


def found_in(data: bytes, *, csv: bool) -> list[Finding]:
    examined = examine(data, date(2026, 11, 23), csv=csv)
    assert isinstance(examined, Examined)
    return examined.findings


def test_a_level_in_a_cell_of_its_own_is_a_mark_and_between_the_commas_of_a_text_a_word() -> None:
    data = "项目,密级,负责人\n某装备,机密,张三\n".encode()
    [found] = found_in(data, csv=True)
    assert (found.rule, found.place) == (Rule.STATE_MARK, Place(Part.LINE, (2,)))
    assert found_in("这是,机密,的意思\n".encode(), csv=False) == []


def picture(form: str, **settings: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form, **settings)
    return out.getvalue()


def exif(tag: int, value: object, folder: int | None = None) -> bytes:
    made = Image.Exif()
    (made.get_ifd(folder) if folder else made)[tag] = value
    return made.tobytes()


def png_with(chunk: bytes, text: bytes) -> bytes:
    data = picture("PNG")
    made = struct.pack(">L", len(text)) + chunk + text + struct.pack(">L", zlib.crc32(chunk + text))
    return data[:33] + made + data[33:]


def png_text(*, compressed: bool) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Title", MARK, zip=compressed)
    return info


XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><d>{MARK}</d></x:xmpmeta>".encode()
UNICODE = b"UNICODE\0"

BESIDE: dict[str, tuple[bytes, str]] = {
    "description": (picture("JPEG", exif=exif(0x010E, MARK.encode())), MARK),
    "title in Windows": (picture("JPEG", exif=exif(0x9C9B, MARK.encode("utf-16-le"))), MARK),
    "remark": (picture("JPEG", exif=exif(0x9286, UNICODE + MARK.encode("utf-16-le"), 0x8769)), MARK),
    "remark the other way": (
        picture("JPEG", exif=exif(0x9286, UNICODE + MARK.encode("utf-16-be"), 0x8769)),
        MARK,
    ),
    "comment": (picture("JPEG", comment=MARK.encode("gb18030")), MARK),
    "XMP": (picture("JPEG", xmp=XMP), MARK),
    "text of a PNG": (png_with(b"tEXt", b"Title\0" + MARK.encode()), f"Title: {MARK}"),
    "packed text of a PNG": (
        png_with(b"zTXt", b"Title\0\0" + zlib.compress(MARK.encode())),
        f"Title: {MARK}",
    ),
    "international text": (picture("PNG", pnginfo=png_text(compressed=False)), f"Title: {MARK}"),
    "packed international text": (picture("PNG", pnginfo=png_text(compressed=True)), f"Title: {MARK}"),
    "Exif of a PNG": (picture("PNG", exif=exif(0x010E, MARK.encode())), MARK),
}


@pytest.mark.parametrize("where", BESIDE)
def test_what_is_written_beside_the_pixels_is_read(where: str) -> None:
    data, text = BESIDE[where]
    result = extract(data)
    assert isinstance(result, Extracted)
    assert Passage(Place(Part.PROPERTY), text) in result.passages
    assert result.unreadable == [Place(Part.FILE)]


def test_where_a_photograph_was_taken_is_read() -> None:
    made = Image.Exif()
    made[0x8825] = {1: "N", 2: (30.0, 39.0, 30.96), 3: "E", 4: (104.0, 3.0, 52.92)}
    result = extract(picture("JPEG", exif=made.tobytes()))
    assert isinstance(result, Extracted)
    assert result.passages == [Passage(Place(Part.PROPERTY), "30.658600°N, 104.064700°E")]


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_cut_short_before_its_pixels_is_damaged(form: str) -> None:
    assert extract(picture(form)[:40]) == Declined(Reason.DAMAGED)


def test_a_packed_text_that_is_a_bomb_is_cut_off() -> None:
    result = extract(png_with(b"zTXt", b"Title\0\0" + zlib.compress(b"a" * 50_000_000, 9)))
    assert isinstance(result, Extracted)
    assert len(result.passages[0].text) == len("Title: ") + 1024 * 1024
