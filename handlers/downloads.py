"""A file that came over the upload page is fetched over its twin: the link is made when it is asked for."""

from domain.access import Action, may
from domain.errors import Forbidden, Refused
from domain.people import Actor
from domain.requests import readable
from domain.uploads import Attachment, State
from handlers import annual_charge
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from storage import annual, attachments, download_links, events, people, questions, requests
from storage.engine import Tx

EVENTS_SEARCHED = 200


@press("download", Action.FILE_OPEN)
async def download(ctx: Ctx, pressed: Press) -> None:
    found = await attachments.list_by(ctx.tx, [pressed.id])
    attachment = found[0] if found else None
    if attachment is None or not await may_open(ctx.tx, ctx.require(Action.FILE_OPEN), attachment):
        raise Forbidden
    if ctx.services.page is None or attachment.sha256 is None:
        raise Refused("requests/file_gone")
    report = await annual.with_file(ctx.tx, attachment.id)
    if report is not None:
        await ctx.record("annual_file_opened", report.subject, file=attachment.id)
    token = await download_links.add(
        ctx.tx,
        person_id=ctx.me.id,
        sha256=attachment.sha256,
        name=attachment.name,
        media_type=await attachments.media_type(ctx.tx, attachment.sha256),
        size=attachment.size or 0,
        now=ctx.now,
    )
    ctx.say("gate/download_link", {"name": attachment.name, "url": ctx.services.page(f"/d/{token}")})


async def may_open(tx: Tx, actor: Actor, attachment: Attachment) -> bool:
    """Its sender, who may read its request or its report or, while it is held, the sender's reviewer."""
    if not may(actor, Action.FILE_OPEN) or attachment.state not in (State.KEPT, State.HELD):
        return False
    if attachment.person_id == actor.person_id:
        return True
    if attachment.state is State.HELD:
        sender = await people.actor(tx, await people.get(tx, attachment.person_id))
        return any(may(actor, Action.GATE_CONFIRM, base_id) for base_id in sender.bases)
    report = await annual.with_file(tx, attachment.id)
    if report is not None:
        return attachment.id in {one.attachment_id for one in await annual_charge.openable(tx, actor, report)}
    question = await questions.with_file(tx, attachment.id)
    if question is not None and may(actor, Action.QUESTION_READ, question.base_id):
        return True
    if attachment.request_id is None:
        return await _of_event(tx, actor, attachment)
    return readable(actor, await requests.get(tx, attachment.request_id))


async def _of_event(tx: Tx, actor: Actor, attachment: Attachment) -> bool:
    """Whether an event that the actor may see has it among its files."""
    seen = (
        await events.newest(tx, EVENTS_SEARCHED)
        if actor.of_centre
        else await events.of_bases(tx, actor.bases, EVENTS_SEARCHED)
    )
    return may(actor, Action.EVENTS) and any(attachment.id in event.plan.files for event in seen)
