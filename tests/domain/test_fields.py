"""What each type of field takes, and what it says to the rest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.fields import TYPES, Field, parser
from domain.forms import Choice, Reply, Words

TODAY = date(2026, 11, 25)
KINDS = (
    Choice("invention", Words("发明", "Invention")),
    Choice("design", Words("外观设计", "Design")),
)


def read(type_: str, text: str, **checks: object) -> object:
    asked = Field("x", Words("项", "Item"), type_, options=KINDS, checks=checks)
    return parser(asked, lambda: TODAY)(Reply(text=text), {})


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("text", "  代号甲 ", "代号甲"),
        ("int", "１２", 12),
        ("int", "2,000", 2000),
        ("money_wan", "300万元", "300"),
        ("money_wan", "3,000.5", "3000.5"),
        ("money_wan", "１２０．５０", "120.50"),
        ("bool", "是", "yes"),
        ("bool", "No", "no"),
        ("enum", "发明", "invention"),
        ("enum", " design ", "design"),
        ("enum", "2", "design"),
        ("multi_enum", "发明、Design", ["invention", "design"]),
        ("date", "2026-12-15", "2026-12-15"),
        ("date", "2026年12月5日", "2026-12-05"),
        ("date", "12月15日", "2026-12-15"),
        ("date", "1/15", "2027-01-15"),
        ("patent_no_list", "ZL202319999901.2，202319999902.7", ["ZL202319999901.2", "ZL202319999902.7"]),
        ("application_no", "ZL202319999901.2", "202319999901.2"),
        ("uscc", "91510100dem00009x4", "91510100DEM00009X4"),
    ],
)
def test_a_good_answer_is_stored_in_one_form(type_: str, text: str, value: object) -> None:
    assert read(type_, text) == value


@pytest.mark.parametrize(
    ("type_", "text", "checks", "template"),
    [
        ("text", "", {}, "fields/required"),
        ("text", "字" * 201, {}, "fields/too_long"),
        ("longtext", "字" * 501, {"max_chars": 500}, "fields/too_long"),
        ("int", "3.5", {}, "fields/integer"),
        ("int", "0", {"min": 1}, "fields/at_least"),
        ("int", "121", {"max": 120}, "fields/at_most"),
        ("money_wan", "约300", {}, "fields/money"),
        ("money_wan", "1.234", {}, "fields/money"),
        ("money_wan", "0", {"more_than": 0}, "fields/more_than"),
        ("bool", "也许", {}, "fields/yes_no"),
        ("bool", "否", {"must_be": True}, "fields/must_be"),
        ("enum", "商标", {}, "fields/choice"),
        ("enum", "3", {}, "fields/choice"),
        ("multi_enum", "发明、商标", {}, "fields/choices"),
        ("date", "2026-13-01", {}, "fields/date"),
        ("date", "明天", {}, "fields/date"),
        ("date", "2026-11-24", {"not_before": "today"}, "fields/not_before"),
        ("date", "2026-11-26", {"not_after": "today"}, "fields/not_after"),
        ("patent_no_list", "ZL202310123456.7", {}, "fields/patent_no"),
        ("application_no", "12345", {}, "fields/application_no"),
        ("uscc", "91510100DEM00009X5", {}, "fields/uscc"),
    ],
)
def test_a_bad_answer_is_told_what_is_expected(
    type_: str, text: str, checks: dict[str, object], template: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(type_, text, **checks)
    assert refused.value.template == template


def test_a_day_without_a_year_is_the_next_one() -> None:
    assert read("date", "11月24日") == "2027-11-24"


def test_a_file_is_not_a_text_and_a_text_is_no_file() -> None:
    text = parser(Field("x", Words("项", "Item"), "text"), lambda: TODAY)
    file = parser(Field("x", Words("项", "Item"), "file_list"), lambda: TODAY)
    with pytest.raises(Invalid, match="fields/text"):
        text(Reply(file=5), {})
    with pytest.raises(Invalid, match="fields/files"):
        file(Reply(text="没有"), {})
    assert file(Reply(file=5), {}) == 5


def test_an_option_that_is_not_offered_is_refused() -> None:
    asked = parser(Field("x", Words("项", "Item"), "enum", options=KINDS), lambda: TODAY)
    assert asked(Reply(choice="design"), {}) == "design"
    with pytest.raises(Invalid, match="fields/choice"):
        asked(Reply(choice="trademark"), {})


@given(st.sampled_from(sorted(TYPES - {"file_list"})), st.text())
def test_whatever_is_typed_is_stored_or_refused(type_: str, text: str) -> None:
    try:
        value = read(type_, text)
    except Invalid:
        return
    assert isinstance(value, str | int | list)
