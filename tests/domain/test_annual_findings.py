"""数据核对 of a whole report: text, period and lists are held against the figures."""

from datetime import date
from decimal import Decimal

import pytest

from domain.annual_checklist import checklist, missing, word_key
from domain.annual_content import Content
from domain.annual_findings import FileRead, counted_by, findings
from domain.evidence import Contract, Kind, Patent
from domain.indicators import Severity, edition

TOLD = edition(2026)
FIGURES = {one.code: "0" for one in TOLD.indicators if one.required}
PERIOD = ("2025-12-01", "2026-11-30")


def content(
    figures: dict[str, str] | None = None,
    sections: dict[str, str] | None = None,
    period: tuple[str, str] | None = PERIOD,
) -> Content:
    return Content(1, 2026, period, FIGURES | (figures or {}), sections or {})


def contract(number: str, amount: int, signed_on: date, sheet: str = "合同") -> Contract:
    place = {"sheet": sheet, "at": "A2"}
    return Contract(place, number, Kind.ASSIGNMENT, ("ZL202310123456.6",), Decimal(amount), signed_on)


def told(content: Content, *read: tuple[str, FileRead]) -> list[str]:
    return [f"{one.severity} {word_key(one)}" for one in findings(content, read)]


def test_a_quiet_year_has_nothing_against_it() -> None:
    assert told(content()) == []


def test_a_number_in_the_text_that_is_not_the_tables_asks_for_a_word() -> None:
    text = {"operation": "本年度转让合同金额480万元。"}
    assert "warn R21:I16" in told(content({"I14": "1", "I15": "1", "I16": "500", "I28": "1"}, text))
    assert "warn R21:I16" not in told(content({"I14": "1", "I15": "1", "I16": "480", "I28": "1"}, text))


def test_the_text_of_a_document_is_read_like_the_sections() -> None:
    read = FileRead(sections={"operation": "本年度转让合同金额480万元。"})
    assert "warn R21:I16" in told(content({"I16": "500"}), ("总结.docx", read))


def test_without_a_period_nothing_is_complete_and_the_reason_is_told() -> None:
    without = content(period=None)
    assert told(without) == ["error R22:no_period"]
    found = findings(without)
    assert "period" in missing(without, TOLD, found)
    assert not any(item.key.startswith("error:") for item in checklist(without, TOLD, found))


def test_contracts_of_several_lists_are_one_list_and_count_within_the_period() -> None:
    first = FileRead(contracts=(contract("ZR-1", 300, date(2025, 12, 3)),))
    second = FileRead(contracts=(contract("ZR-2", 200, date(2026, 5, 3)),))
    right = content({"I14": "2", "I15": "1", "I16": "500", "I28": "2"})
    assert [one for one in told(right, ("一.xlsx", first), ("二.xlsx", second)) if "R23" in one] == []
    alone = told(right, ("一.xlsx", first))
    assert "error R23:I14" in alone
    assert "error R23:I16" in alone


def test_what_is_wrong_in_a_list_stops_and_what_is_doubtful_asks() -> None:
    old = FileRead(contracts=(contract("ZR-1", 300, date(2025, 11, 30)),))
    right = content({"I14": "1", "I15": "1", "I16": "300", "I28": "1"})
    assert [one for one in told(right, ("一.xlsx", old)) if "R23" in one] == [
        "warn R23:contracts_of_other_years"
    ]
    wrong = FileRead(patents=(Patent({"sheet": "csv", "at": "A2"}, "ZL202310123456.7"),))
    found = findings(content({"I07": "1", "I06": "1"}), [("I07.csv", wrong)])
    assert [(word_key(one), one.severity) for one in found] == [("R23:patents_wrong", Severity.ERROR)]


def test_the_file_is_named_where_there_are_several() -> None:
    twice = FileRead(contracts=(contract("ZR-1", 300, date(2026, 1, 1)),))
    right = content({"I14": "1", "I15": "1", "I16": "300", "I28": "1"})
    [found] = [one for one in findings(right, [("一.xlsx", twice), ("二.xlsx", twice)]) if one.rule == "R23"]
    assert word_key(found) == "R23:contracts_twice"
    assert found.facts["rows"] == [{"sheet": "二.xlsx 合同", "at": "A2", "number": "ZR-1"}]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("I07.xlsx", "I07"),
        ("ｉ07 清单", "I07"),
        ("2026年发明专利授权清单.xlsx", "I07"),
        ("受让专利清单", "I31"),
        ("专利清单.xlsx", None),
        ("I16.xlsx", None),
        ("I070", None),
    ],
)
def test_a_list_of_patents_is_held_against_the_figure_that_its_name_says(name: str, code: str | None) -> None:
    assert counted_by(name, TOLD) == code


def test_five_years_without_a_gap_are_summed() -> None:
    years = [{"I04": "1", "I06": "2"} for _ in range(4)]
    rules = {one.rule for one in findings(content({"I04": "1", "I06": "2"}), (), years[0], years[1:])}
    assert "R15" in rules
    assert "R15" not in {one.rule for one in findings(content({"I04": "1", "I06": "2"}), (), years[0])}
