"""A figure of an accepted report put right later, with its reason and its trace (Article 9)."""

from dataclasses import replace

from domain import figures_text
from domain.access import Action
from domain.annual_editing import Editing, revise
from domain.annual_report import Report, State
from domain.errors import Invalid, Stale
from domain.forms import Answers, Draft, Form, Reply, Value
from domain.indicators import edition
from domain.notices import Notice, Offer, To
from domain.people import Role
from handlers import annual, forms
from handlers.annual import locked
from handlers.annual_preview import as_entered
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import step, words
from storage import bases


@press("annual_revise", Action.REPORT_RECORD)
async def begin(ctx: Ctx, pressed: Press) -> None:
    report = await _accepted(ctx, pressed.id)
    if pressed.rev != report.rev:
        raise Stale("annual_report", report.id)
    await forms.open_form(ctx, f"annual_revise:{report.year}", subject_id=report.id)


def _form(ctx: Ctx, year: str) -> Form:
    """The figure and its new value in one line, as in a list."""
    asked = step(ctx, "correction", hint="correction")

    def parse(reply: Reply, answers: Answers) -> Value:
        text = str(asked.parse(reply, answers))
        _one(text, int(year))
        return text

    steps = (replace(asked, parse=parse), step(ctx, "reason", "longtext", checks={"max_chars": 500}))
    title = words(ctx.catalog, "annual_revise")
    return gated(ctx, Form("annual_revise", 1, Action.REPORT_RECORD, title, steps))


def _one(text: str, year: int) -> tuple[str, str]:
    """The code and the value of exactly one figure. Raises Invalid."""
    listed = figures_text.read(text, edition(year))
    if len(listed.figures) != 1 or any(isinstance(value, str) for value in listed.figures.values()):
        raise Invalid("annual/one_figure")
    [(code, value)] = listed.figures.items()
    return code, as_entered(value)


@form("annual_revise", Action.REPORT_RECORD, _form)
async def save(ctx: Ctx, draft: Draft) -> None:
    """The versions stay as they were submitted; the base hears what was changed, and why."""
    report = await _accepted(ctx, draft.subject_id or 0)
    code, text = _one(str(draft.answers["correction"]), report.year)
    reason, old = str(draft.answers["reason"]), report.content.figures.get(code)
    editing = Editing(ctx.require(Action.REPORT_RECORD), ctx.now)
    kept = await annual.keep(ctx, revise(report, code, text, reason, editing), "annual_revised")
    base = await bases.get(ctx.tx, report.base_id)
    facts = {
        "base": base.name,
        "year": report.year,
        "actor": ctx.me.name,
        "name": annual.named(code, report.year),
        "old": old,
        "new": text,
        "reason": reason,
    }
    to = To(base_id=report.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    offers = ((Offer("annual", report.id, kept.report.rev),),)
    await ctx.tell([Notice(to, "annual/revised", facts, offers, subject=report.subject)])
    await annual.show(ctx, kept.report)


async def _accepted(ctx: Ctx, report_id: int) -> Report:
    report = await locked(ctx, report_id)
    ctx.require(Action.REPORT_RECORD, report.base_id)
    if report.state is not State.ACCEPTED:
        raise Stale("annual_report", report.id)
    return report
