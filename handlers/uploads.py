"""Files from people: announced in a message, fetched by a job, admitted, kept, passed on by file id."""

from dataclasses import replace

from telegram import Bot, Message
from telegram.error import BadRequest

from domain.errors import Refused
from domain.notices import Kind, Notice, To
from domain.requests import Request, other_side
from domain.uploads import MAX_BYTES, Attachment, State
from handlers import letters
from handlers.admit import admit_file, safe_name
from handlers.context import Ctx, Services
from storage import attachments, outbox, people, requests
from storage.engine import Tx
from storage.files import FileStore
from storage.outbox import Row

FETCH = "fetch_file"
_METHODS = {"document": "sendDocument", "photo": "sendPhoto"}


async def receive(ctx: Ctx, message: Message) -> int:
    """Record a document or photo and have it fetched. Raises Refused when Telegram would not give it."""
    file = message.document or message.photo[-1]
    if file.file_size is not None and file.file_size > MAX_BYTES:
        centre = await ctx.centre()
        raise Refused("requests/file_too_big", max=MAX_BYTES, tel=centre.tel, email=centre.email)
    name = safe_name(message.document.file_name or "") if message.document else "photo.jpg"
    attachment_id = await attachments.add(
        ctx.tx,
        person_id=ctx.me.id,
        telegram_file_id=file.file_id,
        kind="document" if message.document else "photo",
        name=name,
        size=file.file_size,
        now=ctx.now,
    )
    await ctx.start_job(FETCH, attachment_id=attachment_id)
    return attachment_id


async def fetch(services: Services, bot: Bot, files: FileStore, attachment_id: int) -> None:
    """The job: download, admit, keep; a file that is not taken is told to whoever sent it."""
    async with services.database.read() as tx:
        [attachment] = await attachments.list_by(tx, [attachment_id])
    if attachment.state is not State.PENDING:
        return
    try:
        content = await _download(bot, attachment)
        admitted = admit_file(content, attachment.name)
    except Refused as refusal:
        await _refuse(services, attachment_id, refusal)
        return
    stored = await files.put(content)
    async with services.database.tx() as tx:
        locked = await attachments.lock(tx, attachment_id)
        await attachments.keep(
            tx,
            attachment_id,
            stored,
            name=admitted.name,
            media_type=admitted.media_type,
            now=services.clock.now(),
        )
        rows = []
        if locked.request_id is not None:
            request = await requests.get(tx, locked.request_id)
            rows = await outbox.insert(
                tx, await passed_on(tx, replace(locked, name=admitted.name), request, services.clock.now())
            )
    services.sender.send_now(rows)


async def give_up(services: Services, attachment_id: int) -> None:
    """The job's last word: the file could not be had; whoever sent it is told."""
    await _refuse(services, attachment_id, Refused("requests/file_gone"))


async def join(ctx: Ctx, ids: list[int], request: Request, entry_id: int | None) -> None:
    """Make files part of a request and pass on those that are here; the others follow when they are."""
    if not ids:
        return
    await attachments.join(ctx.tx, ids, request.id, entry_id)
    for attachment in await attachments.list_by(ctx.tx, ids):
        if attachment.state is State.KEPT:
            ctx.rows += await passed_on(ctx.tx, attachment, request, ctx.now)


async def passed_on(tx: Tx, attachment: Attachment, request: Request, now: int) -> list[Row]:
    """The file for everybody on the other side of the request."""
    sender = await people.actor(tx, await people.get(tx, attachment.person_id))
    readers = await people.recipients(tx, other_side(request, of_centre=sender.of_centre))
    return [
        _file_row(attachment, person.telegram_id, person.id, request, now)
        for person in readers
        if person.telegram_id is not None
    ]


def file_rows(ctx: Ctx, files: list[Attachment], request: Request) -> None:
    """Send the files of a request to whoever asks to see them: those that were admitted, and no others."""
    ctx.rows += [
        _file_row(file, ctx.chat_id, ctx.me.id, request, ctx.now)
        for file in files
        if file.state is State.KEPT
    ]


def _file_row(attachment: Attachment, chat_id: int, person_id: int, request: Request, now: int) -> Row:
    payload = {
        "chat_id": chat_id,
        attachment.kind: attachment.telegram_file_id,
        "caption": f"{request.number}  {attachment.name}",
    }
    return letters.row(
        _METHODS[attachment.kind],
        payload,
        now,
        chat_id=chat_id,
        kind=Kind.RECEIPT,
        person_id=person_id,
        subject=request.subject,
    )


async def _download(bot: Bot, attachment: Attachment) -> bytes:
    try:
        file = await bot.get_file(attachment.telegram_file_id)
    except BadRequest as error:
        if "too big" in error.message:
            raise Refused("requests/file_too_big", max=MAX_BYTES) from None
        raise Refused("requests/file_gone") from None
    return bytes(await file.download_as_bytearray())


async def _refuse(services: Services, attachment_id: int, refusal: Refused) -> None:
    async with services.database.tx() as tx:
        attachment = await attachments.lock(tx, attachment_id)
        if attachment.state is not State.PENDING:
            return
        await attachments.refuse(tx, attachment_id, refusal.template)
        notice = Notice(
            To(person_id=attachment.person_id),
            "requests/file_refused",
            {"name": attachment.name, "reason": refusal},
            kind=Kind.RECEIPT,
        )
        letter = await letters.addressed(
            tx, services.catalog, services.locale, [notice], services.clock.now()
        )
        rows = await outbox.insert(tx, letter)
    services.sender.send_now(rows)
