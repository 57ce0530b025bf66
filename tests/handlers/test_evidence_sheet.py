"""Lists of contracts and patents as bases keep them: read, counted, held against the table."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from domain.evidence import Contract, Kind, Patent, reconcile_contracts, reconcile_patents
from domain.indicators import Severity
from domain.numbers import check_digit
from domain.verification import Discrepancy
from handlers.evidence_sheet import Contracts, read_contracts, read_patents
from tests.handlers.filled import CATALOG, EDITION, replaced, saved

PERIOD = (date(2026, 1, 1), date(2026, 12, 31))
HEAD = ["合同编号", "类型", "专利号", "金额（万元）", "签订日期"]
SHEET = r"xl/worksheets/sheet1\.xml"


def patent(serial: int) -> str:
    digits = f"20231{serial:07}"
    return f"ZL{digits}.{check_digit(digits)}"


P1, P2, P3, P4 = (patent(9_999_900 + n) for n in range(4))
WRONG = "ZL202310123456.7"
ROWS = [
    ["ZR-1", "专利转让", f"{P1}、{P2}", 300, date(2026, 3, 5)],
    ["ZR-2", "转让", P2, "200.5万元", "2026年4月1日"],
    ["XK-1", "许可（普通）", f"{P3} {P1}", 80, "2026.5.6"],
    ["ZJ-1", "作价入股", P4, 50, datetime(2026, 7, 1)],  # noqa: DTZ001 - a cell has no zone
]
TABLE = {"I14": 2, "I15": 2, "I16": 500.5, "I17": 1, "I18": 2, "I19": 80, "I22": 1, "I23": 50}


def listed(rows: Sequence[Sequence[object]], head: Sequence[object] = HEAD) -> bytes:
    book = Workbook()
    for row in (["2026年合同清单"], head, *rows):
        book.active.append(list(row))
    return saved(book)


def contracts(rows: Sequence[Sequence[object]], head: Sequence[object] = HEAD) -> Contracts:
    result = read_contracts(listed(rows, head), EDITION)
    assert result.refused is None
    return result


def told(result: Contracts) -> list[str]:
    return [CATALOG.render(one.template, "zh_CN", one.facts) for one in result.remarks]


def said(found: Sequence[Discrepancy]) -> list[str]:
    assert {one.rule for one in found} <= {"R23"}
    assert all(CATALOG.render(one.template, "en", one.facts) for one in found)
    return [CATALOG.render(one.template, "zh_CN", one.facts) for one in found]


def compared(rows: Sequence[Sequence[object]], **changes: object) -> list[str]:
    return said(reconcile_contracts(contracts(rows).rows, {**TABLE, **changes}, PERIOD, EDITION))


def test_a_list_is_read_row_by_row() -> None:
    result = contracts(ROWS)
    assert told(result) == []
    assert [(one.number, one.kind, one.patents, one.amount, one.signed_on) for one in result.rows] == [
        ("ZR-1", Kind.ASSIGNMENT, (P1, P2), Decimal(300), date(2026, 3, 5)),
        ("ZR-2", Kind.ASSIGNMENT, (P2,), Decimal("200.5"), date(2026, 4, 1)),
        ("XK-1", Kind.LICENCE, (P3, P1), Decimal(80), date(2026, 5, 6)),
        ("ZJ-1", Kind.EQUITY, (P4,), Decimal(50), date(2026, 7, 1)),
    ]
    assert result.rows[0].place == {"sheet": "Sheet", "at": "A3"}


def test_a_list_that_adds_up_says_nothing() -> None:
    assert compared(ROWS) == []


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("I14", 3, "I14 专利转让合同项数 3 项，附表为 2 项"),
        ("I15", 3, "I15 转让涉及专利件数 3 件，附表为 2 件"),
        ("I16", 500, "I16 转让合同金额 500 万元，附表为 500.5 万元"),
        ("I18", 1, "I18 许可涉及专利件数 1 件，附表为 2 件"),
        ("I22", 0, "I22 作价投资(入股)项数 0 项，附表为 1 项"),
    ],
)
def test_a_difference_names_both_numbers(code: str, value: object, words: str) -> None:
    assert compared(ROWS, **{code: value}) == [words]


@pytest.mark.parametrize("blank", [None, "", "约500"])
def test_a_figure_that_is_blank_or_faulty_is_not_compared(blank: object) -> None:
    assert compared(ROWS, I16=blank) == []


def test_less_than_the_table_shows_is_no_difference() -> None:
    rows = [["ZR-1", "转让", P1, 100.004, ""], ["ZR-2", "转让", P2, 100.004, ""]]
    zero = dict.fromkeys(("I17", "I18", "I19", "I22", "I23"), 0)
    assert compared(rows, I14=2, I15=2, I16=200.01, **zero) == []
    assert compared(rows, I14=2, I15=2, I16=200.02, **zero) != []


def test_a_contract_that_stands_twice_counts_once_and_is_named() -> None:
    again = ["zr-1 ", "转让", P1, 300, date(2026, 3, 5)]
    assert compared([*ROWS, ["ZR-1", *again[1:]]]) == ["附表中合同重复，只计一次：Sheet A7 ZR-1"]


def test_a_contract_of_two_kinds_counts_in_each() -> None:
    both = ["ZR-1", "许可", P1, 20, date(2026, 3, 5)]
    assert compared([*ROWS, both], I17=2, I19=100) == []


def test_a_contract_of_another_year_is_named_to_be_confirmed() -> None:
    rows = [*ROWS[:3], [*ROWS[3][:4], date(2025, 12, 30)]]
    (found,) = reconcile_contracts(contracts(rows).rows, TABLE, PERIOD, EDITION)
    assert (said([found]), found.severity) == (["附表中合同的签订日期不在本年：Sheet A6 ZJ-1"], Severity.WARN)


def test_a_wrong_patent_number_is_named_with_its_place() -> None:
    rows = [*ROWS[:3], ["ZJ-1", "作价", WRONG, 50, ""]]
    assert compared(rows) == [f"附表中专利号有误（位数或校验位），请核对：Sheet A6 {WRONG}"]


def test_numbers_of_other_offices_are_not_judged() -> None:
    rows = [["XK-9", "许可", "US11234567B2；PCT/CN2023/123456；EP3456789", 1, ""]]
    zero = dict.fromkeys(("I14", "I15", "I16", "I22", "I23"), 0)
    assert compared(rows, I17=1, I18=3, I19=1, **zero) == []


def test_rows_with_patents_alone_go_on_with_the_contract_above() -> None:
    rows = [["ZR-1", "转让", P1, 300, ""], [None, None, P2, None, None], [None, None, P3]]
    (one,) = contracts(rows).rows
    assert one.patents == (P1, P2, P3)


def test_a_total_below_is_no_contract() -> None:
    assert len(contracts([*ROWS, ["合计", None, None, 630.5], [None, "合 计", None, 1]]).rows) == 4


@pytest.mark.parametrize(
    ("heading", "written", "amount"),
    [
        ("合同金额（元）", 1234567, "123.4567"),
        ("金额", "1,234.5", "1234.5"),
        ("金额(元)", "50万元", "50"),
        ("金额（万元）", "500000元", "50"),
        ("成交金额", 12.3456, "12.3456"),
    ],
)
def test_an_amount_is_in_the_unit_of_its_heading_or_its_own(
    heading: str, written: object, amount: str
) -> None:
    (one,) = contracts([["1", "转让", P1, written]], ["编号", "方式", "专利号", heading]).rows
    assert one.amount == Decimal(amount)


def test_what_cannot_be_read_is_explained_cell_by_cell() -> None:
    result = contracts(
        [["1", "合作", P1, 5, ""], ["2", "转让", P1, "面议", "去年"], ["3", "许可", P1, 5, "2026-13-01"]]
    )
    assert told(result) == [
        "Sheet B3：类型是“合作”，请写转让、许可或作价，该行未计入",
        "Sheet D4：金额是“面议”，请只填数字，单位万元",
        "Sheet E4：日期是“去年”，请写成 2026-03-05",
        "Sheet E5：日期是“2026-13-01”，请写成 2026-03-05",
    ]
    assert [one.amount for one in result.rows] == [None, 5]


def test_a_sum_with_an_unreadable_part_is_not_compared() -> None:
    rows = [["ZR-1", "转让", P1, "面议", ""], *ROWS[1:]]
    assert compared(rows, I16=1) == []


def test_patents_are_not_counted_where_a_contract_names_none() -> None:
    rows = [["ZR-1", "转让", None, 300, ""], *ROWS[1:]]
    assert compared(rows, I15=9) == []


def test_a_list_of_patents_is_counted_without_repetitions() -> None:
    head = ["序号", "专利号", "名称"]
    data = listed([[1, P1, "一种"], [2, P1.removeprefix("ZL"), "同"], [3, P2, "二"], [4, WRONG, "三"]], head)
    result = read_patents(data)
    assert [one.number for one in result.rows] == [P1, P1.removeprefix("ZL"), P2, WRONG]
    assert said(reconcile_patents(result.rows, "I07", {"I07": 3}, EDITION)) == [
        f"附表中专利重复，只计一次：Sheet B4 {P1.removeprefix('ZL')}",
        f"附表中专利号有误（位数或校验位），请核对：Sheet B6 {WRONG}",
    ]
    assert "I07 发明专利授权量 5 件，附表为 3 件" in said(
        reconcile_patents(result.rows, "I07", {"I07": 5}, EDITION)
    )


def test_many_wrong_numbers_make_one_finding() -> None:
    patents = [Patent({"sheet": "S", "at": f"A{n}"}, f"bad{n}") for n in range(25)]
    (line,) = said(reconcile_patents(patents, "I07", {"I07": 25}, EDITION))
    assert line.endswith("S A9 bad9等，另有 15 处")


def test_an_edition_that_does_not_speak_of_lists_has_no_findings() -> None:
    from dataclasses import replace

    silent = replace(EDITION, rules=())
    assert reconcile_contracts(contracts(ROWS).rows, {**TABLE, "I14": 9}, PERIOD, silent) == []


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(99), b"a,b\n1,2", listed([], ["姓名"])]
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    for result in (read_contracts(data, EDITION), read_patents(data)):
        assert result.rows == ()
        assert result.refused is not None
        assert CATALOG.render(result.refused.template, "zh_CN", result.refused.facts)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(max_size=12) | st.integers() | st.none() | st.sampled_from([P1, "转让", "许可", "500万"]),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_no_list_makes_it_fall_over(rows: list[list[object]]) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    data = out.getvalue().encode("utf-8", "replace")
    result = read_contracts(data, EDITION)
    assert all(CATALOG.render(one.template, "zh_CN", one.facts) for one in result.remarks)
    said(reconcile_contracts(result.rows, TABLE, PERIOD, EDITION))
    said(reconcile_patents(read_patents(data).rows, "I07", TABLE, EDITION))


def test_a_list_with_errors_in_its_cells_is_read() -> None:
    data = replaced(listed(ROWS), SHEET, "<v>300</v>", "<v>nan</v>")
    assert read_contracts(data, EDITION).rows[0].amount is None


def test_a_contract_is_known_by_its_place_where_it_has_no_number() -> None:
    rows = [
        Contract({"sheet": "S", "at": f"A{n}"}, "", Kind.LICENCE, (P1,), Decimal(1), None) for n in (1, 2)
    ]
    found = reconcile_contracts(rows, {"I17": 2, "I19": 2, "I18": 1}, PERIOD, EDITION)
    assert said(found) == []
