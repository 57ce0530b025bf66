"""The register of what the gate blocked."""

from collections.abc import Iterable

from domain.incidents import SERIES, Carrier, Deletion, Found, Incident
from storage import numbers, queries
from storage.engine import Row, Tx
from storage.findings import places_dumped, places_loaded

q = queries.load("incidents")


async def add(
    tx: Tx,
    *,
    year: int,
    person_id: int,
    attachment_id: int | None,
    kind: Carrier,
    found: Iterable[Found],
    sha256: str,
    chat_id: int | None,
    message_id: int | None,
    sent_at: int,
    now: int,
) -> int:
    """Under the next number of the year; without a message there is nothing to delete in the chat."""
    return int(
        await q.insert_incident(
            tx,
            number=await numbers.next_of(tx, SERIES, year),
            person_id=person_id,
            attachment_id=attachment_id,
            kind=kind,
            found=places_dumped(found),
            sha256=sha256,
            chat_id=chat_id,
            message_id=message_id,
            sent_at=sent_at,
            recorded_at=now,
            deletion=Deletion.NONE if message_id is None else Deletion.OPEN,
        )
    )


async def get(tx: Tx, incident_id: int) -> Incident | None:
    row = await q.incident(tx, id=incident_id)
    return _incident(row) if row else None


async def of_attachment(tx: Tx, attachment_id: int) -> Incident | None:
    row = await q.incident_of_attachment(tx, attachment_id=attachment_id)
    return _incident(row) if row else None


async def newest(tx: Tx, limit: int) -> list[Incident]:
    return [_incident(row) for row in await q.incidents_newest(tx, limit=limit)]


async def settle(tx: Tx, incident_id: int, deletion: Deletion, now: int) -> bool:
    """Record what became of the message; False when that was recorded before."""
    return await q.settle_incident(tx, id=incident_id, deletion=deletion, now=now) is not None


async def acknowledge(tx: Tx, incident_id: int, person_id: int, now: int) -> bool:
    """Record that whoever sent it has read what to do; False for another person, or a second time."""
    done = await q.acknowledge_incident(tx, id=incident_id, person_id=person_id, now=now)
    return done is not None


def _incident(row: Row) -> Incident:
    return Incident(
        id=row["id"],
        number=row["number"],
        person_id=row["person_id"],
        kind=Carrier(row["kind"]),
        found=places_loaded(row["found"]),
        sha256=row["sha256"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        sent_at=row["sent_at"],
        recorded_at=row["recorded_at"],
        deletion=Deletion(row["deletion"]),
        settled_at=row["settled_at"],
        acknowledged_at=row["acknowledged_at"],
    )
