"""The xlsx to fill in: what is open, what is beside it, and that it fits a phone."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from messages.attachments.workbook import figures_template
from tests.messages.attachments.samples import EDITION, LAST, TEMPLATE

DATA = figures_template(TEMPLATE)
OPEN = [one.code for one in (*EDITION.indicators, *EDITION.duties) if one.code != "I24"]


def book(data: bytes = DATA) -> Workbook:
    return load_workbook(io.BytesIO(data))


def sheet(data: bytes = DATA) -> Worksheet:
    (only,) = book(data).worksheets
    return only


def row_of(code: str) -> int:
    return next(row[0].row for row in sheet().iter_rows(max_col=1) if row[0].value == code)


def test_only_the_entries_are_open_and_no_password_is_needed_to_open_the_rest() -> None:
    protection = sheet().protection
    assert (protection.sheet, protection.password) == (True, None)
    cells = [cell for row in sheet().iter_rows() for cell in row if not cell.protection.locked]
    assert {(cell.column_letter, sheet().cell(cell.row, 1).value) for cell in cells} == {
        ("E", c) for c in OPEN
    }


def test_nothing_is_hidden_or_merged_and_the_headings_stay() -> None:
    one = sheet()
    assert not [key for key, row in one.row_dimensions.items() if row.hidden]
    assert not [key for key, column in one.column_dimensions.items() if column.hidden]
    assert (list(one.merged_cells.ranges), one.freeze_panes, one.sheet_state) == ([], "A2", "visible")
    to_the_entry = sum(one.column_dimensions[letter].width for letter in "ABCDE")
    assert to_the_entry <= 70


def test_each_figure_stands_with_its_unit_and_last_years_value() -> None:
    for one in EDITION.indicators:
        row = [cell.value for cell in sheet()[row_of(one.code)]]
        last = LAST.get(one.code)
        assert row[:4] == [one.code, one.name.zh, one.unit.words.zh, last and int(last)]
        assert not one.definition or one.definition.zh in row[5]


def test_the_rules_that_a_figure_has_to_keep_are_told_beside_it() -> None:
    assert "发明申请不大于申请总量" in sheet().cell(row_of("I05"), 6).value
    assert "自动合计，不需填写" in sheet().cell(row_of("I24"), 6).value


def test_what_was_entered_stands_there_and_a_text_stays_a_text() -> None:
    shown = [sheet().cell(row_of(code), 5).value for code in ("I16", "I17", "D01", "D02", "I01")]
    assert shown == [500, "约20", "是", None, None]
    hostile = {"I16": "=1+1", "I17": "@x\x00\ud800", "I18": 10**400, "I19": [5], "D01": "=1"}
    facts = TEMPLATE.__class__(EDITION, "=HYPERLINK(1)", "SJ-01", 2026, {}, hostile)
    formulas = [
        cell.value
        for row in sheet(figures_template(facts)).iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert [text for text in formulas if not text.startswith("=IF(COUNT(")] == []


def test_the_total_adds_its_parts_once_all_are_there() -> None:
    parts = ",".join(f"E{row_of(code)}" for code in ("I16", "I19", "I23"))
    assert sheet().cell(row_of("I24"), 5).value == f'=IF(COUNT({parts})=3,SUM({parts}),"")'


def test_each_open_cell_says_what_it_takes() -> None:
    rules = sheet().data_validations.dataValidation
    covered = {cell: rule for rule in rules for cell in str(rule.sqref).split()}
    ranges = {
        code: next(rule for span, rule in covered.items() if _covers(span, row_of(code))) for code in OPEN
    }
    assert ranges["D01"].formula1 == '"是,否"'
    assert re.fullmatch(r"AND\(ISNUMBER\((E\d+)\),\1>=0,ROUND\(\1,0\)=\1\)", ranges["I04"].formula1)
    assert re.fullmatch(r"AND\(ISNUMBER\((E\d+)\),\1>=0,ROUND\(\1,2\)=\1\)", ranges["I16"].formula1)
    assert all(rule.prompt and rule.error and rule.errorStyle in (None, "stop") for rule in rules)


def _covers(span: str, row: int) -> bool:
    first, _, last = span.replace("E", "").partition(":")
    return int(first) <= row <= int(last or first)


def test_a_rule_speaks_of_the_first_cell_that_it_covers() -> None:
    for rule in sheet().data_validations.dataValidation:
        if rule.type == "custom":
            assert f"({str(rule.sqref).split()[0].partition(':')[0]})" in rule.formula1


def test_the_mark_is_in_a_cell_and_in_the_document() -> None:
    texts = [str(row[0].value) for row in sheet().iter_rows(max_col=1, max_row=6)]
    assert [text for text in texts if "lianluo/2026/SJ-01" in text] != []
    assert book().custom_doc_props["lianluo-template"].value == "lianluo/2026/SJ-01"


def test_no_hour_is_kept() -> None:
    core = zipfile.ZipFile(io.BytesIO(DATA)).read("docProps/core.xml").decode()
    assert "dcterms:modified>" not in core


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_same_facts_give_the_same_bytes(locale: str) -> None:
    assert figures_template(TEMPLATE, locale) == figures_template(TEMPLATE, locale)


def test_the_english_form_is_english() -> None:
    texts = [str(cell.value) for row in sheet(figures_template(TEMPLATE, "en")).iter_rows() for cell in row]
    known = {TEMPLATE.base, "约20"}
    assert [t for t in texts if re.search("[\u4e00-\u9fff]", t) and not any(k in t for k in known)] == []


def test_an_amount_keeps_its_decimals() -> None:
    facts = TEMPLATE.__class__(EDITION, "x", "SJ-01", 2026, {}, {"I16": Decimal("0.10"), "I19": "1,234.5"})
    shown = [sheet(figures_template(facts)).cell(row_of(code), 5).value for code in ("I16", "I19")]
    assert shown == [0.1, 1234.5]
