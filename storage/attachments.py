"""Files as people sent them."""

from collections.abc import Iterable, Sequence

from domain.uploads import Attachment, State
from storage import queries
from storage.engine import Row, Tx
from storage.files import Stored

q = queries.load("attachments")


async def add(
    tx: Tx, *, person_id: int, telegram_file_id: str, kind: str, name: str, size: int | None, now: int
) -> int:
    return int(
        await q.insert_attachment(
            tx,
            person_id=person_id,
            telegram_file_id=telegram_file_id,
            kind=kind,
            name=name,
            size=size,
            received_at=now,
        )
    )


async def list_by(tx: Tx, ids: Sequence[int]) -> list[Attachment]:
    return [_attachment(row) for row in await q.attachments(tx, ids=list(ids))]


async def list_of_request(tx: Tx, request_id: int) -> list[Attachment]:
    return [_attachment(row) for row in await q.attachments_of_request(tx, request_id=request_id)]


async def lock(tx: Tx, attachment_id: int) -> Attachment:
    row = await q.lock_attachment(tx, id=attachment_id)
    if row is None:
        raise LookupError(f"no attachment {attachment_id}")
    return _attachment(row)


async def join(tx: Tx, ids: Iterable[int], request_id: int, entry_id: int | None) -> None:
    """Make the files part of a request; `entry_id` None: they came with it."""
    await q.join_attachments(tx, ids=list(ids), request_id=request_id, entry_id=entry_id)


async def keep(tx: Tx, attachment_id: int, stored: Stored, *, name: str, media_type: str, now: int) -> None:
    """Record a file that is on the disk, by the name and kind under which it was admitted."""
    await q.insert_file(tx, sha256=stored.sha256, size=stored.size, media_type=media_type, created_at=now)
    await q.keep_attachment(tx, id=attachment_id, name=name, sha256=stored.sha256, size=stored.size)


async def refuse(tx: Tx, attachment_id: int, error: str) -> None:
    """Record why a file was not taken: `error` is the name of a template."""
    await q.refuse_attachment(tx, id=attachment_id, error=error)


def _attachment(row: Row) -> Attachment:
    return Attachment(
        id=row["id"],
        person_id=row["person_id"],
        telegram_file_id=row["telegram_file_id"],
        kind=row["kind"],
        name=row["name"],
        size=row["size"],
        state=State(row["state"]),
        sha256=row["sha256"],
        error=row["error"],
        request_id=row["request_id"],
        entry_id=row["entry_id"],
    )
