"""The funded project of a base (Article 6): its milestones and the day by which its funds are spent."""

from datetime import date

from domain.access import Action
from domain.bases import Base
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.ladders import FUNDS, MILESTONE, kind_of
from domain.notices import Offer, Rows
from domain.obligations import RULES, Move, Obligation, State, decide
from handlers import duties, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import annual, bases, obligations

TITLE_CHARS = 60
LISTED = 20
_TOLD = {Move.RECEIVE: "project/done", Move.REOPEN: "project/reopened"}
"""What the base hears; each is asked once more before it is made."""


# --- what a base owes of its project ----------------------------------------------------------------------


@press("project", Action.REPORTS)
async def show(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await _base(ctx, pressed.id))


async def _show(ctx: Ctx, base: Base) -> None:
    titled = await obligations.titled_of_base(ctx.tx, base.id)
    listed = [row for row in titled if kind_of(row.obligation.kind) in (MILESTONE, FUNDS)][-LISTED:]
    owed = await obligations.with_people(ctx.tx, [row.obligation for row in listed])
    standings = await annual.with_standings(ctx.tx, owed) if owed else []
    rows = [
        {
            "kind": kind_of(row.obligation.kind),
            "title": row.title,
            "due": one.due_on,
            "state": row.obligation.state,
        }
        for row, one in zip(listed, standings, strict=True)
    ]
    links: Rows = tuple((Offer("project_item", row.obligation.id, text=row.title),) for row in listed)
    new: Rows = ((Offer("milestone_new", base.id), Offer("funds_new", base.id)),)
    may_add = ctx.may(Action.REPORT_RECEIVE)
    offers = (*links, *(new if may_add else ()), (Offer("base", base.id, label="home"),))
    facts = {"base": base.name, "project_start": base.project_start, "rows": rows}
    ctx.show("project/page", facts, offers)


async def _base(ctx: Ctx, base_id: int) -> Base:
    """Raises Forbidden where there is none: the id came with a press."""
    try:
        return await bases.get(ctx.tx, base_id)
    except LookupError:
        raise Forbidden from None


# --- one more ---------------------------------------------------------------------------------------------


@press("milestone_new", Action.REPORT_RECEIVE)
async def begin_milestone(ctx: Ctx, pressed: Press) -> None:
    await _begin(ctx, pressed, MILESTONE)


@press("funds_new", Action.REPORT_RECEIVE)
async def begin_funds(ctx: Ctx, pressed: Press) -> None:
    await _begin(ctx, pressed, FUNDS)


async def _begin(ctx: Ctx, pressed: Press, kind: str) -> None:
    base = await _base(ctx, pressed.id)
    await forms.open_form(ctx, f"project_new:{kind}", subject_id=base.id)


def _new_form(ctx: Ctx, kind: str) -> Form:
    if kind not in (MILESTONE, FUNDS):
        raise Forbidden
    steps = (
        step(ctx, "duty_title", hint=kind, checks={"max_chars": TITLE_CHARS}),
        step(ctx, "due_on", "date", checks={"not_before": "today"}),
    )
    title = words(ctx.catalog, f"form_{kind}")
    return Form(f"project_new:{kind}", 1, Action.REPORT_RECEIVE, title, steps)


@form("project_new", Action.REPORT_RECEIVE, _new_form)
async def add(ctx: Ctx, draft: Draft) -> None:
    base = await _base(ctx, draft.subject_id or 0)
    kind = draft.form.partition(":")[2]
    due_on = date.fromisoformat(str(draft.answers["due_on"]))
    title = str(draft.answers["duty_title"])
    obligation_id = await obligations.add(ctx.tx, kind, base.id, due_on, title, ctx.now)
    if obligation_id is None:
        raise Stale("base", base.id)
    obligation = await duties.locked(ctx, obligation_id, Action.REPORT_RECEIVE)
    await ctx.record("project_added", obligation.subject, base=base.id)
    await _show(ctx, base)
    await duties.tell_base(ctx, obligation, "project/added", await duties.facts(ctx, obligation))


# --- one of them ------------------------------------------------------------------------------------------


@press("project_item", Action.REPORTS)
async def show_item(ctx: Ctx, pressed: Press) -> None:
    await _show_item(ctx, await duties.locked(ctx, pressed.id, Action.REPORTS, MILESTONE, FUNDS))


async def _show_item(ctx: Ctx, obligation: Obligation) -> None:
    facts = await duties.facts(ctx, obligation) | {"state": obligation.state}
    own: Rows = ((Offer("own_duties", obligation.base_id or 0), *BACK[0]),)
    back = ((Offer("project", obligation.base_id or 0),),) if ctx.may(Action.REPORTS) else own
    ctx.show("project/item", facts, (*_offers(ctx, obligation), *back), subject=obligation.subject)


def _offers(ctx: Ctx, obligation: Obligation) -> Rows:
    id_, rev = obligation.id, obligation.rev
    if ctx.may(Action.REPORT_CLAIM, obligation.base_id) and obligation.state is State.OPEN:
        return ((Offer("extension_ask", id_, rev), Offer("call_me", id_, rev)),)
    if not ctx.may(Action.REPORT_RECEIVE):
        return ()
    if obligation.state in RULES[Move.RECEIVE].before:
        return ((Offer("project_ask.receive", id_, rev, label="project_done"), Offer("extension", id_, rev)),)
    return ((Offer("project_ask.reopen", id_, rev, label="project_reopen"),),)


@press("project_ask", Action.REPORT_RECEIVE)
async def ask(ctx: Ctx, pressed: Press) -> None:
    """Who presses sees once more for whom."""
    obligation, move = await _seen(ctx, pressed)
    decide(obligation, move, ctx.require(Action.REPORT_RECEIVE), pressed.rev, ctx.now)
    offers = (
        (Offer(f"project_do.{move}", obligation.id, obligation.rev, label="confirm"),),
        (Offer("project_item", obligation.id, label="home"),),
    )
    ctx.show("project/confirm", await duties.facts(ctx, obligation) | {"move": move}, offers)


@press("project_do", Action.REPORT_RECEIVE)
async def make(ctx: Ctx, pressed: Press) -> None:
    obligation, move = await _seen(ctx, pressed)
    moved = decide(obligation, move, ctx.require(Action.REPORT_RECEIVE), pressed.rev, ctx.now)
    if not await obligations.save(ctx.tx, moved):
        raise Stale(duties.page_of(obligation), obligation.id)
    await ctx.record(f"project_{move}", moved.subject, base=moved.base_id)
    await _show_item(ctx, moved)
    await duties.tell_base(ctx, moved, _TOLD[move], await duties.facts(ctx, moved))


async def _seen(ctx: Ctx, pressed: Press) -> tuple[Obligation, Move]:
    """Raises Forbidden: no page of ours offers any other move."""
    if pressed.arg not in set(_TOLD):
        raise Forbidden
    obligation = await duties.locked(ctx, pressed.id, Action.REPORT_RECEIVE, MILESTONE, FUNDS)
    return obligation, Move(pressed.arg)


@redraws(FUNDS)
@redraws(MILESTONE)
async def redraw(ctx: Ctx, obligation_id: int) -> None:
    action = Action.REPORTS if ctx.may(Action.REPORTS) else Action.REPORT
    await _show_item(ctx, await duties.locked(ctx, obligation_id, action, MILESTONE, FUNDS))
