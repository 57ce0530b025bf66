"""The outbox: every call that has an effect outside is a row first (I3)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.notices import Kind, Lane, SendState
from storage import queries
from storage.engine import Row as DatabaseRow
from storage.engine import Tx

q = queries.load("outbox")


@dataclass(slots=True)  # frozen, with so many fields, it would take five times as long to make
class Row:
    """A call of the Bot API. Instants in ms UTC; `payload` is the JSON that is posted as it is.

    `target` is the id of another row, whose message this one edits or deletes; `key` makes a row that
    is planned twice one; after `cutoff_at` it is dropped; `doubts` counts the sends that nobody answered.
    """

    chat_id: int
    lane: Lane
    kind: Kind
    method: str
    payload: str
    state: SendState
    due_at: int
    created_at: int
    person_id: int | None = None
    subject_kind: str | None = None
    subject_id: int | None = None
    sending_at: int | None = None
    target: int | None = None
    key: str | None = None
    template: str | None = None
    facts: Mapping[str, object] | None = None
    cutoff_at: int | None = None
    attempts: int = 0
    doubts: int = 0
    message_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a row: one of the final states, or `queued` when it is to be tried again."""

    id: int
    state: SendState
    attempts: int
    doubts: int
    message_id: int | None = None
    error: str | None = None
    reference: str | None = None


async def insert(tx: Tx, rows: Sequence[Row]) -> list[Row]:
    """The rows with their ids, in order; one whose key is there already is left out."""
    if not rows:
        return []
    inserted = await q.insert_rows(tx, **_columns(rows))
    new = {row["key"] for row in inserted}
    ids = sorted(row["id"] for row in inserted)
    return [replace(row, id=given) for row, given in zip(_new_ones(rows, new), ids, strict=True)]


async def find(tx: Tx, chat_id: int, message_id: int) -> Row | None:
    """The row that became this message of the bot's."""
    row = await q.find_message(tx, chat_id=chat_id, message_id=message_id)
    return _row(row) if row else None


async def get(tx: Tx, row_id: int) -> Row | None:
    row = await q.get_row(tx, id=row_id)
    return _row(row) if row else None


async def claim(tx: Tx, now: int, limit: int, busy: Collection[int] = ()) -> list[Row]:
    """Mark up to `limit` queued rows as being sent: of each chat that is not busy the first that is due."""
    rows = await q.claim_queued(tx, now=now, limit=limit, busy=list(busy))
    return sorted((_row(row) for row in rows), key=lambda row: (row.due_at, row.id))


async def take(tx: Tx, row_id: int, now: int) -> bool:
    """Mark one queued row as being sent; False when it is queued no longer."""
    return await q.take_queued(tx, id=row_id, now=now) is not None


async def settle(tx: Tx, results: Sequence[Result], now: int) -> None:
    """Record what came of a batch."""
    await q.settle_rows(
        tx,
        ids=[r.id for r in results],
        states=[r.state for r in results],
        message_ids=[r.message_id for r in results],
        attempts=[r.attempts for r in results],
        doubts=[r.doubts for r in results],
        errors=[r.error for r in results],
        refs=[r.reference for r in results],
        now=now,
    )


async def requeue(tx: Tx, row_ids: Collection[int], now: int) -> list[int]:
    """Send once more, because a person decided so, what is uncertain or failed; which of them that were.

    Not to somebody who has left office since.
    """
    return sorted(row["id"] for row in await q.requeue_rows(tx, ids=list(row_ids), now=now))


async def remake(tx: Tx, row: Row) -> None:
    """Queue the row again as another call than it was."""
    await q.remake_row(tx, id=row.id, method=row.method, payload=row.payload, kind=row.kind)


async def move(tx: Tx, old_chat_id: int, new_chat_id: int) -> None:
    """Everything still to be sent to a chat follows it to its new id."""
    await q.move_chat(tx, old=old_chat_id, new=new_chat_id)


async def orphans(tx: Tx) -> list[Row]:
    """What a dead process was sending, in the order in which it was made."""
    return [_row(row) for row in await q.open_in_flight(tx)]


async def interactive(tx: Tx, now: int) -> list[Row]:
    """What waits in the interactive lanes, in the order in which it was made."""
    return [_row(row) for row in await q.open_interactive(tx, now=now)]


async def depths(tx: Tx, now: int) -> dict[Lane, int]:
    """How many rows are due and wait, by lane."""
    found = {Lane(row["lane"]): row["depth"] for row in await q.queue_depths(tx, now=now)}
    return {lane: found.get(lane, 0) for lane in Lane}


async def oldest(tx: Tx, now: int) -> int:
    """Since how many ms the oldest of the rows that wait has been due; 0 when none does."""
    instant: int | None = await q.oldest_due(tx, now=now)
    return 0 if instant is None else now - instant


async def overdue(tx: Tx, before: int) -> tuple[int, int | None]:
    """How many open rows were due before the instant, and when the oldest of them was."""
    row = await q.overdue(tx, before=before)
    return row["n"], row["oldest"]


async def uncertain(tx: Tx, since: int) -> int:
    """How many sends have ended uncertain since the instant."""
    return int(await q.count_uncertain(tx, since=since))


async def refused(tx: Tx, since: int) -> list[str]:
    """The reference numbers of the sends that Telegram has refused since the instant, newest first."""
    return [row["reference"] for row in await q.refused_references(tx, since=since)]


async def next_due(tx: Tx, now: int) -> int | None:
    """When the next row falls due that is not due yet, in ms UTC."""
    instant: int | None = await q.next_due(tx, now=now)
    return instant


async def counts(tx: Tx, subject_kind: str, subject_id: int) -> dict[SendState, int]:
    """How the sends about a subject stand."""
    rows = await q.count_by_subject(tx, subject_kind=subject_kind, subject_id=subject_id)
    return {SendState(row["state"]): row["n"] for row in rows}


async def list_of_subject(
    tx: Tx, subject_kind: str, subject_id: int, states: Iterable[SendState] = tuple(SendState)
) -> list[Row]:
    """The sends about a subject that are in one of the states: whose are uncertain, for instance."""
    rows = await q.rows_of_subject(
        tx, subject_kind=subject_kind, subject_id=subject_id, states=[state.value for state in states]
    )
    return [_row(row) for row in rows]


async def planned(tx: Tx, now: int, limit: int) -> list[Row]:
    """Planned rows whose time has come, to be checked again and rendered."""
    return [_row(row) for row in await q.planned_due(tx, now=now, limit=limit)]


async def broadcasts_for(tx: Tx, person_id: int) -> list[Row]:
    """What an announcement has for this person and nobody has begun to send."""
    return [_row(row) for row in await q.waiting_broadcasts(tx, person_id=person_id)]


async def known(tx: Tx, keys: Sequence[str]) -> set[str]:
    """Those of the keys that have a row: what was planned, sent or dropped before."""
    return {row["key"] for row in await q.known_keys(tx, keys=list(keys))}


async def queue(tx: Tx, row_id: int, payload: str, chat_id: int | None = None) -> bool:
    """Give a planned row its text, and its chat if that has changed since, and let it go.

    False when it is planned no longer.
    """
    return await q.queue_planned(tx, id=row_id, payload=payload, chat_id=chat_id) is not None


async def drop(tx: Tx, row_id: int, reason: str, now: int) -> bool:
    """Take back what has not been sent; False when it is too late for that."""
    return await q.drop_open(tx, id=row_id, error=reason, now=now) is not None


async def forget_texts(tx: Tx, before: int) -> int:
    """Empty what was settled before the instant (I6); how many."""
    return int(await q.forget_texts(tx, before=before))


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    # the enums' values: sqlite3 looks for an adapter, in vain and slowly, for whatever is not quite a str
    return {
        "keys": [row.key for row in rows],
        "chat_ids": [row.chat_id for row in rows],
        "person_ids": [row.person_id for row in rows],
        "lanes": [row.lane.value for row in rows],
        "kinds": [row.kind.value for row in rows],
        "methods": [row.method for row in rows],
        "payloads": [row.payload for row in rows],
        "templates": [row.template for row in rows],
        "facts": [_dumped(row.facts) for row in rows],
        "targets": [row.target for row in rows],
        "states": [row.state.value for row in rows],
        "due_ats": [row.due_at for row in rows],
        "cutoff_ats": [row.cutoff_at for row in rows],
        "subject_kinds": [row.subject_kind for row in rows],
        "subject_ids": [row.subject_id for row in rows],
        "created_ats": [row.created_at for row in rows],
        "sending_ats": [row.sending_at for row in rows],
    }


def _dumped(facts: Mapping[str, object] | None) -> str | None:
    return None if facts is None else json.dumps(facts, ensure_ascii=False)


def _new_ones(rows: Iterable[Row], new: set[str]) -> Iterable[Row]:
    """Those without a key, and of each new key the first."""
    for row in rows:
        if row.key is None:
            yield row
        elif row.key in new:
            new.remove(row.key)
            yield row


def _row(row: DatabaseRow) -> Row:
    return Row(
        chat_id=row["chat_id"],
        lane=Lane(row["lane"]),
        kind=Kind(row["kind"]),
        method=row["method"],
        payload=row["payload"] or "",
        state=SendState(row["state"]),
        due_at=row["due_at"],
        created_at=row["created_at"],
        person_id=row["person_id"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        sending_at=row["sending_at"],
        target=row["target"],
        key=row["key"],
        template=row["template"],
        facts=json.loads(row["facts"]) if row["facts"] else None,
        cutoff_at=row["cutoff_at"],
        attempts=row["attempts"],
        doubts=row["doubts"],
        message_id=row["message_id"],
        id=row["id"],
    )
