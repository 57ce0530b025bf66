"""暂离: when somebody of a base is away and the other contact acts (Article 8)."""

from datetime import date

from storage import queries
from storage.engine import Tx

q = queries.load("absences")


async def add(tx: Tx, *, base_id: int, person_id: int, first_on: str, last_on: str, now: int) -> None:
    await q.insert_absence(
        tx, base_id=base_id, person_id=person_id, first_on=first_on, last_on=last_on, told_at=now
    )


async def on(tx: Tx, base_id: int, day: date) -> dict[int, str]:
    """Who of the base is away that day, each with the last day of it (ISO)."""
    rows = await q.absences_on(tx, base_id=base_id, day=day.isoformat())
    return {row["person_id"]: row["last_on"] for row in rows}


async def of_person(tx: Tx, person_id: int, today: date) -> tuple[str, str] | None:
    """The first and the last day of the absence that is or comes next."""
    row = await q.coming_absence(tx, person_id=person_id, day=today.isoformat())
    return (row["first_on"], row["last_on"]) if row else None


async def end(tx: Tx, person_id: int, today: date, now: int) -> list[int]:
    """The person is back, whatever was told; the bases concerned."""
    rows = await q.end_absences(tx, person_id=person_id, day=today.isoformat(), ended_at=now)
    return [row["base_id"] for row in rows]
