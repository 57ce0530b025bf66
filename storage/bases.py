"""The directory of bases."""

from dataclasses import asdict

from domain.bases import Base, Status
from storage import queries
from storage.engine import Row, Tx

q = queries.load("bases")


async def get(tx: Tx, base_id: int) -> Base:
    row = await q.base(tx, id=base_id)
    if row is None:
        raise LookupError(f"no base {base_id}")
    return _base(row)


async def by_code(tx: Tx, code: str) -> Base | None:
    row = await q.base_by_code(tx, code=code)
    return _base(row) if row else None


async def known(tx: Tx) -> tuple[set[str], set[str]]:
    """The codes and the unified social credit codes on record."""
    rows = await q.bases_known(tx)
    return {row["code"] for row in rows}, {row["uscc"] for row in rows}


async def add(tx: Tx, base: Base) -> int:
    """Add a base; its `id` is given by the database, its status is active."""
    values = asdict(base)
    for given in ("id", "status", "counterpart_id"):
        del values[given]
    return int(await q.insert_base(tx, **values))


def _base(row: Row) -> Base:
    return Base(**{**dict(row), "status": Status(row["status"])})
