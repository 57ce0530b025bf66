"""A list pasted as text: what is understood, what is asked about, and that nothing makes it fall over."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import indicator_names
from domain.figures_text import MAX_LINES, read
from domain.indicators import editions
from messages import Catalog

EDITION = editions()[-1]
CATALOG = Catalog(now=lambda: 0)
NOT_KNOWN, PERHAPS = "不是表中的指标，未采用", "如指下列之一，请写编码："
ITEMS = [*EDITION.indicators, *EDITION.duties]


def said(text: str, locale: str = "zh_CN") -> list[str]:
    return [CATALOG.render(one.template, locale, one.facts) for one in read(text, EDITION).remarks]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "I16 500",
            "i16 500",
            "Ｉ１６　５００",
            "I16:500",
            "I16=500",
            "I16、500",
            "I16 转让合同金额 500",
            "I16\t500",
        ),
        *(
            "转让合同金额 500",
            "转让合同金额：500",
            "转让合同金额:500万元",
            "转让合同金额为500万元。",
            "转让 合同金额 500",
        ),
        *(
            "转让合同金额（万元） 500",
            "转让合同金额(合同额)500",
            "Assignment contract value 500",
            "I16 500.00;",
        ),
    ],
)
def test_a_line_names_its_figure_by_code_or_name(line: str) -> None:
    assert read(line, EDITION).figures == {"I16": Decimal(500)}
    assert said(line) == []


@pytest.mark.parametrize("line", ["转让合同金额（元） 5000000", "转让合同金额 5,000,000元", "I16 0.05亿元"])
def test_another_unit_is_converted_and_said(line: str) -> None:
    assert read(line, EDITION).figures == {"I16": Decimal(500)}
    (remark,) = said(line)
    assert remark.endswith("按 500 万元读取")


def test_every_code_and_every_name_is_known() -> None:
    for item in ITEMS:
        for name in (item.code, item.name.zh, item.name.en, f"{item.code} {item.name.zh}"):
            assert indicator_names.split(f"{name} 7", EDITION) is not None, name
            assert list(read(f"{name} 7", EDITION).figures) == ([item.code] if item.code[0] != "D" else [])


def test_several_stand_on_lines_or_between_semicolons() -> None:
    text = "I14 30\n\n  I15 45；I16 500；\r\nI17 20，I18 26\nD01 是；D02 无；D03 Yes"
    expected = {
        "I14": 30,
        "I15": 45,
        "I16": 500,
        "I17": 20,
        "I18": 26,
        "D01": True,
        "D02": False,
        "D03": True,
    }
    assert read(text, EDITION).figures == expected
    assert said(text) == []


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("I99 5", "第 1 行：“I99 5”不是表中的指标，未采用"),
        ("I161 5", "第 1 行：“I161 5”不是表中的指标，未采用"),
        ("其中： 400", "第 1 行：“其中： 400”不是表中的指标，未采用"),
        ("合同金额 500", f"第 1 行：“合同金额 500”{NOT_KNOWN}。{PERHAPS}I16 转让合同金额、I19 许可合同金额"),
        ("转让合同金额", "第 1 行：I16 转让合同金额未填，没有的请填 0"),
        ("D01 大概", "第 1 行：D01 设有知识产权专门机构填的是“大概”，请填“是”或“否”"),
        ("D02", "第 1 行：D02 建立信息披露制度填的是“”，请填“是”或“否”"),
        (
            "I16 5\nI16 6",
            "I16 转让合同金额填了不止一次，数字不同，未采用：第 1 行“5”、第 2 行“6”。请只留一处",
        ),
    ],
)
def test_what_is_not_taken_is_explained(line: str, remark: str) -> None:
    assert read(line, EDITION).figures == {}
    assert said(line) == [remark]


def test_a_part_that_two_figures_have_needs_its_code() -> None:
    (remark,) = said("其中：发明专利 400")
    assert "I05 发明专利申请量、I07 发明专利授权量" in remark
    assert read("I05 其中：发明专利申请量 400", EDITION).figures == {"I05": 400}


def test_what_is_no_number_is_kept_as_it_was_written_for_the_verification() -> None:
    listed = read("I16 约500\nI04 -5", EDITION)
    assert listed.figures == {"I16": "约500", "I04": "-5"}
    assert said("I16 约500") == ["第 1 行：I16 转让合同金额填的是“约500”，请只填数字，单位是万元"]


def test_the_same_figure_twice_is_the_same_figure() -> None:
    assert read("I16 500\n转让合同金额 500.00", EDITION) == read("I16 500", EDITION)


def test_a_list_without_end_is_read_as_far_as_anybody_writes_one() -> None:
    assert len(read("x\n" * 10_000, EDITION).remarks) == MAX_LINES


@settings(deadline=None)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [*(i.code for i in ITEMS), *(i.name.zh for i in ITEMS), "：", "5", "\n", "(", "万", "是"]
        )
    ).map("".join)
)
def test_no_text_makes_it_fall_over_and_every_remark_can_be_said(text: str) -> None:
    listed = read(text, EDITION)
    assert set(listed.figures) <= {item.code for item in ITEMS}
    for locale in ("zh_CN", "en"):
        assert all(CATALOG.render(one.template, locale, one.facts) for one in listed.remarks)
