"""What each type of field takes, and what it says to the rest."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.fields import CHECKS, MB, TYPES, Field, Period, Sensitivity, parser
from domain.forms import Choice, Reply, Words

steady = settings(deadline=None)  # a library is loaded within an example, on a machine that may be busy

TODAY = date(2026, 11, 25)
LABEL = Words("项", "Item")
KINDS = (
    Choice("invention", Words("发明", "Invention")),
    Choice("design", Words("外观设计", "Design")),
    Choice("other", Words("其他（先咨询）", "Other (ask first)")),
)


def read(type_: str, text: str, **checks: object) -> object:
    asked = Field("x", LABEL, type_, options=KINDS, checks=checks)
    return parser(asked, lambda: TODAY)(Reply(text=text), {})


def refused(type_: str, text: str, **checks: object) -> tuple[str, dict[str, object]]:
    with pytest.raises(Invalid) as caught:
        read(type_, text, **checks)
    return caught.value.template, dict(caught.value.facts)


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("text", "  代号甲 ", "代号甲"),
        ("text", "字" * 200, "字" * 200),
        ("text", "a\u202eb\u200bc\x00d\ud800", "abcd"),
        ("longtext", "一\n二", "一\n二"),
        ("longtext", "字" * 2000, "字" * 2000),
        ("int", "１２", 12),
        ("int", "2,000", 2000),
        ("int", "50 人", 50),
        ("int", "12个月", 12),
        ("int", "2026年", 2026),
        ("money_wan", "300", "300"),
        ("money_wan", "300万元", "300"),
        ("money_wan", "300 万", "300"),
        ("money_wan", "3,000.5", "3000.5"),
        ("money_wan", "３，０００．５", "3000.5"),
        ("money_wan", "120.50", "120.50"),
        ("money_wan", "0", "0"),
        ("bool", "是", "yes"),
        ("bool", "是的。", "yes"),
        ("bool", "没有", "no"),
        ("bool", "No", "no"),
        ("enum", "发明", "invention"),
        ("enum", " design ", "design"),
        ("enum", "其他(先咨询)", "other"),
        ("enum", "２", "design"),
        ("event_ref", "发明", "invention"),
        ("multi_enum", "发明、Design", ["invention", "design"]),
        ("multi_enum", "1/2，1", ["invention", "design"]),
        ("date", "2026-12-15", "2026-12-15"),
        ("date", "2026年12月5日", "2026-12-05"),
        ("date", "2026/1/5", "2026-01-05"),
        ("date", "12月15号", "2026-12-15"),
        ("date", "1/15", "2027-01-15"),
        ("date", "11月25日", "2026-11-25"),
        ("patent_no_list", "ZL202319999901.2，202319999902.7", ["ZL202319999901.2", "202319999902.7"]),
        ("patent_no_list", "zl 2023 1999 9901.2", ["ZL202319999901.2"]),
        ("patent_no_list", "ZL 202319999901.2 ZL 202319999902.7", ["ZL202319999901.2", "ZL202319999902.7"]),
        ("patent_no_list", "202319999901.2\n2023199999012", ["202319999901.2"]),
        ("application_no", "ZL202319999901.2", "202319999901.2"),
        ("uscc", "91510100dem00009x4", "91510100DEM00009X4"),
    ],
)
def test_a_good_answer_is_stored_in_one_form(type_: str, text: str, value: object) -> None:
    assert read(type_, text) == value


@pytest.mark.parametrize(
    ("type_", "text", "checks", "template", "facts"),
    [
        ("text", "", {}, "fields/required", {}),
        ("text", " \u200b\u3000", {}, "fields/required", {}),
        ("text", "字" * 201, {}, "fields/too_long", {"max": 200, "got": 201}),
        ("longtext", "字" * 2001, {}, "fields/too_long", {"max": 2000, "got": 2001}),
        ("longtext", "字" * 501, {"max_chars": 500}, "fields/too_long", {"max": 500, "got": 501}),
        ("text", "abc", {"pattern": "^[0-9]+$", "example": "12"}, "fields/pattern", {"example": "12"}),
        ("text", "12\n", {"pattern": "^[0-9]{3}$", "example": "123"}, "fields/pattern", {"example": "123"}),
        ("text", "1234", {"pattern": "[0-9]{3}", "example": "123"}, "fields/pattern", {"example": "123"}),
        ("int", "3.5", {}, "fields/integer", {}),
        ("int", "1,2", {}, "fields/integer", {}),
        ("int", "三", {}, "fields/integer", {}),
        ("int", "-5", {}, "fields/at_least", {"min": 0}),
        ("int", "0", {"min": 1}, "fields/at_least", {"min": 1}),
        ("int", "121", {"max": 120}, "fields/at_most", {"max": 120}),
        ("money_wan", "约300", {}, "fields/money", {}),
        ("money_wan", "3000000元", {}, "fields/money", {}),
        ("money_wan", "1.2亿", {}, "fields/money", {}),
        ("money_wan", "3,00", {}, "fields/money", {}),
        ("money_wan", "1.234", {}, "fields/money", {}),
        ("money_wan", "-1", {}, "fields/money", {}),
        ("money_wan", "1e5", {}, "fields/money", {}),
        ("money_wan", "10000000000", {}, "fields/money", {}),
        ("money_wan", "0", {"more_than": 0}, "fields/more_than", {"than": 0}),
        ("money_wan", "0.99", {"min": 1}, "fields/at_least", {"min": 1}),
        ("bool", "也许", {}, "fields/yes_no", {}),
        ("bool", "否", {"must_be": True}, "fields/must_be", {}),
        ("bool", "是", {"must_be": False}, "fields/must_be", {}),
        ("enum", "商标", {}, "fields/choice", {}),
        ("enum", "4", {}, "fields/choice", {}),
        ("event_ref", "成都场", {}, "fields/choice", {}),
        ("multi_enum", "发明、商标、版权", {}, "fields/choices", {"unknown": ["商标", "版权"]}),
        ("multi_enum", "、", {}, "fields/choices", {"unknown": []}),
        ("date", "2026-13-01", {}, "fields/date", {}),
        ("date", "2月29日", {}, "fields/date", {}),
        ("date", "9026-12-15", {}, "fields/date", {}),
        ("date", "明天", {}, "fields/date", {}),
        ("date", "2026-11-24", {"not_before": "today"}, "fields/not_before", {"day": "2026-11-25"}),
        ("date", "2026-11-26", {"not_after": "today"}, "fields/not_after", {"day": "2026-11-25"}),
        ("date", "2027-01-01", {"not_after": "2026-12-31"}, "fields/not_after", {"day": "2026-12-31"}),
        ("patent_no_list", "ZL202310123456.7", {}, "fields/patent_no", {"bad": ["ZL202310123456.7"]}),
        ("patent_no_list", "ZL202319999901.2 无", {}, "fields/patent_no", {"bad": ["无"]}),
        ("patent_no_list", "，", {}, "fields/patent_no", {"bad": []}),
        ("application_no", "12345", {}, "fields/application_no", {}),
        ("uscc", "91510100DEM00009X5", {}, "fields/uscc", {}),
    ],
)
def test_a_bad_answer_is_told_what_is_expected(
    type_: str, text: str, checks: dict[str, object], template: str, facts: dict[str, object]
) -> None:
    assert refused(type_, text, **checks) == (template, facts)


@pytest.mark.parametrize(
    ("checks", "text", "day"),
    [
        ({}, "11月24日", "2027-11-24"),
        ({"not_before": "today"}, "11月24日", "2027-11-24"),
        ({"not_after": "today"}, "11月24日", "2026-11-24"),
        ({"not_after": "today"}, "12月15日", "2025-12-15"),
        ({"remind": {"after_days": 20, "deadline_days": 30}}, "12月15日", "2025-12-15"),
    ],
)
def test_a_day_without_a_year_is_the_next_or_the_last_one(
    checks: dict[str, object], text: str, day: str
) -> None:
    assert read("date", text, **checks) == day


def test_a_bound_is_within() -> None:
    assert read("int", "1", min=1, max=1) == 1
    assert read("date", "2026-11-25", not_before="today", not_after="today") == "2026-11-25"
    assert read("text", "a" * 64, pattern="^[0-9a-f]{64}$", example="…") == "a" * 64


def test_only_the_first_of_many_bad_words_are_named() -> None:
    _, facts = refused("multi_enum", "、".join(f"词{n}" for n in range(30)))
    assert facts["unknown"] == [f"词{n}" for n in range(10)]


def test_a_file_is_not_a_text_and_a_text_is_no_file() -> None:
    text = parser(Field("x", LABEL, "text"), lambda: TODAY)
    file = parser(Field("x", LABEL, "file_list"), lambda: TODAY)
    with pytest.raises(Invalid, match="fields/text"):
        text(Reply(file=5), {})
    with pytest.raises(Invalid, match="fields/files"):
        file(Reply(text="没有"), {})
    assert file(Reply(file=5), {}) == 5


def test_a_file_may_have_a_size() -> None:
    file = parser(Field("x", LABEL, "file_list", checks={"max_mb": 20}), lambda: TODAY)
    assert file(Reply(file=5, size=20 * MB), {}) == 5
    assert file(Reply(file=5), {}) == 5
    with pytest.raises(Invalid, match="requests/file_too_big") as caught:
        file(Reply(file=5, size=20 * MB + 1), {})
    assert caught.value.facts == {"max": 20 * MB}


def test_an_option_that_is_not_offered_is_refused() -> None:
    asked = parser(Field("x", LABEL, "enum", options=KINDS), lambda: TODAY)
    assert asked(Reply(choice="design"), {}) == "design"
    with pytest.raises(Invalid, match="fields/choice"):
        asked(Reply(choice="trademark"), {})


def test_a_press_is_checked_like_a_text() -> None:
    agrees = parser(Field("x", LABEL, "bool", checks={"must_be": True}), lambda: TODAY)
    assert agrees(Reply(choice="yes"), {}) == "yes"
    with pytest.raises(Invalid, match="fields/must_be"):
        agrees(Reply(choice="no"), {})
    several = parser(Field("x", LABEL, "multi_enum", options=KINDS), lambda: TODAY)
    assert several(Reply(choice="design"), {}) == ["design"]


def test_what_others_act_on_is_told() -> None:
    period = {"after_days": 20, "deadline_days": 30}
    asked = Field("x", LABEL, "text", checks={"gate": True, "sensitivity": "no_disclosure", "remind": period})
    assert (asked.gated, asked.sensitivity, asked.remind) == (
        True,
        Sensitivity.NO_DISCLOSURE,
        Period(20, 30),
    )
    bare = Field("x", LABEL, "text")
    assert (bare.gated, bare.sensitivity, bare.remind) == (False, None, None)


@steady
@given(st.sampled_from(sorted(TYPES - {"file_list"})), st.text() | st.from_regex(r"[0-9,.万元年月日/-]+"))
def test_whatever_is_typed_is_stored_or_refused(type_: str, text: str) -> None:
    try:
        value = read(type_, text)
    except Invalid:
        return
    assert json.loads(json.dumps(value)) == value


@steady
@given(st.decimals(0, 10**9, places=2))
def test_an_amount_is_read_as_it_is_written(amount: object) -> None:
    for written in (f"{amount:f}", f"{amount:,f}", f"{amount:,f}万元"):
        assert read("money_wan", written) == f"{amount:f}"


@steady
@given(st.dates(date(1949, 1, 1), date(2099, 12, 31)))
def test_a_date_is_read_however_it_is_written(day: date) -> None:
    ways = (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}")
    assert {read("date", way) for way in ways} == {day.isoformat()}


def test_every_check_is_for_some_type() -> None:
    assert all(check.types and check.types <= TYPES for check in CHECKS.values())
