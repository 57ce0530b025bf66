"""请修改: remarks on figures, sections and files, gathered while reading and told all at once (Article 9).

They wait in a draft of the officer's own; nothing reaches the base before 确认.
"""

from collections.abc import Mapping
from dataclasses import replace

from domain.access import Action
from domain.annual_report import Move, Report
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.indicators import edition
from domain.notices import Offer
from handlers import annual, forms
from handlers.annual_desk import checked, show
from handlers.annual_leaves import parts, remarkable
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import step, words
from storage import drafts

GATHERED = "annual_remarks"
SHOWN, SHOWN_CHARS = 20, 120
AT_ONCE = Manner(at_once=True)
"""The preview of all remarks is the review."""


# --- one remark -------------------------------------------------------------------------------------------


@press("annual_remark", Action.REPORT_CHECK)
async def begin_remark(ctx: Ctx, pressed: Press) -> None:
    """Words for the item of the button; what was said of it before is replaced."""
    report = await _returnable(ctx, pressed)
    if pressed.arg not in {*_keys(report), *(f"f{one.attachment_id}" for one in report.files)}:
        raise Forbidden
    await forms.open_form(ctx, f"annual_remark:{report.year}_{pressed.arg}", subject_id=report.id)


def _keys(report: Report) -> set[str]:
    told = edition(report.year)
    return {*told.by_code, *(one.code for one in told.duties), *(one.key for one in told.sections)}


def _remark_form(ctx: Ctx, argument: str) -> Form:
    year, _, key = argument.partition("_")
    asked = step(ctx, "remark", "longtext", hint="remark")
    name = annual.named(key, int(year))
    if not isinstance(name, str):
        asked = replace(asked, label=name)
    title = words(ctx.catalog, "form_annual_remark")
    return gated(ctx, Form("annual_remark", 1, Action.REPORT_CHECK, title, (asked,)))


@form("annual_remark", Action.REPORT_CHECK, _remark_form, AT_ONCE)
async def remark(ctx: Ctx, draft: Draft) -> None:
    report = await checked(ctx, draft.subject_id or 0)
    if not remarkable(ctx, report):
        raise Stale("annual_report", report.id)
    key = draft.form.partition(":")[2].partition("_")[2]
    gathered = await _gathered(ctx, report)
    said = {**gathered.answers, key: str(draft.answers["remark"])}
    await _keep(ctx, gathered, said)
    await _preview(ctx, report, said)


# --- all of them ------------------------------------------------------------------------------------------


@press("annual_return", Action.REPORT_CHECK)
async def preview(ctx: Ctx, pressed: Press) -> None:
    report = await _returnable(ctx, pressed)
    await _preview(ctx, report, (await _gathered(ctx, report)).answers)


async def _preview(ctx: Ctx, report: Report, said: Mapping[str, object]) -> None:
    """As the base will read them; what is still missing is gathered from the parts."""
    items = list(_named(report, said).items())
    facts = await annual.facts(ctx, report) | {
        "rows": [
            {"name": annual.named(key, report.year), "words": text[:SHOWN_CHARS]}
            for key, text in items[:SHOWN]
        ],
        "more": max(len(items) - SHOWN, 0),
    }
    send = Offer("annual_send_back", report.id, report.rev, label="confirm")
    clear = Offer("annual_clear", report.id, report.rev)
    offers = (
        *(((send, clear),) if items else ()),
        *parts(report),
        (Offer("annual", report.id, label="home"),),
    )
    ctx.show("annual/return_preview", facts, offers, subject=report.subject)


@press("annual_clear", Action.REPORT_CHECK)
async def clear(ctx: Ctx, pressed: Press) -> None:
    report = await _returnable(ctx, pressed)
    gathered = await _gathered(ctx, report)
    await drafts.delete(ctx.tx, gathered.id)
    await _preview(ctx, report, {})


@press("annual_send_back", Action.REPORT_CHECK)
async def send_back(ctx: Ctx, pressed: Press) -> None:
    """All at once. Raises Stale where another officer has decided meanwhile."""
    report = await checked(ctx, pressed.id)
    gathered = await _gathered(ctx, report)
    remarks = _named(report, gathered.answers)
    outcome = await annual.move(ctx, report, Move.RETURN, pressed.rev, remarks=remarks)
    await drafts.delete(ctx.tx, gathered.id)
    await show(ctx, outcome.report)


def _named(report: Report, said: Mapping[str, object]) -> dict[str, str]:
    """By the key of the item; a file goes by its name, one that is gone not at all."""
    files = {f"f{one.attachment_id}": one.name for one in report.files}
    known = _keys(report)
    named: dict[str, str] = {}
    for key, text in said.items():
        if key in files or key in known:
            name = files.get(key, key)
            named[name] = f"{named[name]}\n{text}" if name in named else str(text)
    return named


async def _returnable(ctx: Ctx, pressed: Press) -> Report:
    """A report that may be returned now, as the page shows it. Raises Stale."""
    report = await checked(ctx, pressed.id)
    if pressed.rev != report.rev or not remarkable(ctx, report):
        raise Stale("annual_report", report.id)
    return report


async def _gathered(ctx: Ctx, report: Report) -> Draft:
    """What this officer has said so far of this version."""
    name = f"{GATHERED}:{len(report.versions)}"
    found = await drafts.find(ctx.tx, name, person_id=ctx.me.id, base_id=None, subject_id=report.id)
    if found is not None:
        return found
    return await drafts.add(
        ctx.tx,
        name,
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=report.id,
        now=ctx.now,
        expires_at=ctx.now + forms.KEPT_MS,
    )


async def _keep(ctx: Ctx, gathered: Draft, said: Mapping[str, object]) -> None:
    kept = replace(gathered.with_answers(said), expires_at=ctx.now + forms.KEPT_MS)
    if not await drafts.save(ctx.tx, kept, gathered.rev):
        raise Stale("draft", gathered.id)
