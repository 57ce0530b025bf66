"""Events (Article 7(3)): what is planned, published to an audience, changed and cancelled.

Who has a place is decided in `event_places`; both speak of one aggregate, the Roll.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from domain.access import Action, require
from domain.errors import Refused, Stale
from domain.notices import Subject
from domain.people import Actor

SUBJECT = "event"
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
CONFIRM_MS = 24 * HOUR_MS
"""How long somebody who moved up may take to confirm; never beyond the start."""


class Kind(StrEnum):
    SUPPLY = "supply"  # 供需对接
    FINANCE = "finance"  # 融企对接
    TRAINING = "training"  # 培训
    ROADSHOW = "roadshow"  # 路演
    MEETING = "meeting"  # 座谈会


MATCHMAKING = frozenset({Kind.SUPPLY, Kind.FINANCE})
"""After these the bases are asked what came of them."""


class State(StrEnum):
    DRAFT = "draft"  # the centre alone sees it
    PUBLISHED = "published"  # 已发布
    CANCELLED = "cancelled"  # 已取消


@dataclass(frozen=True, slots=True)
class Plan:
    """What was entered. Instants in ms UTC; no quota is no limit; `files` are ids of attachments.

    `where` is a place or the link of a meeting; `questions` are the organiser's own, for each registration.
    """

    kind: Kind
    title: str
    starts_at: int
    ends_at: int
    where: str
    register_until: int
    whom: str | None = None
    agenda: str | None = None
    quota: int | None = None
    quota_per_base: int | None = None
    asks_plate: bool = False
    questions: tuple[str, ...] = ()
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """`rev` counts the moves; `sequence` what a calendar has to take over (RFC 5545, 3.8.7.4)."""

    id: int
    plan: Plan
    state: State
    rev: int
    sequence: int
    organiser_id: int
    created_at: int
    published_at: int | None = None
    cancelled_at: int | None = None
    reason: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject(SUBJECT, self.id)

    def takes_registrations(self, now: int) -> bool:
        return self.state is State.PUBLISHED and now < self.plan.register_until

    def has_begun(self, now: int) -> bool:
        return self.state is State.PUBLISHED and now >= self.plan.starts_at

    def is_over(self, now: int) -> bool:
        return now >= self.plan.ends_at


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the plan, as it was and as it is."""

    field: str
    old: object
    new: object


IN_CALENDAR = frozenset({"title", "starts_at", "ends_at", "where", "agenda"})
"""What an entry in somebody's calendar shows."""
TOLD = ("title", "kind", "starts_at", "ends_at", "where", "whom", "agenda", "files")
"""What the registered are told of when it changes; a quota is none of their concern."""


def check(plan: Plan, now: int) -> Plan:
    """The plan. Raises Refused where its days do not fit each other, or have passed."""
    if plan.starts_at <= now:
        raise Refused("events/starts_in_the_past")
    if plan.ends_at <= plan.starts_at:
        raise Refused("events/ends_before_start")
    if not now < plan.register_until <= plan.starts_at:
        raise Refused("events/deadline_after_start")
    return plan


def publish(event: Event, actor: Actor, now: int, *, seen_rev: int, people: int) -> Event:
    """Raises Forbidden, Stale, or Refused where there is nobody to tell or its days have passed."""
    require(actor, Action.EVENT_KEEP)
    expect(event, seen_rev, State.DRAFT)
    check(event.plan, now)
    if not people:
        raise Refused("events/nobody")
    return replace(event, state=State.PUBLISHED, rev=event.rev + 1, published_at=now)


def cancel(event: Event, actor: Actor, now: int, *, seen_rev: int, reason: str) -> Event:
    """Until it is over. Raises Forbidden, Stale or Refused."""
    require(actor, Action.EVENT_KEEP)
    expect(event, seen_rev, State.DRAFT, State.PUBLISHED)
    if event.is_over(now):
        raise Refused("events/over")
    return replace(
        event,
        state=State.CANCELLED,
        rev=event.rev + 1,
        sequence=event.sequence + 1,
        cancelled_at=now,
        reason=reason,
    )


def change(event: Event, plan: Plan, actor: Actor, now: int, *, seen_rev: int) -> Event:
    """With another plan, until it begins. Raises Forbidden, Stale or Refused."""
    require(actor, Action.EVENT_KEEP)
    expect(event, seen_rev, State.DRAFT, State.PUBLISHED)
    if event.has_begun(now):
        raise Refused("events/begun")
    changed = {one.field for one in changes(event.plan, check(plan, now))}
    moved = event.state is State.PUBLISHED and not IN_CALENDAR.isdisjoint(changed)
    return replace(event, plan=plan, rev=event.rev + 1, sequence=event.sequence + moved)


def changes(before: Plan, after: Plan) -> list[Change]:
    """The fields in which two plans differ."""
    return [
        Change(field.name, old, new)
        for field in fields(Plan)
        if (old := getattr(before, field.name)) != (new := getattr(after, field.name))
    ]


def told(before: Plan, after: Plan) -> list[Change]:
    """What the registered hear of, in the order of the page."""
    found: Mapping[str, Change] = {one.field: one for one in changes(before, after)}
    return [found[name] for name in TOLD if name in found]


def expect(event: Event, seen_rev: int, *states: State) -> None:
    """Raises Stale where the page that was pressed shows another event than there is."""
    if event.state not in states or event.rev != seen_rev:
        raise Stale(SUBJECT, event.id)
