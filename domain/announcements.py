"""Announcements: drafted, signed off (签发), sent to every liaison and deputy, receipted once a base."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.access import Action, may, require
from domain.errors import Forbidden, Invalid, Refused, Stale
from domain.notices import SendState, Subject
from domain.people import Actor, Role

SUBJECT = "announcement"
TITLE_UNITS = 60
BODY_UNITS = 3000
"""UTF-16 units, as Telegram counts: with the longest frame a message stays within its 4,096."""


class State(StrEnum):
    SUBMITTED = "submitted"  # waits for a supervisor
    RETURNED = "returned"  # 请修改, with a reason
    SIGNED = "signed"  # 签发: its sends are in the outbox


@dataclass(frozen=True, slots=True)
class Announcement:
    """`issued` is the frame as it was signed; `rev` counts the moves. Instants in ms UTC."""

    id: int
    title: str
    body: str
    reply_by: str | None
    state: State
    rev: int
    drafter_id: int
    signer_id: int | None = None
    reason: str | None = None
    issued: Mapping[str, object] | None = None
    created_at: int = 0
    signed_at: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject(SUBJECT, self.id)


@dataclass(frozen=True, slots=True)
class Held:
    """An office of a base: liaison or deputy; nobody holds it where `person_id` is None."""

    base_id: int
    base: str
    person_id: int | None = None
    name: str | None = None
    role: Role | None = None
    telegram_id: int | None = None
    locale: str | None = None
    reachable: bool = False
    tel: str | None = None

    @property
    def by_phone(self) -> bool:
        """需电话通知: not enrolled, or has blocked the bot."""
        return self.telegram_id is None or not self.reachable


@dataclass(frozen=True, slots=True)
class Audience:
    """The offices of all bases, in the order of the directory."""

    offices: tuple[Held, ...]

    @property
    def reached(self) -> list[Held]:
        """Each person once, whatever offices they hold."""
        by_person = {held.person_id: held for held in reversed(self.offices) if not held.by_phone}
        return sorted(by_person.values(), key=self.offices.index)

    @property
    def by_phone(self) -> list[Held]:
        return [held for held in self.offices if held.by_phone]

    @property
    def bases(self) -> int:
        return len({held.base_id for held in self.offices})

    @property
    def unreached(self) -> list[int]:
        """The bases of which nobody can be written to."""
        reached = {held.base_id for held in self.offices if not held.by_phone}
        return list(dict.fromkeys(held.base_id for held in self.offices if held.base_id not in reached))

    def fingerprint(self, texts: Iterable[str]) -> str:
        """What a supervisor saw: the texts and who gets them. Another one means: look again."""
        seen = [*texts, *(f"{held.base_id}:{held.person_id}:{held.by_phone}" for held in self.offices)]
        return hashlib.sha256("\0".join(seen).encode()).hexdigest()[:16]


def audience(offices: Iterable[Held]) -> Audience:
    """The liaisons and deputies; the head of a base where neither can be written to and the head can."""
    by_base: dict[int, list[Held]] = {}
    for held in offices:
        by_base.setdefault(held.base_id, []).append(held)
    return Audience(tuple(held for found in by_base.values() for held in _addressed(found)))


def _addressed(offices: Sequence[Held]) -> list[Held]:
    contacts = [held for held in offices if held.role is not Role.HEAD]
    heads = [held for held in offices if held.role is Role.HEAD and not held.by_phone]
    if all(held.by_phone for held in contacts):
        contacts += heads
    return contacts or [Held(offices[0].base_id, offices[0].base)]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one person's send stands; `refused`: Telegram would not take it, though the person is there."""

    row_id: int
    person_id: int
    name: str
    state: SendState
    refused: bool
    attempts: int
    doubts: int

    @property
    def blocked(self) -> bool:
        """The person cannot be reached: 需电话通知."""
        return self.state is SendState.FAILED and not self.refused

    @property
    def failed(self) -> bool:
        return self.state is SendState.FAILED and self.refused

    @property
    def uncertain(self) -> bool:
        return self.state is SendState.UNCERTAIN

    @property
    def open(self) -> bool:
        return self.state in (SendState.PLANNED, SendState.QUEUED, SendState.SENDING)


def mark(deliveries: Sequence[Delivery]) -> int:
    """A number for just these sends as they stand: a press made on another page does nothing."""
    return zlib.crc32(repr(sorted((d.row_id, d.attempts, d.doubts) for d in deliveries)).encode())


def fitting(text: str, most: int) -> str:
    """The text. Raises Invalid when it is longer than `most` UTF-16 units."""
    got = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if got > most:
        raise Invalid("fields/too_long", max=most, got=got)
    return text


def sign(
    announcement: Announcement,
    actor: Actor,
    now: int,
    *,
    seen_rev: int,
    issued: Mapping[str, object],
    audience: Audience,
) -> Announcement:
    """Raises Forbidden, Stale, or Refused where there is nobody to send it to."""
    require(actor, Action.ANNOUNCE_SIGN)
    _expect(announcement, seen_rev)
    if not audience.reached:
        raise Refused("announcements/nobody")
    return replace(
        announcement,
        state=State.SIGNED,
        rev=announcement.rev + 1,
        signer_id=actor.person_id,
        issued=issued,
        signed_at=now,
        reason=None,
    )


def give_back(announcement: Announcement, actor: Actor, *, seen_rev: int, reason: str) -> Announcement:
    """请修改. Raises Forbidden or Stale."""
    require(actor, Action.ANNOUNCE_SIGN)
    _expect(announcement, seen_rev)
    return replace(announcement, state=State.RETURNED, rev=announcement.rev + 1, reason=reason)


def rewrite(
    announcement: Announcement, actor: Actor, title: str, body: str, reply_by: str | None
) -> Announcement:
    """Submit what was given back anew. Raises Forbidden, or Stale when it was submitted meanwhile."""
    if actor.person_id != announcement.drafter_id:
        raise Forbidden
    if announcement.state is not State.RETURNED:
        raise Stale(SUBJECT, announcement.id)
    return replace(
        announcement,
        state=State.SUBMITTED,
        rev=announcement.rev + 1,
        title=title,
        body=body,
        reply_by=reply_by,
        reason=None,
    )


def minds(actor: Actor, announcement: Announcement) -> bool:
    """Who decides what becomes of its sends: the drafter, and those who may sign."""
    if may(actor, Action.ANNOUNCE_SIGN):
        return True
    return may(actor, Action.ANNOUNCE) and actor.person_id == announcement.drafter_id


def _expect(announcement: Announcement, seen_rev: int) -> None:
    if announcement.state is not State.SUBMITTED or announcement.rev != seen_rev:
        raise Stale(SUBJECT, announcement.id)
