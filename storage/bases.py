"""The directory of bases."""

from collections.abc import Sequence
from dataclasses import fields

from domain.bases import Base, Status
from storage import queries
from storage.engine import Row, Tx

q = queries.load("bases")

_WRITTEN = [field.name for field in fields(Base) if field.name not in ("id", "status", "counterpart_id")]


async def get(tx: Tx, base_id: int) -> Base:
    row = await q.base(tx, id=base_id)
    if row is None:
        raise LookupError(f"no base {base_id}")
    return _base(row)


async def by_code(tx: Tx, code: str) -> Base | None:
    row = await q.base_by_code(tx, code=code)
    return _base(row) if row else None


async def listed(tx: Tx) -> list[Base]:
    """All of them, the oldest first."""
    return [_base(row) for row in await q.all_bases(tx)]


async def add(tx: Tx, base: Base) -> int:
    """Add a base; its `id` is given by the database, its status is active."""
    [base_id] = (await add_all(tx, [base])).values()
    return base_id


async def add_all(tx: Tx, new: Sequence[Base]) -> dict[str, int]:
    """Add bases, each as `add` does; their ids by code."""
    values = {name: [getattr(base, name) for base in new] for name in _WRITTEN}
    return {row["code"]: row["id"] for row in await q.insert_bases(tx, **values)}


async def save_all(tx: Tx, changed: Sequence[Base]) -> None:
    """Keep what bases are now called and where they are; not their status or counterpart."""
    values = {name: [getattr(base, name) for base in changed] for name in ("id", *_WRITTEN)}
    await q.update_bases(tx, **values)


def _base(row: Row) -> Base:
    return Base(**{**dict(row), "status": Status(row["status"])})
