"""Files as people sent them."""

from collections.abc import Iterable, Sequence

from domain.confidential.findings import Finding
from domain.uploads import Attachment, State
from storage import queries
from storage.engine import Row, Tx
from storage.files import Stored
from storage.findings import dumped, loaded

q = queries.load("attachments")


async def add(
    tx: Tx,
    *,
    person_id: int,
    kind: str,
    name: str,
    size: int | None,
    now: int,
    telegram_file_id: str = "",
    upload_id: int | None = None,
    chat_id: int | None = None,
    message_id: int | None = None,
) -> int:
    """Announce a file, which lies at Telegram or among the uploads; where it stands in a chat, if it does."""
    return int(
        await q.insert_attachment(
            tx,
            person_id=person_id,
            telegram_file_id=telegram_file_id,
            kind=kind,
            name=name,
            size=size,
            upload_id=upload_id,
            chat_id=chat_id,
            message_id=message_id,
            received_at=now,
        )
    )


async def list_by(tx: Tx, ids: Sequence[int]) -> list[Attachment]:
    return [loaded_from(row) for row in await q.attachments(tx, ids=list(ids))]


async def list_of_request(tx: Tx, request_id: int) -> list[Attachment]:
    return [loaded_from(row) for row in await q.attachments_of_request(tx, request_id=request_id)]


async def list_of_content(tx: Tx, sha256: str) -> list[Attachment]:
    return [loaded_from(row) for row in await q.attachments_of_content(tx, sha256=sha256)]


async def lock(tx: Tx, attachment_id: int) -> Attachment:
    row = await q.lock_attachment(tx, id=attachment_id)
    if row is None:
        raise LookupError(f"no attachment {attachment_id}")
    return loaded_from(row)


async def join(tx: Tx, ids: Iterable[int], request_id: int, entry_id: int | None) -> None:
    """Make the files part of a request; `entry_id` None: they came with it."""
    await q.join_attachments(tx, ids=list(ids), request_id=request_id, entry_id=entry_id)


async def keep(
    tx: Tx,
    attachment_id: int,
    stored: Stored,
    *,
    name: str,
    media_type: str,
    findings: Sequence[Finding] = (),
    held: bool = False,
    now: int,
) -> None:
    """Record a file by the name and kind under which it was admitted; its content is put on the disk next,
    in the same transaction: until that ends, `forget` of the same content waits.

    `held`: for the time until a named person has answered for the findings.
    """
    await q.insert_file(tx, sha256=stored.sha256, size=stored.size, media_type=media_type, created_at=now)
    await q.keep_attachment(
        tx,
        id=attachment_id,
        state=State.HELD if held else State.KEPT,
        name=name,
        sha256=stored.sha256,
        size=stored.size,
        findings=dumped(findings),
    )


async def ask(tx: Tx, attachment_id: int, now: int) -> bool:
    """Record that the base's reviewers are asked; False when they were asked before."""
    return await q.ask_about_attachment(tx, id=attachment_id, now=now) is not None


async def confirm(tx: Tx, attachment_id: int, by: str, now: int) -> bool:
    """Record who answers for what was found; False when it is not held any more."""
    return await q.confirm_attachment(tx, id=attachment_id, confirmed_by=by, now=now) is not None


async def refuse(tx: Tx, attachment_id: int, error: str, reason: str | None = None) -> None:
    """Record why a file was not taken: `error` is the name of a template, `reason` the gate's word for it."""
    await q.refuse_attachment(tx, id=attachment_id, error=error, reason=reason)


async def block(tx: Tx, attachment_id: int) -> None:
    """Forget what it was called, where it lies and where it stood."""
    await q.block_attachment(tx, id=attachment_id)


async def media_type(tx: Tx, sha256: str) -> str:
    return str(await q.media_type(tx, sha256=sha256))


async def forget_unused(tx: Tx, sha256: str) -> bool:
    """Whether no attachment has this content any more. Then its row is gone, and the content is to be erased
    in the same transaction: until that ends, a `keep` of the same content waits.
    """
    await q.lock_file(tx, sha256=sha256)
    if await q.users_of_file(tx, sha256=sha256):
        return False
    await q.delete_file(tx, sha256=sha256)
    return True


def loaded_from(row: Row) -> Attachment:
    """A row of the table `attachments`, whoever asked for it."""
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
        upload_id=row["upload_id"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        findings=loaded(row["findings"]),
        confirmed_by=row["confirmed_by"],
        reason=row["reason"],
        received_at=row["received_at"],
    )
