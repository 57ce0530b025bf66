"""What is owed by when, and by whom: obligations, the vacations of the bases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.calendar import Vacation
from domain.obligations import Obligation, Owed, State
from domain.people import BASE_ROLES, Role
from storage import bases, people, queries
from storage.engine import Row, Tx
from storage.people import Holder

q = queries.load("obligations")


@dataclass(frozen=True, slots=True)
class Listed:
    """An obligation and the short name of its base."""

    obligation: Obligation
    base: str


@dataclass(frozen=True, slots=True)
class Titled:
    """An obligation and what it is called."""

    obligation: Obligation
    title: str


async def open_year(tx: Tx, kind: str, year: int, due_on: date, now: int) -> list[int]:
    """Make the obligations of the active bases that have none for the year; the ids of the new ones."""
    rows = await q.open_year(tx, kind=kind, year=year, due_on=due_on.isoformat(), now=now)
    return [row["id"] for row in rows]


async def get(tx: Tx, obligation_id: int) -> Obligation | None:
    row = await q.obligation(tx, id=obligation_id)
    return _obligation(row) if row else None


async def lock(tx: Tx, obligation_id: int) -> Obligation | None:
    row = await q.lock_obligation(tx, id=obligation_id)
    return _obligation(row) if row else None


async def save(tx: Tx, moved: Obligation) -> bool:
    """Keep an obligation that was moved once; False when somebody else moved it meanwhile."""
    saved = await q.save_obligation(
        tx,
        id=moved.id,
        seen_rev=moved.rev - 1,
        state=moved.state,
        rev=moved.rev,
        expected_on=moved.expected_on,
        changed_at=moved.changed_at,
    )
    return saved is not None


async def add(tx: Tx, kind: str, base_id: int, due_on: date, title: str | None, now: int) -> int | None:
    """One more of a kind of which a base may owe several (Article 6): milestone:1, milestone:2, …

    None where somebody else has just taken its number.
    """
    obligation_id: int | None = await q.insert_numbered(
        tx, kind=kind, year=due_on.year, base_id=base_id, due_on=due_on.isoformat(), now=now
    )
    if obligation_id is not None and title is not None:
        await q.insert_title(tx, obligation_id=obligation_id, title=title)
    return obligation_id


async def title(tx: Tx, obligation_id: int) -> str | None:
    told: str | None = await q.title(tx, obligation_id=obligation_id)
    return told


async def titled_of_base(tx: Tx, base_id: int) -> list[Titled]:
    """What it owes on days of its own, the earliest first."""
    return [Titled(_obligation(row), row["title"]) for row in await q.titled_of_base(tx, base_id=base_id)]


async def others_of_base(tx: Tx, base_id: int, kind: str, since: date) -> list[Titled]:
    """What it owes beside a kind, or was due since; the earliest first. What all bases owe has no title."""
    rows = await q.others_of_base(tx, base_id=base_id, kind=kind, since=since.isoformat())
    return [Titled(_obligation(row), row["title"] or "") for row in rows]


async def list_of_year(tx: Tx, kind: str, year: int) -> list[Listed]:
    """Those of the active bases, and what others have sent; in the order of the directory."""
    rows = await q.obligations_of_year(tx, kind=kind, year=year)
    return [Listed(_obligation(row), row["short_name"]) for row in rows]


async def of_base(tx: Tx, kind: str, year: int, base_id: int) -> Obligation | None:
    row = await q.obligation_of_base(tx, kind=kind, year=year, base_id=base_id)
    return _obligation(row) if row else None


async def owed(tx: Tx, since: date) -> list[Owed]:
    """All that is incomplete and was due on that day or later, or was put off to one, of active bases."""
    rows = await q.incomplete(tx, since=since.isoformat())
    return await with_people(tx, [_obligation(row) for row in rows])


async def owed_of_year(tx: Tx, kind: str, year: int) -> list[Owed]:
    """Of a kind that all bases owe, whatever its state; in the order of the directory."""
    rows = await q.obligations_of_year(tx, kind=kind, year=year)
    return await with_people(tx, [_obligation(row) for row in rows])


async def with_people(tx: Tx, obligations: Sequence[Obligation]) -> list[Owed]:
    """Each with the people in office now, who would telephone, and the vacations of its base."""
    if not obligations:
        return []
    officers = await people.holders(tx, [Role.OFFICER])
    counterparts = {base.id: base.counterpart_id for base in await bases.listed(tx)}
    held = defaultdict(list)
    for holder in await people.holders(tx, BASE_ROLES):
        held[holder.membership.base_id].append((holder.membership.role, holder.person.id))
    away = await vacations(tx, [o.base_id for o in obligations if o.base_id is not None])
    return [
        Owed(
            obligation,
            tuple(held[obligation.base_id]) if obligation.base_id is not None else (),
            _callers(officers, counterparts.get(obligation.base_id or 0)),
            tuple(away[obligation.base_id or 0]),
        )
        for obligation in obligations
    ]


async def add_vacation(tx: Tx, base_id: int, first: date, last: date) -> None:
    await q.insert_vacation(tx, base_id=base_id, first_on=first.isoformat(), last_on=last.isoformat())


async def vacations(tx: Tx, base_ids: Sequence[int]) -> defaultdict[int, list[Vacation]]:
    """Of each base, the first and the last days."""
    found: defaultdict[int, list[Vacation]] = defaultdict(list)
    for row in await q.vacations_of(tx, base_ids=list(base_ids)):
        found[row["base_id"]].append(
            (date.fromisoformat(row["first_on"]), date.fromisoformat(row["last_on"]))
        )
    return found


def _callers(officers: Sequence[Holder], counterpart_id: int | None) -> tuple[int, ...]:
    """The base's counterpart where the bot can tell them, else every officer."""
    ids = {holder.person.id: holder.person.telegram_id for holder in officers}
    if counterpart_id is not None and ids.get(counterpart_id) is not None:
        return (counterpart_id,)
    return tuple(ids)


def _obligation(row: Row) -> Obligation:
    return Obligation(
        id=row["id"],
        kind=row["kind"],
        year=row["year"],
        base_id=row["base_id"],
        person_id=row["person_id"],
        due_on=date.fromisoformat(row["due_on"]),
        state=State(row["state"]),
        rev=row["rev"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        expected_on=row["expected_on"],
    )
