"""Files of a report are read before it goes on: which of them, into which sections, and what waits."""

import pytest

from domain.annual_content import Content
from domain.annual_findings import FileRead
from domain.errors import Refused
from handlers import annual_files_read, narrative_document
from storage import annual_readings
from storage.engine import Database
from tests import papers
from tests.handlers.filled import EDITION

LIST, TEXT, SCAN = "a" * 64, "b" * 64, "c" * 64
CONTENT = Content(
    1,
    2026,
    files=(
        ("evidence", "合同清单.XLSX", LIST),
        ("narrative", "总结.docx", TEXT),
        ("evidence", "合同.pdf", SCAN),
    ),
)


async def test_a_report_waits_until_its_lists_and_its_text_are_read(database: Database) -> None:
    async with database.tx() as tx:
        for sha256 in (LIST, TEXT):
            with pytest.raises(Refused, match="annual/file_not_read"):
                await annual_files_read.demand_read(tx, CONTENT)
            await annual_readings.save(tx, sha256, FileRead(), 1)
        await annual_files_read.demand_read(tx, CONTENT)
        read = await annual_files_read.of_content(tx, CONTENT)
    assert [name for name, _ in read] == ["合同清单.XLSX", "总结.docx"]


@pytest.mark.parametrize(
    ("purpose", "name", "read"),
    [
        ("evidence", "a.xlsx", True),
        ("evidence", "a.csv", True),
        ("evidence", "a.docx", False),
        ("narrative", "a.docx", True),
        ("sealed", "a.xlsx", False),
        ("original", "a.xlsx", False),
    ],
)
def test_lists_and_the_text_are_read_and_nothing_else(purpose: str, name: str, read: bool) -> None:
    assert annual_files_read.is_read(purpose, name) is read


def test_a_document_is_cut_by_its_headings_however_they_are_numbered() -> None:
    data = papers.letter(
        "某校2026年度工作总结",
        "三、市场化运营做法与成效",
        "转让合同金额480万元。",
        "市场化运营做法与成效方面，还有许多工作要做，这一句很长，长到不能是标题，因为标题没有这么长的。",
        "四、典型案例（1-3个）",
        "某项目合同金额90万元。",
    )
    sections = narrative_document.read(data, EDITION)
    assert list(sections) == ["overview", "operation", "cases"]
    assert "480万元" in sections["operation"]
    assert "标题没有这么长" in sections["operation"]
    assert "90万元" in sections["cases"]
