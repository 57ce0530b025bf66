"""Announcements, whom they were for, who has them, and the messages that show how the sending goes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.announcements import Announcement, Audience, Delivery, Held, State
from domain.announcements import audience as addressed
from domain.notices import SendState
from domain.people import Role
from storage import queries
from storage.engine import Row, Tx

q = queries.load("announcements")

WATCH = "announcement_watch"


@dataclass(frozen=True, slots=True)
class Receipt:
    base_id: int
    base: str
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A person's message about an announcement: the outbox rows of it and of its last edit."""

    announcement_id: int
    person_id: int
    message_row: int | None = None
    edit_row: int | None = None
    shown: str | None = None
    drawn_at: int | None = None


async def add(tx: Tx, *, title: str, body: str, reply_by: str | None, drafter_id: int, now: int) -> int:
    added = await q.insert_announcement(
        tx, title=title, body=body, reply_by=reply_by, drafter_id=drafter_id, now=now
    )
    return int(added)


async def get(tx: Tx, announcement_id: int) -> Announcement | None:
    row = await q.announcement(tx, id=announcement_id)
    return _announcement(row) if row else None


async def lock(tx: Tx, announcement_id: int) -> Announcement | None:
    row = await q.lock_announcement(tx, id=announcement_id)
    return _announcement(row) if row else None


async def save(tx: Tx, moved: Announcement) -> bool:
    """Keep one that was moved once; False when somebody else moved it meanwhile."""
    saved = await q.save_announcement(
        tx,
        id=moved.id,
        seen_rev=moved.rev - 1,
        title=moved.title,
        body=moved.body,
        reply_by=moved.reply_by,
        state=moved.state,
        rev=moved.rev,
        signer_id=moved.signer_id,
        reason=moved.reason,
        issued=json.dumps(moved.issued, ensure_ascii=False) if moved.issued is not None else None,
        signed_at=moved.signed_at,
    )
    return saved is not None


async def newest(tx: Tx, limit: int) -> list[Announcement]:
    return [_announcement(row) for row in await q.newest(tx, limit=limit)]


async def newest_of_bases(tx: Tx, base_ids: Sequence[int], limit: int) -> list[Announcement]:
    """The newest that went to these bases."""
    rows = await q.newest_of_bases(tx, base_ids=list(base_ids), limit=limit)
    return [_announcement(row) for row in rows]


async def audience(tx: Tx) -> Audience:
    """Who is in office now and would be told, and the bases that have nobody."""
    return addressed([_held(row) for row in await q.offices(tx)])


async def add_recipients(tx: Tx, announcement_id: int, offices: Sequence[Held]) -> None:
    await q.insert_recipients(
        tx,
        announcement_id=announcement_id,
        base_ids=[held.base_id for held in offices],
        person_ids=[held.person_id for held in offices],
        by_phone=[int(held.by_phone) for held in offices],
    )


async def bases_of(tx: Tx, announcement_id: int) -> dict[int, str]:
    """The bases it was for: names by id."""
    rows = await q.bases_of(tx, announcement_id=announcement_id)
    return {row["base_id"]: row["name"] for row in rows}


async def count_by_phone(tx: Tx, announcement_id: int) -> int:
    return int(await q.count_by_phone(tx, announcement_id=announcement_id))


async def receive(tx: Tx, announcement_id: int, base_id: int, person_id: int, now: int) -> bool:
    """Record 收到 for a base; False when a colleague, or the same person, was first."""
    new = await q.insert_receipt(
        tx, announcement_id=announcement_id, base_id=base_id, person_id=person_id, now=now
    )
    return new is not None


async def receipts(tx: Tx, announcement_id: int) -> list[Receipt]:
    rows = await q.receipts_of(tx, announcement_id=announcement_id)
    return [Receipt(row["base_id"], row["base"], row["name"], row["at"]) for row in rows]


async def deliveries(tx: Tx, announcement_id: int) -> list[Delivery]:
    """How each person's send stands, in the order of the directory."""
    return [_delivery(row) for row in await q.deliveries(tx, announcement_id=announcement_id)]


async def of_delivery(tx: Tx, row_id: int) -> int | None:
    """The announcement that an outbox row sends."""
    found: int | None = await q.announcement_of_delivery(tx, row_id=row_id)
    return found


async def take_as_delivered(tx: Tx, row_ids: Sequence[int]) -> int:
    """视为已送达, because a person decided so; how many were still uncertain."""
    return len(await q.take_as_delivered(tx, ids=list(row_ids)))


async def open_panels(tx: Tx, announcement_id: int, person_ids: Sequence[int]) -> None:
    await q.insert_panels(tx, announcement_id=announcement_id, person_ids=list(person_ids))


async def lock_panels(tx: Tx, announcement_id: int) -> list[Panel]:
    rows = await q.lock_panels(tx, announcement_id=announcement_id)
    return [Panel(**dict(row)) for row in rows]


async def save_panel(tx: Tx, panel: Panel) -> None:
    await q.save_panel(
        tx,
        announcement_id=panel.announcement_id,
        person_id=panel.person_id,
        message_row=panel.message_row,
        edit_row=panel.edit_row,
        shown=panel.shown,
        drawn_at=panel.drawn_at,
    )


async def watch(tx: Tx, announcement_id: int, run_at: int, now: int) -> bool:
    """Have the panels looked after at the instant; False when that is planned already."""
    key = f"{WATCH}:{announcement_id}:{run_at}"
    args = json.dumps({"announcement_id": announcement_id})
    return await q.insert_watch(tx, key=key, args=args, run_at=run_at, now=now) is not None


def _announcement(row: Row) -> Announcement:
    values: dict[str, Any] = dict(row)
    issued = json.loads(values["issued"]) if values["issued"] else None
    return Announcement(**{**values, "state": State(values["state"]), "issued": issued})


def _held(row: Row) -> Held:
    values: dict[str, Any] = dict(row)
    role = Role(values["role"]) if values["role"] else None
    return Held(**{**values, "role": role, "reachable": bool(values["reachable"])})


def _delivery(row: Row) -> Delivery:
    return Delivery(
        row_id=row["id"],
        person_id=row["person_id"],
        name=row["name"],
        state=SendState(row["state"]),
        refused=row["reference"] is not None,
        attempts=row["attempts"],
        doubts=row["doubts"],
    )
