"""Files of the annual report: the text as one document, evidence, the sealed copy (Article 9)."""

from domain.access import Action
from domain.annual_content import PART_OF_CONTENT, Purpose
from domain.annual_editing import Editing, detach
from domain.annual_report import EDITABLE, Move, Report, State
from domain.errors import Forbidden, Refused, Stale
from domain.forms import Draft, Form
from domain.notices import Offer
from domain.uploads import GONE
from handlers import annual, forms
from handlers.annual_home import as_seen, mine, to_report
from handlers.annual_home import show as show_home
from handlers.annual_sheets import CHANNEL
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.routes import press
from handlers.steps import step, words
from storage import attachments

LISTED = 20
COLLECTED = {Purpose.NARRATIVE, Purpose.EVIDENCE, Purpose.SEALED}


@press("annual_files", Action.REPORT_FILL)
async def files(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await mine(ctx, pressed.id))


async def _show(ctx: Ctx, report: Report) -> None:
    listed = [file for file in report.files if file.purpose in PART_OF_CONTENT][:LISTED]
    rows = [{"n": n, "purpose": one.purpose, "name": one.name} for n, one in enumerate(listed, 1)]
    word = ctx.catalog.label("annual_unfile", ctx.locale)
    removals = [
        Offer(f"annual_unfile.{one.attachment_id}", report.id, report.rev, text=f"{word} {n}")
        for n, one in enumerate(listed, 1)
        if report.state in EDITABLE
    ]
    offers = (
        (Offer("annual_evidence", report.id, report.rev), Offer("annual_narrative", report.id, report.rev)),
        *(tuple(removals[i : i + 3]) for i in range(0, len(removals), 3)),
        *to_report(report),
    )
    ctx.show("annual/fill_files", {"year": report.year, "rows": rows}, offers, subject=report.subject)


@press("annual_unfile", Action.REPORT_FILL)
async def remove(ctx: Ctx, pressed: Press) -> None:
    report = await as_seen(ctx, pressed)
    if not pressed.arg.isdecimal():
        raise Forbidden
    editing = Editing(ctx.require(Action.REPORT_FILL), ctx.now, pressed.rev)
    kept = await annual.keep(ctx, detach(report, int(pressed.arg), editing), "annual_detached")
    await _show(ctx, kept.report)


@press("annual_evidence", Action.REPORT_FILL)
async def evidence(ctx: Ctx, pressed: Press) -> None:
    await collect(ctx, await mine(ctx, pressed.id), Purpose.EVIDENCE)


@press("annual_narrative", Action.REPORT_FILL)
async def narrative(ctx: Ctx, pressed: Press) -> None:
    await collect(ctx, await mine(ctx, pressed.id), Purpose.NARRATIVE)


@press("annual_seal", Action.REPORT_FILL)
async def seal(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    if report.state is not State.SEALING:
        raise Stale("annual_report", report.id)
    await collect(ctx, report, Purpose.SEALED)


async def collect(ctx: Ctx, report: Report, purpose: Purpose) -> None:
    """Ask for files of a purpose; they become part of the report when all have been looked at."""
    if purpose in PART_OF_CONTENT and report.state not in EDITABLE:
        raise Refused("annual/not_editable", year=report.year, state=report.state)
    name = f"annual_files:{purpose}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _build(ctx: Ctx, argument: str) -> Form:
    """Raises KeyError for a purpose that is collected elsewhere."""
    purpose = {one.value: one for one in COLLECTED}[argument]
    title = words(ctx.catalog, f"purpose_{purpose}")
    hint = f"files_{purpose}"
    asked = step(ctx, "report_files", "file_list", hint=hint)
    return Form(f"annual_files:{purpose}", 1, Action.REPORT_FILL, title, (asked,))


@form("annual_files", Action.REPORT_FILL, _build, Manner(channel=CHANNEL))
async def handed_in(ctx: Ctx, draft: Draft) -> None:
    """With the sealed copy the report is sealed."""
    report = await mine(ctx, draft.subject_id or 0)
    purpose = Purpose(draft.form.partition(":")[2])
    sent = draft.answers["report_files"]
    ids = [int(str(one)) for one in sent] if isinstance(sent, list) else []
    if purpose is Purpose.NARRATIVE:
        await _demand_docx(ctx, ids)
    report = await annual.attach_files(ctx, report, ids, purpose)
    if purpose is not Purpose.SEALED:
        await _show(ctx, report)
        return
    if report.state is State.SEALING:
        report = (await annual.move(ctx, report, Move.SEAL)).report
    await show_home(ctx, report)


async def _demand_docx(ctx: Ctx, ids: list[int]) -> None:
    """Of anything else no one report can be made. Raises Refused."""
    sent = await attachments.list_by(ctx.tx, ids)
    if not all(one.name.lower().endswith(".docx") for one in sent if one.state not in GONE):
        raise Refused("annual/fill_docx_only")
