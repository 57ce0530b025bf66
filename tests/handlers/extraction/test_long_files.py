"""Up to 200 MB of scans and photographs pass within the limits; of other kinds so much is too big."""

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.confidential.findings import Part, Place
from handlers.extraction import kinds, portable
from handlers.extraction.extract import extract
from handlers.extraction.reader import read
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction import making
from tests.handlers.extraction.making import docx, ofd, ofd_text, paragraph, pdf, run, stream

MB = 1024 * 1024
PIXELS = random.Random(200).randbytes(MB)
"""Of a photograph: nothing of it is looked at."""
_PICTURE = "/Subtype/Image/Width 1240/Height 1754/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"


def scan(*pictures: bytes) -> bytes:
    """A PDF with one picture a page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pictures)))
    show = "q 600 0 0 800 0 0 cm /I Do Q"
    objects: dict[int, str | bytes] = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pictures)}/MediaBox[0 0 600 800]>>",
        3: stream(show.encode()),
    }
    for n, picture in enumerate(pictures):
        resources = f"/Resources<</XObject<</I {5 + 2 * n} 0 R>>>>"
        objects[4 + 2 * n] = f"<</Type/Page/Parent 2 0 R/Contents 3 0 R{resources}>>"
        objects[5 + 2 * n] = stream(b"\xff\xd8\xff" + picture, _PICTURE)
    return pdf(objects)


def png(pixels: bytes) -> bytes:
    def chunks() -> Iterator[bytes]:
        for name, body in (
            (b"IHDR", struct.pack(">2L5B", 8000, 8000, 8, 2, 0, 0, 0)),
            (b"tEXt", b"Title\0" + making.MARK.encode()),
            (b"IDAT", pixels),
            (b"IEND", b""),
        ):
            yield struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(body, 0))

    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks())


MADE: dict[str, tuple[Callable[[], bytes], Kind, int]] = {
    "scan.pdf": (lambda: scan(*[PIXELS] * 190), Kind.PDF, 190),
    "photo.png": (lambda: png(PIXELS * 190), Kind.PNG, 1),
    "scan.ofd": (
        lambda: ofd(ofd_text("一", 0, 0), more={f"Doc_0/Res/{n}.jpg": PIXELS * 10 for n in range(19)}),
        Kind.OFD,
        1,
    ),
}


@pytest.mark.parametrize("name", MADE)
async def test_190_mb_of_pictures_are_read_within_the_limits(name: str, tmp_path: Path) -> None:
    made, kind, unread = MADE[name]
    (tmp_path / name).write_bytes(made())
    result = await read(tmp_path / name, name)
    assert isinstance(result, Extracted), result
    assert (result.kind, len(result.unreadable)) == (kind, unread)


def test_each_page_is_read_once_however_often_the_file_is_opened_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portable, "_COPIED", 1)
    result = extract(scan(*[PIXELS[:5000]] * 7))
    assert isinstance(result, Extracted)
    assert result.unreadable == [Place(Part.PAGE, (number,)) for number in range(1, 8)]


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"%PDF-1.7\n" + bytes(kinds.MAX_BYTES),
        lambda: docx(paragraph(run("一")), plain={f"word/media/{n}.jpg": PIXELS * 10 for n in range(11)}),
        lambda: docx(paragraph(run("一")), plain={"word/media/film.mp4": PIXELS * 51}),
        lambda: b"a\n" * (25 * MB + 1),
        lambda: scan(PIXELS * 129),
    ],
    ids=["pdf", "docx", "a film in a docx", "txt", "one picture in a pdf"],
)
def test_what_is_too_big_for_its_kind_is_said_to_be_too_big(made: Callable[[], bytes]) -> None:
    assert extract(made()) == Declined(Reason.TOO_BIG)
