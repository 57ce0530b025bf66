"""Plain messages: a reply to a page, the answer to a form, a typed label, a question, or nothing of these.

What bears a mark does not come so far (incidents.stops, Article 9).
"""

from collections.abc import Awaitable, Callable

from telegram import Message
from telegram.ext import filters
from telegram.ext.filters import BaseFilter

from domain.access import Action
from domain.errors import Forbidden
from domain.questions import is_thanks
from handlers import albums, annual_sheets, forms, questions, requests
from handlers.context import Ctx
from handlers.routes import REGISTRY, message

Take = Callable[[Ctx, Message], Awaitable[None]]

_NEW = filters.UpdateType.MESSAGE


def _said(name: str, wanted: BaseFilter) -> Callable[[Take], Take]:
    """Registers what is done with such a message."""

    def register_said(take: Take) -> Take:
        @message(name, wanted, Action.MENU)
        async def said(ctx: Ctx) -> None:
            sent = ctx.update.effective_message
            if sent is None:
                raise Forbidden
            await take(ctx, sent)

        return take

    return register_said


@_said("file", _NEW & (filters.Document.ALL | filters.PHOTO))
async def file(ctx: Ctx, sent: Message) -> None:
    if sent.media_group_id is not None:
        await albums.take(ctx, sent)
        return
    if await _said_in_reply(ctx, sent, sent.caption or ""):
        return
    if await forms.take_file(ctx, sent) or await annual_sheets.take(ctx, sent):
        return
    if not (await forms.turn_away(ctx) or await _asked(ctx, sent, sent.caption or "")):
        ctx.say("forms/file_not_expected")


@_said("command", _NEW & filters.COMMAND)
async def unknown_command(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/unknown_command")


@_said("text", _NEW & filters.TEXT)
async def text(ctx: Ctx, sent: Message) -> None:
    words = sent.text or ""
    if await _said_in_reply(ctx, sent, words) or await forms.answer_text(ctx, words):
        return
    label = ctx.catalog.label_keys_by_word(words)
    route = REGISTRY.commands.get(label or "")
    if route is not None:
        ctx.require(route.action)
        await route.handle(ctx)
    elif (label is not None and not is_thanks(words)) or not await _asked(ctx, sent, words):
        ctx.say("menu/unknown_text")


async def _said_in_reply(ctx: Ctx, sent: Message, words: str) -> bool:
    return await questions.said_in_reply(ctx, sent, words) or await requests.said_in_reply(ctx, sent, words)


async def _asked(ctx: Ctx, sent: Message, words: str) -> bool:
    """A base's own words are a question; somebody else's are not passed on as theirs."""
    if sent.forward_origin is not None and ctx.may(Action.QUESTION_ASK):
        ctx.say("questions/forwarded")
        return True
    return await questions.take(ctx, sent, words)


@_said("edited", filters.UpdateType.EDITED_MESSAGE)
async def edited(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/edited")


@_said("other", _NEW & ~filters.StatusUpdate.ALL & ~filters.CONTACT)
async def other(ctx: Ctx, _: Message) -> None:
    ctx.say("menu/unsupported")
