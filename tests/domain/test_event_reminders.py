"""When those who come are reminded."""

from datetime import date, time

from domain.calendar import Calendar
from domain.event_reminders import plan

CALENDAR = Calendar()


def at(day: date, hour: int) -> int:
    return CALENDAR.at(day, time(hour))


START = at(date(2026, 11, 23), 14)  # a Monday


def test_a_week_before_the_working_day_before_and_two_hours_before() -> None:
    found = plan(START, CALENDAR, at(date(2026, 11, 1), 9))
    assert [(one.step, one.due_at) for one in found] == [
        ("T-7", at(date(2026, 11, 16), 9)),
        ("T-1", at(date(2026, 11, 20), 9)),  # the Sunday moves to the Friday
        ("H-2", at(date(2026, 11, 23), 12)),
    ]


def test_none_is_good_for_longer_than_the_start() -> None:
    assert all(one.due_at < one.cutoff_at <= START for one in plan(START, CALENDAR, 0))


def test_who_registers_late_is_reminded_of_what_is_still_to_come() -> None:
    assert [one.step for one in plan(START, CALENDAR, at(date(2026, 11, 20), 9))] == ["H-2"]
    assert plan(START, CALENDAR, START) == []
