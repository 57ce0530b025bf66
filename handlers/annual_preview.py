"""Figures that were read out of a list or a sheet: shown first, and saved when they are confirmed.

What was read waits in a draft of its own that no text answers.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain import figures_text
from domain.access import Action
from domain.annual_content import Part, Source
from domain.annual_editing import Written
from domain.annual_report import Report
from domain.errors import Refused, Stale
from domain.figures import plain
from domain.forms import Draft, Form, Remark
from domain.indicators import edition
from domain.notices import Offer, Rows
from handlers import annual, forms
from handlers.annual_fill import show_figures
from handlers.annual_home import mine
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import KEPT_MS, Manner, form
from handlers.routes import press
from handlers.steps import step, words
from storage import drafts

FORM = "annual_preview"
REMARKS = 6
ZEROS = 4
"""So many figures of nothing are named in one line: what is something is seen at a glance."""
LIST_CHARS = 4000

Page = tuple[dict[str, object], Rows]


async def prepare(
    ctx: Ctx, report: Report, figures: Mapping[str, object], remarks: Sequence[Remark], source: Source
) -> Page:
    """Facts and buttons of annual/fill_preview; what waited before is replaced."""
    read = {code: as_entered(value) for code, value in figures.items()}
    old = await drafts.find(ctx.tx, FORM, person_id=ctx.me.id, base_id=None, subject_id=report.id)
    if old is not None:
        await drafts.delete(ctx.tx, old.id)
    draft = await drafts.add(
        ctx.tx,
        FORM,
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=report.id,
        now=ctx.now,
        expires_at=ctx.now + KEPT_MS,
    )
    waiting = draft.with_answers({"source": source.value, "figures": read})
    await drafts.save(ctx.tx, waiting, draft.rev)
    return _facts(report, read, remarks), _offers(report, waiting)


def as_entered(value: object) -> str:
    """As an entry keeps it: a plain number, yes or no, or what was written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _facts(report: Report, read: Mapping[str, str], remarks: Sequence[Remark]) -> dict[str, object]:
    present = report.content.figures
    by_code = edition(report.year).by_code
    changes = [
        {
            "code": code,
            "name": annual.named(code, report.year),
            "old": present.get(code),
            "new": text,
            "unit": by_code[code].unit.words if code in by_code else "",
        }
        for code, text in read.items()
        if present.get(code) != text
    ]
    zeros = [str(one["code"]) for one in changes if one["new"] == "0" and one["old"] is None]
    return {
        "year": report.year,
        "changes": changes,
        "zeros": zeros if len(zeros) >= ZEROS else [],
        "same": len(read) - len(changes),
        "remarks": list(remarks[:REMARKS]),
        "more": max(len(remarks) - REMARKS, 0),
    }


def _offers(report: Report, draft: Draft) -> Rows:
    """Nothing read, nothing to confirm."""
    take = Offer("annual_take", draft.id, draft.rev, label="confirm")
    drop = Offer("annual_drop", draft.id, draft.rev, label="cancel")
    return ((take, drop),) if draft.answers["figures"] else ((drop,),)


@press("annual_take", Action.REPORT_FILL)
async def take(ctx: Ctx, pressed: Press) -> None:
    """确认: all of it is saved."""
    draft, report = await _waiting(ctx, pressed)
    read, source = draft.answers["figures"], Source(str(draft.answers["source"]))
    present = report.content.figures
    written = [
        Written(Part.FIGURE, code, text, source)
        for code, text in (read.items() if isinstance(read, dict) else ())
        if present.get(code) != text
    ]
    await drafts.delete(ctx.tx, draft.id)
    if written:
        report = await annual.write(ctx, report, written)
    ctx.toast("annual/fill_taken", {"n": len(written)})
    await show_figures(ctx, report)


@press("annual_drop", Action.REPORT_FILL)
async def drop(ctx: Ctx, pressed: Press) -> None:
    draft, report = await _waiting(ctx, pressed)
    await drafts.delete(ctx.tx, draft.id)
    await show_figures(ctx, report)


async def _waiting(ctx: Ctx, pressed: Press) -> tuple[Draft, Report]:
    """The person's own, as the page shows it. Raises Forbidden, Stale, or Refused when it is gone."""
    draft = await drafts.lock(ctx.tx, pressed.id)
    if draft is None or draft.form != FORM or draft.person_id != ctx.me.id:
        raise Refused("forms/gone")
    report = await mine(ctx, draft.subject_id or 0)
    if draft.rev != pressed.rev:
        raise Stale("annual_report", report.id)
    return draft, report


# --- a list, pasted as text -------------------------------------------------------------------------------


@press("annual_paste", Action.REPORT_FILL)
async def paste(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    await forms.open_form(ctx, "annual_paste", base_id=None, subject_id=report.id)


def _paste_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "figures_list", "longtext", hint="figures_list", checks={"max_chars": LIST_CHARS})
    return Form("annual_paste", 1, Action.REPORT_FILL, words(ctx.catalog, "form_annual_paste"), (asked,))


@form("annual_paste", Action.REPORT_FILL, _paste_form, Manner(at_once=True))
async def pasted(ctx: Ctx, draft: Draft) -> None:
    report = await mine(ctx, draft.subject_id or 0)
    listed = figures_text.read(str(draft.answers["figures_list"]), edition(report.year))
    facts, offers = await prepare(ctx, report, listed.figures, listed.remarks, Source.PASTED)
    ctx.show("annual/fill_preview", facts, offers, subject=report.subject)
