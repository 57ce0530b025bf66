"""Files from people: announced, fetched and examined by a job, kept or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

from telegram import Bot, Message
from telegram.error import BadRequest

from domain.confidential.verdict import Verdict, judge, only_unread
from domain.errors import Refused
from domain.incidents import Carrier
from domain.notices import Kind, Notice, To
from domain.uploads import MAX_BYTES, Attachment, State
from handlers import enclosures, findings, incidents, letters
from handlers.admit import Admitted, admit_file, bearing_in, safe_name
from handlers.context import Ctx, Services
from storage import attachments, jobs, outbox, upload_links
from storage.engine import Tx
from storage.files import Arrival, FileStore
from storage.partials import Partials

FETCH, FORGET = "fetch_file", "forget_file"
_CARRIERS = {"document": Carrier.FILE, "photo": Carrier.PHOTO, "upload": Carrier.UPLOAD}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files come from, and where they are kept."""

    bot: Bot
    files: FileStore
    partials: Partials


async def receive(ctx: Ctx, message: Message) -> int:
    """Record a document or photo and have it fetched. Raises Refused when Telegram would not give it."""
    attachment_id = await announce(ctx, message)
    await ctx.start_job(FETCH, attachment_id=attachment_id)
    return attachment_id


async def announce(ctx: Ctx, message: Message) -> int:
    """Record a document or photo; whoever calls has it fetched. Raises Refused as `receive` does."""
    file = message.document or message.photo[-1]
    if file.file_size is not None and file.file_size > MAX_BYTES:
        centre = await ctx.centre()
        raise Refused("requests/file_too_big", max=MAX_BYTES, tel=centre.tel, email=centre.email)
    name = safe_name(message.document.file_name or "") if message.document else "photo.jpg"
    return await attachments.add(
        ctx.tx,
        person_id=ctx.me.id,
        telegram_file_id=file.file_id,
        kind="document" if message.document else "photo",
        name=name,
        size=file.file_size,
        chat_id=message.chat.id,
        message_id=message.message_id,
        now=ctx.now,
    )


async def fetch(services: Services, shelf: Shelf, attachment_id: int, *, quietly: bool = False) -> None:
    """The job: have the content, examine it, and do as the verdict says.

    `quietly`: that nothing was found, or that it could not be read, is told by the caller, of several files.
    """
    async with services.database.read() as tx:
        [attachment] = await attachments.list_by(tx, [attachment_id])
    if attachment.state is State.PENDING:
        await _decide(services, shelf, attachment, quietly=quietly)
    if attachment.upload_id is not None:
        await shelf.partials.remove(attachment.upload_id)


async def _decide(services: Services, shelf: Shelf, attachment: Attachment, *, quietly: bool) -> None:
    today = services.calendar.today(services.clock.now())
    try:
        async with _arrival(shelf, attachment) as arrival:
            admitted = await admit_file(arrival.path, attachment.name, today)
            if judge(admitted.findings) is Verdict.BLOCKED:
                await _block(services, attachment, admitted, arrival, today)
            else:
                await _keep(services, attachment, admitted, arrival, quietly=quietly)
    except Refused as refusal:
        await _refuse(services, attachment.id, refusal)


async def give_up(services: Services, attachment_id: int) -> None:
    """The job's last word: the file could not be had; whoever sent it is told."""
    await _refuse(services, attachment_id, Refused("requests/file_gone"))


@asynccontextmanager
async def _arrival(shelf: Shelf, attachment: Attachment) -> AsyncIterator[Arrival]:
    """The content on the disk, not kept yet. Raises Refused when it is not to be had."""
    if attachment.upload_id is None:
        async with shelf.files.arrival(await _download(shelf.bot, attachment)) as arrival:
            yield arrival
        return
    try:
        content = shelf.partials.path(attachment.upload_id).open("rb")
    except FileNotFoundError:
        raise Refused("requests/file_gone") from None
    with content:
        async with shelf.files.arrival(content) as arrival:
            yield arrival


async def forget(services: Services, files: FileStore, sha256: str) -> None:
    """The job: erase a content that no attachment has any more."""
    async with services.database.tx() as tx:
        if await attachments.forget_unused(tx, sha256):
            await files.remove(sha256)


async def _download(bot: Bot, attachment: Attachment) -> bytes:
    try:
        file = await bot.get_file(attachment.telegram_file_id)
    except BadRequest as error:
        if "too big" in error.message:
            raise Refused("requests/file_too_big", max=MAX_BYTES) from None
        raise Refused("requests/file_gone") from None
    return bytes(await file.download_as_bytearray())


async def _keep(
    services: Services, attachment: Attachment, admitted: Admitted, arrival: Arrival, *, quietly: bool
) -> None:
    asks = judge(admitted.findings) is Verdict.HELD
    now = services.clock.now()
    async with services.database.tx() as tx:
        locked = await attachments.lock(tx, attachment.id)
        if locked.state is not State.PENDING:
            return
        await attachments.keep(
            tx,
            attachment.id,
            arrival.stored,
            name=admitted.name,
            media_type=admitted.media_type,
            findings=admitted.findings,
            held=asks,
            now=now,
        )
        await arrival.keep()
        kept = replace(locked, name=admitted.name, size=arrival.stored.size, findings=admitted.findings)
        told = await _told(tx, kept, asks=asks, quietly=quietly)
        letter = await letters.addressed(tx, services.catalog, services.locale, told, now)
        passed = [] if asks else await enclosures.handed_over(services, tx, kept)
        rows = await outbox.insert(tx, letter + passed)
    services.sender.send_now(rows)


async def _told(tx: Tx, kept: Attachment, *, asks: bool, quietly: bool) -> list[Notice]:
    """To whoever sent it."""
    if asks and not (quietly and only_unread(kept.findings)):
        return [await findings.asked(tx, kept)]
    return [] if asks or quietly else [findings.clean(kept)]


async def _block(
    services: Services, attachment: Attachment, admitted: Admitted, arrival: Arrival, today: date
) -> None:
    """Nothing of it is kept; what is written down are rule, place and hash."""
    now = services.clock.now()
    async with services.database.tx() as tx:
        locked = await attachments.lock(tx, attachment.id)
        if locked.state is not State.PENDING:
            return
        incident_id = await incidents.register(
            tx,
            person_id=locked.person_id,
            attachment_id=locked.id,
            carrier=_CARRIERS[locked.kind],
            findings=admitted.findings,
            sha256=arrival.stored.sha256,
            stood=(locked.chat_id, locked.message_id),
            sent_at=locked.received_at,
            today=today,
            now=now,
        )
        await attachments.block(tx, locked.id)
        await upload_links.forget_name(tx, locked.id)
        await jobs.add(tx, incidents.SETTLE, {"incident_id": incident_id}, now)
    services.jobs.wake()


async def _refuse(services: Services, attachment_id: int, refusal: Refused) -> None:
    async with services.database.tx() as tx:
        attachment = await attachments.lock(tx, attachment_id)
        if attachment.state is not State.PENDING:
            return
        marked = bearing_in("", attachment.name, services.calendar.today(services.clock.now()))
        reason = refusal.facts.get("reason")
        await attachments.refuse(tx, attachment_id, refusal.template, str(reason) if reason else None)
        notice = Notice(
            To(person_id=attachment.person_id),
            "requests/file_refused",
            {"name": None if marked else attachment.name, "reason": refusal},
            kind=Kind.RECEIPT,
        )
        letter = await letters.addressed(
            tx, services.catalog, services.locale, [notice], services.clock.now()
        )
        rows = await outbox.insert(tx, letter)
    services.sender.send_now(rows)
