"""Whether a base can be reached, and who hears a notice in whose place (Article 8)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.people import Role

CHAIN = (Role.LIAISON, Role.DEPUTY, Role.HEAD)
"""In this order a notice for a base goes over to whoever can be reached first."""
CONTACTS = frozenset({Role.LIAISON, Role.DEPUTY})
CALL = "call"
"""The duty of an officer to telephone a base: its kind is `call:<id of the base>`."""
CALL_WORKING_DAYS = 1
IMPORTANT = frozenset({"announcements/notice"})
"""Notices that go over another channel where Telegram reaches nobody of the base; and urgent reminders."""


class Reach(StrEnum):
    OPEN = "open"  # 畅通
    PARTIAL = "partial"  # 部分畅通
    NONE = "none"  # 暂未联系上


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a base; `reached`: enrolled and has not blocked the bot. `away`: 暂离 today."""

    person_id: int
    role: Role
    reached: bool
    away: bool = False

    @property
    def acts(self) -> bool:
        return self.reached and not self.away


def reach(contacts: Iterable[Contact]) -> Reach:
    """畅通: there is a liaison, and every contact can be written to. A head need not use Telegram."""
    held = [one for one in contacts if one.role in CHAIN]
    if not any(one.reached for one in held):
        return Reach.NONE
    named = [one for one in held if one.role in CONTACTS]
    liaison = any(one.role is Role.LIAISON for one in named)
    return Reach.OPEN if liaison and all(one.reached for one in named) else Reach.PARTIAL


def tells(contacts: Sequence[Contact], told: Collection[int]) -> tuple[int, ...]:
    """Whom a notice for these people reaches today.

    Those of them who act and, where no liaison or deputy is among those, the first of the chain who does;
    where nobody acts, who is merely away.
    """
    ours = [one for one in contacts if one.person_id in told]
    heard = [one.person_id for one in ours if one.acts]
    if not any(one.acts and one.role in CONTACTS for one in ours):
        chain = (one.person_id for role in CHAIN for one in contacts if one.role is role and one.acts)
        heard += list(chain)[:1]
    return tuple(dict.fromkeys(heard or [one.person_id for one in ours if one.reached]))


def call_kind(base_id: int) -> str:
    return f"{CALL}:{base_id}"


def base_of_call(kind: str) -> int:
    """The base that a duty of this kind is about."""
    return int(kind.partition(":")[2])
