"""Working days with 调休, and what is not yet published."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Calendar, Day

CALENDAR = Calendar()


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-11-25", Day(True, True)),
        ("2026-11-28", Day(False, True)),
        ("2026-02-17", Day(False, True)),  # 春节
        ("2026-02-14", Day(True, True)),  # 春节调休上班, a Saturday
        ("2026-10-01", Day(False, True)),
        ("2029-12-15", Day(False, False)),  # a Saturday, of a year that is not published
        ("2029-10-01", Day(False, False)),
        ("2029-12-14", Day(True, False)),
    ],
)
def test_days(day: str, answer: Day) -> None:
    assert CALENDAR.day(date.fromisoformat(day)) == answer


def test_the_centres_own_days_go_first() -> None:
    own = Calendar(overrides={date(2026, 11, 25): False})
    assert own.day(date(2026, 11, 25)) == Day(False, True)


def test_a_deadline_leaves_out_the_day_of_filing_and_ends_with_the_office() -> None:
    assert CALENDAR.deadline(at("2026-11-25T10:12"), 2) == (at("2026-11-27T17:30"), True)
    assert CALENDAR.deadline(at("2026-11-27T23:59"), 2) == (at("2026-12-01T17:30"), True)


def test_a_deadline_in_an_unpublished_year_is_provisional() -> None:
    due, confirmed = CALENDAR.deadline(at("2029-12-14T10:00"), 1)
    assert (due, confirmed) == (at("2029-12-17T17:30"), False)


def test_working_minutes_leave_out_noon_nights_and_weekends() -> None:
    assert CALENDAR.working_minutes(at("2026-11-25T11:30"), at("2026-11-25T14:30")) == 60
    assert CALENDAR.working_minutes(at("2026-11-27T17:00"), at("2026-11-30T09:30")) == 60
    assert CALENDAR.working_minutes(at("2026-11-25T00:00"), at("2026-11-26T00:00")) == 390


def test_a_day_off_moves_to_the_working_day_before() -> None:
    assert CALENDAR.working_day_before(date(2029, 12, 16)) == date(2029, 12, 14)
    assert CALENDAR.working_day_before(date(2026, 12, 15)) == date(2026, 12, 15)


def test_days_are_those_of_the_office() -> None:
    before_midnight_utc = round(datetime(2026, 11, 25, 17, tzinfo=UTC).timestamp() * 1000)
    assert CALENDAR.today(before_midnight_utc) == date(2026, 11, 26)
    assert CALENDAR.at(date(2026, 11, 26), time(1)) == before_midnight_utc
