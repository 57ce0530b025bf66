"""The real kind of a file: its content decides, its name only tells a csv from other text."""

import codecs
import io
import re
import zipfile
from collections.abc import Iterable

from handlers.extraction.guards import OFD_MAIN, Archive
from handlers.extraction.result import Kind, NotTaken, Reason

MAX_BYTES = 200 * 1024 * 1024
"""Of what is mostly pictures, which are not unpacked: a PDF, an OFD, a photograph."""
MAX_TEXT_BYTES = 50 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = b"%PDF-"
_PDF_WITHIN = 1024
"""Readers of PDF look for the header this far into a file, whatever stands before it."""
_BLANK = b"\xef\xbb\xbf\xff\xfe\0\r\n\t "
"""Marks of encodings and white space, of which an empty file may be full."""
_SAID = re.compile(b"[^%b]" % re.escape(_BLANK))

_RAR = b"Rar!\x1a\x07"
_7Z = b"7z\xbc\xaf\x27\x1c"
_ARCHIVES = (b"PK\x05\x06", _RAR, _7Z, b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0")
_SECOND = (_RAR, _7Z, _OLE)
"""Long enough not to stand in a picture by chance; a zip is known by its end record."""
_SIGNS: dict[bytes, Kind | Reason] = {
    _PDF: Kind.PDF,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"\xff\xd8\xff": Kind.JPG,
    b"GIF87a": Reason.OTHER_PICTURE,
    b"GIF89a": Reason.OTHER_PICTURE,
    b"II*\0": Reason.OTHER_PICTURE,
    b"MM\0*": Reason.OTHER_PICTURE,
    b"{\\rtf": Reason.OLD_OFFICE,
    **dict.fromkeys(_ARCHIVES, Reason.ARCHIVE),
}
_TAR = (257, b"ustar")
_HEIF = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif")
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<html|<head|<script|<table|mime-version:)", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\ufffe\uffff]")

_OPENDOCUMENT = "mimetype"
_PARTS: dict[str, Kind | Reason] = {
    "wordprocessingml.document.main+xml": Kind.DOCX,
    "wordprocessingml.template.main+xml": Kind.DOCX,
    "spreadsheetml.sheet.main+xml": Kind.XLSX,
    "spreadsheetml.template.main+xml": Kind.XLSX,
    "presentationml.presentation.main+xml": Kind.PPTX,
    "presentationml.slideshow.main+xml": Kind.PPTX,
    "presentationml.template.main+xml": Kind.PPTX,
    "sheet.binary": Reason.OLD_OFFICE,
    "macroenabled": Reason.MACROS,
    "macrosheet": Reason.MACROS,
}


def is_zip(data: bytes) -> bool:
    return data.startswith(_ZIP)


def kind_of_plain(data: bytes, *, csv: bool) -> Kind:
    """The kind of a file that is no zip. No copy is made: it may be half the memory. Raises NotTaken."""
    if not _SAID.search(data):
        raise NotTaken(Reason.EMPTY)
    kind = _by_sign(data)
    _check_single(data, kind)
    if kind is not None:
        return kind
    _check_text(data)
    return Kind.CSV if csv else Kind.TXT


def kind_of_package(archive: Archive, types: Iterable[str]) -> Kind:
    """The kind of a zip, by the content types its parts are declared with. Raises NotTaken."""
    declared = " ".join(types).lower()
    if OFD_MAIN in archive.names:
        if any(part in declared for part in _PARTS):
            raise NotTaken(Reason.POLYGLOT)
        return Kind.OFD
    if _OPENDOCUMENT in archive.names:
        raise NotTaken(Reason.OLD_OFFICE)
    if "vbaproject" in declared or any("vbaproject" in name.lower() for name in archive.names):
        raise NotTaken(Reason.MACROS)
    met = [kind for part, kind in _PARTS.items() if part in declared]
    for kind in met:
        if isinstance(kind, Reason):
            raise NotTaken(kind)
    if not met:
        raise NotTaken(Reason.ARCHIVE)
    if len(met) > 1:
        raise NotTaken(Reason.POLYGLOT)
    return Kind(met[0])


def text_of(data: bytes) -> str:
    """The text of a plain file: UTF-8, UTF-16 with its mark, or GB18030. Raises NotTaken: UNKNOWN."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotTaken(Reason.UNKNOWN)


def _check_text(data: bytes) -> None:
    """Raises NotTaken: TOO_BIG, UNKNOWN when it is no text, OLD_OFFICE when it is a page in its guise."""
    if len(data) > MAX_TEXT_BYTES:
        raise NotTaken(Reason.TOO_BIG)
    text = text_of(data)
    if _CONTROLS.search(text):
        raise NotTaken(Reason.UNKNOWN)
    if _MARKUP.match(text):
        raise NotTaken(Reason.OLD_OFFICE)


def _check_single(data: bytes, kind: Kind | None) -> None:
    """Raises NotTaken: POLYGLOT when the file is something else too."""
    if kind is not Kind.PDF and _PDF in data[:_PDF_WITHIN]:
        raise NotTaken(Reason.POLYGLOT)
    if any(data.find(sign, 1) > 0 for sign in _SECOND) or zipfile.is_zipfile(io.BytesIO(data)):
        raise NotTaken(Reason.POLYGLOT)


def _by_sign(data: bytes) -> Kind | None:
    for sign, kind in _SIGNS.items():
        if data.startswith(sign):
            return _taken(kind)
    if data.startswith(_OLE):
        raise NotTaken(Reason.ENCRYPTED if _ENCRYPTED_OFFICE in data else Reason.OLD_OFFICE)
    if data.startswith(_TAR[1], _TAR[0]):
        raise NotTaken(Reason.ARCHIVE)
    if _is_other_picture(data):
        raise NotTaken(Reason.OTHER_PICTURE)
    if data[:_PDF_WITHIN].lstrip(_BLANK).startswith(_PDF):
        return Kind.PDF
    if _PDF in data[:_PDF_WITHIN]:
        raise NotTaken(Reason.POLYGLOT)
    return None


def _taken(kind: Kind | Reason) -> Kind:
    if isinstance(kind, Reason):
        raise NotTaken(kind)
    return kind


def _is_other_picture(data: bytes) -> bool:
    """WebP, HEIF, and BMP, whose two letters alone may begin a text."""
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    heif = data[4:8] == b"ftyp" and data[8:12] in _HEIF
    bmp = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    return webp or heif or bmp
