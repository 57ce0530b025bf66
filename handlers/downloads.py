"""A file that came over the upload page is fetched over its twin: the link is made when it is asked for."""

from domain.access import Action, may
from domain.errors import Forbidden, Refused
from domain.requests import readable
from domain.uploads import Attachment, State
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from storage import attachments, download_links, people, requests


@press("download", Action.FILE_OPEN)
async def download(ctx: Ctx, pressed: Press) -> None:
    attachment = await _allowed(ctx, pressed.id)
    if ctx.services.page is None or attachment.sha256 is None:
        raise Refused("requests/file_gone")
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


async def _allowed(ctx: Ctx, attachment_id: int) -> Attachment:
    """Its sender's, a reader's of its request or, while held, its base's reviewer's. Raises Forbidden."""
    found = await attachments.list_by(ctx.tx, [attachment_id])
    if not found or found[0].state not in (State.KEPT, State.HELD):
        raise Forbidden
    [attachment] = found
    if attachment.person_id == ctx.me.id:
        return attachment
    if attachment.state is State.HELD:
        sender = await people.actor(ctx.tx, await people.get(ctx.tx, attachment.person_id))
        if any(may(ctx.actor, Action.GATE_CONFIRM, base_id) for base_id in sender.bases):
            return attachment
        raise Forbidden
    if attachment.request_id is None:
        raise Forbidden
    if not readable(ctx.require(Action.REQUEST_READ), await requests.get(ctx.tx, attachment.request_id)):
        raise Forbidden
    return attachment
