"""Working days with 调休, and what is not yet published."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import calendar
from domain.calendar import Calendar, Day

steady = settings(deadline=None)  # a library is loaded within an example, on a machine that may be busy

CALENDAR = Calendar()
WORKED, FREE = Day(True, True), Day(False, True)
TENTATIVELY_WORKED, TENTATIVELY_FREE = Day(True, False), Day(False, False)
DAYS = st.dates(date(2003, 1, 1), date(2103, 12, 31))
INSTANTS = st.integers(1_760_000_000_000, 1_830_000_000_000)  # from 2025 into 2027


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-11-25", WORKED),
        ("2026-11-28", FREE),
        ("2026-02-14", WORKED),  # 春节调休上班, a Saturday
        ("2026-02-16", FREE),  # 除夕
        ("2026-02-17", FREE),
        ("2026-02-23", FREE),  # 春节 ends, a Monday
        ("2026-02-24", WORKED),
        ("2026-02-28", WORKED),  # 春节调休上班, a Saturday
        ("2026-09-20", WORKED),  # 国庆调休上班, a Sunday
        ("2026-10-01", FREE),
        ("2026-10-07", FREE),
        ("2026-10-08", WORKED),
        ("2026-10-10", WORKED),  # 国庆调休上班, a Saturday
        ("2027-01-04", TENTATIVELY_WORKED),
        ("2027-02-08", TENTATIVELY_FREE),  # 春节, known of the lunar calendar
        ("2027-10-01", TENTATIVELY_FREE),
        ("2029-10-01", TENTATIVELY_FREE),
        ("2029-12-14", TENTATIVELY_WORKED),
        ("2029-12-15", TENTATIVELY_FREE),  # a Saturday
        ("2030-12-15", TENTATIVELY_FREE),  # a Sunday
    ],
)
def test_days(day: str, answer: Day) -> None:
    assert CALENDAR.day(date.fromisoformat(day)) == answer


@steady
@given(DAYS)
def test_a_day_of_any_year_has_an_answer(day: date) -> None:
    answer = CALENDAR.day(day)
    assert answer.confirmed is (2004 <= day.year <= 2026)
    if not answer.confirmed and day.weekday() >= 5:
        assert not answer.working


def test_what_no_library_knows_is_monday_to_friday() -> None:
    assert CALENDAR.day(date(2500, 1, 1)) == TENTATIVELY_WORKED
    assert CALENDAR.day(date(2500, 1, 2)) == TENTATIVELY_FREE
    assert date(2500, 1, 1).weekday() == 4


def test_only_an_unpublished_year_needs_the_second_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def needed(year: int) -> frozenset[date]:
        raise AssertionError(year)

    monkeypatch.setattr(calendar, "_statutory", needed)
    calendar._published.cache_clear()
    assert CALENDAR.day(date(2026, 10, 1)) == FREE
    with pytest.raises(AssertionError):
        CALENDAR.day(date(2028, 10, 2))


def test_the_centres_own_days_go_first() -> None:
    own = Calendar(overrides={date(2026, 11, 25): False, date(2027, 10, 1): True})
    assert own.day(date(2026, 11, 25)) == FREE
    assert own.day(date(2027, 10, 1)) == WORKED


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        ("2026-11-25T10:12", 2, "2026-11-27T17:30"),
        ("2026-11-27T23:59", 2, "2026-12-01T17:30"),
        ("2026-11-28T09:00", 1, "2026-11-30T17:30"),
        ("2026-02-13T16:00", 2, "2026-02-24T17:30"),  # over 春节, the Saturday before it is worked
        ("2026-09-30T10:00", 3, "2026-10-10T17:30"),  # over 国庆, the Saturday after it is worked
    ],
)
def test_a_deadline_leaves_out_the_day_of_filing_and_ends_with_the_office(
    filed: str, days: int, due: str
) -> None:
    assert CALENDAR.deadline(at(filed), days) == (at(due), True)


def test_a_deadline_in_an_unpublished_year_is_provisional() -> None:
    assert CALENDAR.deadline(at("2029-12-14T10:00"), 1) == (at("2029-12-17T17:30"), False)
    assert CALENDAR.deadline(at("2026-12-30T10:00"), 1) == (at("2026-12-31T17:30"), True)
    assert CALENDAR.deadline(at("2026-12-31T10:00"), 1)[1] is False


@steady
@given(INSTANTS, st.integers(1, 30))
def test_a_deadline_is_on_a_working_day_and_leaves_so_many(filed: int, days: int) -> None:
    due, _ = CALENDAR.deadline(filed, days)
    first, last = CALENDAR.today(filed), CALENDAR.today(due)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(CALENDAR.day(day).working for day in between) == days
    assert CALENDAR.day(last).working


def test_a_base_waits_for_nothing_in_its_vacation() -> None:
    base = CALENDAR.of_base([(date(2027, 1, 18), date(2027, 2, 26))])
    assert base.day(date(2027, 1, 18)) == base.day(date(2027, 2, 26)) == FREE
    assert base.day(date(2027, 1, 15)) == CALENDAR.day(date(2027, 1, 15)) == TENTATIVELY_WORKED
    assert base.deadline(at("2027-01-15T10:00"), 1) == (at("2027-03-01T17:30"), False)
    assert base.is_vacation(date(2027, 2, 1))
    assert not CALENDAR.is_vacation(date(2027, 2, 1))


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-11-25T11:30", "2026-11-25T14:30", 60),
        ("2026-11-27T17:00", "2026-11-30T09:30", 60),
        ("2026-11-25T00:00", "2026-11-26T00:00", 390),
        ("2026-11-25T12:00", "2026-11-25T14:00", 0),
        ("2026-11-28T00:00", "2026-11-30T00:00", 0),
        ("2026-11-25T15:00", "2026-11-25T10:00", 0),
        ("2026-11-26T10:00", "2026-11-25T10:00", 0),
    ],
)
def test_working_minutes_leave_out_noon_nights_and_weekends(since: str, until: str, minutes: int) -> None:
    assert CALENDAR.working_minutes(at(since), at(until)) == minutes


@steady
@given(st.tuples(INSTANTS, st.integers(0, 10**9), st.integers(0, 10**9)))
def test_working_minutes_add_up(spans: tuple[int, int, int]) -> None:
    start, first, second = spans
    middle, end = start + first, start + first + second
    parts = CALENDAR.working_minutes(start, middle) + CALENDAR.working_minutes(middle, end)
    assert CALENDAR.working_minutes(start, end) - parts in (0, 1)


def test_a_percentage_counts_working_time() -> None:
    filed, due = at("2026-11-26T17:30"), at("2026-11-30T17:30")
    assert CALENDAR.percent_used(filed, due, filed) == 0
    assert CALENDAR.percent_used(filed, due, at("2026-11-27T17:30")) == 50
    assert CALENDAR.percent_used(filed, due, at("2026-11-29T12:00")) == 50
    assert CALENDAR.percent_used(filed, due, due) == 100
    assert CALENDAR.percent_used(filed, due, at("2026-12-01T17:30")) == 150


def test_a_span_without_working_time_is_used_up_when_it_is_over() -> None:
    noon, two = at("2026-11-25T12:00"), at("2026-11-25T14:00")
    assert CALENDAR.percent_used(noon, two, at("2026-11-25T13:00")) == 0
    assert CALENDAR.percent_used(noon, two, two) == 100


def test_hours_are_the_centres() -> None:
    early = Calendar(hours=((time(8), time(10)),))
    assert early.deadline(at("2026-11-25T09:00"), 1) == (at("2026-11-26T10:00"), True)
    assert early.working_minutes(at("2026-11-25T09:00"), at("2026-11-26T09:00")) == 120


def test_a_day_off_moves_to_the_working_day_before() -> None:
    assert CALENDAR.working_day_before(date(2029, 12, 16)) == date(2029, 12, 14)
    assert CALENDAR.working_day_before(date(2026, 12, 15)) == date(2026, 12, 15)
    assert CALENDAR.working_day_before(date(2026, 2, 23)) == date(2026, 2, 14)


def test_working_days_are_counted_from_the_day_after() -> None:
    assert CALENDAR.working_day_after(date(2026, 11, 25), 10) == date(2026, 12, 9)
    assert CALENDAR.working_day_after(date(2026, 11, 28), 1) == date(2026, 11, 30)


def test_days_are_those_of_the_office() -> None:
    before_midnight_utc = round(datetime(2026, 11, 25, 17, tzinfo=UTC).timestamp() * 1000)
    assert CALENDAR.today(before_midnight_utc) == date(2026, 11, 26)
    assert CALENDAR.at(date(2026, 11, 26), time(1)) == before_midnight_utc
    assert Calendar("Europe/Berlin").today(before_midnight_utc) == date(2026, 11, 25)
