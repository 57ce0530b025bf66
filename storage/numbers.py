"""Running numbers: FW-2026-0001, a series and year each."""

from storage import queries
from storage.engine import Tx

q = queries.load("numbers")


async def next_of(tx: Tx, series: str, year: int) -> str:
    """Without gaps: what is rolled back takes its number along."""
    return f"{series}-{year}-{await q.next_number(tx, series=series, year=year):04}"
