"""The content decides what a file is, whatever it is called; what is not taken has its reason."""

import io
import tarfile
import zipfile

import pytest
from PIL import Image

from domain.confidential.findings import Part, Passage, Place
from handlers.extraction.extract import extract
from handlers.extraction.result import Declined, Extracted, Kind, Reason
from tests.handlers.extraction.making import (
    MARK,
    SHEET,
    WORD,
    docx,
    element,
    ofd,
    package,
    page_of,
    paragraph,
    pptx,
    run,
    worksheet,
    xlsx,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORDS = docx(paragraph(run("正文")))
PDF = page_of("BT /F 20 Tf 10 10 Td (words) Tj ET")


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)
    return out.getvalue()


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def encrypted_entry() -> bytes:
    """A document whose entries say that they are encrypted."""
    data = bytearray(WORDS)
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WORDS, Kind.DOCX),
        (xlsx(worksheet("")), Kind.XLSX),
        (pptx(), Kind.PPTX),
        (ofd(), Kind.OFD),
        (PDF, Kind.PDF),
        (b"\r\n" + PDF, Kind.PDF),
        (picture("PNG"), Kind.PNG),
        (picture("JPEG"), Kind.JPG),
        ("BM 公司".encode(), Kind.TXT),
        ("一,二".encode("gb18030"), Kind.TXT),
    ],
)
def test_the_kinds_that_are_taken(data: bytes, kind: Kind) -> None:
    result = extract(data)
    assert isinstance(result, Extracted)
    assert result.kind is kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\xef\xbb\xbf", Reason.EMPTY),
        (b" \r\n" * 9, Reason.EMPTY),
        (b"\0" * 512, Reason.EMPTY),
        (OLE, Reason.OLD_OFFICE),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        (b"{\\rtf1 a}", Reason.OLD_OFFICE),
        (b"<html><body>a</body></html>", Reason.OLD_OFFICE),
        (b"MIME-Version: 1.0\r\n\r\na", Reason.OLD_OFFICE),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            Reason.OLD_OFFICE,
        ),
        (
            package({"xl/workbook.bin": ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", b"\0")}),
            Reason.OLD_OFFICE,
        ),
        (zipped({"a.txt": "a"}), Reason.ARCHIVE),
        (zipped({}), Reason.ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00" + b"\0" * 99, Reason.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, Reason.ARCHIVE),
        (b"\x1f\x8b\x08" + b"\0" * 99, Reason.ARCHIVE),
        (tar(), Reason.ARCHIVE),
        (encrypted_entry(), Reason.ENCRYPTED),
        (package({"word/document.xml": (MACRO, element("w:document", ""))}), Reason.MACROS),
        (docx("", plain={"word/vbaProject.bin": b"\0"}), Reason.MACROS),
        (picture("GIF"), Reason.OTHER_PICTURE),
        (picture("BMP"), Reason.OTHER_PICTURE),
        (picture("TIFF"), Reason.OTHER_PICTURE),
        (picture("WEBP"), Reason.OTHER_PICTURE),
        (b"\0\0\0\x18ftypheic" + b"\0" * 16, Reason.OTHER_PICTURE),
        (b"MZ\x90\0" + b"\0\xff" * 99, Reason.UNKNOWN),
        (b"a\0b", Reason.UNKNOWN),
        (b"\x7fELF\xff\xfe\xfd", Reason.UNKNOWN),
        (WORDS[:-40], Reason.DAMAGED),
        (WORDS[: len(WORDS) // 2], Reason.DAMAGED),
        (docx("<w:p>"), Reason.DAMAGED),
        (b"%PDF-1.7 and nothing more", Reason.DAMAGED),
        (b"a" * (50 * 1024 * 1024 + 1), Reason.TOO_BIG),
        (b"a" * 5_000_001, Reason.TOO_BIG),
    ],
)
def test_what_is_not_taken_has_its_reason(data: bytes, reason: Reason) -> None:
    assert extract(data) == Declined(reason)


def hidden_between() -> bytes:
    """A document with bytes between its last entry and its directory."""
    at = WORDS.index(b"PK\1\2")
    end = bytearray(WORDS[-22:])
    end[16:20] = (at + 99).to_bytes(4, "little")
    return WORDS[:at] + MARK.encode().ljust(99) + WORDS[at:-22] + bytes(end)


def twice(first: str, second: str) -> bytes:
    """A document with two more entries, renamed after they were written."""
    data = docx("", plain={"aaaa.xml": "<a/>", "bbbb.xml": "<b/>"})
    return data.replace(b"aaaa.xml", first.encode()).replace(b"bbbb.xml", second.encode())


BOTH_KINDS = package(
    {
        "word/document.xml": (f"{WORD}document.main+xml", element("w:document", "")),
        "xl/workbook.xml": (f"{SHEET}sheet.main+xml", element("workbook", "")),
    }
)


@pytest.mark.parametrize(
    "data",
    [
        PDF + WORDS,
        picture("PNG") + WORDS,
        picture("JPEG") + WORDS,
        b"plain text\n" + zipped({"a.txt": "a"}, zipfile.ZIP_STORED),
        WORDS + WORDS,
        WORDS + b"hidden",
        WORDS[:-2] + b"\x06\0hidden",
        b"front" + WORDS,
        hidden_between(),
        b"GIF or not?\n" + PDF,
        b"\x89PNG\r\n\x1a\n" + PDF,
        picture("JPEG") + b"Rar!\x1a\x07\x01\x00",
        PDF + OLE,
        twice("cccc.xml", "cccc.xml"),
        twice("cccc.xml", "CCCC.XML"),
        twice("../a.xml", "bbbb.xml"),
        twice("..\\a.xml", "bbbb.xml"),
        twice("/aaa.xml", "bbbb.xml"),
        twice("C:/a.xml", "bbbb.xml"),
        twice("aa\0a.xml", "bbbb.xml"),
        BOTH_KINDS,
        docx("", plain={"OFD.xml": "<a/>"}),
    ],
)
def test_two_files_in_one_are_refused(data: bytes) -> None:
    assert extract(data) == Declined(Reason.POLYGLOT)


def test_a_name_that_turns_its_direction_is_a_name_like_others() -> None:
    result = extract(docx(paragraph(run(MARK)), plain={"word/\u202egnp.xml": "<a>文</a>"}))
    assert isinstance(result, Extracted)
    assert Passage(Place(Part.PARAGRAPH, (1,)), MARK) in result.passages
