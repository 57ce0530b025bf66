"""The form opened and saved by LibreOffice, where it is there; and how long a round takes."""

import time
from pathlib import Path

from domain.annual_papers import TemplateFacts
from domain.verification import verify
from messages.attachments.workbook import figures_template
from tests.handlers.filled import BASE, EDITION, YEAR, filled, reading, refused, told, understood
from tests.messages.attachments.office import converted, needs_office

ENTRIES = {one.code: n for n, one in enumerate(EDITION.indicators, 100) if not one.sum_of}
SECOND = 1.0


@needs_office
def test_what_another_program_saved_is_understood(tmp_path: Path) -> None:
    data = converted(filled({**ENTRIES, "I16": "=200+300", "D01": "是"}), ".xlsx", "xlsx", tmp_path)
    assert understood(data) == {**ENTRIES, "I16": 500, "D01": True}


@needs_office
def test_an_old_workbook_that_was_renamed_is_refused(tmp_path: Path) -> None:
    old = converted(filled(ENTRIES), ".xlsx", "xls", tmp_path)
    assert refused(old).startswith("这是旧格式（如 .xls）的文件，改扩展名不会改变格式")


@needs_office
def test_a_csv_that_was_exported_is_understood(tmp_path: Path) -> None:
    result = reading(
        converted(filled(ENTRIES), ".xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    )
    total = sum(ENTRIES[code] for code in EDITION.by_code["I24"].sum_of)
    assert result.figures == {**ENTRIES, "I24": total}
    assert told(result) == []


def test_a_form_is_made_read_and_verified_within_a_second() -> None:
    begun = time.process_time()
    data = figures_template(TemplateFacts(EDITION, "蜀江理工大学（演示）", BASE, YEAR, {}, ENTRIES))
    findings = verify(reading(data).figures, edition=EDITION)
    took = time.process_time() - begun
    print(f"made, read and verified in {took:.3f} s")  # noqa: T201 - what was measured
    assert findings
    assert took < SECOND
