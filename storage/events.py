"""Events, their rolls and what came of them. The row of the event is the lock on all of it."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.event_places import Attendee, Entry, Roll, Standing, name_key
from domain.events import Event, Kind, Plan, State
from storage import queries
from storage.engine import Row, Tx

q = queries.load("events")

CODE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Invited:
    """A base that an event was published to."""

    base_id: int
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a matchmaking event for a base; `amount` a decimal in 万元."""

    base_id: int
    intentions: int
    contracts: int
    amount: str
    at: int


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome and the event that it came of."""

    event_id: int
    title: str
    kind: Kind
    starts_at: int
    outcome: Outcome


def new_code() -> str:
    """What a badge bears: 96 random bits."""
    return secrets.token_hex(CODE_BYTES)


async def add(tx: Tx, plan: Plan, organiser_id: int, now: int) -> Event:
    """A draft."""
    event_id = int(await q.insert_event(tx, **_columns(plan), organiser_id=organiser_id, now=now))
    return Event(event_id, plan, State.DRAFT, 0, 0, organiser_id, now)


async def get(tx: Tx, event_id: int) -> Event | None:
    row = await q.event(tx, id=event_id)
    return _event(row) if row else None


async def lock(tx: Tx, event_id: int) -> Event | None:
    """The event; whoever else wants it, or its roll, waits for this transaction."""
    row = await q.lock_event(tx, id=event_id)
    return _event(row) if row else None


async def save(tx: Tx, moved: Event) -> bool:
    """Keep one that was moved once; False when somebody else moved it meanwhile."""
    saved = await q.save_event(
        tx,
        id=moved.id,
        seen_rev=moved.rev - 1,
        **_columns(moved.plan),
        state=moved.state,
        rev=moved.rev,
        sequence=moved.sequence,
        reason=moved.reason,
        published_at=moved.published_at,
        cancelled_at=moved.cancelled_at,
    )
    return saved is not None


async def newest(tx: Tx, most: int) -> list[Event]:
    return [_event(row) for row in await q.newest(tx, most=most)]


async def of_bases(tx: Tx, base_ids: Sequence[int], most: int) -> list[Event]:
    """What these bases were invited to, the latest first."""
    return [_event(row) for row in await q.of_bases(tx, base_ids=list(base_ids), most=most)]


# --- whom it is for ---------------------------------------------------------------------------------------


async def invite(tx: Tx, event_id: int, offices: Sequence[tuple[int, int]]) -> None:
    """(base, person), each once."""
    await q.invite(
        tx,
        event_id=event_id,
        base_ids=[base for base, _ in offices],
        person_ids=[person for _, person in offices],
    )


async def invited(tx: Tx, event_id: int) -> list[Invited]:
    return [Invited(**dict(row)) for row in await q.invited_bases(tx, event_id=event_id)]


async def invited_people(tx: Tx, event_id: int) -> list[int]:
    return [row["person_id"] for row in await q.invited_people(tx, event_id=event_id)]


# --- the roll ---------------------------------------------------------------------------------------------


async def roll(tx: Tx, event: Event) -> Roll:
    """With all who ever entered, in the order of their presses; locked where the event is."""
    return Roll(event, tuple(_entry(row) for row in await q.entries(tx, event_id=event.id)))


async def locked_roll(tx: Tx, event_id: int) -> Roll | None:
    event = await lock(tx, event_id)
    return await roll(tx, event) if event else None


async def save_roll(tx: Tx, before: Roll, after: Roll, now: int) -> Roll:
    """Keep what has changed between two states of a locked roll; with the ids of the new entries."""
    known = {one.code: one for one in before.entries}
    changed = [one for one in after.entries if one.code in known and known[one.code] != one]
    if changed:
        await q.save_entries(
            tx,
            ids=[one.id for one in changed],
            standings=[one.standing.value for one in changed],
            confirm_bys=[one.confirm_by for one in changed],
            changed_ats=[one.changed_at for one in changed],
        )
    new = [one for one in after.entries if one.code not in known]
    if not new:
        return after
    await _insert(tx, new, now)
    return await roll(tx, after.event)


async def _insert(tx: Tx, new: Sequence[Entry], now: int) -> None:
    await q.insert_entries(
        tx,
        event_id=new[0].event_id,
        base_ids=[one.base_id for one in new],
        registered_bys=[one.registered_by for one in new],
        names=[one.attendee.name for one in new],
        name_keys=[name_key(one.attendee) for one in new],
        posts=[one.attendee.post for one in new],
        plates=[one.attendee.plate for one in new],
        answers=[_dumped(dict(one.answers)) for one in new],
        standings=[one.standing.value for one in new],
        codes=[one.code for one in new],
        confirm_bys=[one.confirm_by for one in new],
        now=now,
    )


async def entry(tx: Tx, entry_id: int) -> Entry | None:
    row = await q.entry(tx, id=entry_id)
    return _entry(row) if row else None


async def of_code(tx: Tx, code: str) -> Entry | None:
    """Whose badge bears it."""
    row = await q.entry_of_code(tx, code=code)
    return _entry(row) if row else None


async def arrive(tx: Tx, entry_id: int, person_id: int, now: int) -> bool:
    """Check somebody in who is registered; False when they are not, or were checked in before."""
    return await q.arrive(tx, id=entry_id, person_id=person_id, now=now) is not None


async def unarrive(tx: Tx, entry_id: int) -> bool:
    """Take a check-in back; False when there is none."""
    return await q.unarrive(tx, id=entry_id) is not None


# --- what is due ------------------------------------------------------------------------------------------


async def plan_job(tx: Tx, kind: str, event_id: int, run_at: int, now: int) -> bool:
    """Have it run at the instant; False when that is planned already."""
    key, args = f"{kind}:{event_id}:{run_at}", {"event_id": event_id}
    return await q.add_job(tx, key=key, kind=kind, args=_dumped(args), run_at=run_at, now=now) is not None


# --- afterwards -------------------------------------------------------------------------------------------


async def rate(tx: Tx, event_id: int, person_id: int, stars: int, now: int) -> None:
    await q.rate(tx, event_id=event_id, person_id=person_id, stars=stars, now=now)


async def ratings(tx: Tx, event_id: int) -> dict[int, int]:
    """How many gave so many stars, the best first."""
    return {row["stars"]: row["n"] for row in await q.ratings(tx, event_id=event_id)}


async def keep_outcome(tx: Tx, event_id: int, told: Outcome, by: int) -> None:
    """What a base says came of it; what it said before is replaced."""
    await q.keep_outcome(
        tx,
        event_id=event_id,
        base_id=told.base_id,
        intentions=told.intentions,
        contracts=told.contracts,
        amount=told.amount,
        answered_by=by,
        now=told.at,
    )


async def outcomes(tx: Tx, event_id: int) -> dict[int, Outcome]:
    """By base."""
    return {row["base_id"]: _outcome(row) for row in await q.outcomes(tx, event_id=event_id)}


async def results_of_base(tx: Tx, base_id: int, since: int, until: int) -> list[Result]:
    """Of the events that began between the instants."""
    rows = await q.outcomes_of_base(tx, base_id=base_id, since=since, until=until)
    return [Result(r["id"], r["title"], Kind(r["kind"]), r["starts_at"], _outcome(r)) for r in rows]


def _outcome(row: Row) -> Outcome:
    return Outcome(row["base_id"], row["intentions"], row["contracts"], row["amount"], row["at"])


def _columns(plan: Plan) -> Mapping[str, Any]:
    return {
        "kind": plan.kind,
        "title": plan.title,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "place": plan.where,
        "register_until": plan.register_until,
        "whom": plan.whom,
        "agenda": plan.agenda,
        "quota": plan.quota,
        "quota_per_base": plan.quota_per_base,
        "asks_plate": plan.asks_plate,
        "questions": _dumped(plan.questions),
        "files": _dumped(plan.files),
    }


def _event(row: Row) -> Event:
    return Event(
        id=row["id"],
        plan=_plan(row),
        state=State(row["state"]),
        rev=row["rev"],
        sequence=row["sequence"],
        organiser_id=row["organiser_id"],
        created_at=row["created_at"],
        published_at=row["published_at"],
        cancelled_at=row["cancelled_at"],
        reason=row["reason"],
    )


def _plan(row: Row) -> Plan:
    return Plan(
        kind=Kind(row["kind"]),
        title=row["title"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        where=row["place"],
        register_until=row["register_until"],
        whom=row["whom"],
        agenda=row["agenda"],
        quota=row["quota"],
        quota_per_base=row["quota_per_base"],
        asks_plate=bool(row["asks_plate"]),
        questions=tuple(json.loads(row["questions"])),
        files=tuple(json.loads(row["files"])),
    )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        event_id=row["event_id"],
        base_id=row["base_id"],
        registered_by=row["registered_by"],
        attendee=Attendee(row["name"], row["post"], row["plate"]),
        standing=Standing(row["standing"]),
        code=row["code"],
        entered_at=row["entered_at"],
        changed_at=row["changed_at"],
        answers=json.loads(row["answers"]),
        confirm_by=row["confirm_by"],
        arrived_at=row["arrived_at"],
        arrived_by=row["arrived_by"],
    )


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
