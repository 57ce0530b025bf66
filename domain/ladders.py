"""When people are reminded of what is due: ladders are data (`data/ladders.json`).

T is the day of the deadline. Days are natural days; a step on a day that is not worked moves to the working
day before, one that comes after its day to the working day after (it must not come before the lateness).

A ladder speaks by the stage that the work has come to. Steps of one name are one step: it is planned ahead in
one stage and said in the words of the stage in which its hour finds the work, or not at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from domain.calendar import Calendar
from domain.people import Role

HOUR_MS = 60 * 60 * 1000

_FILE = Path(__file__).parent / "data" / "ladders.json"

ANNUAL_REPORT = "annual_report"
SELF_CHECK = "self_check"
MILESTONE = "milestone"
FUNDS = "funds"
HANDOVER_FORM = "handover_form"
EXCHANGE = "exchange"
EXCHANGE_CADENCE = "exchange_cadence"
EXCHANGE_TASK = "exchange_task"  # what the base has taken on
EXCHANGE_OFFICE_TASK = "exchange_office_task"  # what the centre has taken on


class Stage(StrEnum):
    """How far the work on an obligation has come, as far as its reminders differ."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    IN_REVIEW = "in_review"  # with the unit's own reviewer or head
    REVIEWED = "reviewed"  # signed by both, not submitted
    WITH_CENTRE = "with_centre"  # the base is left in peace
    RETURNED = "returned"  # 请修改
    SEAL_MISSING = "seal_missing"


class From(StrEnum):
    """The day from which a step counts."""

    DUE = "due"  # T, or the day to which it was put off
    LATE = "late"  # the first day that is late
    SINCE = "since"  # the day on which the work came to this stage
    SEAL = "seal"  # the day by which the stamped copy is awaited


@dataclass(frozen=True, slots=True)
class Step:
    """`days` count from the day that `counts_from` names.

    `roles` of the base are told, and with `officer` whoever looks after the base; after `good_for_ms` it is
    too late to say it; in a vacation only what is `urgent` is said.
    """

    name: str
    counts_from: From
    days: int
    at: time
    template: str
    roles: frozenset[Role]
    good_for_ms: int
    urgent: bool

    @property
    def after_lateness(self) -> bool:
        return self.counts_from is From.LATE

    @property
    def common(self) -> bool:
        """Whether it falls on one day for all, so that an officer can have one list of calls."""
        return self.counts_from in (From.DUE, From.LATE)


@dataclass(frozen=True, slots=True)
class Ladder:
    """People are reminded towards `aim_days_before`: 15日前 is ambiguous.

    `yearly` is the month and day on which it is due every year; None: each has a day of its own. `steps` are
    those of work that has not begun, `by_stage` those of the later stages.
    """

    kind: str
    yearly: tuple[int, int] | None
    aim_days_before: int
    suggest_days_before: int
    late_days_after: int
    plan_ahead_days: int
    steps: tuple[Step, ...]
    by_stage: Mapping[Stage, tuple[Step, ...]] = field(default_factory=dict)

    def due_on(self, year: int) -> date:
        """Raises LookupError where there is no day for all."""
        if self.yearly is None:
            raise LookupError(f"{self.kind}: each is due on a day of its own")
        return date(year, *self.yearly)

    def next_due_on(self, today: date) -> date:
        this_year = self.due_on(today.year)
        return this_year if today <= this_year else self.due_on(today.year + 1)

    def aim(self, due_on: date, calendar: Calendar) -> date:
        """The working day by which it had better arrive."""
        return calendar.working_day_before(due_on - timedelta(days=self.aim_days_before))

    def suggested(self, due_on: date, today: date, calendar: Calendar) -> date:
        """The day that leaves time for approval and seal, or the next best one that has not gone by."""
        early = calendar.working_day_before(due_on - timedelta(days=self.suggest_days_before))
        return next((day for day in (early, self.aim(due_on, calendar)) if day > today), due_on)

    def late_on(self, due_on: date) -> date:
        """The first day on which it is late, from 00:00."""
        return due_on + timedelta(days=self.late_days_after)

    def of(self, stage: Stage) -> tuple[Step, ...]:
        """What may be said in a stage; nothing in one that has no steps."""
        return self.steps if stage is Stage.NOT_STARTED else self.by_stage.get(stage, ())

    def step(self, name: str) -> Step:
        """The step of this name in the first stage that has it."""
        return next(step for stage in Stage for step in self.of(stage) if step.name == name)

    def due_at(self, step: Step, day: date, calendar: Calendar) -> int:
        """The instant of a step, in ms UTC; `day` is the one that it counts from, for lateness that of T."""
        counted = (self.late_on(day) if step.after_lateness else day) + timedelta(days=step.days)
        if step.after_lateness or step.days > 0:
            worked = counted if calendar.day(counted).working else calendar.working_day_after(counted, 1)
        else:
            worked = calendar.working_day_before(counted)
        return calendar.at(worked, step.at)


def kind_of(kind: str) -> str:
    """Without the number that says which of several it is: milestone:2."""
    return kind.partition(":")[0]


def ladder(kind: str) -> Ladder:
    """Raises KeyError for a kind that has no ladder."""
    return ladders()[kind_of(kind)]


@cache
def ladders() -> Mapping[str, Ladder]:
    text = _FILE.read_text(encoding="utf-8")
    return {kind: _ladder(kind, told) for kind, told in json.loads(text).items()}


def _ladder(kind: str, told: Mapping[str, Any]) -> Ladder:
    return Ladder(
        kind=kind,
        yearly=(told["due"]["month"], told["due"]["day"]) if told["due"] else None,
        aim_days_before=told["aim_days_before"],
        suggest_days_before=told.get("suggest_days_before", told["aim_days_before"]),
        late_days_after=told["late_days_after"],
        plan_ahead_days=told["plan_ahead_days"],
        steps=tuple(map(_step, told["steps"])),
        by_stage={Stage(name): tuple(map(_step, steps)) for name, steps in told.get("stages", {}).items()},
    )


def _step(told: Mapping[str, Any]) -> Step:
    return Step(
        name=told["name"],
        counts_from=From(told["from"]),
        days=told["days"],
        at=time.fromisoformat(told["at"]),
        template=told["template"],
        roles=frozenset(Role(role) for role in told["roles"]),
        good_for_ms=told["good_for_hours"] * HOUR_MS,
        urgent=told["urgent"],
    )
