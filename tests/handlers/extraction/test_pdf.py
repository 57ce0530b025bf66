"""PDF: a mark is found on the page and beside it; what cannot be read is told; what acts is refused."""

import io
import zlib

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import MARK, page_of, stream, utf16

FONT = "STSong-Light"
LATIN = "SECRET-MARK"


def drawn(*pages: list[str], **settings: object) -> bytes:
    """A PDF with these lines on its pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, **settings)
    for lines in pages:
        canvas.setFont(FONT, 14)
        for number, line in enumerate(lines):
            canvas.drawString(72, 760 - 30 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Extracted:
    result = extract(data)
    assert isinstance(result, Extracted), result
    assert result.kind is Kind.PDF
    return result


NOTE = f"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents {utf16(MARK)}>>"
FIELD = f"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[0 0 9 9]/V {utf16(MARK)}>>"
STAMP = "<</Type/Annot/Subtype/Stamp/Rect[0 0 300 50]/F 4/AP<</N 11 0 R>>>>"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 300 50]/Resources<</Font<</F 5 0 R>>>>"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><d>{MARK}</d></x:xmpmeta>"

STANDS: dict[str, tuple[bytes, Place]] = {
    "line": (drawn(["一"], ["一", "二", MARK]), Place(Part.PAGE, (2, 3))),
    "note": (page_of(extra=f"/Annots[{NOTE}]"), Place(Part.COMMENT, (1,))),
    "form field": (
        page_of(extra="/Annots[10 0 R]", catalogue="/AcroForm<</Fields[10 0 R]>>", n10=FIELD),
        Place(Part.PAGE, (1,)),
    ),
    "document information": (
        page_of(trailer="/Info 10 0 R", n10=f"<</Subject {utf16(MARK)}>>"),
        Place(Part.PROPERTY),
    ),
    "outline": (
        page_of(
            catalogue="/Outlines 10 0 R",
            n10="<</First 11 0 R/Last 11 0 R/Count 1>>",
            n11=f"<</Title {utf16(MARK)}/Parent 10 0 R/Dest[3 0 R/Fit]>>",
        ),
        Place(Part.PROPERTY),
    ),
    "metadata": (
        page_of(catalogue="/Metadata 10 0 R", n10=stream(XMP.encode()).decode("latin-1")),
        Place(Part.PROPERTY),
    ),
}


@pytest.mark.parametrize("where", STANDS)
def test_a_mark_is_found_where_it_stands(where: str) -> None:
    data, place = STANDS[where]
    assert [p for p in read(data).passages if MARK in p.text] == [Passage(place, MARK)]


def test_what_a_stamp_shows_is_part_of_the_page() -> None:
    words = stream(f"BT /F 20 Tf 10 10 Td ({LATIN}) Tj ET".encode(), FORM).decode()
    found = read(page_of(extra="/Annots[10 0 R]", n10=STAMP, n11=words))
    assert found.passages == [Passage(Place(Part.PAGE, (1, 1)), LATIN)]


def test_a_character_that_stands_alone_in_a_font_not_embedded_is_read() -> None:
    """It has no size where the machine lacks the font, and PDFium leaves out what has no size."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(FONT, 14)
    for number, char in enumerate(MARK):
        canvas.drawString(72 + 14 * number, 700, char)
    canvas.save()
    found = [passage.text for passage in read(out.getvalue()).passages if passage.place.part is Part.PAGE]
    assert "".join(found).replace(" ", "") == MARK


def test_words_that_are_not_painted_are_read() -> None:
    found = read(page_of(f"BT 3 Tr /F 20 Tf 10 10 Td ({LATIN}) Tj ET"))
    assert found.passages == [Passage(Place(Part.PAGE, (1, 1)), LATIN)]


def scanned(*, share: float, text: str = "", pixels: int = 600) -> bytes:
    """A page with a picture that covers a share of its height."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    pixel = ImageReader(Image.new("L", (pixels, pixels), 200))
    canvas.drawImage(pixel, 0, 0, 600, 800 * share)
    canvas.drawString(100, 780, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "unreadable"),
    [
        (page_of(), []),
        (scanned(share=1.0), [Place(Part.PAGE, (1,))]),
        (scanned(share=1.0, text="- 1 -"), [Place(Part.PAGE, (1,))]),
        (scanned(share=1.0, text="recognised words " * 9), [Place(Part.PICTURE, (1,))]),
        (scanned(share=0.3, text="- 1 -"), [Place(Part.PICTURE, (1,))]),
        (scanned(share=0.1, text="with a logo", pixels=60), []),
        (page_of("0 0 100 100 re f"), [Place(Part.PAGE, (1,))]),
        (page_of("0 0 100 100 re f BT /F 20 Tf 10 10 Td (words) Tj ET"), []),
        (page_of("BT /F 20 Tf 10 10 Td (\x01\x02\x03\x04\x05\x06) Tj ET"), [Place(Part.PAGE, (1,))]),
    ],
    ids=[
        "blank",
        "scan",
        "scan with number",
        "scan with text",
        "figure",
        "logo",
        "outlines",
        "ruled",
        "garbled",
    ],
)
def test_a_page_that_shows_more_than_it_says_is_told(data: bytes, unreadable: list[Place]) -> None:
    assert read(data).unreadable == unreadable


SCRIPT = "<</S/JavaScript/JS(app.alert(1))>>"
HIDDEN_SCRIPT = zlib.compress(b"10 0 <</S/JavaScript/JS(app.alert(1))>>")


@pytest.mark.parametrize(
    "data",
    [
        page_of(catalogue=f"/OpenAction{SCRIPT}"),
        page_of(extra=f"/AA<</O{SCRIPT}>>"),
        page_of(catalogue="/OpenAction<</S/J#61vaScript/JS(1)>>"),
        page_of(catalogue="/OpenAction<</S/Launch/F(cmd.exe)>>"),
        page_of(
            catalogue="/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F 10 0 R>>>>]>>>>",
            n10="<</Type/EmbeddedFile/Length 1>>\nstream\na\nendstream",
        ),
        page_of(
            n10=(
                f"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length {len(HIDDEN_SCRIPT)}>>\nstream\n"
                f"{HIDDEN_SCRIPT.decode('latin-1')}\nendstream"
            )
        ),
    ],
    ids=["on opening", "on a page", "in disguise", "launch", "attachment", "in a compressed object"],
)
def test_a_pdf_that_acts_or_carries_files_is_refused(data: bytes) -> None:
    assert extract(data) == Declined(Reason.ACTIVE)


def test_a_password_to_open_is_told_and_one_to_change_is_no_matter() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert extract(drawn([MARK], encrypt=StandardEncryption("open"))) == Declined(Reason.ENCRYPTED)
    readable = read(drawn([MARK], encrypt=StandardEncryption("", "change")))
    assert Passage(Place(Part.PAGE, (1, 1)), MARK) in readable.passages


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_pdf_is_damaged_or_still_says_all_it_has(share: float) -> None:
    data = drawn(*[[MARK]] * 20)
    result = extract(data[: int(len(data) * share)])
    assert result == Declined(Reason.DAMAGED) or isinstance(result, Extracted)


def test_more_pages_than_anybody_reads_are_too_big() -> None:
    assert extract(drawn(*[[]] * 2001)) == Declined(Reason.TOO_BIG)
