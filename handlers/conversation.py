"""Plain messages: a reply to a page, the answer to a form, a typed label, or something nobody asked for."""

from telegram import Message
from telegram.ext import filters

from domain.access import Action
from domain.errors import Forbidden
from handlers import forms, incidents, requests
from handlers.admit import marks_in
from handlers.context import Ctx
from handlers.routes import REGISTRY, message

_NEW = filters.UpdateType.MESSAGE


@message("file", _NEW & (filters.Document.ALL | filters.PHOTO), Action.MENU)
async def file(ctx: Ctx) -> None:
    sent = _message(ctx)
    if await _is_blocked(ctx, sent):
        return
    if await requests.said_in_reply(ctx, sent, sent.caption or ""):
        return
    if not await forms.take_file(ctx, sent):
        ctx.say("forms/file_not_expected")


@message("command", _NEW & filters.COMMAND, Action.MENU)
async def unknown_command(ctx: Ctx) -> None:
    ctx.say("menu/unknown_command")


@message("text", _NEW & filters.TEXT, Action.MENU)
async def text(ctx: Ctx) -> None:
    sent = _message(ctx)
    words = sent.text or ""
    if await _is_blocked(ctx, sent):
        return
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


@message("edited", filters.UpdateType.EDITED_MESSAGE, Action.MENU)
async def edited(ctx: Ctx) -> None:
    if not await _is_blocked(ctx, _message(ctx)):
        ctx.say("menu/edited")


@message("other", _NEW & ~filters.StatusUpdate.ALL & ~filters.CONTACT, Action.MENU)
async def other(ctx: Ctx) -> None:
    ctx.say("menu/unsupported")


def _message(ctx: Ctx) -> Message:
    sent = ctx.update.effective_message
    if sent is None:
        raise Forbidden
    return sent


async def _is_blocked(ctx: Ctx, sent: Message) -> bool:
    """Whether the words bear a mark: then they become no answer, no entry and no question."""
    words = sent.text or sent.caption or ""
    marks = marks_in(words, ctx.today)
    if marks:
        await incidents.block_text(ctx, sent, words, marks)
    return bool(marks)
