"""Who has a place at an event, who waits, who moved up: decided on the whole roll, which is locked.

    registered ◀─confirm─ offered ◀─(a place is free)─ waiting
        │                    │ └──(time ran out)──▶ expired
        └──────cancel────────┴──────cancel────────▶ cancelled

An offer holds its place. The order of waiting is that of the presses: the order of the entries' ids.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.access import Action, require
from domain.errors import Forbidden, Refused, Stale
from domain.events import CONFIRM_MS, SUBJECT, Event, State
from domain.people import Actor

MOST_AT_ONCE = 20


class Standing(StrEnum):
    REGISTERED = "registered"  # 已报名
    OFFERED = "offered"  # moved up: the place is kept until confirm_by
    WAITING = "waiting"  # 候补
    CANCELLED = "cancelled"  # 已取消
    EXPIRED = "expired"  # moved up and did not confirm in time


HOLDING = frozenset({Standing.REGISTERED, Standing.OFFERED})
ALIVE = HOLDING | {Standing.WAITING}


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who comes: 姓名, 职务 and, where it is asked, 车牌."""

    name: str
    post: str
    plate: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An attendee of a base; `code` is what their badge bears. `id` 0: not stored yet. Instants in ms UTC."""

    id: int
    event_id: int
    base_id: int
    registered_by: int
    attendee: Attendee
    standing: Standing
    code: str
    entered_at: int
    changed_at: int
    answers: Mapping[str, str] = field(default_factory=dict)
    confirm_by: int | None = None
    arrived_at: int | None = None
    arrived_by: int | None = None

    @property
    def alive(self) -> bool:
        return self.standing in ALIVE


@dataclass(frozen=True, slots=True)
class Roll:
    """The event and all who ever entered, in the order of their presses."""

    event: Event
    entries: tuple[Entry, ...] = ()

    def of(self, *standings: Standing, base_id: int | None = None) -> list[Entry]:
        return [e for e in self.entries if e.standing in standings and base_id in (None, e.base_id)]

    def held(self, base_id: int | None = None) -> int:
        """How many places are taken."""
        return len(self.of(*HOLDING, base_id=base_id))

    @property
    def free(self) -> int | None:
        """How many places are left; None without a quota."""
        quota = self.event.plan.quota
        return None if quota is None else max(quota - self.held(), 0)

    def has_room(self, base_id: int) -> bool:
        plan = self.event.plan
        fits = plan.quota is None or self.held() < plan.quota
        return fits and (plan.quota_per_base is None or self.held(base_id) < plan.quota_per_base)

    def with_entry(self, moved: Entry) -> "Roll":
        """With this entry in place of the one of the same code, or behind the others."""
        if all(e.code != moved.code for e in self.entries):
            return replace(self, entries=(*self.entries, moved))
        return replace(self, entries=tuple(moved if e.code == moved.code else e for e in self.entries))


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody handed in for a base."""

    base_id: int
    attendees: Sequence[Attendee]
    answers: Mapping[str, str] = field(default_factory=dict)


def register(
    roll: Roll,
    asked: Registration,
    actor: Actor,
    now: int,
    new_code: Callable[[], str],
    *,
    for_base: bool = False,
) -> Roll:
    """Each attendee has a place or waits. Raises Forbidden, or Refused: closed, twice, too many at once.

    `for_base`: somebody of the centre records it (代录).
    """
    require(actor, Action.EVENT_KEEP if for_base else Action.EVENT_REGISTER, asked.base_id)
    if not roll.event.takes_registrations(now):
        raise Refused("events/closed")
    roll = settle(roll, now)
    _once(roll, asked)
    for attendee in asked.attendees:
        entry = Entry(
            id=0,
            event_id=roll.event.id,
            base_id=asked.base_id,
            registered_by=actor.person_id,
            attendee=attendee,
            standing=Standing.REGISTERED if roll.has_room(asked.base_id) else Standing.WAITING,
            code=new_code(),
            entered_at=now,
            changed_at=now,
            answers=asked.answers,
        )
        roll = roll.with_entry(entry)
    return roll


def withdraw(roll: Roll, entry_id: int, actor: Actor, now: int) -> Roll:
    """取消报名, until the start; whoever waits moves up. Raises Forbidden, Stale or Refused."""
    entry = _own(roll, entry_id, actor)
    _not_begun(roll.event, now)
    if not entry.alive:
        raise Stale(SUBJECT, roll.event.id)
    return settle(roll.with_entry(_moved(entry, Standing.CANCELLED, now)), now)


def confirm(roll: Roll, entry_id: int, actor: Actor, now: int) -> Roll:
    """Take the place that was offered. Raises Forbidden, Stale, or Refused when its time has run out."""
    entry = _own(roll, entry_id, actor)
    if entry.standing is not Standing.OFFERED:
        raise Stale(SUBJECT, roll.event.id)
    if now >= (entry.confirm_by or 0):
        raise Refused("events/offer_expired")
    return settle(roll.with_entry(_moved(entry, Standing.REGISTERED, now)), now)


def settle(roll: Roll, now: int) -> Roll:
    """As it is at the instant: offers that ran out end, and free places go to who waits, until the start."""
    for entry in roll.of(Standing.OFFERED):
        if now >= (entry.confirm_by or 0):
            roll = roll.with_entry(_moved(entry, Standing.EXPIRED, now))
    if roll.event.state is not State.PUBLISHED or now >= roll.event.plan.starts_at:
        return roll
    for entry in roll.of(Standing.WAITING):
        if roll.free == 0:
            break
        if roll.has_room(entry.base_id):
            by = min(now + CONFIRM_MS, roll.event.plan.starts_at)
            roll = roll.with_entry(replace(_moved(entry, Standing.OFFERED, now), confirm_by=by))
    return roll


def replan(roll: Roll, event: Event, now: int) -> Roll:
    """With the event as it was changed. Raises Refused where more have a place than a new quota allows.

    Offers beyond it go back to where they waited, the latest first.
    """
    moved = replace(roll, event=event)
    _fits(moved)
    for entry in reversed(moved.of(Standing.OFFERED)):
        if _over(moved, entry.base_id):
            moved = moved.with_entry(_moved(entry, Standing.WAITING, now))
    start = event.plan.starts_at
    for entry in moved.of(Standing.OFFERED):
        moved = moved.with_entry(replace(entry, confirm_by=min(entry.confirm_by or start, start)))
    return settle(moved, now)


def next_instant(roll: Roll) -> int | None:
    """When the next offer runs out."""
    return min((e.confirm_by for e in roll.of(Standing.OFFERED) if e.confirm_by), default=None)


def news(before: Roll, after: Roll) -> list[Entry]:
    """The entries of before whose standing is another now."""
    known = {e.code: e.standing for e in before.entries}
    return [e for e in after.entries if e.code in known and e.standing is not known[e.code]]


def _own(roll: Roll, entry_id: int, actor: Actor) -> Entry:
    """Raises Forbidden unless it is of the actor's base, or the actor keeps events."""
    entry = next((e for e in roll.entries if e.id == entry_id), None)
    if entry is None:
        raise Forbidden
    action = Action.EVENT_KEEP if actor.of_centre else Action.EVENT_REGISTER
    require(actor, action, entry.base_id)
    return entry


def _once(roll: Roll, asked: Registration) -> None:
    there = {name_key(e.attendee) for e in roll.entries if e.alive and e.base_id == asked.base_id}
    keys = [name_key(one) for one in asked.attendees]
    twice = [one.name for n, one in enumerate(asked.attendees) if keys[n] in there or keys[n] in keys[:n]]
    if twice:
        raise Refused("events/twice", names=twice[:MOST_AT_ONCE])


def name_key(attendee: Attendee) -> str:
    """By which two are the same person of a base: without spaces and case."""
    return "".join(attendee.name.split()).casefold()


def _moved(entry: Entry, standing: Standing, now: int) -> Entry:
    return replace(entry, standing=standing, changed_at=now, confirm_by=None)


def _not_begun(event: Event, now: int) -> None:
    if event.state is not State.PUBLISHED or now >= event.plan.starts_at:
        raise Refused("events/begun")


def _over(roll: Roll, base_id: int) -> bool:
    plan = roll.event.plan
    in_all = plan.quota is not None and roll.held() > plan.quota
    return in_all or (plan.quota_per_base is not None and roll.held(base_id) > plan.quota_per_base)


def _fits(roll: Roll) -> None:
    plan = roll.event.plan
    sure = roll.of(Standing.REGISTERED)
    if plan.quota is not None and len(sure) > plan.quota:
        raise Refused("events/quota_taken", n=len(sure))
    most = max((sum(e.base_id == base for e in sure) for base in {e.base_id for e in sure}), default=0)
    if plan.quota_per_base is not None and most > plan.quota_per_base:
        raise Refused("events/quota_taken", n=most)
