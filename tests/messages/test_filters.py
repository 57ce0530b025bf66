"""Facts into words, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import Words
from messages.filters import Filters, cut, masked, size
from messages.labels import Labels

labels = Labels.load()


def at(*moment: int) -> int:
    """An instant given in UTC, in milliseconds."""
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


def filters(locale: str, zone: str = "Asia/Shanghai") -> Filters:
    return Filters(locale, lambda key: labels.text(key, locale), ZoneInfo(zone), lambda: at(2026, 11, 23, 1))


zh, en = filters("zh_CN"), filters("en")


@pytest.mark.parametrize("day", ["2026-12-15", date(2026, 12, 15), at(2026, 12, 14, 16)])
def test_a_date_carries_its_year_and_weekday(day: str | date | int) -> None:
    assert zh.date_of(day) == "2026年12月15日（星期二）"
    assert en.date_of(day) == "Tuesday, 15 December 2026"


def test_a_day_of_this_year_needs_no_year() -> None:
    assert zh.day("2026-12-15") == "12月15日（星期二）"
    assert zh.day("2027-01-04") == "2027年1月4日（星期一）"
    assert en.day("2026-12-15") == "Tuesday, 15 December"


def test_an_instant_is_shown_in_the_time_of_the_centre() -> None:
    assert zh.moment(at(2026, 12, 3, 6, 30)) == "12月3日（星期四）14:30"
    assert en.moment(at(2026, 12, 3, 6, 30)) == "Thursday, 3 December, 14:30"
    assert filters("zh_CN", "UTC").moment(at(2026, 12, 3, 6, 30)) == "12月3日（星期四）06:30"


def test_an_instant_of_another_year_shows_it() -> None:
    assert zh.moment(at(2026, 12, 31, 16, 5)) == "2027年1月1日（星期五）00:05"


def test_the_year_changes_at_the_centres_midnight() -> None:
    assert zh.moment(at(2025, 12, 31, 16)) == "1月1日（星期四）00:00"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+8613800138000", "138****8000"),
        ("+86 138-0013-8000", "138****8000"),
        ("02800000101", "028****0101"),
        ("12345678", "****5678"),
        ("123", "123"),
    ],
)
def test_a_phone_is_masked(phone: str, shown: str) -> None:
    assert masked(phone) == shown


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (1024, "1 KB"),
        (812_345, "794 KB"),
        (1_048_576, "1 MB"),
        (2_621_440, "2.5 MB"),
    ],
)
def test_a_size_is_rounded(octets: int, shown: str) -> None:
    assert size(octets) == shown


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("300", "300 万元", "CNY 3,000,000"),
        ("126.50", "126.50 万元", "CNY 1,265,000"),
        (12_000, "12,000 万元", "CNY 120,000,000"),
        (Decimal("0.01"), "0.01 万元", "CNY 100"),
    ],
)
def test_money_is_given_in_wan(amount: str | int | Decimal, chinese: str, english: str) -> None:
    assert (zh.wan(amount), en.wan(amount)) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "kind", "chinese", "english"),
    [
        (True, "bool", "是", "Yes"),
        (False, "bool", "否", "No"),
        ("2026-12-15", "date", "2026年12月15日（星期二）", "Tuesday, 15 December 2026"),
        ("300", "money_wan", "300 万元", "CNY 3,000,000"),
        (12, "int", "12", "12"),
        (["创造", "保护"], "multi_enum", "创造、保护", "创造, 保护"),
        ("2026-12-15", "text", "2026-12-15", "2026-12-15"),
        (None, "date", "—", "—"),
        ([], "file_list", "—", "—"),
        (2, "file_list", "已附 2 个", "2 attached"),
        ("年底前", "date", "年底前", "年底前"),
        ("未定", "money_wan", "未定", "未定"),
    ],
)
def test_an_answer_is_worded_by_the_type_of_its_field(
    value: object, kind: str, chinese: str, english: str
) -> None:
    assert (zh.answer(value, kind), en.answer(value, kind)) == (chinese, english)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_is_never_too_long_and_a_short_one_is_left_alone(text: str, most: int) -> None:
    shown = cut(text, most)
    assert units(shown) <= most
    assert shown == text if units(text) <= most else shown.endswith("…")


@given(st.lists(st.text(max_size=300), max_size=20), st.integers(20, 1000))
def test_a_fair_share_keeps_all_texts_within_the_total(texts: list[str], total: int) -> None:
    share = zh.fair(texts, total)
    assert sum(min(units(text), share) for text in texts) <= total


def test_short_texts_leave_their_room_to_the_long_one() -> None:
    assert zh.fair(["一" * 10, "二" * 900, "三" * 20], 500) == 470
    assert zh.fair(["一" * 10, "二" * 20], 500) == 20


def test_words_of_both_languages_pass_through_every_filter() -> None:
    words = Words("知识产权保险", "IP insurance")
    assert (zh.cut(words, 4), en.cut(words, 4)) == ("知识产…", "IP …")
    assert en.listed([words, "x"]) == "IP insurance, x"
    assert en.answer([words], "multi_enum") == "IP insurance"
    assert en.one_line(words) == "IP insurance"
