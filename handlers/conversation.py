"""Plain messages: a reply to a page, the answer to a form, a typed label, or something nobody asked for.

Each passes the gate first: what bears a mark becomes no answer, no entry and no question (Article 9).
"""

from collections.abc import Awaitable, Callable

from telegram import Message
from telegram.ext import filters
from telegram.ext.filters import BaseFilter

from domain.access import Action
from domain.errors import Forbidden
from handlers import annual_sheets, forms, incidents, requests
from handlers.admit import bearing_in
from handlers.context import Ctx
from handlers.routes import REGISTRY, message

Take = Callable[[Ctx, Message], Awaitable[None]]

_NEW = filters.UpdateType.MESSAGE


def _said(name: str, wanted: BaseFilter) -> Callable[[Take], Take]:
    """Registers what is done with such a message, once it is past the gate."""

    def register_said(take: Take) -> Take:
        @message(name, wanted, Action.MENU)
        async def gated(ctx: Ctx) -> None:
            sent = ctx.update.effective_message
            if sent is None:
                raise Forbidden
            bearing = bearing_in(sent.text or sent.caption or "", _file_name(sent), ctx.today)
            if bearing is not None:
                await incidents.block_message(ctx, sent, bearing)
                return
            await take(ctx, sent)

        return take

    return register_said


def _file_name(sent: Message) -> str:
    named = sent.document or sent.video or sent.audio
    return (named.file_name if named else None) or ""


@_said("file", _NEW & (filters.Document.ALL | filters.PHOTO))
async def file(ctx: Ctx, sent: Message) -> None:
    if await requests.said_in_reply(ctx, sent, sent.caption or ""):
        return
    if not (await forms.take_file(ctx, sent) or await annual_sheets.take(ctx, sent)):
        ctx.say("forms/file_not_expected")


@_said("command", _NEW & filters.COMMAND)
async def unknown_command(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/unknown_command")


@_said("text", _NEW & filters.TEXT)
async def text(ctx: Ctx, sent: Message) -> None:
    words = sent.text or ""
    if await requests.said_in_reply(ctx, sent, words):
        return
    if await forms.answer_text(ctx, words):
        return
    route = REGISTRY.commands.get(ctx.catalog.label_keys_by_word(words) or "")
    if route is None:
        ctx.say("menu/unknown_text")
        return
    ctx.require(route.action)
    await route.handle(ctx)


@_said("edited", filters.UpdateType.EDITED_MESSAGE)
async def edited(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/edited")


@_said("other", _NEW & ~filters.StatusUpdate.ALL & ~filters.CONTACT)
async def other(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/unsupported")
