"""沟通频次 of the bases, with what was held, what is arranged and the duty that stands."""

from datetime import date

from domain.exchange_cadence import DEFAULT_MONTHS, Cadence
from storage.engine import Row, Tx
from storage.exchanges import q


async def begin(tx: Tx, today: date) -> None:
    """Active bases that have none yet have the usual one from this day on."""
    await q.begin_cadences(tx, months=DEFAULT_MONTHS, since_on=today.isoformat())


async def set_months(tx: Tx, base_id: int, months: int, today: date) -> None:
    await q.set_cadence(tx, base_id=base_id, months=months, since_on=today.isoformat())


async def of_active(tx: Tx, today: date, base_id: int | None = None) -> list[Cadence]:
    """Of all active bases, or of one."""
    rows = await q.cadences(tx, base_id=base_id, today=today.isoformat())
    return [_cadence(row) for row in rows]


async def of_base(tx: Tx, today: date, base_id: int) -> Cadence | None:
    """None where the base is not active, or nothing was said of it yet."""
    return next(iter(await of_active(tx, today, base_id)), None)


def _cadence(row: Row) -> Cadence:
    return Cadence(
        base_id=row["base_id"],
        months=row["months"],
        since_on=date.fromisoformat(row["since_on"]),
        held_on=_day(row["held_on"]),
        planned_on=_day(row["planned_on"]),
        open_id=row["open_id"],
        open_due_on=_day(row["open_due_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
