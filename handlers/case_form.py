"""A case is filed, returned with remarks and filed again; figures are quoted from the verified report."""

from collections.abc import Mapping

from domain import cases as rules
from domain.access import Action
from domain.annual_report import State as ReportState
from domain.cases import Case, Move, Quoted, Section, decide, offers
from domain.errors import Forbidden
from domain.forms import Draft, Form
from domain.indicators import edition
from domain.notices import Notice, Offer, Rows
from domain.people import Role
from handlers import forms
from handlers.callbacks import Press
from handlers.cases import OFFICERS, facts_of, locked, moved, own_base, show, tell_base
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import step, words
from storage import annual, cases, numbers

TITLE_CHARS = 60
SECTION_CHARS = 700
YEARS_BACK = 2
MOST_FIGURES = 24


def _form(ctx: Ctx, _: str) -> Form:
    steps = (
        step(ctx, "case_title", hint="case_title", checks={"max_chars": TITLE_CHARS}),
        *(
            step(ctx, f"case_{key}", "longtext", hint=f"case_{key}", checks={"max_chars": SECTION_CHARS})
            for key in Section
        ),
    )
    return gated(ctx, Form("case_file", 1, Action.CASE_FILE, words(ctx.catalog, "form_case"), steps))


@press("case_new", Action.CASE_FILE)
async def begin(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, "case_file", base_id=own_base(ctx, Action.CASE_FILE))


@press("case_file_again", Action.CASE_FILE)
async def begin_again(ctx: Ctx, pressed: Press) -> None:
    case = await locked(ctx, pressed.id)
    decide(case, Move.FILE_AGAIN, ctx.require(Action.CASE_FILE), seen_rev=pressed.rev)
    known = {"case_title": case.title, **{f"case_{key}": text for key, text in case.sections.items()}}
    await forms.open_form(ctx, "case_file", base_id=case.base_id, subject_id=case.id, known=known)


@form("case_file", Action.CASE_FILE, _form)
async def submit(ctx: Ctx, draft: Draft) -> None:
    if draft.base_id is None:
        raise Forbidden
    case = await (_filed_again(ctx, draft) if draft.subject_id else _filed(ctx, draft))
    rows: Rows = (*offers(case, frozenset({Role.OFFICER})), (Offer("case", case.id),))
    facts = await facts_of(ctx, case)
    told = {key: facts[key] for key in ("number", "base", "title", "version")}
    await ctx.tell([Notice(OFFICERS, "cases/new_officer", told, rows, subject=case.subject)])
    here = (case.id, case.rev)
    ways: Rows = ((Offer("case_consents", *here), Offer("case_figures", *here)), (Offer("case", case.id),))
    ctx.show("cases/filed", {"number": case.number, "title": case.title}, ways, subject=case.subject)


def _sections(draft: Draft) -> Mapping[Section, str]:
    return {key: str(draft.answers[f"case_{key}"]) for key in Section}


async def _filed(ctx: Ctx, draft: Draft) -> Case:
    number = await numbers.next_of(ctx.tx, cases.SERIES, ctx.today.year)
    title = str(draft.answers["case_title"])
    case = await cases.add(ctx.tx, number, draft.base_id or 0, title, _sections(draft), ctx.me.id, ctx.now)
    await ctx.record("case_filed", case.subject, base=case.base_id)
    return case


async def _filed_again(ctx: Ctx, draft: Draft) -> Case:
    """A new version: its consents are asked for anew."""
    case = await locked(ctx, draft.subject_id or 0)
    after = rules.rewritten(
        decide(case, Move.FILE_AGAIN, ctx.require(Action.CASE_FILE)),
        str(draft.answers["case_title"]),
        _sections(draft),
    )
    await cases.save(ctx.tx, after)
    await ctx.record("case_file_again", after.subject, version=after.version)
    return after


# --- the centre's review ----------------------------------------------------------------------------------


@press("case_pass", Action.CASE_REVIEW)
async def accept(ctx: Ctx, pressed: Press) -> None:
    after = await moved(ctx, await locked(ctx, pressed.id), Move.PASS, pressed.rev)
    await tell_base(ctx, after, "cases/passed")
    await show(ctx, after)


@press("case_return", Action.CASE_REVIEW)
async def begin_return(ctx: Ctx, pressed: Press) -> None:
    case = await locked(ctx, pressed.id)
    decide(case, Move.RETURN, ctx.require(Action.CASE_REVIEW), seen_rev=pressed.rev)
    await forms.open_form(ctx, "case_remark", subject_id=case.id)


def _return_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "case_remark", "longtext", hint="case_remark", checks={"max_chars": 500})
    return Form("case_remark", 1, Action.CASE_REVIEW, words(ctx.catalog, "form_case_remark"), (asked,))


@form("case_remark", Action.CASE_REVIEW, _return_form)
async def give_back(ctx: Ctx, draft: Draft) -> None:
    remark = str(draft.answers["case_remark"])
    after = await moved(ctx, await locked(ctx, draft.subject_id or 0), Move.RETURN, remark=remark)
    await tell_base(ctx, after, "cases/returned")
    await show(ctx, after)


# --- figures ----------------------------------------------------------------------------------------------


@press("case_figures", Action.CASE_FILE)
async def figures(ctx: Ctx, pressed: Press) -> None:
    await _show_figures(ctx, await locked(ctx, pressed.id))


async def _show_figures(ctx: Ctx, case: Case) -> None:
    ctx.require(Action.CASE_FILE, case.base_id)
    known = await _verified(ctx, case)
    offered = tuple(
        (Offer(f"case_figure.{one.year}_{one.code}", case.id, case.rev, text=_named(ctx, case, one)),)
        for one in known
    )
    facts = {"number": case.number, "n": len(case.figures), "known": len(known)}
    ctx.show("cases/figures", facts, (*offered, (Offer("case", case.id, label="home"),)))


async def _verified(ctx: Ctx, case: Case) -> list[Quoted]:
    """What is in the base's accepted reports of these years and is not 0, the newest first."""
    found: list[Quoted] = []
    for year in range(ctx.today.year, ctx.today.year - YEARS_BACK, -1):
        report = await annual.of_base(ctx.tx, case.base_id, year)
        if report is not None and report.state is ReportState.ACCEPTED:
            told = report.content.figures
            found += [
                Quoted(year, one.code, str(told[one.code]))
                for one in edition(year).indicators
                if told.get(one.code) not in (None, "", "0")
            ]
    return found[:MOST_FIGURES]


def _named(ctx: Ctx, case: Case, one: Quoted) -> str:
    indicator = edition(one.year).by_code[one.code]
    unit = indicator.unit.words.pick(ctx.locale)
    mark = "✓ " if one in case.figures else ""
    return f"{mark}{one.year} {indicator.short.pick(ctx.locale)} {one.value} {unit}"


@press("case_figure", Action.CASE_FILE)
async def quote(ctx: Ctx, pressed: Press) -> None:
    case = await locked(ctx, pressed.id)
    year, _, code = pressed.arg.partition("_")
    figure = next(
        (one for one in await _verified(ctx, case) if (str(one.year), one.code) == (year, code)), None
    )
    if figure is None:
        raise Forbidden
    after = rules.quoting(case, figure, ctx.actor, pressed.rev)
    await cases.save(ctx.tx, after)
    await _show_figures(ctx, after)
