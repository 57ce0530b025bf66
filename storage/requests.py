"""Service requests and what was said in them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.requests import Entry, Move, Request, Source, State
from storage import queries
from storage.engine import Row, Tx

q = queries.load("requests")

SERIES = "FW"


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the thread as it is shown: with the name of who said it."""

    id: int
    kind: Move
    name: str | None
    body: Mapping[str, object]
    at: int


async def add(
    tx: Tx,
    *,
    number: str,
    base_id: int,
    service: str,
    answers: Mapping[str, object],
    submitted_by: int,
    now: int,
    due_at: int,
    due_confirmed: bool,
    source: Source | None = None,
    received_on: str | None = None,
) -> Request:
    request_id = await q.insert_request(
        tx,
        number=number,
        base_id=base_id,
        service=service,
        answers=json.dumps(answers, ensure_ascii=False),
        submitted_by=submitted_by,
        submitted_at=now,
        due_at=due_at,
        due_confirmed=due_confirmed,
        source=source,
        received_on=received_on,
    )
    return await get(tx, request_id)


async def get(tx: Tx, request_id: int) -> Request:
    return _found(await q.request(tx, id=request_id), request_id)


async def find(tx: Tx, number: str) -> int | None:
    """The id of the request with this number."""
    found: int | None = await q.request_numbered(tx, number=number)
    return found


async def lock(tx: Tx, request_id: int) -> Request | None:
    row = await q.lock_request(tx, id=request_id)
    return _request(row) if row else None


async def save(tx: Tx, request: Request) -> None:
    """Save what a move made of a locked request."""
    saved = await q.save_request(
        tx,
        id=request.id,
        seen_rev=request.rev - 1,
        rev=request.rev,
        state=request.state,
        officer_id=request.officer_id,
        accepted_at=request.accepted_at,
        answered_at=request.answered_at,
        waiting_since=request.waiting_since,
        closed_at=request.closed_at,
        due_at=request.due_at,
        due_confirmed=request.due_confirmed,
    )
    if saved is None:
        raise LookupError(f"request {request.id} is not at rev {request.rev - 1}")


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Request]:
    """The newest first."""
    return [_request(row) for row in await q.requests_of_base(tx, base_id=base_id, most=most)]


async def list_in(tx: Tx, states: Iterable[State]) -> list[Request]:
    """What is due first comes first."""
    return [_request(row) for row in await q.requests_in_states(tx, states=[s.value for s in states])]


async def count_in(tx: Tx, states: Iterable[State], base_id: int | None = None) -> int:
    return int(await q.count_in_states(tx, states=[s.value for s in states], base_id=base_id))


async def say(tx: Tx, request_id: int, entry: Entry) -> int:
    return int(
        await q.insert_entry(
            tx,
            request_id=request_id,
            kind=entry.kind,
            person_id=entry.person_id,
            body=json.dumps(entry.body, ensure_ascii=False),
            at=entry.at,
        )
    )


async def thread(tx: Tx, request_id: int) -> list[Said]:
    rows = await q.entries_of(tx, request_id=request_id)
    return [Said(r["id"], Move(r["kind"]), r["name"], json.loads(r["body"]), r["at"]) for r in rows]


def _found(row: Row | None, request_id: int) -> Request:
    if row is None:
        raise LookupError(f"no request {request_id}")
    return _request(row)


def _request(row: Row) -> Request:
    values = dict(row)
    values["state"] = State(row["state"])
    values["answers"] = json.loads(row["answers"])
    values["due_confirmed"] = bool(row["due_confirmed"])
    values["source"] = Source(row["source"]) if row["source"] else None
    return Request(**values)
