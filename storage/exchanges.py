"""沟通交流: exchanges, what was recorded of them, and what was agreed to be done."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from domain.exchanges import Exchange, FollowUp, Move, Plan, Record, Side, State, Way
from domain.obligations import State as Standing
from domain.requests import Source
from storage import queries
from storage.engine import Row, Tx

q = queries.load("exchanges")


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of an exchange: who made it for which side, and what was said with it.

    `reviewer` answers for what the gate remarked on.
    """

    exchange_id: int
    move: Move
    version: int
    side: Side
    by_name: str
    words: str | None
    reviewer: str | None
    source: Source | None
    at: int


@dataclass(frozen=True, slots=True)
class Task:
    """A follow-up as it stands: `standing` and `rev` are those of its obligation."""

    id: int
    exchange_id: int
    base_id: int
    obligation_id: int
    follow_up: FollowUp
    standing: Standing
    rev: int
    done_by: str | None
    changed_at: int

    @property
    def done(self) -> bool:
        return self.standing is Standing.RECEIVED


# --- exchanges --------------------------------------------------------------------------------------------


async def add(tx: Tx, new: Exchange, now: int) -> Exchange:
    """A new one, planned or recorded afterwards; its `id` and `obligation_id` are not read."""
    exchange_id = await q.insert_exchange(
        tx,
        base_id=new.base_id,
        regular=new.regular,
        state=new.state,
        plan=_plan_json(new.plan),
        planned_on=new.plan.planned_on.isoformat() if new.plan else None,
        held_on=new.record.held_on.isoformat() if new.record else None,
        version=new.version,
        recorded_by=new.recorded_by,
        now=now,
    )
    added = replace(new, id=int(exchange_id), obligation_id=None)
    await _keep_record(tx, added)
    return added


async def get(tx: Tx, exchange_id: int) -> Exchange | None:
    row = await q.exchange(tx, id=exchange_id)
    return _exchange(row) if row else None


async def lock(tx: Tx, exchange_id: int) -> Exchange | None:
    if await q.lock_exchange(tx, id=exchange_id) is None:
        return None
    return await get(tx, exchange_id)


async def save(tx: Tx, moved: Exchange, version_before: int) -> bool:
    """Keep one that was moved once; False when somebody else moved it meanwhile."""
    saved = await q.save_exchange(
        tx,
        id=moved.id,
        seen_rev=moved.rev - 1,
        state=moved.state,
        rev=moved.rev,
        plan=_plan_json(moved.plan),
        planned_on=moved.plan.planned_on.isoformat() if moved.plan else None,
        held_on=moved.record.held_on.isoformat() if moved.record else None,
        version=moved.version,
        recorded_by=moved.recorded_by,
        obligation_id=moved.obligation_id,
        changed_at=moved.changed_at,
    )
    if saved is not None and moved.version != version_before:
        await _keep_record(tx, moved)
    return saved is not None


async def remind_by(tx: Tx, exchange_id: int, obligation_id: int) -> None:
    await q.remind_by(tx, id=exchange_id, obligation_id=obligation_id)


async def record_of(tx: Tx, exchange_id: int, version: int) -> Record | None:
    """A version of what was recorded."""
    text = await q.record_of(tx, exchange_id=exchange_id, version=version)
    return _record(json.loads(text)) if text else None


async def of_duty(tx: Tx, obligation_id: int) -> Exchange | None:
    """The planned one that an obligation reminds of."""
    exchange_id = await q.exchange_of_duty(tx, obligation_id=obligation_id)
    return await get(tx, int(exchange_id)) if exchange_id is not None else None


async def open_ones(tx: Tx, base_id: int | None = None) -> list[Exchange]:
    """Planned, or waiting for a word; of all bases or of one, the earliest first."""
    return [_exchange(row) for row in await q.open_exchanges(tx, base_id=base_id)]


async def confirmed(tx: Tx, base_id: int | None, most: int) -> list[Exchange]:
    """The newest first."""
    return [_exchange(row) for row in await q.confirmed_exchanges(tx, base_id=base_id, most=most)]


async def held(tx: Tx, base_id: int | None, first: date, last: date) -> list[Exchange]:
    """Held from the first to the last day, whether confirmed yet or not, in order."""
    rows = await q.held_exchanges(tx, base_id=base_id, first_on=first.isoformat(), last_on=last.isoformat())
    return [_exchange(row) for row in rows]


# --- their history ----------------------------------------------------------------------------------------


async def add_entry(
    tx: Tx,
    exchange: Exchange,
    move: Move,
    side: Side,
    by_name: str,
    now: int,
    *,
    words: str | None = None,
    reviewer: str | None = None,
    source: Source | None = None,
    attachment_ids: Sequence[int] = (),
) -> None:
    await q.insert_entry(
        tx,
        exchange_id=exchange.id,
        move=move,
        version=exchange.version,
        side=side,
        by_name=by_name,
        words=words,
        reviewer=reviewer,
        source=source,
        attachment_ids=json.dumps(list(attachment_ids)) if attachment_ids else None,
        now=now,
    )


async def entries(tx: Tx, exchange_ids: Sequence[int]) -> dict[int, list[Entry]]:
    """Of each, in the order in which they were made."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for row in await q.entries_of(tx, exchange_ids=list(exchange_ids)):
        found[row["exchange_id"]].append(_entry(row))
    return found


# --- what was agreed to be done ---------------------------------------------------------------------------


async def add_follow_up(tx: Tx, exchange_id: int, obligation_id: int, one: FollowUp) -> None:
    await q.insert_follow_up(
        tx,
        exchange_id=exchange_id,
        obligation_id=obligation_id,
        what=one.what,
        side=one.side,
        owner=one.owner,
        due_on=one.due_on.isoformat(),
    )


async def tasks(tx: Tx, exchange_ids: Sequence[int]) -> dict[int, list[Task]]:
    """Of each, what is due first first."""
    found: defaultdict[int, list[Task]] = defaultdict(list)
    for row in await q.follow_ups_of(tx, exchange_ids=list(exchange_ids)):
        found[row["exchange_id"]].append(_task(row))
    return found


async def open_tasks(tx: Tx, base_id: int) -> list[Task]:
    return [_task(row) for row in await q.open_follow_ups(tx, base_id=base_id)]


async def task(tx: Tx, task_id: int) -> Task | None:
    row = await q.follow_up(tx, id=task_id)
    return _task(row) if row else None


async def task_of_duty(tx: Tx, obligation_id: int) -> Task | None:
    row = await q.follow_up_of_duty(tx, obligation_id=obligation_id)
    return _task(row) if row else None


async def set_done_by(tx: Tx, task_id: int, name: str | None) -> None:
    await q.done_by(tx, id=task_id, done_by=name)


async def drop_tasks(tx: Tx, task_ids: Sequence[int]) -> None:
    """What a corrected record no longer names; the version before still does."""
    await q.delete_follow_ups(tx, ids=list(task_ids))


# --- rows -------------------------------------------------------------------------------------------------


async def _keep_record(tx: Tx, exchange: Exchange) -> None:
    if exchange.record is not None:
        await q.insert_record(
            tx,
            exchange_id=exchange.id,
            version=exchange.version,
            record=json.dumps(asdict(exchange.record), ensure_ascii=False, default=date.isoformat),
        )


def _plan_json(plan: Plan | None) -> str | None:
    return json.dumps(asdict(plan), ensure_ascii=False, default=date.isoformat) if plan else None


def _exchange(row: Row) -> Exchange:
    return Exchange(
        id=row["id"],
        base_id=row["base_id"],
        regular=bool(row["regular"]),
        state=State(row["state"]),
        rev=row["rev"],
        changed_at=row["changed_at"],
        plan=_plan(json.loads(row["plan"])) if row["plan"] else None,
        record=_record(json.loads(row["record"])) if row["record"] else None,
        version=row["version"],
        recorded_by=Side(row["recorded_by"]) if row["recorded_by"] else None,
        obligation_id=row["obligation_id"],
    )


def _plan(told: Mapping[str, Any]) -> Plan:
    day, way = date.fromisoformat(told["planned_on"]), Way(told["way"])
    return Plan(told["regular"], day, way, told["purpose"])


def _record(told: Mapping[str, Any]) -> Record:
    return Record(
        held_on=date.fromisoformat(told["held_on"]),
        way=Way(told["way"]),
        people=told["people"],
        topics=told["topics"],
        conclusions=told["conclusions"],
        follow_ups=tuple(_follow_up(one) for one in told["follow_ups"]),
    )


def _follow_up(told: Mapping[str, Any]) -> FollowUp:
    return FollowUp(told["what"], Side(told["side"]), told["owner"], date.fromisoformat(told["due_on"]))


def _task(row: Row) -> Task:
    return Task(
        id=row["id"],
        exchange_id=row["exchange_id"],
        base_id=row["base_id"],
        obligation_id=row["obligation_id"],
        follow_up=_follow_up(dict(row)),
        standing=Standing(row["state"]),
        rev=row["rev"],
        done_by=row["done_by"],
        changed_at=row["changed_at"],
    )


def _entry(row: Row) -> Entry:
    return Entry(
        exchange_id=row["exchange_id"],
        move=Move(row["move"]),
        version=row["version"],
        side=Side(row["side"]),
        by_name=row["by_name"],
        words=row["words"],
        reviewer=row["reviewer"],
        source=Source(row["source"]) if row["source"] else None,
        at=row["at"],
    )
