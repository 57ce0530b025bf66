"""When those who come are reminded of an event: data, like the ladders of what is due."""

from dataclasses import dataclass
from datetime import time, timedelta

from domain.calendar import Calendar
from domain.events import HOUR_MS


@dataclass(frozen=True, slots=True)
class Step:
    """So many natural days before at an hour of the clock, or so many hours before; then for a while."""

    name: str
    days: int | None
    at: time | None
    hours: int | None
    good_for_ms: int


STEPS = (
    Step("T-7", 7, time(9), None, 48 * HOUR_MS),
    Step("T-1", 1, time(9), None, 12 * HOUR_MS),
    Step("H-2", None, None, 2, 2 * HOUR_MS),
)


@dataclass(frozen=True, slots=True)
class Planned:
    step: str
    due_at: int
    cutoff_at: int


def plan(starts_at: int, calendar: Calendar, now: int) -> list[Planned]:
    """Those that are still to come. A day that is not worked moves to the working day before it."""
    found = [
        Planned(step.name, due_at, min(due_at + step.good_for_ms, starts_at))
        for step in STEPS
        for due_at in (_due_at(step, starts_at, calendar),)
    ]
    return [one for one in found if one.due_at > now]


def _due_at(step: Step, starts_at: int, calendar: Calendar) -> int:
    if step.days is None or step.at is None:
        return starts_at - (step.hours or 0) * HOUR_MS
    day = calendar.working_day_before(calendar.today(starts_at) - timedelta(days=step.days))
    return calendar.at(day, step.at)
