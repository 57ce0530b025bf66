"""Files as part of a request: they go to its other side once they are kept, and to whoever opens it."""

from collections.abc import Awaitable, Callable

from domain.notices import Kind, Notice, Offer, Subject, To
from domain.requests import Request, other_side
from domain.uploads import Attachment, State
from handlers import letters
from handlers.context import Ctx, Services
from storage import attachments, people, requests
from storage.engine import Tx
from storage.outbox import Row

Arrived = Callable[[Services, Tx, Attachment], Awaitable[list[Row]]]

_ARRIVED: list[Arrived] = []

_METHODS = {"document": "sendDocument", "photo": "sendPhoto"}


async def join(ctx: Ctx, ids: list[int], request: Request, entry_id: int | None) -> None:
    """Make files part of a request and pass on those that are here; the others follow when they are."""
    if not ids:
        return
    await attachments.join(ctx.tx, ids, request.id, entry_id)
    for attachment in await attachments.list_by(ctx.tx, ids):
        if attachment.state is State.KEPT:
            ctx.rows += await passed_on(ctx.services, ctx.tx, attachment, request)


async def passed_on(services: Services, tx: Tx, attachment: Attachment, request: Request) -> list[Row]:
    """The file for everybody on the other side of the request; one from the upload page as a link to it."""
    sender = await people.actor(tx, await people.get(tx, attachment.person_id))
    to = other_side(request, of_centre=sender.of_centre)
    return await delivered(services, tx, attachment, to, request.number, request.subject)


async def delivered(
    services: Services, tx: Tx, attachment: Attachment, to: To, number: str, subject: Subject
) -> list[Row]:
    """The file, as part of what has this number, for everybody whom it is for."""
    now = services.clock.now()
    if attachment.upload_id is None:
        return [
            _file_row(attachment, person.telegram_id, person.id, number, subject, now)
            for person in await people.recipients(tx, to)
            if person.telegram_id is not None
        ]
    notice = Notice(
        to,
        "gate/on_page",
        {"number": number, "name": attachment.name, "size": attachment.size},
        offers=((Offer("download", attachment.id),),),
        subject=subject,
    )
    return await letters.addressed(tx, services.catalog, services.locale, [notice], now)


def file_rows(ctx: Ctx, files: list[Attachment], number: str, subject: Subject) -> None:
    """Send files to whoever asks to see them: those that were admitted, and no others."""
    for file in files:
        if file.state is not State.KEPT:
            continue
        if file.upload_id is None:
            ctx.rows.append(_file_row(file, ctx.chat_id, ctx.me.id, number, subject, ctx.now))
        else:
            ctx.say(
                "gate/on_page",
                {"number": number, "name": file.name, "size": file.size},
                ((Offer("download", file.id),),),
            )


def on_arrival(arrived: Arrived) -> Arrived:
    """What a feature does with each file that is kept now, in the transaction in which it is."""
    _ARRIVED.append(arrived)
    return arrived


async def handed_over(services: Services, tx: Tx, attachment: Attachment) -> list[Row]:
    """The rows by which a file that is kept now goes on: to the request that it is part of, or elsewhere."""
    if attachment.request_id is None:
        return [row for arrived in _ARRIVED for row in await arrived(services, tx, attachment)]
    request = await requests.get(tx, attachment.request_id)
    return await passed_on(services, tx, attachment, request)


def shown_to(ctx: Ctx, attachment: Attachment) -> None:
    """The file itself, for whoever may look at it before it is passed on."""
    payload = {
        "chat_id": ctx.chat_id,
        attachment.kind: attachment.telegram_file_id,
        "caption": attachment.name,
    }
    method = _METHODS[attachment.kind]
    ctx.rows.append(letters.row(method, payload, ctx.now, chat_id=ctx.chat_id, person_id=ctx.me.id))


def _file_row(
    attachment: Attachment, chat_id: int, person_id: int, number: str, subject: Subject, now: int
) -> Row:
    payload = {
        "chat_id": chat_id,
        attachment.kind: attachment.telegram_file_id,
        "caption": f"{number}  {attachment.name}",
    }
    return letters.row(
        _METHODS[attachment.kind],
        payload,
        now,
        chat_id=chat_id,
        kind=Kind.RECEIPT,
        person_id=person_id,
        subject=subject,
    )
