"""The 填报表: made and sent by a job, filled in anywhere, read when it has come back and passed the gate."""

import asyncio
from collections.abc import Mapping
from typing import Final

from telegram import Message

from domain.access import Action, may
from domain.annual_content import Source
from domain.annual_papers import TemplateFacts
from domain.annual_report import EDITABLE, Report
from domain.errors import Refused
from domain.forms import Draft, Form
from domain.indicators import Edition, edition
from domain.notices import Notice, Offer, Rows, To
from domain.obligations import season
from domain.uploads import Attachment, State
from handlers import annual, figures_sheet, forms, letters, report_papers, uploads
from handlers.annual_home import mine
from handlers.annual_preview import prepare
from handlers.callbacks import Press
from handlers.context import Ctx, Services, on_behalf
from handlers.enclosures import on_arrival
from handlers.forms import KEPT_MS, Manner, form
from handlers.papers import Paper
from handlers.routes import press
from handlers.steps import step, words
from handlers.uploads import Shelf
from messages.attachments.workbook import figures_template
from storage import annual as reports
from storage import attachments, bases, drafts, jobs, outbox
from storage.engine import Tx
from storage.outbox import Row

MAKE, READ = "annual_sheet_make", "annual_sheet_read"
CHANNEL = "chat_reports"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS = (".xlsx", ".xls", ".et", ".csv")


# --- out --------------------------------------------------------------------------------------------------


@press("annual_sheet", Action.REPORT_FILL)
async def ask(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    await ctx.start_job(MAKE, report_id=report.id, person_id=ctx.me.id)
    ctx.toast("annual/sheet_coming")


async def make(services: Services, shelf: Shelf, report_id: int, person_id: int) -> None:
    """The job: the form of the report, prefilled with what is there, as a document to the person."""
    async with services.database.read() as tx:
        report = await reports.get(tx, report_id)
        if report is None:
            return
        facts = await _template_facts(tx, report)
        locale = (await on_behalf(services, tx, person_id)).locale
    stored = await shelf.files.put(await asyncio.to_thread(figures_template, facts, locale))
    name = services.catalog.label("name_sheet", locale).format(base=facts.base, year=facts.year)
    told = {"base": facts.base, "year": facts.year}
    offers: Rows = ((Offer("annual_figures", report.id, label="annual_figures"),),)
    paper = Paper(stored.sha256, name, XLSX, "annual/sheet", told, offers)
    async with services.database.tx() as tx:
        row = await report_papers.brought(
            services, tx, paper, size=stored.size, person_id=person_id, subject=report.subject
        )
        rows = await outbox.insert(tx, [row])
    services.sender.send_now(rows)


async def _template_facts(tx: Tx, report: Report) -> TemplateFacts:
    base = await bases.get(tx, report.base_id)
    told = edition(report.year)
    last = annual.values(await annual.last_figures(tx, report), report.year)
    current = _current(report.content.figures, told)
    return TemplateFacts(told, base.name, base.code, report.year, last, current)


def _current(figures: Mapping[str, str], told: Edition) -> dict[str, object]:
    """As the form is prefilled: a duty as a bool, where it was answered so."""
    answers = {"yes": True, "no": False}
    duties = {duty.code for duty in told.duties}
    return {code: answers.get(text, text) if code in duties else text for code, text in figures.items()}


# --- back -------------------------------------------------------------------------------------------------


@press("annual_sheet_back", Action.REPORT_FILL)
async def begin(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    await forms.open_form(ctx, "annual_sheet", subject_id=report.id)


def _form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "figures_sheet", "file_list", hint="figures_sheet")
    return Form("annual_sheet", 1, Action.REPORT_FILL, words(ctx.catalog, "form_annual_sheet"), (asked,))


@form("annual_sheet", Action.REPORT_FILL, _form, Manner(at_once=True, channel=CHANNEL))
async def handed_in(ctx: Ctx, draft: Draft) -> None:
    """The last of the files that were sent."""
    report = await mine(ctx, draft.subject_id or 0)
    sent = draft.answers["figures_sheet"]
    await _await_reading(ctx, report, int(str(sent[-1])) if isinstance(sent, list) else 0)


async def take(ctx: Ctx, sent: Message) -> bool:
    """A workbook that no form asked for: the 填报表 of the person's base, if they are filling one in."""
    name = sent.document.file_name if sent.document else None
    if name is None or not name.lower().endswith(_SHEETS):
        return False
    report = await _open_report(ctx)
    if report is None:
        return False
    if ctx.services.page is not None and not (await ctx.centre()).takes(CHANNEL):
        raise Refused("gate/page_only")
    await _await_reading(ctx, report, await uploads.receive(ctx, sent))
    return True


async def _open_report(ctx: Ctx) -> Report | None:
    """Of the season, that the person may fill in now."""
    actor = ctx.actor
    for base_id in actor.bases if actor else ():
        if may(actor, Action.REPORT_FILL, base_id):
            report = await reports.of_base(ctx.tx, base_id, season(ctx.today))
            if report is not None and report.state in EDITABLE:
                return report
    return None


async def _await_reading(ctx: Ctx, report: Report, attachment_id: int) -> None:
    """It is read as soon as the gate has let it in; until then a draft remembers what it is."""
    [sent] = await attachments.list_by(ctx.tx, [attachment_id])
    await drafts.add(
        ctx.tx,
        _name(attachment_id),
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=report.id,
        now=ctx.now,
        expires_at=ctx.now + KEPT_MS,
    )
    if sent.state is State.KEPT:
        await ctx.start_job(READ, attachment_id=attachment_id)
    ctx.show("annual/sheet_reading")


def _name(attachment_id: int) -> str:
    return f"annual_sheet_of:{attachment_id}"


@on_arrival
async def arrived(services: Services, tx: Tx, attachment: Attachment) -> list[Row]:
    if await drafts.named(tx, _name(attachment.id)) is not None:
        await jobs.add(tx, READ, {"attachment_id": attachment.id}, services.clock.now())
    return []


async def read(services: Services, shelf: Shelf, attachment_id: int) -> None:
    """The job: what was understood of it is shown to whoever sent it, and saved when they confirm."""
    async with services.database.read() as tx:
        waiting = await drafts.named(tx, _name(attachment_id))
        [sent] = await attachments.list_by(tx, [attachment_id])
        report = await reports.get(tx, waiting.subject_id or 0) if waiting else None
        base = await bases.get(tx, report.base_id) if report else None
    if waiting is None or report is None or base is None or sent.sha256 is None:
        return
    data = await asyncio.to_thread(shelf.files.path(sent.sha256).read_bytes)
    told = edition(report.year)
    reading = await asyncio.to_thread(figures_sheet.read, data, told, report.year, base.code)
    async with services.database.tx() as tx:
        await drafts.delete(tx, waiting.id)
        rows = await outbox.insert(tx, await _shown(services, tx, waiting, report, reading))
    services.sender.send_now(rows)


async def _shown(
    services: Services, tx: Tx, waiting: Draft, report: Report, reading: figures_sheet.SheetReading
) -> list[Row]:
    ctx = await on_behalf(services, tx, waiting.person_id)
    remarks = (reading.refused, *reading.remarks) if reading.refused else reading.remarks
    facts, offers = await prepare(ctx, report, reading.figures, remarks, Source.SHEET)
    to = To(person_id=waiting.person_id)
    notice = Notice(to, "annual/fill_preview", facts, offers, subject=report.subject)
    return await letters.addressed(tx, services.catalog, services.locale, [notice], ctx.now)


async def not_made(services: Services, person_id: int) -> None:
    """The making's last word."""
    async with services.database.tx() as tx:
        rows = await _told(services, tx, person_id, "annual/sheet_not_made")
    services.sender.send_now(rows)


async def give_up(services: Services, attachment_id: int) -> None:
    """The reading's last word: it could not be read; whoever sent it is told."""
    async with services.database.tx() as tx:
        waiting = await drafts.named(tx, _name(attachment_id))
        if waiting is None:
            return
        await drafts.delete(tx, waiting.id)
        rows = await _told(services, tx, waiting.person_id, "annual/sheet_unread")
    services.sender.send_now(rows)


async def _told(services: Services, tx: Tx, person_id: int, template: str) -> list[Row]:
    notice = Notice(To(person_id=person_id), template)
    now = services.clock.now()
    letter = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
    return await outbox.insert(tx, letter)
