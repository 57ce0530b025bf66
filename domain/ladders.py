"""When people are reminded of what is due: ladders are data (`data/ladders.json`).

T is the day of the deadline. Days are natural days; a step on a day that is not worked moves to the working
day before, one that counts from lateness to the working day after (it must not come before the lateness).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from domain.calendar import Calendar
from domain.people import Role

HOUR_MS = 60 * 60 * 1000

_FILE = Path(__file__).parent / "data" / "ladders.json"

ANNUAL_REPORT = "annual_report"


@dataclass(frozen=True, slots=True)
class Step:
    """`days` count from T or, with `after_lateness`, from the first day that is late.

    `roles` of the base are told; after `good_for_ms` it is too late to say it; only what is `urgent` is said
    in a vacation.
    """

    name: str
    days: int
    at: time
    template: str
    roles: frozenset[Role]
    good_for_ms: int
    urgent: bool
    after_lateness: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Due every year on one day; people are reminded towards `aim_days_before`: 15日前 is ambiguous."""

    kind: str
    month: int
    day: int
    aim_days_before: int
    late_days_after: int
    plan_ahead_days: int
    steps: tuple[Step, ...]

    def due_on(self, year: int) -> date:
        return date(year, self.month, self.day)

    def next_due_on(self, today: date) -> date:
        this_year = self.due_on(today.year)
        return this_year if today <= this_year else self.due_on(today.year + 1)

    def aim(self, due_on: date, calendar: Calendar) -> date:
        """The working day by which it had better arrive."""
        return calendar.working_day_before(due_on - timedelta(days=self.aim_days_before))

    def late_on(self, due_on: date) -> date:
        """The first day on which it is late, from 00:00."""
        return due_on + timedelta(days=self.late_days_after)

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def due_at(self, step: Step, due_on: date, calendar: Calendar) -> int:
        """The instant of a step, in ms UTC."""
        if step.after_lateness:
            day = self.late_on(due_on) + timedelta(days=step.days)
            worked = day if calendar.day(day).working else calendar.working_day_after(day, 1)
        else:
            worked = calendar.working_day_before(due_on + timedelta(days=step.days))
        return calendar.at(worked, step.at)


def ladder(kind: str) -> Ladder:
    """Raises KeyError for a kind that has none."""
    return ladders()[kind]


@cache
def ladders() -> Mapping[str, Ladder]:
    text = _FILE.read_text(encoding="utf-8")
    return {kind: _ladder(kind, told) for kind, told in json.loads(text).items()}


def _ladder(kind: str, told: Mapping[str, Any]) -> Ladder:
    return Ladder(
        kind=kind,
        month=told["due"]["month"],
        day=told["due"]["day"],
        aim_days_before=told["aim_days_before"],
        late_days_after=told["late_days_after"],
        plan_ahead_days=told["plan_ahead_days"],
        steps=tuple(_step(step) for step in told["steps"]),
    )


def _step(told: Mapping[str, Any]) -> Step:
    return Step(
        name=told["name"],
        days=told["days"],
        at=time.fromisoformat(told["at"]),
        template=told["template"],
        roles=frozenset(Role(role) for role in told["roles"]),
        good_for_ms=told["good_for_hours"] * HOUR_MS,
        urgent=told["urgent"],
        after_lateness=told["from"] == "late",
    )
