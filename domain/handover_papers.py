"""What the papers of a change of liaison say (Article 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.forms import Words


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of what goes over: its kind is a key of the papers' words."""

    kind: str
    what: Words
    state: Words | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """登记表: `days` working days remain for the stamped copy. Blank is what the unit fills in by hand."""

    base: str
    role: Words
    leaver: str
    leaver_tel: str
    successor: str
    successor_tel: str
    department: str
    centre: str
    days: int
    moved: Sequence[Moved] = ()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """移交清单: what went over, from whom to whom, on which day."""

    base: str
    role: Words
    leaver: str
    successor: str
    centre: str
    on: date
    confirmed: Words | None = None
    confirmed_by: str | None = None
    moved: Sequence[Moved] = ()
