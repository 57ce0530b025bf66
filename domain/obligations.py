"""What a base or a person owes by when, and who is to be reminded of it (Article 9).

    open ─claim─▶ claimed ─receive─▶ received
      ▲  └───────receive────────────────┘ │
      └───────────── reopen ──────────────┘

While a claim is being checked the base is left in peace and the officer is reminded instead.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.access import Action, may
from domain.calendar import Calendar, Vacation
from domain.errors import Forbidden, Stale
from domain.ladders import ANNUAL_REPORT, Ladder, Step, ladder
from domain.notices import Kind, Notice, Subject, To
from domain.people import Actor, Role

DAY_MS = 24 * 60 * 60 * 1000
SEASON_BEGINS = 7
"""From this month on the year's own report is the one that people speak of; before it, last year's."""


class State(StrEnum):
    OPEN = "open"  # nothing complete has arrived
    CLAIMED = "claimed"  # 已另行报送, the centre has to check
    RECEIVED = "received"  # an officer has it
    WAIVED = "waived"  # not asked for


INCOMPLETE = frozenset({State.OPEN, State.CLAIMED})


class Move(StrEnum):
    CLAIM = "claim"
    RECEIVE = "receive"
    WAIVE = "waive"
    REOPEN = "reopen"


class Why(StrEnum):
    """Why a reminder that was planned is not sent."""

    TOO_LATE = "too late"
    RECEIVED = "received"
    WAIVED = "waived"
    CLAIMED = "claimed"
    BASE_LEFT = "the base is not active"
    NOT_IN_OFFICE = "not in office"
    UNREACHABLE = "cannot be reached"
    VACATION = "vacation"
    NOBODY_TO_CALL = "nobody to call"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Owed by a base or by a person; `expected_on` is an ISO date that the base has named."""

    id: int
    kind: str
    year: int
    base_id: int | None
    person_id: int | None
    due_on: date
    state: State
    rev: int
    created_at: int
    changed_at: int
    expected_on: str | None = None

    @property
    def owner(self) -> str:
        return f"person {self.person_id}" if self.base_id is None else f"base {self.base_id}"

    @property
    def subject(self) -> Subject:
        return Subject("obligation", self.id)

    @property
    def ladder(self) -> Ladder:
        return ladder(self.kind)


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation, the people of its base in their roles, and the officers who would telephone."""

    obligation: Obligation
    people: tuple[tuple[Role, int], ...] = ()
    officers: tuple[int, ...] = ()
    vacations: tuple[Vacation, ...] = ()

    def told(self, step: Step) -> tuple[int, ...]:
        """The ids of those whom a step is for, each once."""
        if self.obligation.person_id is not None:
            return (self.obligation.person_id,)
        return tuple(dict.fromkeys(person for role, person in self.people if role in step.roles))

    def calendar(self, step: Step, calendar: Calendar) -> Calendar:
        """The days on which a step may be said to this base."""
        return calendar if step.urgent else calendar.of_base(self.vacations)


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice with its hour; after `cutoff_at` it is dropped. Its facts name the step: the rest is said as
    it is when it is sent."""

    notice: Notice
    due_at: int
    cutoff_at: int


@dataclass(frozen=True, slots=True)
class Rule:
    action: Action
    before: frozenset[State]
    after: State


RULES = {
    Move.CLAIM: Rule(Action.REPORT_CLAIM, frozenset({State.OPEN}), State.CLAIMED),
    Move.RECEIVE: Rule(Action.REPORT_RECEIVE, INCOMPLETE, State.RECEIVED),
    Move.WAIVE: Rule(Action.REPORT_RECEIVE, INCOMPLETE, State.WAIVED),
    Move.REOPEN: Rule(Action.REPORT_RECEIVE, frozenset(State) - {State.OPEN}, State.OPEN),
}


def report_due(today: date) -> date:
    """The next day by which the annual summary is due: 15 December (Article 9)."""
    return ladder(ANNUAL_REPORT).next_due_on(today)


def season(today: date) -> int:
    """The year whose summary is spoken of: in spring last year's may still be on its way."""
    return today.year if today.month >= SEASON_BEGINS else today.year - 1


def decide(obligation: Obligation, move: Move, actor: Actor, seen_rev: int, now: int) -> Obligation:
    """The obligation after the move. Raises Forbidden, or Stale where it has moved on meanwhile."""
    rule = RULES[move]
    if not may(actor, rule.action, obligation.base_id):
        raise Forbidden
    if obligation.rev != seen_rev or obligation.state not in rule.before:
        raise Stale("obligation", obligation.id)
    return replace(obligation, state=rule.after, rev=obligation.rev + 1, changed_at=now)


def expect(obligation: Obligation, actor: Actor, day: str, now: int) -> Obligation:
    """With the day (ISO) on which it will come. Raises Forbidden, or Stale where it has come."""
    if not may(actor, Action.REPORT_CLAIM, obligation.base_id):
        raise Forbidden
    if obligation.state is not State.OPEN:
        raise Stale("obligation", obligation.id)
    return replace(obligation, expected_on=day, rev=obligation.rev + 1, changed_at=now)


def moves(obligation: Obligation, actor: Actor) -> tuple[Move, ...]:
    """What the actor could do with it now."""
    return tuple(
        move
        for move, rule in RULES.items()
        if obligation.state in rule.before and may(actor, rule.action, obligation.base_id)
    )


def plan(obligations: Iterable[Owed], now: int, calendar: Calendar) -> list[Planned]:
    """Every reminder that falls due within the ladder's horizon, the earliest first.

    Each has a key of its own, so that planning again adds nothing. What is past its cutoff is in it too, to
    be recorded as dropped; what was past it before the obligation was made is not.
    """
    found: dict[str | None, Planned] = {}
    for owed in obligations:
        horizon = now + owed.obligation.ladder.plan_ahead_days * DAY_MS
        for planned in _ladder_of(owed, calendar):
            if planned.due_at <= horizon:
                found.setdefault(planned.notice.key, planned)
    return sorted(found.values(), key=lambda planned: (planned.due_at, str(planned.notice.key)))


def next_instant(obligations: Iterable[Owed], now: int, calendar: Calendar) -> int | None:
    """When the next reminder falls due, whether or not it is planned yet."""
    instants = (planned.due_at for owed in obligations for planned in _ladder_of(owed, calendar))
    return min((instant for instant in instants if instant > now), default=None)


def hindrance(
    owed: Owed, step: Step, person_id: int, calendar: Calendar, now: int, *, active: bool, reachable: bool
) -> Why | None:
    """Why a reminder whose hour has come is not sent to this person after all."""
    obligation = owed.obligation
    checks = (
        (obligation.state is State.RECEIVED, Why.RECEIVED),
        (obligation.state is State.WAIVED, Why.WAIVED),
        (obligation.state is State.CLAIMED, Why.CLAIMED),
        (not active, Why.BASE_LEFT),
        (person_id not in owed.told(step), Why.NOT_IN_OFFICE),
        (not reachable, Why.UNREACHABLE),
        (owed.calendar(step, calendar).is_vacation(calendar.today(now)), Why.VACATION),
    )
    return next((why for applies, why in checks if applies), None)


def _ladder_of(owed: Owed, calendar: Calendar) -> Iterator[Planned]:
    obligation = owed.obligation
    if obligation.state not in INCOMPLETE:
        return
    for step in obligation.ladder.steps:
        for notice, days in _notices(owed, step, calendar):
            due_at = obligation.ladder.due_at(step, obligation.due_on, days)
            if due_at + step.good_for_ms > obligation.created_at:
                yield Planned(notice, due_at, due_at + step.good_for_ms)


def _notices(owed: Owed, step: Step, calendar: Calendar) -> Iterator[tuple[Notice, Calendar]]:
    """To the people of the base, and to each officer one list of calls for all bases together."""
    obligation = owed.obligation
    facts = {"kind": obligation.kind, "year": obligation.year, "step": step.name}
    prefix = f"{obligation.kind}:{obligation.year}"
    for person in owed.told(step):
        key = f"{prefix}:{obligation.owner}:{step.name}:person {person}"
        to = To(person_id=person)
        yield (
            Notice(to, step.template, facts, kind=Kind.NUDGE, subject=obligation.subject, key=key),
            owed.calendar(step, calendar),
        )
    for officer in owed.officers:
        key = f"{prefix}:{step.name}:calls:person {officer}"
        yield Notice(To(person_id=officer), "reports/calls", facts, kind=Kind.NUDGE, key=key), calendar
