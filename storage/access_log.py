"""Who saw or took along whose data: by internal ids, append-only (PIPL Articles 51 and 56)."""

from collections.abc import Sequence

from domain.people import Role
from domain.privacy import Line, Seen
from storage import queries
from storage.engine import Row, Tx

q = queries.load("access_log")


async def record(
    tx: Tx,
    now: int,
    actor_id: int,
    role: Role,
    what: Seen,
    *,
    person_ids: Sequence[int] = (),
    base_id: int | None = None,
) -> None:
    """A line for each person; without any, one for all people of the base or, without that, for everybody."""
    common = {"at": now, "actor_id": actor_id, "role": role.value, "what": what.value}
    if person_ids:
        await q.insert_lines(tx, person_ids=list(dict.fromkeys(person_ids)), **common)
    else:
        await q.insert_line(tx, person_id=None, base_id=base_id, **common)


async def about(tx: Tx, person_id: int, limit: int) -> list[Line]:
    """What others saw of a person, the newest first."""
    rows = await q.lines_about(tx, person_id=person_id, limit=limit)
    return [
        Line(r["at"], r["actor_id"], Role(r["role"]), Seen(r["what"]), r["person_id"], r["base_id"])
        for r in rows
    ]


async def page(
    tx: Tx, *, what: Seen | None, person_id: int | None, since: int, skip: int, limit: int
) -> list[Row]:
    """Rows of at, actor, role, what, person, base (names), the newest first; a person's as seeing or seen."""
    rows: list[Row] = await q.lines(
        tx, what=what.value if what else None, person_id=person_id, since=since, skip=skip, limit=limit
    )
    return rows


async def named(tx: Tx, name: str) -> int | None:
    """The person of this name who came on record last."""
    rows = await q.named(tx, name=name)
    return rows[0]["id"] if rows else None
