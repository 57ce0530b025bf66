"""What a person may ask about their own data (PIPL Articles 15, 44 to 48), and what an erasure looks for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.access import Action
from domain.errors import Refused
from domain.people import CENTRE_ROLES, CONSENT_VERSION, Actor, ConsentKind, Role


class Reason(StrEnum):
    """Why somebody's data are erased."""

    LEFT = "left"  # the last appointment has ended
    ASKED = "asked"  # 删除我的信息
    WITHDRAWN = "withdrawn"  # 撤回同意: only what this channel needs; the unit's registration stays


class Seen(StrEnum):
    """On what occasion somebody's data were seen or taken along."""

    BASE_CARD = "base_card"  # the page of a base, with the numbers of its people
    PEOPLE = "people"  # the list of people
    CONTACTS = "contacts"  # the list of contacts
    CALL_LIST = "call_list"  # whom to telephone
    EXPORT = "export"  # a year, or a list, as a file
    FILE = "file"  # a file that the person sent
    LOG = "log"  # the register of all this


@dataclass(frozen=True, slots=True)
class Line:
    """Of the access log. `at` in ms UTC; no person: all of the base; no base either: everybody."""

    at: int
    actor_id: int
    role: Role
    what: Seen
    person_id: int | None
    base_id: int | None


_NEAREST = (Role.OFFICER, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR, Role.SECRECY)


def looks_as(actor: Actor) -> Role:
    """The role in which somebody sees the data of others: the centre's that is nearest to the work."""
    held = {one.role for one in actor.memberships}
    return next((role for role in _NEAREST if role in held), known_as(held))


@dataclass(frozen=True, slots=True)
class SeenOn:
    """How often people of a role saw something on a day."""

    day: date
    role: Role
    what: Seen
    times: int


def by_day(seen: Iterable[tuple[date, Role, Seen]]) -> list[SeenOn]:
    """As the person is told it: by day, role and occasion, in the order given."""
    counts: dict[tuple[date, Role, Seen], int] = {}
    for one in seen:
        counts[one] = counts.get(one, 0) + 1
    return [SeenOn(*key, times) for key, times in counts.items()]


# --- consent ----------------------------------------------------------------------------------------------

WAITS_FOR_CONSENT = frozenset({Action.REQUEST_FILE, Action.ABSENCE, Action.CONTACTS})
"""What a newer version of the notice holds up until it is agreed to: nothing that a deadline rests on."""

ASKED_AGAIN_MS = 24 * 60 * 60 * 1000
"""Beside what goes on, the question is put once a day."""


def outdated(given: Iterable[tuple[ConsentKind, str]], version: str = CONSENT_VERSION) -> ConsentKind | None:
    """The first consent that was not given to this version of the text."""
    held = {kind for kind, of in given if of == version}
    return next((kind for kind in ConsentKind if kind not in held), None)


# --- leaving ----------------------------------------------------------------------------------------------

_NEVER_WITHOUT = (Role.ADMIN, Role.OFFICER)


def require_successor(actor: Actor, others: Mapping[Role, int]) -> None:
    """`others`: how many else hold each role and are enrolled. Raises Refused for the last of a kind."""
    for role in _NEVER_WITHOUT:
        if role in {one.role for one in actor.memberships} and not others.get(role):
            raise Refused("privacy/last_one", role=role)


def known_as(roles: Iterable[Role]) -> Role:
    """The office by which the records speak of somebody who has left."""
    ordered = sorted(roles, key=list(Role).index)
    return ordered[0] if ordered else Role.LIAISON


def of_base(roles: Iterable[Role]) -> bool:
    return not CENTRE_ROLES.issuperset(roles)


# --- what is looked for -----------------------------------------------------------------------------------

_COUNTRY = "+86"
_TAIL = 8
_SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Needle:
    """`like` finds candidates in SQL, `pattern` decides, `instead` stands there afterwards."""

    like: str
    pattern: re.Pattern[str]
    instead: str

    def out_of(self, text: str) -> str:
        return self.pattern.sub(self.instead, text)


def needles(telegram_id: int | None, phones: Iterable[str]) -> list[Needle]:
    """However a number is written: with or without the country, a leading 0, spaces or hyphens."""
    found = [_of_phone(phone) for phone in dict.fromkeys(phones)]
    if telegram_id is not None:
        number = re.compile(rf"(?<!\d){telegram_id}(?!\d)")
        found.append(Needle(f"%{telegram_id}%", number, "0"))
    return [one for one in found if one is not None]


def _of_phone(phone: str) -> Needle | None:
    digits = re.sub(r"\D", "", phone.removeprefix(_COUNTRY))
    if len(digits) < _SHORTEST:
        return None
    pattern = re.compile(r"(?<!\d)\+?(?:86[- ]?)?0?" + r"[- ]?".join(digits) + r"(?!\d)")
    tail = digits[-_TAIL:]
    return Needle("%" + "%".join((tail[:-4], tail[-4:])) + "%", pattern, "***")
