"""A case goes to the bases that an officer picks, and as a docx to whoever may read it (Article 10)."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.access import Action
from domain.audience import Selection
from domain.cases import Case, Move, Section, State, decide
from domain.errors import Forbidden, Refused, Stale
from domain.indicators import edition
from domain.notices import Kind, Lane, Notice, Offer, Rows, SendState, Subject, To
from domain.people import Person
from handlers import audience, keyboards, letters
from handlers.annual_papers import DOCX
from handlers.callbacks import Press
from handlers.cases import SENDS, locked, moved, show, tell_base
from handlers.context import Ctx, Services
from handlers.papers import Paper, send_file
from handlers.routes import press
from storage import bases, cases, outbox
from storage.engine import Tx, durably
from storage.files import FileStore
from storage.outbox import Row

MAKE = "case_docx"
"""The kind of the job."""
Args = Mapping[str, Any]


@press("case_publish", Action.CASE_REVIEW)
async def ask(ctx: Ctx, pressed: Press) -> None:
    """Whom it is for, with count and names, before it goes."""
    case = await locked(ctx, pressed.id)
    decide(case, Move.PUBLISH, ctx.require(Action.CASE_REVIEW), seen_rev=pressed.rev)
    await _ask(ctx, case)


async def _ask(ctx: Ctx, case: Case) -> None:
    picked, found = await audience.chosen(ctx, case.subject)
    had = await cases.has_version(ctx.tx, case)
    facts = {
        "number": case.number,
        "title": case.title,
        "people": len(found.people),
        "bases": len(found.bases),
        "had": sum(base.id in had for base in found.bases),
    }
    send = Offer(f"case_send.{found.fingerprint}", case.id, case.rev, label="case_send")
    ways: Rows = (
        (Offer("audience", picked.id, picked.rev),),
        (send,),
        (Offer("case", case.id, label="home"),),
    )
    ctx.show("cases/publish", facts, ways)


@audience.purpose("case")
async def _back_from_audience(ctx: Ctx, case_id: int) -> Rows:
    case = await locked(ctx, case_id)
    if case.state not in (State.PASSED, State.PUBLISHED):
        raise Forbidden
    ctx.require(Action.CASE_REVIEW)
    return ((Offer("case_publish", case.id, case.rev, label="case_to_review"),),)


@press("case_send", Action.CASE_REVIEW)
async def send(ctx: Ctx, pressed: Press) -> None:
    """In one transaction: the state, a row for each person; a base that has this version gets no other."""
    case = await locked(ctx, pressed.id)
    _, found = await audience.chosen(ctx, case.subject)
    if found.fingerprint != pressed.arg:
        raise Stale("case", case.id)
    had = await cases.has_version(ctx.tx, case)
    reached = [one for one in found.offices if one.base.id not in had and one.reached]
    if not reached:
        raise Refused("cases/nobody")
    after = await moved(ctx, case, Move.PUBLISH, pressed.rev)
    await cases.sent(ctx.tx, after, sorted({one.base.id for one in reached}), ctx.now)
    people = Selection(tuple(reached)).people
    ctx.rows += [await _letter(ctx, after, person) for person in people]
    if case.state is State.PASSED:
        await tell_base(ctx, after, "cases/published_base")
    ctx.toast("cases/sent")
    await show(ctx, after)


async def _letter(ctx: Ctx, case: Case, person: Person) -> Row:
    """Queued under a key of its own: planned twice, it is one."""
    locale = ctx.catalog.known(person.locale or ctx.services.locale)
    chat_id = person.telegram_id or 0
    facts = {"number": case.number, "title": case.title, "base": (await bases.get(ctx.tx, case.base_id)).name}
    markup = keyboards.inline(((Offer("case", case.id),),), ctx.catalog, locale)
    row = letters.row(
        "sendMessage",
        letters.message(chat_id, ctx.catalog.render("cases/published", locale, facts), markup),
        ctx.now,
        chat_id=chat_id,
        kind=Kind.BROADCAST,
        lane=Lane.BULK,
        person_id=person.id,
        subject=Subject(SENDS, case.id),
    )
    key = f"{SENDS}:{case.id}:{case.version}:{person.id}"
    return replace(row, state=SendState.QUEUED, sending_at=None, key=key)


# --- as a docx --------------------------------------------------------------------------------------------


@press("case_docx", Action.CASES)
async def ask_for_docx(ctx: Ctx, pressed: Press) -> None:
    case = await locked(ctx, pressed.id)
    await ctx.record("case_docx_asked", case.subject)
    await ctx.start_job(MAKE, case_id=case.id, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("cases/making")


async def make(services: Services, files: FileStore, args: Args) -> None:
    """The job; nothing for a case that was withdrawn meanwhile."""
    from messages.attachments.case_paper import case_paper

    async with services.database.read() as tx:
        case = await cases.get(tx, args["case_id"])
        base = await bases.get(tx, case.base_id) if case is not None else None
    if case is None or base is None or case.state is State.WITHDRAWN:
        return
    sections = [(key.value, case.sections[key]) for key in Section]
    told = [(edition(one.year).by_code[one.code], one) for one in case.figures]
    figures = [(one.year, indicator.short, one.value, indicator.unit.words) for indicator, one in told]
    data = await asyncio.to_thread(case_paper, base.name, case.title, sections, figures, services.locale)
    paper = Paper((await files.put(data)).sha256, f"{case.number}.docx", DOCX)

    async def plan(tx: Tx) -> list[Row]:
        row = await send_file(services, tx, paper, person_id=args["person_id"], subject=case.subject)
        return await outbox.insert(tx, [replace(row, key=_key(args))])

    services.sender.send_now(await durably(services.database, plan))


async def give_up(services: Services, args: Args, reference: str) -> None:
    async def plan(tx: Tx) -> list[Row]:
        notice = Notice(To(person_id=args["person_id"]), "cases/docx_failed", {"reference": reference})
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, [replace(row, key=f"{_key(args)}:failed") for row in rows])

    services.sender.send_now(await durably(services.database, plan))


def _key(args: Args) -> str:
    return f"{MAKE}:{args['case_id']}:{args['person_id']}:{args['at']}"
