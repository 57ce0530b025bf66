"""A service request (Article 7): what may happen to it, and who hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain import catalogue
from domain.access import TABLE, Action, may, require
from domain.calendar import Calendar
from domain.errors import Refused, Stale
from domain.notices import Kind, Notice, Offer, Rows, Subject, To
from domain.people import Actor, Role


class State(StrEnum):
    SUBMITTED = "submitted"  # filed; the centre has not looked at it yet
    ACCEPTED = "accepted"  # 已受理: an officer has taken it
    WAITING = "waiting"  # 补正: waits for the base, the time limit is paused
    ANSWERED = "answered"  # 已回复
    CLOSED = "closed"  # 已办结
    WITHDRAWN = "withdrawn"  # 已撤回 by the base


class Source(StrEnum):
    """How it came, where an officer recorded it for the base (代录)."""

    MAIL = "mail"  # 邮件
    PAPER = "paper"  # 纸质
    PHONE = "phone"  # 电话


class Move(StrEnum):
    ACCEPT = "accept"
    ANSWER = "answer"
    SUPPLEMENT = "supplement"
    CLOSE = "close"
    SAY = "say"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    action: Action
    allowed_in: frozenset[State]
    leads_to: State | None  # None: the state stays


OPEN = frozenset({State.SUBMITTED, State.ACCEPTED, State.WAITING, State.ANSWERED})
_TAKEN = OPEN - {State.SUBMITTED}

RULES: dict[Move, Rule] = {
    Move.ACCEPT: Rule(Action.REQUEST_ACCEPT, frozenset({State.SUBMITTED}), State.ACCEPTED),
    Move.ANSWER: Rule(Action.REQUEST_ANSWER, _TAKEN, State.ANSWERED),
    Move.SUPPLEMENT: Rule(Action.REQUEST_SUPPLEMENT, OPEN - {State.WAITING}, State.WAITING),
    Move.CLOSE: Rule(Action.REQUEST_CLOSE, _TAKEN, State.CLOSED),
    Move.SAY: Rule(Action.REQUEST_SAY, OPEN | {State.CLOSED}, None),
    Move.WITHDRAW: Rule(Action.REQUEST_WITHDRAW, OPEN, State.WITHDRAWN),
}

_LAYOUT: tuple[tuple[Move, ...], ...] = (
    (Move.ACCEPT,),
    (Move.ANSWER, Move.SUPPLEMENT),
    (Move.CLOSE,),
    (Move.SAY,),
    (Move.WITHDRAW,),
)


@dataclass(frozen=True, slots=True)
class Request:
    """`answers` as the form gave them; instants in ms UTC; `due_confirmed` unless a calendar is missing."""

    id: int
    number: str
    base_id: int
    service: str
    state: State
    rev: int
    answers: Mapping[str, object]
    submitted_by: int
    submitted_at: int
    due_at: int
    due_confirmed: bool
    officer_id: int | None = None
    accepted_at: int | None = None
    answered_at: int | None = None
    waiting_since: int | None = None
    closed_at: int | None = None
    source: Source | None = None
    received_on: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject("request", self.id)

    @property
    def route(self) -> str:
        return catalogue.service(self.service).route

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the thread: `kind` is the move that made it, `body` what was said."""

    kind: Move
    person_id: int
    body: Mapping[str, object]
    at: int


@dataclass(frozen=True, slots=True)
class Command:
    """A move by somebody; `seen_rev` is what their screen showed, None where no screen was involved.

    `recorded`: an officer makes the base's move for it (代录).
    """

    move: Move
    actor: Actor
    now: int
    seen_rev: int | None = None
    body: Mapping[str, object] = field(default_factory=dict)
    recorded: bool = False
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True)
class Outcome:
    request: Request
    entry: Entry
    notices: tuple[Notice, ...]


def decide(request: Request, command: Command) -> Outcome:
    """What the move makes of the request. Raises Forbidden, Stale, or Refused where its state forbids it."""
    rule = RULES[command.move]
    require(command.actor, Action.REQUEST_RECORD if command.recorded else rule.action, request.base_id)
    if command.seen_rev is not None and command.seen_rev != request.rev:
        raise Stale("request", request.id)
    if request.state not in rule.allowed_in:
        raise Refused("requests/not_in_this_state", number=request.number, state=request.state)
    moved = _paused(request, _moved(request, command, rule), command)
    entry = Entry(command.move, command.actor.person_id, command.body, command.now)
    return Outcome(moved, entry, _tell(moved, command))


def _moved(request: Request, command: Command, rule: Rule) -> Request:
    now = command.now
    moved = replace(request, state=rule.leads_to or _after_word(request), rev=request.rev + 1)
    match command.move:
        case Move.ACCEPT:
            return replace(moved, officer_id=command.actor.person_id, accepted_at=now)
        case Move.ANSWER:
            return replace(moved, answered_at=request.answered_at or now, waiting_since=None)
        case Move.SUPPLEMENT:
            officer = request.officer_id or command.actor.person_id
            return replace(moved, officer_id=officer, waiting_since=now)
        case Move.CLOSE | Move.WITHDRAW:
            return replace(moved, closed_at=now, waiting_since=None)
        case Move.SAY:
            return replace(moved, waiting_since=None)


def _paused(before: Request, after: Request, command: Command) -> Request:
    """The time limit stood still while the base was waited for: it moves by the working days of the wait."""
    if before.waiting_since is None or after.waiting_since is not None or not after.is_open:
        return after
    waited = command.calendar.working_days(before.waiting_since, command.now)
    if not waited:
        return after
    due_at, confirmed = command.calendar.deadline(before.due_at, waited)
    return replace(after, due_at=due_at, due_confirmed=before.due_confirmed and confirmed)


def _after_word(request: Request) -> State:
    """A word of the base ends the wait for it."""
    if request.state is not State.WAITING:
        return request.state
    return State.ACCEPTED if request.accepted_at else State.SUBMITTED


_BASE_PEOPLE = frozenset({Role.LIAISON, Role.DEPUTY})
_DESK_PEOPLE = frozenset({Role.OFFICER})

_TOLD_TO_BASE = {
    Move.ACCEPT: "requests/accepted",
    Move.ANSWER: "requests/answered",
    Move.SUPPLEMENT: "requests/supplement",
    Move.CLOSE: "requests/closed",
}
_TOLD_TO_CENTRE = {Move.SAY: "requests/said_to_officer", Move.WITHDRAW: "requests/withdrawn_to_officer"}


def _tell(request: Request, command: Command) -> tuple[Notice, ...]:
    if command.recorded:
        return (notice(request, to_base(request), "requests/recorded", _BASE_PEOPLE, command.body),)
    if template := _TOLD_TO_BASE.get(command.move):
        return (notice(request, to_base(request), template, _BASE_PEOPLE, command.body),)
    template = _TOLD_TO_CENTRE[command.move]
    return (notice(request, to_desk(request), template, _DESK_PEOPLE, command.body),)


def to_desk(request: Request) -> To:
    """The officer who has it; before that, every officer on its route."""
    if request.officer_id is not None:
        return To(person_id=request.officer_id)
    return To(roles=_DESK_PEOPLE, route=request.route)


def to_base(request: Request) -> To:
    return To(base_id=request.base_id, roles=_BASE_PEOPLE)


def other_side(request: Request, *, of_centre: bool) -> To:
    """Who hears what somebody of the centre, or of the base, adds."""
    return to_base(request) if of_centre else to_desk(request)


def notice(
    request: Request, to: To, template: str, roles: frozenset[Role], body: Mapping[str, object]
) -> Notice:
    return Notice(
        to, template, body, offers=offers(request, roles), kind=Kind.RECEIPT, subject=request.subject
    )


def offers(request: Request, roles: frozenset[Role]) -> Rows:
    """The buttons under the request for somebody of these roles: what they may do and the state allows."""

    def offered(move: Move) -> bool:
        rule = RULES[move]
        return request.state in rule.allowed_in and not roles.isdisjoint(TABLE[rule.action])

    rows = [tuple(Offer(m.value, request.id, request.rev) for m in row if offered(m)) for row in _LAYOUT]
    if request.state in RULES[Move.SAY].allowed_in and not roles.isdisjoint(TABLE[Action.REQUEST_RECORD]):
        rows.append((Offer("record", request.id, request.rev),))
    shown = (Offer("show", request.id, request.rev),)
    return tuple(row for row in (*rows, shown) if row)


def readable(actor: Actor, request: Request) -> bool:
    """Whether the actor may see it; another base's request does not exist for them."""
    return may(actor, Action.REQUEST_READ, request.base_id)
