"""The form as people really fill it in: understood, or explained cell by cell."""

import io
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from handlers.figures_sheet import read
from tests.handlers.filled import (
    BASE,
    CATALOG,
    EDITION,
    MAIN,
    YEAR,
    filled,
    reading,
    refused,
    replaced,
    rewritten,
    row_of,
    saved,
    saved_by_wps,
    template,
    told,
    understood,
    with_shared_strings,
)

SHEET = r"xl/worksheets/sheet1\.xml"
PROPERTIES = r"docProps/custom\.xml"
EMPTY_TEXT = 'r="E25" t="str"><f>T(1)</f><v></v>'
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def cell_of(code: str) -> str:
    sheet = load_workbook(io.BytesIO(template())).worksheets[0]
    return f"E{row_of(sheet, code)}"


def test_a_form_that_was_filled_in_as_asked_is_understood_in_silence() -> None:
    entries = {one.code: n for n, one in enumerate(EDITION.indicators, 100) if not one.sum_of}
    answers = {"D01": "是", "D02": "否", "D03": "是", "D04": "否", "D05": "是"}
    expected = {**entries, **{code: answer == "是" for code, answer in answers.items()}}
    assert understood(filled({**entries, **answers})) == expected


def test_an_empty_form_says_nothing() -> None:
    assert understood(template()) == {}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[
            (500, "500"),
            (500.5, "500.5"),
            ("500", "500"),
            (" 500 ", "500"),
            ("５００", "500"),
            ("1,234.5", "1234.5"),
        ],
        *[
            ("500万元", "500"),
            ("500 万", "500"),
            (0, "0"),
            ("500.00", "500"),
            (500.1 + 300.2 + 50.3, "850.6"),
        ],
    ],
)
def test_a_number_is_understood_however_it_is_typed(written: object, value: str) -> None:
    assert understood(filled({"I16": written})) == {"I16": Decimal(value)}


def test_another_unit_is_converted_and_said() -> None:
    result = reading(filled({"I16": "5,000,000元", "I03": "12万"}))
    assert result.figures == {"I16": 500, "I03": 120_000}
    assert told(result) == [
        f"填报表 {cell_of('I03')}：I03 知识产权培训人次填的是“12万”，按 120000 人次读取",
        f"填报表 {cell_of('I16')}：I16 转让合同金额填的是“5,000,000元”，按 500 万元读取",
    ]


@pytest.mark.parametrize(
    ("code", "written", "reason"),
    [
        ("I16", "约500", "填的是“约500”，请只填数字，单位是万元"),
        ("I16", "无", "填的是“无”，请只填数字，单位是万元"),
        ("I16", True, "填的是“true”，请只填数字，单位是万元"),
        ("I04", -5, "-5 件，不能小于 0"),
        ("I04", 1.5, "1.5 件，请填整数"),
        ("I16", 1.234, "1.234 万元，最多两位小数"),
        ("I16", 10**16, "10000000000000000 万元，数字过长，请核对"),
    ],
)
def test_what_is_no_such_number_is_kept_and_explained(code: str, written: object, reason: str) -> None:
    result = reading(filled({code: written}))
    name = EDITION.by_code[code].short.zh
    assert [line.replace(" ", "") for line in told(result)] == [
        f"填报表 {cell_of(code)}：{code} {name}{reason}".replace(" ", "")
    ]
    assert isinstance(result.figures[code], str)


def test_an_answer_that_is_neither_yes_nor_no_is_asked_about() -> None:
    result = reading(filled({"D01": "筹建中", "D02": True, "D03": "无"}))
    assert result.figures == {"D02": True, "D03": False}
    assert told(result) == [
        f"填报表 {cell_of('D01')}：D01 设有知识产权专门机构填的是“筹建中”，请填“是”或“否”"
    ]


# --- formulas ---------------------------------------------------------------------------------------------


def test_a_formula_counts_with_the_value_that_was_stored_for_it() -> None:
    stored = replaced(filled({"I16": "=200+300"}), SHEET, "(?<=200.300</f>)<v></v>|<v */>", "<v>500</v>")
    assert understood(stored) == {"I16": Decimal(500)}


def test_a_formula_that_no_program_has_computed_is_explained() -> None:
    result = reading(filled({"I16": "=200+300", "I17": 20}))
    assert result.figures == {"I17": 20}
    (line,) = told(result)
    assert line.startswith(f"填报表 {cell_of('I16')}：I16 转让合同金额是公式，文件中没有计算结果，未采用")


def test_a_formula_that_gave_an_empty_text_is_a_blank() -> None:
    data = replaced(filled({"I16": "=T(1)"}), SHEET, 'r="E25"([^>]*)><f>T.1.</f><v></v>', EMPTY_TEXT)
    assert understood(data) == {}


def test_an_error_is_shown() -> None:
    data = filled({"I16": "#REF!"})
    (line,) = told(reading(data))
    assert line == f"填报表 {cell_of('I16')}：I16 转让合同金额显示为 #REF!，公式有误，未采用，请填数字"


def test_the_forms_own_total_is_computed_anew_and_one_that_was_typed_is_compared() -> None:
    assert "I24" not in understood(filled({"I16": 1, "I19": 2, "I23": 3}))
    assert understood(filled({"I24": 860}))["I24"] == 860


def test_a_number_that_became_a_date_is_explained() -> None:
    result = reading(filled({"I14": date(2026, 1, 2)}))
    assert result.figures == {}
    assert told(result)[0].startswith(f"填报表 {cell_of('I14')}：I14 专利转让合同项数是日期（2026-01-02）")


def test_a_date_counts_from_the_epoch_of_its_workbook() -> None:
    book = load_workbook(io.BytesIO(filled({"I14": date(2026, 1, 2)})))
    book.epoch = CALENDAR_MAC_1904
    assert "是日期（2026-01-02）" in told(reading(saved(book)))[0]


# --- shape ------------------------------------------------------------------------------------------------


def test_rows_may_be_moved_sorted_and_have_columns_between_them() -> None:
    book = load_workbook(io.BytesIO(filled({"I16": 500, "I17": 20, "D01": "是"})))
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    moved = Workbook()
    moved.active.append(["序号", None, "指标", "备注", "编码", "本年（2026年）"])
    for n, row in enumerate(sorted(rows, key=lambda row: str(row[1]), reverse=True)):
        moved.active.append(
            [n, None, row[1], "x", row[0], row[4] if not str(row[4]).startswith("=") else None]
        )
    assert reading(saved(moved)).figures == {"I16": 500, "I17": 20, "D01": True}


def test_without_codes_the_names_are_enough() -> None:
    book = Workbook()
    for row in (
        ["指标名称", "2026年"],
        ["转让合同金额（万元）", 500],
        ["其中：发明专利授权量", 3],
        ["转让额", 9],
    ):
        book.active.append(row)
    result = reading(saved(book))
    assert result.figures == {"I16": 500, "I07": 3}
    assert told(result) == [
        "文件没有模板标识，已按编码和名称读取，请核对",
        "Sheet B4：“转让额”不是表中的指标，未采用",
    ]


def test_a_code_and_a_name_that_differ_are_asked_about() -> None:
    data = filled({"I16": 500}, lambda one: one.cell(row_of(one, "I16"), 2, "许可合同金额"))
    result = reading(data)
    assert result.figures == {}
    (line,) = told(result)
    assert line.endswith("编码是 I16 转让合同金额，名称却是“许可合同金额”，未采用，请核对")


def test_a_row_that_was_doubled_is_asked_about_only_if_it_says_something_else() -> None:
    twice = filled({"I16": 500}, lambda one: one.append(["I16", "转让合同金额", None, None, 600]))
    result = reading(twice)
    assert result.figures == {}
    assert told(result)[0].startswith(
        "I16 转让合同金额填了不止一次，数字不同，未采用：填报表 E25“500”、填报表 E51“600”"
    )
    same = filled({"I16": 500}, lambda one: one.append(["I16", None, None, None, "500"]))
    assert understood(same) == {"I16": 500}


def test_merged_figures_cannot_be_told_apart() -> None:
    def merge(sheet: object) -> None:
        first, last = (cell_of(code) for code in ("I14", "I15"))
        sheet.merge_cells(f"{first}:{last}")  # type: ignore[attr-defined]

    result = reading(filled({"I14": 30, "I17": 20}, merge))
    assert result.figures == {"I17": 20}
    assert "I14、I15各是多少无法判断，未采用" in told(result)[0]


def test_a_figure_merged_with_the_note_beside_it_is_that_figure() -> None:
    data = filled(
        {"I14": 30}, lambda one: one.merge_cells(f"{cell_of('I14')}:{cell_of('I14').replace('E', 'F')}")
    )
    assert understood(data) == {"I14": 30}


def test_a_figure_merged_with_last_years_is_nobodys() -> None:
    data = filled(
        {"I14": 30}, lambda one: one.merge_cells(f"{cell_of('I14').replace('E', 'D')}:{cell_of('I14')}")
    )
    result = reading(data)
    assert (result.figures, len(result.remarks)) == ({}, 1)


def test_a_hidden_row_is_read_and_said() -> None:
    def hide(sheet: object) -> None:
        sheet.row_dimensions[row_of(sheet, "I14")].hidden = True  # type: ignore[attr-defined, arg-type]

    result = reading(filled({"I14": 30}, hide))
    assert result.figures == {"I14": 30}
    assert told(result) == [
        f"填报表 {cell_of('I14')}：I14 专利转让合同项数在隐藏的行中，已按“30”读取，请核对"
    ]


def test_an_extra_sheet_is_left_alone_and_said() -> None:
    def add(sheet: object) -> None:
        sheet.parent.create_sheet("计算过程", 0).append(["转让一", 200])  # type: ignore[attr-defined]

    result = reading(filled({"I16": 500}, add))
    assert result.figures == {"I16": 500}
    assert told(result) == ["工作表“计算过程”不是填报表，未读取"]
    assert understood(filled({"I16": 500}, lambda one: one.parent.create_sheet("Sheet2"))) == {"I16": 500}


# --- whose, and what --------------------------------------------------------------------------------------


def test_last_years_form_is_refused() -> None:
    data = filled({"I16": 500}, data=template(2025))
    assert refused(data) == "这是 2025 年的填报表，现在填报的是 2026 年，未读取。请用 2026 年的填报表"


def test_last_years_form_is_known_by_its_headings_too() -> None:
    data = replaced(replaced(template(2025), SHEET, "lianluo/", ""), PROPERTIES, "lianluo/", "")
    assert refused(data).startswith("这是 2025 年的填报表")


def test_another_bases_form_is_refused() -> None:
    data = filled({"I16": 500}, data=template(base_code="FC-02"))
    assert "单位代码是 FC-02，贵单位是 SJ-01" in refused(data)


def test_the_mark_is_found_in_either_place() -> None:
    for part in (SHEET, PROPERTIES):
        assert "单位代码是 FC-02" in refused(replaced(template(base_code="FC-02"), part, "lianluo/", ""))


def test_a_table_of_something_else_is_refused_with_what_is_looked_for() -> None:
    book = Workbook()
    book.active.append(["姓名", "电话"])
    assert refused(saved(book)).startswith(
        "没有找到填报表：需要一行表头，含“编码”或“指标”，以及“本年”或“2026年”"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\n \n", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "这是旧格式（如 .xls）的文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (b"<html><table><tr><td>I16</td></tr></table></html>", "这是旧格式（如 .xls）的文件"),
        (b"%PDF-1.7\n", "文件不是可读的 xlsx 工作簿"),
        (b"PK\x03\x04", "文件不是可读的 xlsx 工作簿"),
        ("今年没有".encode(), "没有找到填报表"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    assert refused(data).startswith(words)


def test_texts_in_a_part_of_their_own_are_found() -> None:
    data = with_shared_strings(filled({"I16": "500万元", "D01": "是"}))
    assert understood(data) == {"I16": 500, "D01": True}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_is_read_as_a_table(encoding: str, separator: str) -> None:
    lines = [["编码", "指标", "本年"], ["I16", "转让合同金额", "500万元"], ["I17", "", "20"]]
    data = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    result = reading(data)
    assert result.figures == {"I16": 500, "I17": 20}
    assert told(result) == ["文件没有模板标识，已按编码和名称读取，请核对"]


# --- other programs ---------------------------------------------------------------------------------------


def test_a_prefix_and_extensions_as_wps_writes_them_change_nothing() -> None:
    def as_wps(xml: str) -> str:
        for tag in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t"):
            xml = xml.replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
            xml = xml.replace(f"<{tag} ", f"<x:{tag} ")
        return xml.replace(
            f'xmlns="{MAIN}"',
            f'xmlns="{MAIN}" xmlns:x="{MAIN}" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"',
        )

    assert understood(rewritten(filled({"I16": 500, "D01": "是"}), SHEET, as_wps)) == {
        "I16": 500,
        "D01": True,
    }


def test_what_wps_office_saved_is_understood() -> None:
    """Readings beside the texts are no part of them, and what it keeps for itself is left alone."""
    entries = {"I14": 2, "I16": "５００", "I25": "12万", "D01": "是"}
    data = saved_by_wps(filled(entries))
    assert understood(saved_by_wps(filled({"I14": 2, "I16": "５００", "D01": "是"}))) == {
        "I14": 2,
        "I16": 500,
        "D01": True,
    }
    assert told(reading(data)) == told(reading(filled(entries)))
    assert reading(data).figures == reading(filled(entries)).figures


def test_a_strict_workbook_is_read() -> None:
    data = rewritten(filled({"I16": 500, "D01": "是"}), r"xl/.*\.xml", lambda xml: xml.replace(MAIN, STRICT))
    assert understood(data) == {"I16": 500, "D01": True}


def test_cells_without_references_stand_one_after_another() -> None:
    import re

    data = rewritten(
        filled({"I16": 500}), SHEET, lambda xml: re.sub(r'<(c|row) r="[A-Z]*[0-9]+"', r"<\1", xml)
    )
    assert reading(data).refused is None


# --- whatever comes ---------------------------------------------------------------------------------------

WHOLE = with_shared_strings(filled({"I16": 500, "I17": "约20", "D01": "是", "I14": "=1+1"}))
PARTS = [r"xl/worksheets/sheet1\.xml", r"xl/workbook\.xml", r"xl/styles\.xml", r"xl/sharedStrings\.xml",
         r"docProps/custom\.xml", r"\[Content_Types\]\.xml", r"xl/_rels/workbook\.xml\.rels"]  # fmt: skip


def well_behaved(data: bytes) -> None:
    result = read(data, EDITION, YEAR, BASE)
    for remark in (*result.remarks, *([result.refused] if result.refused else [])):
        assert CATALOG.render(remark.template, "zh_CN", remark.facts)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.integers(0, len(WHOLE)), st.integers(0, 40))
def test_bytes_that_were_changed_never_raise(other: bytes, place: int, length: int) -> None:
    well_behaved(WHOLE[:place] + other + WHOLE[place + length :])
    well_behaved(WHOLE[:place])
    well_behaved(other)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_xml_that_was_changed_never_raises(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(PARTS))

    def change(xml: str) -> str:
        places = sorted(data.draw(st.lists(st.integers(0, len(xml)), min_size=2, max_size=4)))
        pieces = [xml[start:end] for start, end in pairwise([0, *places, len(xml)])]
        filling = st.sampled_from(
            ["", "0", "-1", "9" * 30, '"', "<c/>", 't="s"', 't="d"', "\u202e", "E1:A0", "nan", "1e999"]
        )
        return "".join(piece + data.draw(filling) for piece in data.draw(st.permutations(pieces)))

    well_behaved(rewritten(WHOLE, part, change))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *[("<v>500</v>", f"<v>{v}</v>") for v in ("nan", "inf", "1e999", "-0", "٥", "5" * 400, "0x10", "")],
        *[('r="E25"', f'r="{r}"') for r in ("XFD1048576", "ZZZ9999999", "E0", "", "e25", "A1:B2", "25E")],
        *[('t="s"', f't="{t}"') for t in ("x", "", "b", "e", "d", "n", "str", "inlineStr")],
        *[("<v>0</v>", f"<v>{v}</v>") for v in ("-1", "99999999", "1e3", "²")],
        *[
            ("<sheetData>", s)
            for s in (
                "<sheetData><row r='0'><c/></row>",
                "<sheetData><row r='x' hidden='2'><c s='-1'/></row>",
            )
        ],
        *[
            ("</worksheet>", f"<mergeCells><mergeCell ref='{r}'/></mergeCells></worksheet>")
            for r in ("", "E1", "E9:A1", "E1:E2:E3", "A1:XFD1048576")
        ],
    ],
)
def test_odd_cells_never_raise(old: str, new: str) -> None:
    well_behaved(replaced(WHOLE, SHEET, old, new))
