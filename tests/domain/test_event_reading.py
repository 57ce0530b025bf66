"""When and who, as people write it."""

from datetime import date, time

import pytest

from domain.errors import Invalid
from domain.event_places import MOST_AT_ONCE, Attendee
from domain.event_reading import attendees, moment, questions, written

TODAY, DAY = date(2026, 11, 25), date(2026, 12, 10)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-12-10 14:00", "2026-12-10 14:00"),
        ("2026年12月10日 14点30分", "2026-12-10 14:30"),
        ("12月10日下午2:30", "2026-12-10 14:30"),
        ("12.10 9：05", "2026-12-10 09:05"),
        ("１２－１０ １４：００", "2026-12-10 14:00"),
        ("3-1 9:00", "2027-03-01 09:00"),  # the next that comes
        ("上午 9点", "2026-12-10 09:00"),
        ("次日 01:00", "2026-12-11 01:00"),
        ("Next day 1:00", "2026-12-11 01:00"),
        ("12-09", "2026-12-09 17:30"),
    ],
)
def test_a_time_is_read(text: str, read: str) -> None:
    assert moment(text, TODAY, on=DAY, closing=time(17, 30)) == read


@pytest.mark.parametrize(
    "text", ["", "下周三", "2026-02-30 9:00", "25:00", "12-10 24:01", "14:00 12-10", "明天 9:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="events/when"):
        moment(text, TODAY, on=DAY)


def test_a_time_alone_needs_a_day_to_count_from_and_a_day_alone_a_closing_hour() -> None:
    for text in ("14:00", "次日 1:00", "12-10"):
        with pytest.raises(Invalid):
            moment(text, TODAY)


@pytest.mark.parametrize(
    ("line", "plates", "read"),
    [
        ("林知行，处长", False, Attendee("林知行", "处长")),
        ("林知行 处长", False, Attendee("林知行", "处长")),
        ("Lin Zhixing, head of transfer", False, Attendee("Lin Zhixing", "head of transfer")),
        ("林知行，处长，川a12345", True, Attendee("林知行", "处长", "川A12345")),
        ("林知行 处长 川A·D12345", True, Attendee("林知行", "处长", "川A·D12345")),
        ("林知行，处长", True, Attendee("林知行", "处长")),
        ("林知行，转化处，处长", True, Attendee("林知行", "转化处 处长")),
        ("林知行，处长，川A12345", False, Attendee("林知行", "处长 川A12345")),
    ],
)
def test_who_comes_is_read_and_reads_the_same_again(line: str, plates: bool, read: Attendee) -> None:
    assert attendees(line, plates=plates) == [read]
    assert attendees(written(read), plates=plates) == [read]


@pytest.mark.parametrize(
    "line", ["林知行", "，处长", "林知行，", "林" * 41 + "，处长", "林知行，" + "长" * 61]
)
def test_a_line_without_a_name_or_a_post_is_refused(line: str) -> None:
    with pytest.raises(Invalid, match="events/attendee_line"):
        attendees(f"苏小溪，科员\n{line}", plates=False)


def test_nobody_and_too_many_at_once_are_refused() -> None:
    with pytest.raises(Invalid, match="events/attendees"):
        attendees(" \n ", plates=False)
    with pytest.raises(Invalid, match="forms/full"):
        attendees("\n".join(f"人{n}，长" for n in range(MOST_AT_ONCE + 1)), plates=False)


def test_questions_are_a_line_each_and_few() -> None:
    assert questions(" 一\n\n二 ") == ["一", "二"]
    for text in ("\n", "\n".join("123456"), "长" * 101):
        with pytest.raises(Invalid, match="events/questions"):
            questions(text)
