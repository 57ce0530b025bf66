"""The directory of bases."""

from collections.abc import Sequence
from dataclasses import fields

from domain.bases import Base, Status, StatusChange
from domain.directory import Entry
from storage import queries
from storage.engine import Row, Tx

q = queries.load("bases")

_OTHERWISE = frozenset({"id", "status", "counterpart_id", "project_end"})
"""What a list of bases says nothing of."""
_WRITTEN = [field.name for field in fields(Base) if field.name not in _OTHERWISE]


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


async def entries(tx: Tx) -> list[Entry]:
    """All of them, the oldest first, as far as is needed for finding one."""
    return [Entry(*row) for row in await q.entries(tx)]


async def list_by(tx: Tx, base_ids: Sequence[int]) -> list[Base]:
    """Those bases, in the order of the ids."""
    found = {row["id"]: _base(row) for row in await q.bases_by_id(tx, ids=list(base_ids))}
    return [found[base_id] for base_id in base_ids]


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


async def lock(tx: Tx, base_id: int) -> Base | None:
    row = await q.lock_base(tx, id=base_id)
    return _base(row) if row else None


async def set_counterpart(tx: Tx, base_id: int, officer_id: int) -> None:
    await q.set_counterpart(tx, id=base_id, counterpart_id=officer_id)


async def set_project_end(tx: Tx, base_id: int, day: str | None) -> None:
    await q.set_project_end(tx, id=base_id, project_end=day)


async def change_status(tx: Tx, base_id: int, status: Status, reason: str, by: int, now: int) -> None:
    """The new status of a locked base, and a row of its history."""
    await q.set_status(tx, id=base_id, status=status)
    await q.insert_status(tx, base_id=base_id, status=status, reason=reason, changed_by=by, changed_at=now)


async def statuses(tx: Tx, base_id: int) -> list[StatusChange]:
    """The newest first."""
    rows = await q.statuses_of(tx, base_id=base_id)
    return [StatusChange(Status(r["status"]), r["reason"], r["name"], r["changed_at"]) for r in rows]


async def reached(tx: Tx) -> set[int]:
    """The bases of which a liaison, a deputy or a head can be written to."""
    return {row["base_id"] for row in await q.reached_bases(tx)}


async def newly_unreached(tx: Tx, now: int) -> tuple[list[int], list[int]]:
    """Active bases without a contact to write to, each named once; and those that have one again."""
    back = [row["base_id"] for row in await q.end_unreached(tx)]
    return [row["base_id"] for row in await q.begin_unreached(tx, since=now)], back


async def search_of(tx: Tx, person_id: int) -> str:
    """What the person last looked for in the directory; empty for all of it."""
    return str(await q.search_of(tx, person_id=person_id) or "")


async def keep_search(tx: Tx, person_id: int, wanted: str) -> None:
    await q.keep_search(tx, person_id=person_id, wanted=wanted)


def _base(row: Row) -> Base:
    return Base(**{**dict(row), "status": Status(row["status"])})
