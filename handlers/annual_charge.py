"""Who of the centre is in charge of an annual report: who may open its files (Article 9).

The counterpart of its base, or whoever took it into review; another takes it over openly, and it is recorded.
"""

from domain.access import Action, may
from domain.annual_content import File
from domain.annual_report import Report
from domain.errors import Forbidden, Refused
from domain.notices import Notice, Offer, Rows, To
from domain.people import Actor, Person, Role
from domain.privacy import Seen
from domain.uploads import State as Kept
from handlers import annual, enclosures
from handlers.annual import locked
from handlers.annual_reading import files
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.privacy_log import saw
from handlers.routes import press
from storage import annual as stored
from storage import attachments, bases, people
from storage.engine import Tx

LISTED = 20


async def in_charge(tx: Tx, report: Report) -> Person | None:
    officer_id = report.officer_id or (await bases.get(tx, report.base_id)).counterpart_id
    return await people.get(tx, officer_id) if officer_id is not None else None


async def openable(tx: Tx, actor: Actor, report: Report) -> list[File]:
    """The files that the actor may open: those of their own base; for the centre, if they are in charge."""
    if not may(actor, Action.REPORT, report.base_id):
        officer = await in_charge(tx, report)
        if officer is None or officer.id != actor.person_id or not may(actor, Action.REPORT_CHECK):
            return []
    return await files(tx, actor, report)


async def offers(ctx: Ctx, report: Report) -> Rows:
    """To take it over; for a supervisor, to give it to somebody."""
    officer = await in_charge(ctx.tx, report)
    take = Offer("annual_charge", report.id, report.rev)
    assign = Offer("annual_assign", report.id, report.rev)
    row = (
        *((take,) if ctx.may(Action.REPORT_CHECK) and (not officer or officer.id != ctx.me.id) else ()),
        *((assign,) if ctx.may(Action.REPORT_ASSIGN) else ()),
    )
    return (row,) if row else ()


async def give(ctx: Ctx, report: Report, officer: Person) -> Report:
    """Put somebody in charge; they and whoever was before hear of it, unless they did it themselves."""
    before = await in_charge(ctx.tx, report)
    if before is not None and before.id == officer.id:
        return report
    await stored.put_in_charge(ctx.tx, report.id, officer.id)
    await ctx.record("annual_in_charge", report.subject, officer=officer.id)
    base = await bases.get(ctx.tx, report.base_id)
    told = {"base": base.name, "year": report.year, "officer": officer.name, "actor": ctx.me.name}
    concerned = {one.id for one in (before, officer) if one is not None} - {ctx.me.id}
    see = ((Offer("annual", report.id),),)
    await ctx.tell(
        [
            Notice(To(person_id=one), "annual/charge_given", told, see, subject=report.subject)
            for one in sorted(concerned)
        ]
    )
    return await locked(ctx, report.id)


@press("annual_charge", Action.REPORT_CHECK)
async def take(ctx: Ctx, pressed: Press) -> None:
    report = await locked(ctx, pressed.id)
    ctx.require(Action.REPORT_CHECK, report.base_id)
    await annual.show(ctx, await give(ctx, report, ctx.me))


@press("annual_assign", Action.REPORT_ASSIGN)
async def choose(ctx: Ctx, pressed: Press) -> None:
    """The officers, a button each; the report's id and theirs go with the press."""
    report = await locked(ctx, pressed.id)
    held = await people.holders(ctx.tx, [Role.OFFICER])
    named = [
        (Offer("annual_assign_to", report.id, one.person.id, text=one.person.name),) for one in held[:LISTED]
    ]
    facts = (await annual.facts(ctx, report)) | {"in_charge": await name(ctx.tx, report)}
    back = (Offer("annual", report.id, label="home"),)
    ctx.show("annual/charge_choose", facts, (*named, back), subject=report.subject)


@press("annual_assign_to", Action.REPORT_ASSIGN)
async def assign(ctx: Ctx, pressed: Press) -> None:
    report = await locked(ctx, pressed.id)
    held = {one.person.id: one.person for one in await people.holders(ctx.tx, [Role.OFFICER])}
    if pressed.rev not in held:
        raise Forbidden
    await annual.show(ctx, await give(ctx, report, held[pressed.rev]))


async def name(tx: Tx, report: Report) -> str | None:
    officer = await in_charge(tx, report)
    return officer.name if officer else None


@press("annual_file", Action.REPORT_READ)
async def open_file(ctx: Ctx, pressed: Press) -> None:
    """A file, sent or fetched over the page; who opened it is on record."""
    report = await locked(ctx, pressed.id)
    actor = ctx.require(Action.REPORT_READ, report.base_id)
    officer = await in_charge(ctx.tx, report)
    if officer is None and ctx.may(Action.REPORT_CHECK, report.base_id):
        report = await give(ctx, report, ctx.me)
    theirs = await openable(ctx.tx, actor, report)
    if not theirs and officer is not None and ctx.may(Action.REPORT_CHECK, report.base_id):
        raise Refused("annual/charge_of_another", officer=officer.name)
    if pressed.rev not in {one.attachment_id for one in theirs}:
        raise Forbidden
    [file] = await attachments.list_by(ctx.tx, [pressed.rev])
    if file.state is not Kept.KEPT:
        raise Forbidden
    if file.upload_id is None:
        await ctx.record("annual_file_opened", report.subject, file=file.id)
        await saw(ctx, Seen.FILE, person_ids=[file.person_id])
        enclosures.shown_to(ctx, file)
        return
    facts = {"name": file.name, "size": file.size or 0}
    ctx.say("annual/file_on_page", facts, ((Offer("download", file.id),),))
