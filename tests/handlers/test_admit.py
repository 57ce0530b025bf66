"""The one seam: size, kind by content, a safe name; texts without what cannot be seen."""

import io
import zipfile

import pytest

from domain.errors import Refused
from domain.uploads import MAX_BYTES
from handlers.admit import TEXT_CHARS, admit_file, admit_text, safe_name


def office(part: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(part, "<x/>")
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (b"%PDF-1.7 x", "年报.pdf", "年报.pdf", "application/pdf"),
        (b"%PDF-1.7 x", "年报.exe", "年报.pdf", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "图", "图.png", "image/png"),
        (b"\xff\xd8\xff\xe0", "photo.jpeg", "photo.jpg", "image/jpeg"),
        ("纯文本".encode(), "说明.md", "说明.txt", "text/plain"),
    ],
)
def test_the_content_decides_what_it_is(content: bytes, name: str, kept: str, media_type: str) -> None:
    admitted = admit_file(content, name)
    assert (admitted.name, admitted.media_type) == (kept, media_type)


@pytest.mark.parametrize(
    ("part", "suffix"),
    [("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"), ("ppt/presentation.xml", ".pptx")],
)
def test_office_files_are_told_by_their_parts(part: str, suffix: str) -> None:
    assert admit_file(office(part), "总结.zip").name == f"总结{suffix}"


def test_old_office_files_are_told_by_their_name_among_themselves() -> None:
    assert admit_file(OLE, "总结.doc").name == "总结.doc"
    with pytest.raises(Refused, match="requests/file_kind"):
        admit_file(OLE, "setup.msi")


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00", office("nothing/of/office.xml"), b"PK\x03\x04 broken", b"a\0b"]
)
def test_what_is_not_taken_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="requests/file_kind"):
        admit_file(content, "年报.pdf")


def test_what_is_too_big_is_refused() -> None:
    with pytest.raises(Refused, match="requests/file_too_big"):
        admit_file(b"%PDF-" + b"x" * MAX_BYTES, "大.pdf")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "file"),
        ("", "file"),
        ("年报\u202efdp.exe", "年报fdp.exe"),
        ("a\nb.pdf", "ab.pdf"),
        ("长" * 300 + ".docx", "长" * 75 + ".docx"),
    ],
)
def test_a_name_is_only_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_text_loses_what_cannot_be_seen_and_has_a_limit() -> None:
    assert admit_text(" 林\u200b知行\x00\n第二行 ") == "林知行\n第二行"
    with pytest.raises(Refused, match="errors/too_long"):
        admit_text("字" * (TEXT_CHARS + 1))
