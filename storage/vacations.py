"""寒假 and 暑假 of a base, as its pages list them; reminders read them with what is owed."""

from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar
from storage import obligations, queries
from storage.engine import Tx

q = queries.load("vacations")


@dataclass(frozen=True, slots=True)
class Noted:
    """From the first to the last day, ISO dates."""

    id: int
    first: str
    last: str


async def coming(tx: Tx, base_id: int, today: date) -> list[Noted]:
    """Those that are not over, the earliest first."""
    rows = await q.coming_vacations(tx, base_id=base_id, day=today.isoformat())
    return [Noted(row["id"], row["first_on"], row["last_on"]) for row in rows]


async def remove(tx: Tx, vacation_id: int, base_id: int) -> bool:
    """False when it was not there any more, or is another base's."""
    return await q.remove_vacation(tx, id=vacation_id, base_id=base_id) is not None


async def calendar_of(tx: Tx, calendar: Calendar, base_id: int) -> Calendar:
    """The base's own: no time in which it is waited for runs in its vacations."""
    return calendar.of_base((await obligations.vacations(tx, [base_id]))[base_id])
