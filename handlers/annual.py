"""What the pages of the annual report share: the report, what is found in it, what is kept of a step."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from domain import annual_findings as rules
from domain.access import Action
from domain.annual import Command, decide
from domain.annual_content import Content, File, Purpose
from domain.annual_editing import Editing, Written, attach, enter
from domain.annual_papers import Values
from domain.annual_progress import late, progress
from domain.annual_report import Move, Outcome, Report, Signing, State, Via
from domain.annual_rules import RULES, Demand
from domain.errors import Forbidden, Refused, Stale
from domain.figures import read
from domain.forms import Words
from domain.indicators import edition
from domain.ladders import ANNUAL_REPORT
from domain.obligations import Move as Duty
from domain.obligations import State as Owing
from domain.obligations import decide as settle
from domain.uploads import GONE
from domain.uploads import State as Kept
from domain.verification import Discrepancy
from handlers import annual_files_read
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import words
from storage import annual, attachments, bases, obligations, vacations
from storage.engine import Tx

PAPERS = {Move.SUBMIT: "annual_receipt", Move.PASS: "annual_to_seal"}
"""The jobs that make what goes to the base after a move (handlers/annual_papers)."""


async def locked(ctx: Ctx, report_id: int) -> Report:
    """A report that the person may see; another's does not exist for them. Raises Forbidden."""
    report = await annual.lock(ctx.tx, report_id)
    if report is None or not (ctx.may(Action.REPORTS) or ctx.may(Action.REPORT, report.base_id)):
        raise Forbidden
    return report


async def findings(tx: Tx, report: Report) -> list[Discrepancy]:
    """数据核对 of what is in it now."""
    return await found_in(tx, report.content)


async def found_in(tx: Tx, content: Content) -> list[Discrepancy]:
    """数据核对 of a content: its figures, held against those of earlier years, its text and its lists."""
    last, *before = await _earlier_figures(tx, content)
    return rules.findings(content, await annual_files_read.of_content(tx, content), last, before)


async def settled_findings(tx: Tx, report: Report) -> list[Discrepancy]:
    """The same, for a step that they decide on. Raises Refused while a file of it has not been read."""
    await annual_files_read.demand_read(tx, report.content)
    return await findings(tx, report)


async def last_figures(tx: Tx, report: Report | Content) -> Mapping[str, object]:
    """What the base reported for the year before, as it was last put right; empty where it did not."""
    return await _figures_of(tx, report.base_id, report.year - 1) or {}


async def _figures_of(tx: Tx, base_id: int, year: int) -> Mapping[str, object] | None:
    found = await annual.of_base(tx, base_id, year)
    return found.content.figures if found is not None and found.versions else None


async def _earlier_figures(tx: Tx, content: Content) -> list[Mapping[str, object]]:
    """Last year's, then those of the years before as far as they go without a gap."""
    earlier = [await last_figures(tx, content)]
    year = content.year - 2
    while (figures := await _figures_of(tx, content.base_id, year)) is not None:
        earlier.append(figures)
        year -= 1
    return earlier


def values(figures: Mapping[str, object], year: int) -> Values:
    """The figures that are numbers, by code."""
    by_code = edition(year).by_code
    found = {
        code: read(text, by_code[code].unit.decimals) for code, text in figures.items() if code in by_code
    }
    return {code: value for code, value in found.items() if not isinstance(value, str)}


async def write(ctx: Ctx, report: Report, written: list[Written], seen_rev: int | None = None) -> Report:
    """Enter texts, each saved at once. Raises Stale, Forbidden or Refused."""
    editing = Editing(ctx.require(Action.MENU), ctx.now, seen_rev)
    return (await keep(ctx, enter(report, written, editing), "annual_written")).report


async def attach_files(ctx: Ctx, report: Report, ids: list[int], purpose: Purpose) -> Report:
    """Make files that were sent in a form part of the report; what was refused meanwhile is left out.

    Raises Refused while one is still looked at or waits for somebody's word, and what `attach` raises.
    """
    by = ctx.require(Action.MENU)
    for sent in await attachments.list_by(ctx.tx, ids):
        if sent.state in GONE:
            continue
        if sent.state is not Kept.KEPT or sent.sha256 is None:
            raise Refused("annual/file_not_ready")
        file = File(sent.id, purpose, sent.name, sent.sha256, by.person_id, ctx.now)
        outcome = attach(report, file, Editing(by, ctx.now))
        if outcome.files:
            report = (await keep(ctx, outcome, "annual_attached")).report
            if annual_files_read.is_read(purpose, sent.name):
                await ctx.start_job(annual_files_read.READ, attachment_id=sent.id, person_id=by.person_id)
    return report


async def move(
    ctx: Ctx,
    report: Report,
    move: Move,
    seen_rev: int | None = None,
    *,
    via: Via = Via.PRESS,
    remarks: Mapping[str, str] | None = None,
    signed_by: str = "",
    attachment_id: int | None = None,
    received_on: date | None = None,
) -> Outcome:
    """Make a move of the report's life. Raises Stale, Forbidden or Refused."""
    found = settled_findings if Demand.VERIFIED in RULES[move].demands else findings
    command = Command(
        move,
        ctx.require(Action.MENU),
        ctx.now,
        seen_rev,
        via,
        await found(ctx.tx, report),
        remarks or {},
        signed_by,
        attachment_id,
        received_on,
        calendar=await vacations.calendar_of(ctx.tx, ctx.services.calendar, report.base_id),
    )
    outcome = await keep(ctx, decide(report, command), f"annual_{move}")
    if move in PAPERS and outcome.repeated is None:
        version = len(outcome.report.versions)
        await ctx.start_job(PAPERS[move], report_id=outcome.report.id, version=version)
    return outcome


async def keep(ctx: Ctx, outcome: Outcome, what: str) -> Outcome:
    """Store what was made, tell who is to hear of it, and end the obligation where it was accepted."""
    base = await bases.get(ctx.tx, outcome.report.base_id)
    saved = await annual.save(ctx.tx, outcome.told(base=base.name, **_told(ctx, outcome)), ctx.now)
    if saved is None:
        raise Stale("annual_report", outcome.report.id)
    if saved.repeated is None:
        await ctx.record(what, saved.report.subject, state=saved.report.state, base=base.id)
        await ctx.tell(saved.notices)
        await _end_obligation(ctx, saved.report)
    return saved


def _told(ctx: Ctx, outcome: Outcome) -> dict[str, object]:
    """What only the record knows: what is asked, by its name, and what a version consists of."""
    snapshot, remarks = outcome.snapshot, outcome.remarks
    year = outcome.report.year
    return {
        "at": ctx.now,
        "sha256": snapshot.version.sha256 if snapshot else None,
        "files": [
            {"purpose": purpose, "name": name, "sha256": sha256}
            for purpose, name, sha256 in (snapshot.content.files if snapshot else ())
        ],
        "items": [
            {"name": about(ctx, key, year), "words": said}
            for key, said in (remarks.items.items() if remarks else ())
        ],
    }


_OF_THE_WHOLE = {
    Signing.REVIEW.value: "signing_review",
    Signing.APPROVAL.value: "signing_approval",
    Purpose.SEALED.value: "purpose_sealed",
}
"""What is said of the report as a whole goes by who said it, or by what it is said of: the label's key."""


def about(ctx: Ctx, key: str, year: int) -> Words | str:
    """What a remark is about, in words."""
    label = _OF_THE_WHOLE.get(key)
    return words(ctx.catalog, label) if label else named(key, year)


def named(key: str, year: int) -> Words | str:
    """What a remark or an entry is about: a figure, a duty, a section; a file is called as it is."""
    told = edition(year)
    names: dict[str, Words] = {
        **{code: one.short for code, one in told.by_code.items()},
        **{duty.code: duty.name for duty in told.duties},
        **{section.key: section.title for section in told.sections},
    }
    return names.get(key, key)


async def _end_obligation(ctx: Ctx, report: Report) -> None:
    """With 接收 nothing is owed any more: the reminders that are planned find that when their hour comes."""
    if report.state is not State.ACCEPTED:
        return
    owed = await obligations.of_base(ctx.tx, ANNUAL_REPORT, report.year, report.base_id)
    if owed is None or owed.state in (Owing.RECEIVED, Owing.WAIVED):
        return
    received = settle(owed, Duty.RECEIVE, ctx.require(Action.REPORT_RECEIVE), owed.rev, ctx.now)
    await obligations.save(ctx.tx, received)


async def facts(ctx: Ctx, report: Report) -> dict[str, object]:
    """How the report stands, for the head of every page about it."""
    base = await bases.get(ctx.tx, report.base_id)
    reached = progress(report, await findings(ctx.tx, report))
    return {
        "base": base.name,
        "year": report.year,
        "state": report.read_as,
        "done": reached.done,
        "total": reached.total,
        "version": len(report.versions),
        "receipt": report.versions[-1].receipt if report.versions else None,
        "late": late(report, ctx.today),
        "seal_due": report.seal_due_on.isoformat() if report.seal_due_on else None,
        "extended_until": report.extended_until.isoformat() if report.extended_until else None,
        "period": [report.period.first.isoformat(), report.period.cut_off.isoformat()]
        if report.period
        else None,
    }


# --- whose page it is -------------------------------------------------------------------------------------

Draw = Callable[[Ctx, Report], Awaitable[None]]
_PAGES: list[tuple[Action, Draw]] = []


def page_for(action: Action) -> Callable[[Draw], Draw]:
    """The page of those who may do this with the report; who may do several gets the first registered."""

    def register_page(draw: Draw) -> Draw:
        _PAGES.append((action, draw))
        return draw

    return register_page


async def show(ctx: Ctx, report: Report) -> None:
    """The report as the person works on it. Raises Forbidden."""
    for action, draw in _PAGES:
        if ctx.may(action, report.base_id):
            await draw(ctx, report)
            return
    raise Forbidden


@press("annual", Action.MENU)
async def open_page(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await locked(ctx, pressed.id))


@redraws("annual_report")
async def redraw(ctx: Ctx, report_id: int) -> None:
    await show(ctx, await locked(ctx, report_id))
