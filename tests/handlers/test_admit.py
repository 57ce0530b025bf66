"""The one seam: what a file is and says, read by a child; a safe name; texts without what cannot be seen."""

from datetime import date
from pathlib import Path

import pytest

from domain.confidential.findings import Part, Place, Rule
from domain.errors import Refused
from handlers.admit import TEXT_CHARS, Admitted, admit_file, admit_text, bearing_in, safe_name
from tests import papers
from tests.handlers.extraction.making import package, page_of, zipped

TODAY = date(2026, 11, 25)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    return tmp_path / "incoming"


async def admitted(incoming: Path, content: bytes, name: str) -> Admitted:
    incoming.write_bytes(content)
    return await admit_file(incoming, name, TODAY)


@pytest.mark.parametrize(
    ("content", "name", "kept", "media_type"),
    [
        (papers.pdf(), "年报.pdf", "年报.pdf", "application/pdf"),
        (papers.pdf(), "年报.exe", "年报.pdf", "application/pdf"),
        (papers.letter("总结"), "总结.zip", "总结.docx", WORD_TYPE),
        (papers.picture(), "图", "图.png", "image/png"),
        (papers.picture("JPEG"), "photo.jpeg", "photo.jpg", "image/jpeg"),
        ("纯文本".encode(), "说明.md", "说明.txt", "text/plain"),
        ("甲,乙\n1,2\n".encode(), "数据.csv", "数据.csv", "text/csv"),
    ],
)
async def test_the_content_decides_what_it_is(
    incoming: Path, content: bytes, name: str, kept: str, media_type: str
) -> None:
    seen = await admitted(incoming, content, name)
    assert (seen.name, seen.media_type) == (kept, media_type)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY"),
        (b"MZ\x90\x00" * 100, "UNKNOWN"),
        (OLE, "OLD_OFFICE"),
        (zipped({"a.txt": "x"}), "ARCHIVE"),
        (papers.pdf()[:200], "DAMAGED"),
        (page_of(catalogue="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "ACTIVE"),
        (package({"word/document.xml": (MACROS, "<x/>")}), "MACROS"),
    ],
)
async def test_what_is_not_taken_is_refused_with_what_to_do(
    incoming: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(Refused, match="gate/declined") as refused:
        await admitted(incoming, content, "年报.pdf")
    assert refused.value.facts == {"reason": reason}


async def test_a_mark_in_a_file_is_found_with_its_place(incoming: Path) -> None:
    [mark] = (await admitted(incoming, papers.letter("正文", header=papers.MARK), "总结.docx")).findings
    assert (mark.rule, mark.place.part) == (Rule.STATE_MARK, Part.HEADER)


async def test_what_cannot_be_read_is_a_finding(incoming: Path) -> None:
    [unread] = (await admitted(incoming, papers.picture(), "章.png")).findings
    assert unread.rule is Rule.UNREADABLE


def test_a_text_is_looked_at_before_the_name_of_the_file_that_it_comes_with() -> None:
    bearing = bearing_in("机密★10年\n电话 13800138000", "绝密★30年.pdf", TODAY)
    assert bearing is not None
    assert ([mark.rule for mark in bearing.marks], bearing.of_name) == ([Rule.STATE_MARK], False)
    named = bearing_in("请查收", "绝密★30年.pdf", TODAY)
    assert named is not None
    assert ([mark.place for mark in named.marks], named.of_name) == ([Place(Part.NAME)], True)
    assert bearing_in("电话 13800138000", "年报.pdf", TODAY) is None


async def test_a_mark_in_the_name_is_found_also_where_the_content_is_not_taken(incoming: Path) -> None:
    for content in (OLE, papers.letter("正文")):
        [mark] = (await admitted(incoming, content, "机密★10年.docx")).findings
        assert (mark.rule, mark.place) == (Rule.STATE_MARK, Place(Part.NAME))


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
