"""What a base or a person owes by when, and who is to be reminded of it (Article 9).

    open ─claim─▶ claimed ─receive─▶ received
      ▲  └───────receive────────────────┘ │
      └───────────── reopen ──────────────┘

While a claim is being checked the base is left in peace and the officer is reminded instead. How far the work
has come (`Standing`) is a fact passed in: it decides what is said, on which days, and to whom.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.access import Action, may
from domain.calendar import Calendar, Vacation
from domain.errors import Forbidden, Refused, Stale
from domain.ladders import ANNUAL_REPORT, From, Ladder, Stage, Step, kind_of, ladder
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
    AWAY = "away, another contact acts"
    VACATION = "vacation"
    NOBODY_TO_CALL = "nobody to call"
    MOVED_ON = "the work has moved on"
    ANOTHER_DAY = "it is due on another day now"


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
class Extension:
    """延期: until which day, why, and who of the centre granted it; of several the last counts."""

    obligation_id: int
    until: date
    reason: str
    by: int
    at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the work has come: its stage, since when (ms UTC), and the days that are its own.

    `until` is the day to which it was put off at `extended_at`; `seal_by` that of the stamped copy.
    """

    stage: Stage = Stage.NOT_STARTED
    since: int = 0
    until: date | None = None
    extended_at: int = 0
    seal_by: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation, the people of its base in their roles, and the officers who would telephone."""

    obligation: Obligation
    people: tuple[tuple[Role, int], ...] = ()
    officers: tuple[int, ...] = ()
    vacations: tuple[Vacation, ...] = ()
    standing: Standing = field(default_factory=Standing)

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.obligation.ladder.of(self.standing.stage)

    def step(self, name: str) -> Step | None:
        """How a step that was planned is said now; None: not at all."""
        return next((step for step in self.steps if step.name == name), None)

    @property
    def due_on(self) -> date:
        """The day that holds for it: T, or the day to which it was put off."""
        return self.standing.until or self.obligation.due_on

    def by_hand(self, today: date) -> Step | None:
        """How an officer reminds of it between the steps; None while the base is to be left in peace."""
        late = today >= self.obligation.ladder.late_on(self.due_on)
        said = [step for step in self.steps if step.after_lateness == late] or self.steps
        roles = frozenset(role for step in said for role in step.roles)
        return replace(said[0], roles=roles) if said else None

    def own_day(self, step: Step, calendar: Calendar) -> date | None:
        """The day from which a step counts where that is not T, the same for all.

        What was put off after it came to its stage counts from the later day.
        """
        standing = self.standing
        match step.counts_from:
            case From.SINCE:
                return self._put_off(calendar.today(standing.since))
            case From.SEAL:
                return self._put_off(standing.seal_by)
        its_own = self.obligation.due_on if self.obligation.ladder.yearly is None else None
        return standing.until or its_own

    def _put_off(self, day: date | None) -> date | None:
        until = self.standing.until
        if day is None or until is None or self.standing.extended_at < self.standing.since:
            return day
        return max(day, until)

    def told(self, step: Step) -> tuple[int, ...]:
        """The ids of those whom a step is for, each once."""
        if self.obligation.person_id is not None:
            return (self.obligation.person_id,)
        held = (person for role, person in self.people if role in step.roles)
        return tuple(dict.fromkeys((*held, *(self.officers if Role.OFFICER in step.roles else ()))))

    def is_for(self, step: Step, person_id: int, *, stands_in: bool) -> bool:
        """Whether the step is for this person, or they are of the base and stand in for whom it is for."""
        whom = tuple(held for _, held in self.people) if stands_in else self.told(step)
        return person_id in whom

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
        raise _stale(obligation)
    return replace(obligation, state=rule.after, rev=obligation.rev + 1, changed_at=now)


def expect(obligation: Obligation, actor: Actor, day: str, now: int) -> Obligation:
    """With the day (ISO) on which it will come. Raises Forbidden, or Stale where it has come."""
    if not may(actor, Action.REPORT_CLAIM, obligation.base_id):
        raise Forbidden
    if obligation.state is not State.OPEN:
        raise _stale(obligation)
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


def extend(obligation: Obligation, actor: Actor, until: date, reason: str, now: int) -> Extension:
    """Put it off with a reason. Raises Forbidden, Stale where it is complete, or Refused."""
    if not may(actor, Action.REPORT_RECEIVE, obligation.base_id):
        raise Forbidden
    if obligation.state not in INCOMPLETE:
        raise _stale(obligation)
    if until <= obligation.due_on:
        raise Refused("obligations/extension_too_early", due=obligation.due_on)
    if not reason.strip():
        raise Refused("obligations/extension_reason_missing")
    return Extension(obligation.id, until, reason, actor.person_id, now)


def hindrance(
    owed: Owed,
    step: Step,
    person_id: int,
    calendar: Calendar,
    now: int,
    *,
    active: bool,
    reachable: bool,
    own_day: str | None = None,
    stands_in: bool = False,
) -> Why | None:
    """Why a reminder whose hour has come is not sent to this person after all.

    `step` is the one that was planned, `own_day` the fact of this name that was planned with it; who
    `stands_in` hears it in somebody else's place.
    """
    current = owed.step(step.name)
    checks = (
        *_of_the_base(owed.obligation, active=active),
        (current is None, Why.MOVED_ON),
        (current is not None and _told_day(owed, current, calendar) != own_day, Why.ANOTHER_DAY),
        (not owed.is_for(current or step, person_id, stands_in=stands_in), Why.NOT_IN_OFFICE),
        (not reachable, Why.UNREACHABLE),
        (owed.calendar(current or step, calendar).is_vacation(calendar.today(now)), Why.VACATION),
    )
    return next((why for applies, why in checks if applies), None)


def hindrance_by_hand(
    owed: Owed, person_id: int, today: date, *, active: bool, reachable: bool, stands_in: bool = False
) -> Why | None:
    """The same for a reminder that an officer asked for: on what day it is said is theirs to judge."""
    current = owed.by_hand(today)
    checks = (
        *_of_the_base(owed.obligation, active=active),
        (current is None, Why.MOVED_ON),
        (
            current is not None and not owed.is_for(current, person_id, stands_in=stands_in),
            Why.NOT_IN_OFFICE,
        ),
        (not reachable, Why.UNREACHABLE),
    )
    return next((why for applies, why in checks if applies), None)


def by_hand_notice(owed: Owed, person_id: int, today: date) -> Notice:
    """The reminder that an officer asked for: one a day for each person, whoever asks."""
    obligation = owed.obligation
    step = owed.by_hand(today)
    if step is None:
        raise ValueError(f"obligation {obligation.id} is not to be reminded of")
    facts: dict[str, object] = {"kind": obligation.kind, "year": obligation.year, "by_hand": True}
    if person_id not in owed.told(step):
        facts["instead_of"] = list(owed.told(step))
    key = f"{obligation.kind}:{obligation.year}:{obligation.owner}:{today.isoformat()}:person {person_id}"
    to = To(person_id=person_id)
    return Notice(to, step.template, facts, kind=Kind.NUDGE, subject=obligation.subject, key=key)


def _stale(obligation: Obligation) -> Stale:
    """Each kind of duty has a page of its own to be shown anew; the annual report's is the oldest."""
    kind = kind_of(obligation.kind)
    return Stale("obligation" if kind == ANNUAL_REPORT else kind, obligation.id)


def _of_the_base(obligation: Obligation, *, active: bool) -> tuple[tuple[bool, Why], ...]:
    return (
        (obligation.state is State.RECEIVED, Why.RECEIVED),
        (obligation.state is State.WAIVED, Why.WAIVED),
        (obligation.state is State.CLAIMED, Why.CLAIMED),
        (not active, Why.BASE_LEFT),
    )


def _ladder_of(owed: Owed, calendar: Calendar) -> Iterator[Planned]:
    obligation = owed.obligation
    if obligation.state not in INCOMPLETE:
        return
    for step in owed.steps:
        day = owed.own_day(step, calendar) or obligation.due_on
        for notice, days in _notices(owed, step, calendar):
            due_at = obligation.ladder.due_at(step, day, days)
            if due_at + step.good_for_ms > obligation.created_at and due_at >= _known_at(owed):
                yield Planned(notice, due_at, due_at + step.good_for_ms)


def _known_at(owed: Owed) -> int:
    """Before it came to this stage, or was put off, nothing could be said of that."""
    return max(owed.standing.since, owed.standing.extended_at)


def _notices(owed: Owed, step: Step, calendar: Calendar) -> Iterator[tuple[Notice, Calendar]]:
    """To the people of the base, and to each officer one list of calls for all bases together.

    A day of its own is part of the key: what is due on another day is said again.
    """
    obligation = owed.obligation
    own_day = _told_day(owed, step, calendar)
    facts: dict[str, object] = {"kind": obligation.kind, "year": obligation.year, "step": step.name}
    if own_day is not None:
        facts["own_day"] = own_day
    prefix = f"{obligation.kind}:{obligation.year}"
    name = step.name if own_day is None else f"{step.name}@{own_day}"
    for person in owed.told(step):
        key = f"{prefix}:{obligation.owner}:{name}:person {person}"
        to = To(person_id=person)
        yield (
            Notice(to, step.template, facts, kind=Kind.NUDGE, subject=obligation.subject, key=key),
            owed.calendar(step, calendar),
        )
    for officer in owed.officers if step.common else ():
        key = f"{prefix}:{name}:calls:person {officer}"
        yield Notice(To(person_id=officer), "reports/calls", facts, kind=Kind.NUDGE, key=key), calendar


def _told_day(owed: Owed, step: Step, calendar: Calendar) -> str | None:
    day = owed.own_day(step, calendar)
    return day.isoformat() if day is not None else None
