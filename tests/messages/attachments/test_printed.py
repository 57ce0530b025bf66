"""The papers as pages: printed by LibreOffice, where it is there."""

from pathlib import Path

import pypdfium2
import pytest

from messages.attachments.cover_letter import cover_letter
from messages.attachments.handover import change_form
from messages.attachments.receipt import receipt
from messages.attachments.report import report
from messages.attachments.tables import tables
from messages.attachments.workbook import figures_template
from tests.messages.attachments.office import converted, needs_office
from tests.messages.attachments.samples import CHANGE, LETTER, RECEIPT, REPORT, TABLES, TEMPLATE

A4 = (595, 842)

pytestmark = needs_office


def pages(data: bytes, suffix: str, folder: Path) -> list[str]:
    """The text of each page of A4."""
    document = pypdfium2.PdfDocument(converted(data, suffix, "pdf", folder))
    try:
        assert {tuple(map(round, page.get_size())) for page in document} == {A4}
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_the_report_is_printed_with_numbered_pages_and_one_place_for_the_seal(tmp_path: Path) -> None:
    printed = pages(report(REPORT), ".docx", tmp_path)
    assert len(printed) >= 4
    for number, text in enumerate(printed, 1):
        assert f"— {number} —" in text
    assert sum("（盖章）" in text for text in printed) == 1
    assert "（盖章）" in printed[-1]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_letter_and_receipt_are_one_page_each(tmp_path: Path, locale: str) -> None:
    (tmp_path / "letter").mkdir()
    (letter,) = pages(cover_letter(LETTER, locale), ".docx", tmp_path / "letter")
    (tmp_path / "receipt").mkdir()
    (paper,) = pages(receipt(RECEIPT, locale), ".docx", tmp_path / "receipt")
    assert "林知行" in letter
    assert "0123456789abcdef" * 2 in paper


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_registration_of_a_change_is_one_page(tmp_path: Path, locale: str) -> None:
    (form,) = pages(change_form(CHANGE, locale), ".docx", tmp_path)
    assert "苏小溪" in form


def test_the_tables_break_with_their_headings(tmp_path: Path) -> None:
    printed = pages(tables(TABLES), ".docx", tmp_path)
    assert len(printed) == 3
    assert all("编码" in text for text in printed)


def test_the_form_fits_the_width_of_a_page(tmp_path: Path) -> None:
    printed = pages(figures_template(TEMPLATE), ".xlsx", tmp_path)
    assert len(printed) <= 2
    assert "说明" in printed[0]
