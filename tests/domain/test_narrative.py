"""Figures in the text beside those of the table: what differs is quoted, what is not plain is left alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.indicators import editions
from domain.narrative import differences
from messages import Catalog

EDITION = editions()[-1]
CATALOG = Catalog(now=lambda: 0)
TABLE = {
    "I01": 12,
    "I03": 300,
    "I04": 512,
    "I05": 400,
    "I07": 300,
    "I08": 2100,
    "I09": 600,
    "I12": 9,
    "I14": 30,
    "I15": 45,
    "I16": 500.4,
    "I17": 20,
    "I19": 300,
    "I23": 50,
    "I26": 2,
    "I27": 12034.5,
}


def said(text: str, section: str = "operation", **changes: object) -> list[str]:
    found = differences({section: text}, {**TABLE, **changes}, 2026, EDITION)
    assert all(CATALOG.render(one.template, "en", one.facts) for one in found)
    return [f"{one.facts['code']} {one.facts['quoted']}" for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("转让合同金额 480 万元。", "I16 转让合同金额480万元"),
        ("转让合同金额为４８０万元，同比增长20%。", "I16 转让合同金额为480万元"),
        ("转让合同金额480万元，较上年增长 12%；", "I16 转让合同金额480万元"),
        ("2026年，专利转让 12 项，转让合同金额500万元。", "I14 专利转让12项"),
        ("全年完成专利转让合同29项。", "I14 专利转让合同29项"),
        ("我校发明专利授权301件，有效发明专利拥有量2100件。", "I07 发明专利授权301件"),
        ("组织知识产权培训 1.2万人次。", "I03 知识产权培训1.2万人次"),
        ("质押融资金额达1.4亿元。", "I27 质押融资金额达1.4亿元"),
        ("本年度共签订专利许可合同19项。", "I17 专利许可合同19项"),
        ("转化合同总金额（860万元）", "I24 转化合同总金额(860万元"),
    ],
)
def test_a_figure_that_differs_is_quoted(text: str, found: str) -> None:
    assert said(text) == [found]


def test_the_finding_names_both_figures_and_the_section() -> None:
    (one,) = differences({"operation": "转让合同金额480万元"}, TABLE, 2026, EDITION)
    assert (one.rule, one.severity, one.codes) == ("R21", "warn", ("I16",))
    assert CATALOG.render(one.template, "zh_CN", one.facts) == (
        "“三、市场化运营做法与成效”中写的是“转让合同金额480万元”，表中 I16 转让合同金额为 500.4 万元"
    )


@pytest.mark.parametrize(
    "text",
    [
        "转让合同金额 500 万元，专利转让 30 项，涉及专利 45 件。",
        "转让合同金额500.4万元。",
        "转让合同金额5004000元。",
        "质押融资金额1.2亿元。",
        "转化合同总金额850.4万元。",
        "发明专利授权300件",
    ],
)
def test_a_figure_that_agrees_as_exactly_as_it_is_given_is_passed_over(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        # another time
        "2025年，转让合同金额400万元，专利转让12项。",
        "上年转让合同金额400万元。",
        "累计专利转让120项。",
        "近三年专利转让120项。",
        "“十四五”以来，专利转让120项。",
        "计划专利转让40项。",
        "力争转让合同金额达到800万元。",
        # a part, or a single case
        "与某公司签订协议，转让合同金额100万元。",
        "材料学院专利转让5项。",
        "实用新型专利转让5项。",
        "境外发明专利授权3件，高校发明专利授权4件。",
        "在成果对接会上，专利转让3项。",
        "其中，机械、电气两个方向分别专利转让5项、6项。",
        "对专利转让5项以上的团队给予奖励。",
        # not exact, or not said of the name
        "转让合同金额约480万元。",
        "转让合同金额超过480万元。",
        "转让合同金额480余万元。",
        "转让合同金额增长480万元。",
        "转让合同金额增长12%。",
        "转让合同金额与2026年480万元的目标",
        "专利转让12次。",
        "专利转让收入480万元。",
        "专利转让12至15项。",
        "专利转让12%",
        "知识产权培训12场、300人次。",
        "专利转让 Ⅻ 项，转让合同金额四百八十万元。",
    ],
)
def test_what_is_not_plainly_this_years_figure_raises_no_alarm(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("section", ["cases", "outlook"])
def test_cases_and_plans_are_not_compared(section: str) -> None:
    assert said("转让合同金额480万元。", section) == []


@pytest.mark.parametrize("blank", [None, "", "约500", -5])
def test_a_figure_that_the_table_does_not_have_is_not_compared(blank: object) -> None:
    assert said("转让合同金额480万元。转化合同总金额850万元。", I16=blank) == []


def test_the_same_words_twice_are_one_finding() -> None:
    assert said("转让合同金额480万元。再次强调：转让合同金额480万元。") == ["I16 转让合同金额480万元"]


def test_an_edition_without_the_rule_compares_nothing() -> None:
    found = differences({"operation": "转让合同金额480万元"}, TABLE, 2026, replace(EDITION, rules=()))
    assert found == []


def test_a_long_text_is_read_at_once() -> None:
    assert said("学校设立知识产权管理与运营中心，专利转让30项，转让合同金额500万元。\n" * 3000) == []


@settings(deadline=None)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "转让合同金额",
                "专利转让",
                "480",
                "万元",
                "项",
                "，",
                "。",
                "为",
                "(",
                "亿",
                "9" * 30,
                "1.",
                ",",
            ]
        )
    ).map("".join)
)
def test_no_text_makes_it_fall_over(text: str) -> None:
    said(text)
