"""What is open for a base."""

from domain.exchanges import Exchange
from domain.ladders import kind_of
from domain.open_work import OpenWork
from storage import exchanges, queries
from storage.engine import Tx

q = queries.load("open_work")


async def of_base(tx: Tx, base_id: int, now: int) -> OpenWork:
    """As it is at `now`; what is due first comes first."""
    return OpenWork(
        requests=[dict(row) for row in await q.open_requests(tx, base_id=base_id)],
        reports=[dict(row) for row in await q.open_reports(tx, base_id=base_id)],
        duties=[{**row, "kind": kind_of(row["kind"])} for row in await q.open_duties(tx, base_id=base_id)],
        exchanges=[_exchange(one) for one in await exchanges.open_ones(tx, base_id)],
        drafts=[dict(row) for row in await q.open_drafts(tx, base_id=base_id, now=now)],
        questions=[dict(row) for row in await q.open_questions(tx, base_id=base_id)],
    )


async def counts(tx: Tx, base_id: int, now: int) -> dict[str, int]:
    """How many it has of what is told by its number alone; what there is none of is left out."""
    row = await q.open_counts(tx, base_id=base_id, now=now)
    return {kind: int(n) for kind, n in dict(row or {}).items() if n}


def _exchange(one: Exchange) -> dict[str, object]:
    return {"state": one.state.value, "way": one.way, "day": one.day.isoformat() if one.day else None}
