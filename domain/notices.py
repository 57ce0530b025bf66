"""What is to be told, to whom: names of templates and facts, no text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.people import Role


class Kind(StrEnum):
    REPLY = "reply"  # the answer to what a person just did
    RECEIPT = "receipt"  # what a person is told of somebody else's step
    NUDGE = "nudge"  # a reminder of the clock's
    BROADCAST = "broadcast"  # an announcement to many
    EDIT = "edit"  # a change to a message already sent
    DELETE = "delete"
    ANSWER = "answer"  # the answer to a press (answerCallbackQuery)


REPEATED_FREELY = frozenset({Kind.EDIT, Kind.DELETE, Kind.ANSWER})
"""Doing these twice changes nothing, so an uncertain one is simply repeated."""

SENT_ONCE_MORE = frozenset({Kind.REPLY, Kind.RECEIPT, Kind.NUDGE})
"""An uncertain one is sent once more; a second uncertainty stays. A broadcast's waits for a person."""


class Lane(StrEnum):
    """Order is kept within a chat and lane."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    PRESS = "press"  # answers to presses: no bucket, no queue


class SendState(StrEnum):
    PLANNED = "planned"  # its time has not come; who it is for is checked again then
    QUEUED = "queued"  # rendered, waits to be claimed
    SENDING = "sending"  # handed to the transport, or about to be
    SENT = "sent"  # Telegram gave it a message id (or said true)
    FAILED = "failed"  # Telegram refused it, or the person cannot be reached
    UNCERTAIN = "uncertain"  # it may have arrived: no answer came
    DROPPED = "dropped"  # overtaken: too late, or no longer wanted


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: the operation it stands for and the subject's id and rev, packed into callback_data.

    The words are the label `label`, or else `op`, with _ before its argument; `text` stands in where they
    are data (an option).
    """

    op: str
    id: int = 0
    rev: int = 0
    label: str | None = None
    text: str | None = None


Rows = tuple[tuple[Offer, ...], ...]


@dataclass(frozen=True, slots=True)
class To:
    """Whom a notice is for: one person, or people of some roles, of a base or of the centre."""

    person_id: int | None = None
    base_id: int | None = None
    roles: frozenset[Role] = frozenset()
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice or an audit line is about, by internal id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Notice:
    to: To
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)
    offers: Rows = ()
    kind: Kind = Kind.RECEIPT
    subject: Subject | None = None
    key: str | None = None
