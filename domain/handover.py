"""变更联络员: a base's liaison or deputy hands over to a successor (Article 8).

The unit proposes and confirms, an officer registers, and with the successor's enrolment everything goes over
at once. It may be registered before the stamped 登记表 has come (先办后补).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain import uploads
from domain.calendar import Calendar
from domain.errors import Refused, Stale
from domain.notices import Subject
from domain.people import Role
from domain.uploads import Attachment

FORM_WORKING_DAYS = 10
"""So long after the registration the stamped 登记表 may come; the Measures name no period."""

HANDED_OVER = (Role.LIAISON, Role.DEPUTY)


LEFT_BY = "leaver"
"""Beside what went over: the name of who left, whose own entry is erased."""


class State(StrEnum):
    PROPOSED = "proposed"  # by the leaver, the head, or an officer for them
    REGISTERED = "registered"  # by an officer; the successor's link is out
    COMPLETED = "completed"  # the successor is in office, everything went over
    CANCELLED = "cancelled"


class Via(StrEnum):
    """How the base confirmed it."""

    PRESS = "press"  # its head pressed
    FORM = "form"  # the stamped 登记表 was attached
    RECORD = "record"  # by letter, on paper or by telephone, as an officer recorded it


STAMPED = frozenset({"pdf", "ofd", "jpg", "png"})
"""What a signed and sealed paper comes as: a scan or a photograph."""

UNSETTLED = frozenset({State.PROPOSED, State.REGISTERED})


@dataclass(frozen=True, slots=True)
class Handover:
    """`leaver_id` is None where the office was empty; `moved` is what went over (`OpenWork.as_facts`).

    While the stamped 登记表 is awaited, `form_duty_id` is the base's duty by which it is reminded of it.
    """

    id: int
    base_id: int
    role: Role
    leaver_id: int | None
    successor_id: int | None
    successor_name: str
    successor_tel: str | None
    state: State
    rev: int
    proposed_by: int | None
    proposed_at: int
    confirmed_via: Via | None = None
    confirmed_by: str | None = None
    confirmed_at: int | None = None
    form_due_on: date | None = None
    form_attachment_id: int | None = None
    form_duty_id: int | None = None
    registered_by: int | None = None
    registered_at: int | None = None
    settled_at: int | None = None
    moved: Mapping[str, object] | None = None

    @property
    def subject(self) -> Subject:
        return Subject("handover", self.id)

    @property
    def left_by(self) -> str | None:
        """The leaver's name as it was, of a completed one: the unit's registration keeps it (Article 8)."""
        name = (self.moved or {}).get(LEFT_BY)
        return str(name) if name is not None else None

    @property
    def confirmed(self) -> bool:
        return self.confirmed_via is not None

    @property
    def form_awaited(self) -> bool:
        return self.form_due_on is not None and self.form_attachment_id is None and not self.confirmed


def seen(handover: Handover, rev: int) -> None:
    """Raises Stale when the page that was pressed shows it otherwise."""
    if handover.rev != rev:
        raise Stale("handover", handover.id)


def confirm(handover: Handover, via: Via, by: str, now: int, attachment_id: int | None = None) -> Handover:
    """The base's word, which may come after the registration. Raises Refused where it is there already."""
    if handover.confirmed or handover.state is State.CANCELLED:
        raise Stale("handover", handover.id)
    return replace(
        handover,
        rev=handover.rev + 1,
        confirmed_via=via,
        confirmed_by=by,
        confirmed_at=now,
        form_attachment_id=attachment_id,
    )


def register(handover: Handover, officer_id: int | None, now: int, calendar: Calendar) -> Handover:
    """An officer's step (none: the command line). Without the base's word the 登记表 is awaited."""
    if handover.state is not State.PROPOSED:
        raise Stale("handover", handover.id)
    due = calendar.working_day_after(calendar.today(now), FORM_WORKING_DAYS)
    return replace(
        handover,
        rev=handover.rev + 1,
        state=State.REGISTERED,
        registered_by=officer_id,
        registered_at=now,
        form_due_on=None if handover.confirmed else due,
    )


def complete(handover: Handover, successor_id: int, now: int, moved: Mapping[str, object]) -> Handover:
    """The successor is in office. Raises Stale unless it is registered."""
    if handover.state is not State.REGISTERED:
        raise Stale("handover", handover.id)
    return replace(
        handover,
        rev=handover.rev + 1,
        state=State.COMPLETED,
        successor_id=successor_id,
        settled_at=now,
        moved=moved,
    )


def cancel(handover: Handover, now: int) -> Handover:
    if handover.state not in UNSETTLED:
        raise Stale("handover", handover.id)
    return replace(handover, rev=handover.rev + 1, state=State.CANCELLED, settled_at=now)


def require_another(leaver: str | None, successor: str, role: Role) -> None:
    """Nobody succeeds themselves. Raises Refused."""
    if leaver is not None and leaver.strip() == successor.strip():
        raise Refused("handover/same_person", name=successor, role=role)


def stamped(files: Sequence[Attachment]) -> Attachment:
    """The last that can be the stamped 登记表. Raises Refused where none can, or it is not kept yet."""
    fit = [file for file in files if file.name.rpartition(".")[2].lower() in STAMPED]
    if not fit:
        raise Refused("handover/form_wrong_type", name=files[-1].name if files else "—")
    if fit[-1].state is not uploads.State.KEPT:
        pending = fit[-1].state is uploads.State.PENDING
        raise Refused("handover/form_not_kept", name=fit[-1].name, pending=pending)
    return fit[-1]


def require_free(unsettled: Handover | None) -> None:
    """One change of an office at a time. Raises Refused."""
    if unsettled is not None:
        raise Refused("handover/open_already", successor=unsettled.successor_name)
