"""Albums: several files that were sent at once are one answer of a form, one question, one word in a reply.

Each item is an update of its own and is kept when it comes; what they are together is decided by a job that
is due a moment after the last of them, so that a process that dies in the middle loses none.
"""

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message

from domain.access import Action
from domain.albums import TOGETHER_MS, Album, wait_until
from domain.confidential.verdict import asking, only_unread
from domain.errors import Forbidden, Refused
from domain.notices import Notice, Offer, Rows, Subject, To
from domain.uploads import Attachment, State
from handlers import enclosures, findings, forms, letters, questions, requests, uploads
from handlers.callbacks import Press
from handlers.cited import question_in, request_in
from handlers.context import Ctx, Services, on_behalf
from handlers.routes import press
from handlers.uploads import Shelf
from storage import albums, attachments, jobs, outbox
from storage import questions as asked
from storage.albums import Item
from storage.engine import Tx, durably
from storage.outbox import Row

DECIDE, FETCH = "decide_album", "fetch_album"
"""The kinds of jobs."""


# --- an item comes ----------------------------------------------------------------------------------------


async def take(ctx: Ctx, sent: Message) -> None:
    """Keep one item. What nobody asked for, or may not come in the chat, is said once for all of them."""
    group = str(sent.media_group_id)
    album = await albums.of_group(ctx.tx, ctx.chat_id, group)
    first = album is None
    if album is None:
        album = await _begin(ctx, sent, group)
    if not await _wanted(ctx, album, sent):
        if first:
            await _say_once(ctx, sent)
        return
    try:
        attachment_id = await uploads.announce(ctx, sent)
    except Refused as refusal:
        ctx.say(refusal.template, refusal.facts)
        return
    form = album.form if album.form and await forms.asks_for_files(ctx, *album.form) else None
    if form is not None:
        await forms.add_file(ctx, *form, attachment_id)
    await albums.add(ctx.tx, album.id, Item(sent.message_id, attachment_id, form is not None))
    await _put_off(ctx, album, sent.caption or "")


async def _begin(ctx: Ctx, sent: Message, group: str) -> Album:
    replied = sent.reply_to_message
    cites = question_in(replied) or request_in(replied)
    return await albums.begin(
        ctx.tx,
        chat_id=ctx.chat_id,
        media_group_id=group,
        person_id=ctx.me.id,
        due_at=ctx.now,
        cites=cites,
        form=None if cites else await forms.files_step(ctx),
    )


async def _wanted(ctx: Ctx, album: Album, sent: Message) -> bool:
    """Whether it answers a form, replies to something, or may be a question."""
    if album.form is not None:
        return await forms.takes_in_chat(ctx, *album.form)
    own = ctx.may(Action.QUESTION_ASK) and sent.forward_origin is None and await forms.in_hand(ctx) is None
    return await questions.in_chat(ctx) and (album.cites is not None or own)


async def _say_once(ctx: Ctx, sent: Message) -> None:
    if await forms.take_file(ctx, sent) or await forms.turn_away(ctx):
        return
    if sent.forward_origin is not None and ctx.may(Action.QUESTION_ASK):
        ctx.say("questions/forwarded")
    elif await questions.in_chat(ctx):
        ctx.say("forms/file_not_expected")
    elif not await questions.take(ctx, sent, sent.caption or ""):
        raise Refused("gate/page_only_reply")


async def _put_off(ctx: Ctx, album: Album, words: str) -> None:
    """The decision waits for what may follow; one job at a time looks whether it is due."""
    due_at = ctx.now + TOGETHER_MS
    await albums.save(ctx.tx, replace(album, due_at=due_at, words=album.words or words))
    if len(await albums.undecided(ctx.tx, album.id)) == 1:
        await jobs.add(ctx.tx, DECIDE, {"album_id": album.id}, due_at)
        ctx.job_added = True


# --- what it is -------------------------------------------------------------------------------------------


async def decide(services: Services, album_id: int) -> None:
    """The job: what has come of the album becomes one thing, and is answered once."""
    try:
        rows = await durably(services.database, lambda tx: _decide(services, tx, album_id))
    except Refused as refusal:
        told = refusal
        rows = await durably(services.database, lambda tx: _refuse(services, tx, album_id, told))
    services.sender.send_now(rows)
    services.jobs.wake()


async def not_decided(services: Services, album_id: int) -> None:
    """The job's last word: whoever sent it is told to send it again."""
    gone = Refused("requests/file_gone")
    services.sender.send_now(
        await durably(services.database, lambda tx: _refuse(services, tx, album_id, gone))
    )


async def _decide(services: Services, tx: Tx, album_id: int) -> list[Row]:
    album = await albums.lock(tx, album_id)
    items = await albums.undecided(tx, album_id)
    if album is None or not items:
        return []
    now = services.clock.now()
    until = wait_until(album, now, more_in_hand=await albums.more_in_hand(tx, album.chat_id))
    if until is not None:
        late = now >= album.due_at
        await albums.save(tx, replace(album, due_at=max(until, album.due_at), waited=album.waited or late))
        await jobs.add(tx, DECIDE, {"album_id": album.id}, until)
        return []
    ctx = await on_behalf(services, tx, album.person_id)
    await _become(ctx, album, items)
    await _settle(tx, album, now)
    return await outbox.insert(tx, ctx.rows)


async def _become(ctx: Ctx, album: Album, items: Sequence[Item]) -> None:
    in_form = [one.attachment_id for one in items if one.in_form]
    others = [one.attachment_id for one in items if not one.in_form]
    if in_form and album.form is not None:
        draft_id, key = album.form
        await forms.arrange_files(ctx, draft_id, key, in_form)
        if await forms.asks_for_files(ctx, draft_id, key):
            await forms.redraw(ctx, draft_id)
    if not others:
        return
    if album.cites is None:
        await questions.take_words(ctx, album.words, others)
    elif await asked.find(ctx.tx, album.cites) is not None:
        await questions.say_in(ctx, album.cites, album.words, others)
    else:
        await requests.say_in(ctx, album.cites, album.words, others)


async def _settle(tx: Tx, album: Album, now: int) -> None:
    await albums.decide(tx, album.id)
    await albums.save(tx, replace(album, words="", waited=False))
    await jobs.add(tx, FETCH, {"album_id": album.id}, now)


async def _refuse(services: Services, tx: Tx, album_id: int, refusal: Refused) -> list[Row]:
    """Its files are part of nothing; whoever sent them is told why, unless they are nobody here any more."""
    album = await albums.lock(tx, album_id)
    if album is None:
        return []
    for item in await albums.undecided(tx, album_id):
        if not item.in_form:
            await attachments.refuse(tx, item.attachment_id, refusal.template)
    await _settle(tx, album, services.clock.now())
    ctx = await on_behalf(services, tx, album.person_id)
    if not isinstance(refusal, Forbidden):
        ctx.say(refusal.template, refusal.facts)
    return await outbox.insert(tx, ctx.rows)


# --- its files --------------------------------------------------------------------------------------------


async def fetch(services: Services, shelf: Shelf, album_id: int) -> None:
    """The job: have the files, one after the other in their order, and tell once what the gate found."""
    async with services.database.read() as tx:
        ids = await albums.untold(tx, album_id)
    for attachment_id in ids:
        await uploads.fetch(services, shelf, attachment_id, quietly=True)
    rows = await durably(services.database, lambda tx: _tell(services, tx, album_id))
    services.sender.send_now(rows)


async def give_up(services: Services, album_id: int) -> None:
    """The job's last word: what could not be had is told file by file."""
    async with services.database.read() as tx:
        ids = await albums.untold(tx, album_id)
    for attachment_id in ids:
        await uploads.give_up(services, attachment_id)
    rows = await durably(services.database, lambda tx: _tell(services, tx, album_id))
    services.sender.send_now(rows)


async def _tell(services: Services, tx: Tx, album_id: int) -> list[Row]:
    """What was found clean and what nobody could read, to whoever sent it; the rest was told by itself."""
    album = await albums.lock(tx, album_id)
    ids = await albums.untold(tx, album_id)
    if album is None or not ids:
        return []
    await albums.tell(tx, ids)
    found = await attachments.list_by(tx, ids)
    clean = sum(one.state is State.KEPT and not asking(one.findings) for one in found)
    unread = [one for one in found if _unread(one)]
    if not clean and not unread:
        return []
    notice = _told(album, found[0].person_id, clean, [one.name for one in unread])
    letter = await letters.addressed(tx, services.catalog, services.locale, [notice], services.clock.now())
    return await outbox.insert(tx, letter)


def _told(album: Album, person_id: int, clean: int, unread: list[str]) -> Notice:
    to, subject = To(person_id=person_id), Subject("album", album.id)
    if not unread:
        return Notice(to, "gate/album_clean", {"clean": clean}, subject=subject)
    offers: Rows = ((Offer("album_own", album.id),), (Offer("album_each", album.id),))
    return Notice(to, "gate/album_unread", {"clean": clean, "unread": unread}, offers, subject=subject)


def _unread(file: Attachment) -> bool:
    return file.state is State.HELD and only_unread(file.findings)


@press("album_own", Action.GATE_ANSWER)
async def confirm_all(ctx: Ctx, pressed: Press) -> None:
    """本人已核对, for all that could not be read."""
    mine = await _mine(ctx, pressed.id)
    for file in mine:
        if await attachments.confirm(ctx.tx, file.id, ctx.me.name, ctx.now):
            await ctx.record("file_confirmed", Subject("attachment", file.id), person=ctx.me.id)
            ctx.rows += await enclosures.handed_over(ctx.services, ctx.tx, file)
    ctx.show("gate/album_confirmed", {"n": len(mine), "by": ctx.me.name})


@press("album_each", Action.GATE_ANSWER)
async def one_by_one(ctx: Ctx, pressed: Press) -> None:
    mine = await _mine(ctx, pressed.id)
    ctx.still()
    await ctx.tell([await findings.asked(ctx.tx, file) for file in mine])


async def _mine(ctx: Ctx, album_id: int) -> list[Attachment]:
    """What waits for the person's word. Raises Forbidden, or Refused when nothing does any more."""
    found = await attachments.list_by(ctx.tx, await albums.files(ctx.tx, album_id))
    own = [one for one in found if one.person_id == ctx.me.id]
    if not own:
        raise Forbidden
    if not (waiting := [one for one in own if _unread(one)]):
        raise Refused("gate/settled_already")
    return waiting
