"""沟通频次: how often a base and the centre speak (Article 8, 定期); the Measures leave the interval open."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum

MONTHS = (1, 3, 6, 12)
DEFAULT_MONTHS = 3
NONE = 0
"""No regular exchanges: only such as arise."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `months` months since `since_on`, or since the last regular exchange was held.

    `planned_on` is the next regular one ahead; `open_id` and `open_due_on` are the duty that stands.
    """

    base_id: int
    months: int
    since_on: date
    held_on: date | None = None
    planned_on: date | None = None
    open_id: int | None = None
    open_due_on: date | None = None

    @property
    def due_on(self) -> date | None:
        """The day by which the next is due; None where none is asked for, or one is arranged."""
        if self.months == NONE or self.planned_on is not None:
            return None
        return months_after(max(self.since_on, self.held_on or self.since_on), self.months)


class Change(Enum):
    """What becomes of the duty that stands."""

    NOTHING = "nothing"
    MET = "met"  # one was held, or is arranged
    REPLACED = "replaced"  # the cadence itself was changed, or an arrangement fell through


def change(cadence: Cadence) -> Change:
    """Compared with the duty that stands; where it has none there is nothing to end."""
    if cadence.open_id is None or cadence.open_due_on == cadence.due_on:
        return Change.NOTHING
    arranged = cadence.planned_on is not None
    later = cadence.held_on is not None and cadence.held_on > cadence.since_on
    return Change.MET if arranged or (later and cadence.months != NONE) else Change.REPLACED


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: 30 November and three months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
