"""Telephone records."""

from domain.calls import Call
from storage import queries
from storage.engine import Tx

q = queries.load("calls")


async def add(
    tx: Tx,
    *,
    base_id: int,
    officer_id: int,
    spoke_with: str,
    called_at: int,
    result: str,
    promise: str | None,
    promised_on: str | None,
    now: int,
) -> int:
    return int(
        await q.insert_call(
            tx,
            base_id=base_id,
            officer_id=officer_id,
            spoke_with=spoke_with,
            called_at=called_at,
            result=result,
            promise=promise,
            promised_on=promised_on,
            recorded_at=now,
        )
    )


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Call]:
    """The newest first."""
    return [Call(**dict(row)) for row in await q.calls_of_base(tx, base_id=base_id, most=most)]
