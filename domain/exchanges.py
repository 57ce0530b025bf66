"""沟通交流: regular and irregular exchanges between a base and the centre (Article 8).

    planned ─record─▶ recorded ─confirm─▶ confirmed
       │  ▲              │  ▲  └──────────────▲
       │  └─ move        │  └─ correct ──┐    │
       ▼              dispute ─────▶ disputed ┘
    cancelled ◀──────────── withdraw ────┘

Either side records what was held and the other confirms it, or says what is wrong (有异议); what was
recorded before stays as a version. An exchange belongs to the base; persons stand in it by their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.access import Action, may
from domain.errors import Forbidden, Refused, Stale
from domain.notices import Subject
from domain.people import Actor
from domain.requests import Source

MOST_FOLLOW_UPS = 5
SUBJECT = "exchange"


class State(StrEnum):
    PLANNED = "planned"
    RECORDED = "recorded"  # held; the other side has not confirmed it yet
    DISPUTED = "disputed"  # 有异议: whoever recorded it corrects it
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"  # not held, or a record that was withdrawn


OPEN = frozenset({State.PLANNED, State.RECORDED, State.DISPUTED})


class Side(StrEnum):
    BASE = "base"
    CENTRE = "centre"

    @property
    def other(self) -> "Side":
        return Side.CENTRE if self is Side.BASE else Side.BASE


class Way(StrEnum):
    TALK = "talk"  # 座谈
    VISIT = "visit"  # 走访: the centre comes to the base
    CALL = "call"  # 电话
    ONLINE = "online"  # 线上
    RECEIVED = "received"  # 来访: the base comes to the centre


class Move(StrEnum):
    PLAN = "plan"
    MOVE = "move"  # to another day
    CANCEL = "cancel"
    RECORD = "record"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Whose(StrEnum):
    """Who may make a move: of a record, the side that made it or the other one."""

    EITHER = "either"
    RECORDER = "recorder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rule:
    before: frozenset[State]
    after: State
    whose: Whose = Whose.EITHER


_WAITING = frozenset({State.RECORDED, State.DISPUTED})
RULES: Mapping[Move, Rule] = {
    Move.MOVE: Rule(frozenset({State.PLANNED}), State.PLANNED),
    Move.CANCEL: Rule(frozenset({State.PLANNED}), State.CANCELLED),
    Move.RECORD: Rule(frozenset({State.PLANNED}), State.RECORDED),
    Move.CONFIRM: Rule(_WAITING, State.CONFIRMED, Whose.OTHER),
    Move.DISPUTE: Rule(frozenset({State.RECORDED}), State.DISPUTED, Whose.OTHER),
    Move.CORRECT: Rule(_WAITING, State.RECORDED, Whose.RECORDER),
    Move.WITHDRAW: Rule(frozenset({State.DISPUTED}), State.CANCELLED, Whose.RECORDER),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was agreed to be done, by whom of which side, and by which day."""

    what: str
    side: Side
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Record:
    """What was held, as one side tells it."""

    held_on: date
    way: Way
    people: str
    topics: str
    conclusions: str
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Of an exchange ahead; `regular` ones are those of the cadence."""

    regular: bool
    planned_on: date
    way: Way
    purpose: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """`version` counts the records, 0 before the first; `plan` is None where it was recorded afterwards."""

    id: int
    base_id: int
    regular: bool
    state: State
    rev: int
    changed_at: int
    plan: Plan | None = None
    record: Record | None = None
    version: int = 0
    recorded_by: Side | None = None
    obligation_id: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject(SUBJECT, self.id)

    @property
    def day(self) -> date | None:
        """On which it was held or, before that, is to be."""
        if self.record is not None:
            return self.record.held_on
        return self.plan.planned_on if self.plan is not None else None

    @property
    def way(self) -> Way | None:
        told = self.record or self.plan
        return told.way if told is not None else None

    @property
    def waits_for(self) -> Side | None:
        """The side whose turn it is; None while it is only planned, and once it is settled."""
        if self.recorded_by is None or self.state not in _WAITING:
            return None
        return self.recorded_by.other if self.state is State.RECORDED else self.recorded_by


@dataclass(frozen=True, slots=True)
class Command:
    """A move by somebody for a side; `source` where an officer records it for the base (代录)."""

    move: Move
    actor: Actor
    now: int
    seen_rev: int
    source: Source | None = None

    @property
    def side(self) -> Side:
        return Side.BASE if self.source is not None else side_of(self.actor)


def side_of(actor: Actor) -> Side:
    return Side.CENTRE if actor.of_centre else Side.BASE


def decide(
    exchange: Exchange,
    command: Command,
    today: date,
    *,
    planned_on: date | None = None,
    record: Record | None = None,
) -> Exchange:
    """The exchange after the move. Raises Forbidden, Refused for a day that does not fit, or Stale."""
    if not _allowed(exchange, command):
        raise Forbidden
    rule = RULES[command.move]
    if exchange.rev != command.seen_rev or exchange.state not in rule.before:
        raise Stale(SUBJECT, exchange.id)
    moved = replace(exchange, state=rule.after, rev=exchange.rev + 1, changed_at=command.now)
    if exchange.plan is not None and planned_on is not None:
        require_ahead(planned_on, today)
        moved = replace(moved, plan=replace(exchange.plan, planned_on=planned_on))
    if record is not None:
        require_held(record, today)
        side = exchange.recorded_by or command.side
        moved = replace(moved, record=record, version=exchange.version + 1, recorded_by=side)
    return moved


def moves(exchange: Exchange, actor: Actor) -> tuple[Move, ...]:
    """What the actor could do with it now, for their own side."""
    return tuple(
        move
        for move, rule in RULES.items()
        if exchange.state in rule.before and _allowed(exchange, Command(move, actor, 0, exchange.rev))
    )


def _allowed(exchange: Exchange, command: Command) -> bool:
    """A base's people act for their base, the centre's for the centre or, with a source, for the base."""
    action = Action.EXCHANGE_KEEP if command.source is None else Action.EXCHANGE_RECORD
    if not may(command.actor, action, exchange.base_id):
        return False
    match RULES[command.move].whose:
        case Whose.RECORDER:
            return command.side is exchange.recorded_by
        case Whose.OTHER:
            return exchange.recorded_by is command.side.other
    return True


def require_ahead(day: date, today: date) -> None:
    """Raises Refused for a day that has gone by."""
    if day < today:
        raise Refused("fields/not_before", day=today.isoformat())


def require_held(record: Record, today: date) -> None:
    """Raises Refused for a day that has not come yet."""
    if record.held_on > today:
        raise Refused("fields/not_after", day=today.isoformat())
