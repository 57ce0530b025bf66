"""The ladder of Article 9 on the calendar: T is 15 December."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Calendar
from domain.ladders import ladder, ladders
from domain.people import BASE_ROLES, Role
from messages.manifest import TEMPLATES

CALENDAR = Calendar()
ANNUAL = ladder("annual_report")
ZONE = ZoneInfo("Asia/Shanghai")


def moment(step: str, year: int, calendar: Calendar = CALENDAR) -> datetime:
    due_at = ANNUAL.due_at(ANNUAL.step(step), ANNUAL.due_on(year), calendar)
    return datetime.fromtimestamp(due_at / 1000, ZONE)


@pytest.mark.parametrize(
    ("year", "step", "day"),
    [
        (2026, "T-30", "2026-11-13"),  # the 15th is a Sunday
        (2026, "T-7", "2026-12-08"),
        (2026, "T-1", "2026-12-14"),
        (2026, "overdue", "2026-12-16"),
        (2029, "T-1", "2029-12-14"),  # T is a Saturday
        (2029, "overdue", "2029-12-17"),  # late from Sunday the 16th, said on Monday
        (2030, "T-1", "2030-12-13"),  # T is a Sunday, the day before a Saturday
        (2030, "overdue", "2030-12-16"),
    ],
)
def test_a_step_is_said_at_nine_of_a_working_day(year: int, step: str, day: str) -> None:
    assert moment(step, year) == datetime.combine(date.fromisoformat(day), time(9), ZONE)


def test_the_centres_own_closing_day_moves_a_step_to_the_day_before() -> None:
    closed = Calendar(overrides={date(2026, 12, 8): False})
    assert moment("T-7", 2026, closed).date() == date(2026, 12, 7)


def test_it_is_late_from_midnight_of_the_sixteenth_and_people_aim_at_the_fourteenth() -> None:
    assert ANNUAL.late_on(date(2026, 12, 15)) == date(2026, 12, 16)
    assert ANNUAL.aim(date(2026, 12, 15), CALENDAR) == date(2026, 12, 14)
    assert ANNUAL.aim(date(2030, 12, 15), CALENDAR) == date(2030, 12, 13)


@pytest.mark.parametrize(
    ("today", "due"),
    [("2026-12-15", "2026-12-15"), ("2026-12-16", "2027-12-15"), ("2026-01-01", "2026-12-15")],
)
def test_the_next_deadline(today: str, due: str) -> None:
    assert ANNUAL.next_due_on(date.fromisoformat(today)) == date.fromisoformat(due)


@pytest.mark.parametrize("kind", ladders())
def test_every_ladder_names_templates_that_exist_and_people_whom_a_base_has(kind: str) -> None:
    for step in ladder(kind).steps:
        assert step.template in TEMPLATES
        assert step.roles <= BASE_ROLES | {Role.OFFICER}
        assert step.good_for_ms > 0


@pytest.mark.parametrize("year", range(2024, 2034))
def test_the_steps_of_a_year_follow_one_another_and_none_is_late_before_the_next(year: int) -> None:
    due = [ANNUAL.due_at(step, ANNUAL.due_on(year), CALENDAR) for step in ANNUAL.steps]
    assert due == sorted(due)
    ends = [at + step.good_for_ms for at, step in zip(due, ANNUAL.steps, strict=True)]
    assert all(end <= following for end, following in zip(ends, due[1:], strict=False))


@pytest.mark.parametrize(
    ("today", "day"),
    [("2026-11-13", "2026-12-10"), ("2026-12-10", "2026-12-14"), ("2026-12-14", "2026-12-15")],
)
def test_the_day_that_is_suggested_has_not_gone_by(today: str, day: str) -> None:
    suggested = ANNUAL.suggested(ANNUAL.due_on(2026), date.fromisoformat(today), CALENDAR)
    assert suggested == date.fromisoformat(day)
