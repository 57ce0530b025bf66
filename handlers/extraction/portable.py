"""PDF: the text of each page, what is written over it and beside it, the pages that are only pictures."""

import ctypes
import re
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import PdfDocument, PdfPage, raw

from domain.confidential.findings import Part
from handlers.extraction import boxes, pictures
from handlers.extraction.result import Gathered, NotTaken, Reason

MAX_PAGES = 2000
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,600}?stream\r?\n", re.DOTALL)
_MAX_UNPACKED = 100 * 1024 * 1024
_LARGE = 200 * 200
"""A picture of so many pixels may carry text."""
_FEW = 50
"""So few characters beside a picture that fills half the page are a page number, not its text."""
_GARBLED = 0.3
"""From this share on, what a page says is not what it shows: a font that does not tell its letters."""
_XFA_FORMS = (2, 3)
_COPIED = 64 * 1024 * 1024
"""PDFium keeps a copy of every picture that it has met until the document is closed; beside a long file there
is no room for all of them, so that after so many bytes it is closed and opened again."""
_LENGTH = re.compile(rb"/Length\s+(\d{9,12})\b")
_MAX_STREAM = 128 * 1024 * 1024
"""Of one picture, which is held beside the file."""
_PIECE = 64 * 1024


def read(data: bytes, gathered: Gathered) -> None:
    """Everything a PDF says. Raises NotTaken: ACTIVE, ENCRYPTED, DAMAGED or TOO_BIG."""
    check_passive(data)
    boxes.lend()
    with closing(_opened(data)) as document:
        if len(document) > MAX_PAGES:
            raise NotTaken(Reason.TOO_BIG)
        _beside(document, gathered)
    pictures.xmp(data, gathered)
    _Pages(gathered).read(data)


def _opened(data: bytes) -> PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NotTaken(_failure(error.err_code)) from error


def check_passive(data: bytes) -> None:
    """Refuse what acts when it is opened, or carries other files, in plain or in compressed objects.

    And what holds a picture that is too long.
    """
    if _is_active(data):
        raise NotTaken(Reason.ACTIVE)
    if any(int(match[1]) > _MAX_STREAM for match in _LENGTH.finditer(data)):
        raise NotTaken(Reason.TOO_BIG)
    left = _MAX_UNPACKED
    for match in _OBJECT_STREAM.finditer(data):
        unpacked = _unpacked(data, match.end(), left)
        left -= len(unpacked)
        if _is_active(unpacked):
            raise NotTaken(Reason.ACTIVE)
        if left <= 0:
            raise NotTaken(Reason.BOMB)


def _unpacked(data: bytes, start: int, most: int) -> bytearray:
    """A compressed stream as far as it goes, or so much of it; in pieces, for where it ends is not known."""
    unpacker, found = zlib.decompressobj(), bytearray()
    with suppress(zlib.error):
        for at in range(start, len(data), _PIECE):
            found += unpacker.decompress(unpacker.unconsumed_tail + data[at : at + _PIECE], most - len(found))
            if unpacker.eof or len(found) >= most:
                break
    return found


def _is_active(data: bytes | bytearray) -> bool:
    if any(sign in data for sign in _ACTIVE):
        return True
    names = re.findall(rb"/[A-Za-z#0-9]{4,60}", data) if b"#" in data else []
    return any(_HEX.sub(_char, name) in _ACTIVE for name in names if b"#" in name)


def _char(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)])


def _failure(code: int | None) -> Reason:
    password = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
    return Reason.ENCRYPTED if code in password else Reason.DAMAGED


def _beside(document: PdfDocument, gathered: Gathered) -> None:
    """Document information and outline; scripts and attachments that only the parsed document shows."""
    if document.count_attachments() or raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        raise NotTaken(Reason.ACTIVE)
    for key, text in document.get_metadata_dict().items():
        if key not in ("CreationDate", "ModDate"):
            gathered.text(text, Part.PROPERTY)
    for bookmark in document.get_toc():
        gathered.text(bookmark.get_title(), Part.PROPERTY)
    if document.get_formtype() in _XFA_FORMS:
        gathered.count_closed(Part.OBJECT, 1)


@dataclass(slots=True)
class _Pages:
    """Counts comments and pictures over the pages; `copied` bytes of pictures since the file was opened."""

    gathered: Gathered
    comments: int = 0
    pictures: int = 0
    copied: int = 0

    def read(self, data: bytes) -> None:
        done, count = 0, 1
        while done < count:
            with closing(_opened(data)) as document:
                count = len(document)
                done = self._until_full(document, done)
        self.gathered.count_closed(Part.PICTURE, self.pictures)

    def _until_full(self, document: PdfDocument, done: int) -> int:
        """Read on after the first `done` pages; how many are done then."""
        self.copied = 0
        while done < len(document) and self.copied < _COPIED:
            done += 1
            self._either(document, done)
        return done

    def _either(self, document: PdfDocument, number: int) -> None:
        with closing(document[number - 1]) as page:
            if not raw.FPDFPage_GetAnnotCount(page):
                self._page(page, number)
                return
            self._annotated(page, number)
        with closing(document[number - 1]) as page:
            self._page(page, number)

    def _annotated(self, page: PdfPage, number: int) -> None:
        """What notes and fields say; what they and stamps show becomes the page's when it is next opened."""
        for subtype, text in _annotations(page):
            if subtype == raw.FPDF_ANNOT_WIDGET:
                self.gathered.text(text, Part.PAGE, number)
            elif text.strip():
                self.comments += 1
                self.gathered.text(text, Part.COMMENT, self.comments)
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)

    def _page(self, page: PdfPage, number: int) -> None:
        with closing(page.get_textpage()) as textpage:
            text = textpage.get_text_range()
        for line, words in enumerate(text.splitlines(), 1):
            self.gathered.text(words, Part.PAGE, number, line)
        self._look(page, number, text)

    def _look(self, page: PdfPage, number: int, text: str) -> None:
        """Tell whether the page shows more than its text."""
        shown = _Shown.of(page)
        self.copied += shown.copied
        words = sum(not char.isspace() for char in text)
        empty = words == 0 and shown.anything
        covered = words < _FEW and shown.covered >= 0.5
        if empty or covered or _is_garbled(text):
            self.gathered.closed(Part.PAGE, number)
        else:
            self.pictures += shown.large


@dataclass(slots=True)
class _Shown:
    """What stands on a page beside text: the share the largest picture covers, how many are large, bytes."""

    anything: bool = False
    covered: float = 0.0
    large: int = 0
    copied: int = 0

    @classmethod
    def of(cls, page: PdfPage) -> "_Shown":
        shown = cls()
        area = max(page.get_width() * page.get_height(), 1.0)
        for item in page.get_objects(max_depth=5):
            if item.type == raw.FPDF_PAGEOBJ_FORM:
                continue
            shown.anything = True
            if isinstance(item, pypdfium2.PdfImage):
                with suppress(pypdfium2.PdfiumError):
                    left, bottom, right, top = item.get_bounds()
                    shown.covered = max(shown.covered, (right - left) * (top - bottom) / area)
                width, height = item.get_px_size()
                shown.large += width * height >= _LARGE
                shown.copied += raw.FPDFImageObj_GetImageDataRaw(item, None, 0)
        return shown


def _is_garbled(text: str) -> bool:
    """Letters of a font without a table of their meanings come out as private or undefined characters."""
    letters = [char for char in text if not char.isspace()]
    strange = sum(char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc") for char in letters)
    return bool(letters) and strange / len(letters) >= _GARBLED


def _annotations(page: PdfPage) -> Iterator[tuple[int, str]]:
    """The subtype and words of every note, stamp and form field of a page."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        for key in (b"V", b"TU") if subtype == raw.FPDF_ANNOT_WIDGET else (b"Contents", b"Subj"):
            yield subtype, _string(annotation, key)
        raw.FPDFPage_CloseAnnot(annotation)


def _string(annotation: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
