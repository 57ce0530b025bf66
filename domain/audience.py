"""Whom something is for: people of the bases, picked by role, city, batch, kind and status, or from a list.

Within a dimension any of the words will do, and all dimensions must agree; one without words asks nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.bases import Base, Status
from domain.people import Person, Role


class By(StrEnum):
    """A dimension of the directory."""

    ROLE = "role"
    CITY = "city"
    BATCH = "batch"
    KIND = "kind"
    STATUS = "status"
    BASE = "base"  # a chosen list


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody in a role of a base."""

    base: Base
    role: Role
    person: Person

    def word(self, by: By) -> str:
        """What stands for it in a dimension: a value of the directory, of a base its id."""
        match by:
            case By.ROLE:
                return self.role.value
            case By.BASE:
                return str(self.base.id)
        return str(getattr(self.base, by.value))

    @property
    def reached(self) -> bool:
        return self.person.telegram_id is not None and self.person.reachable


Words = Mapping[By, tuple[str, ...]]
USUAL: Words = {By.ROLE: (Role.LIAISON.value, Role.DEPUTY.value), By.STATUS: (Status.ACTIVE.value,)}


@dataclass(frozen=True, slots=True)
class Picked:
    """What somebody has picked; `rev` counts the presses."""

    id: int
    subject_kind: str
    subject_id: int
    words: Words = field(default_factory=lambda: USUAL)
    rev: int = 0

    def takes(self, office: Office) -> bool:
        return all(not words or office.word(by) in words for by, words in self.words.items())

    def of(self, by: By) -> tuple[str, ...]:
        return self.words.get(by, ())


@dataclass(frozen=True, slots=True)
class Selection:
    """The offices that were picked, in the order of the directory."""

    offices: tuple[Office, ...]

    @property
    def people(self) -> list[Person]:
        """Those who can be written to, each once, whatever offices they hold."""
        return list({office.person.id: office.person for office in self.offices if office.reached}.values())

    @property
    def by_phone(self) -> list[Office]:
        """需电话通知: not enrolled, or have blocked the bot."""
        return [office for office in self.offices if not office.reached]

    @property
    def bases(self) -> list[Base]:
        return list({office.base.id: office.base for office in self.offices}.values())

    @property
    def fingerprint(self) -> str:
        """Whom somebody saw; another one means: look again."""
        seen = [f"{one.base.id}:{one.person.id}:{one.reached}" for one in self.offices]
        return hashlib.sha256("\0".join(seen).encode()).hexdigest()[:16]


def select(offices: Iterable[Office], picked: Picked) -> Selection:
    return Selection(tuple(office for office in offices if picked.takes(office)))


def options(offices: Sequence[Office], by: By) -> list[str]:
    """The words of a dimension, in the order of the directory."""
    return list(dict.fromkeys(office.word(by) for office in offices))


def toggled(picked: Picked, by: By, word: str) -> Words:
    """With the word taken in, or out where it was in."""
    had = picked.of(by)
    left = tuple(one for one in had if one != word)
    return {**picked.words, by: left if word in had else (*had, word)}


def cleared(picked: Picked, by: By) -> Words:
    """Without words in the dimension: all."""
    return {**picked.words, by: ()}
