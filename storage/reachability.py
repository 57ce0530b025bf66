"""Who of a base can be reached, what goes over to somebody else, and whom the centre has to telephone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.obligations import State
from domain.people import Role
from domain.reachability import Contact, Reach, base_of_call, call_kind, reach
from storage import queries
from storage.engine import Tx
from storage.outbox import Result

q = queries.load("reachability")

GO_OVER = "go_over"


@dataclass(frozen=True, slots=True)
class Delivered:
    """How an announcement stands with a base: it is there once one of its people has it."""

    base_id: int
    base: str
    sent: bool
    open: bool


async def contacts(
    tx: Tx, base_ids: Sequence[int], today: date | None = None
) -> defaultdict[int, list[Contact]]:
    """Liaisons, deputies and heads in office, by base; who is away today, where a day is given."""
    found: defaultdict[int, list[Contact]] = defaultdict(list)
    day = today.isoformat() if today else ""
    for row in await q.contacts_of(tx, base_ids=list(base_ids), day=day):
        one = Contact(row["person_id"], Role(row["role"]), bool(row["reached"]), bool(row["away"]))
        found[row["base_id"]].append(one)
    return found


async def readings(tx: Tx, base_ids: Sequence[int]) -> dict[int, Reach]:
    """畅通, 部分畅通 or 暂未联系上, by base."""
    held = await contacts(tx, base_ids)
    return {base_id: reach(held[base_id]) for base_id in base_ids}


async def follow_dead(tx: Tx, results: Iterable[Result], dead: Collection[int], now: int) -> None:
    """Plan a look at each notice that found these people out of reach."""
    await q.follow_dead(tx, ids=[one.id for one in results], person_ids=list(dead), now=now)


# --- whom to telephone ------------------------------------------------------------------------------------


async def open_calls(tx: Tx, base_id: int, officers: Sequence[int], due_on: date, now: int) -> None:
    """The duty to telephone the base, one for each of the officers."""
    await q.open_calls(
        tx,
        kind=call_kind(base_id),
        year=due_on.year,
        person_ids=list(officers),
        due_on=due_on.isoformat(),
        now=now,
    )


async def end_calls(tx: Tx, base_ids: Sequence[int], state: State, now: int) -> list[int]:
    """The duties about these bases are over: a call was recorded, or they can be reached again."""
    kinds = [call_kind(base_id) for base_id in base_ids]
    ended = await q.end_calls(tx, kinds=kinds, state=state, now=now)
    return sorted({base_of_call(row["kind"]) for row in ended})


async def calls_owed(tx: Tx) -> list[tuple[int, str]]:
    """The bases to be telephoned, each with the day (ISO) by which; what is due first comes first."""
    return [(base_of_call(row["kind"]), row["due_on"]) for row in await q.calls_owed(tx)]


# --- an announcement, by base -----------------------------------------------------------------------------


async def delivered(tx: Tx, announcement_id: int) -> list[Delivered]:
    """In the order of the directory."""
    rows = await q.base_delivered(tx, announcement_id=announcement_id)
    return [Delivered(row["base_id"], row["base"], bool(row["sent"]), bool(row["open"])) for row in rows]


async def bases_of_recipient(tx: Tx, announcement_id: int, person_id: int) -> list[int]:
    rows = await q.addressed_of(tx, announcement_id=announcement_id, person_id=person_id)
    return [row["base_id"] for row in rows]


async def recipients_of_base(tx: Tx, announcement_id: int, base_id: int) -> list[int]:
    rows = await q.told_of(tx, announcement_id=announcement_id, base_id=base_id)
    return [row["person_id"] for row in rows]


async def add_recipient(tx: Tx, announcement_id: int, base_id: int, person_id: int) -> None:
    """Somebody to whom it went over."""
    await q.add_recipient(tx, announcement_id=announcement_id, base_id=base_id, person_id=person_id)
