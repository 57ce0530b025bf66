"""The yearly self-check (Article 4): three conditions, answered by the base, received by the centre."""

from domain.access import Action
from domain.errors import Stale
from domain.forms import Draft, Form
from domain.ladders import SELF_CHECK
from domain.ladders import ladder as ladder_of
from domain.notices import Offer, Rows
from domain.obligations import Move, Obligation, State, decide
from handlers import duties, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import ladder, obligations

CONDITIONS = ("condition_1", "condition_2", "condition_3")
LISTED = 40


def _grounds(condition: str) -> str:
    return condition.replace("condition", "grounds")


# --- the base ---------------------------------------------------------------------------------------------


@press("self_check", Action.REPORT_CLAIM)
async def begin(ctx: Ctx, pressed: Press) -> None:
    obligation = await duties.open_one(ctx, pressed.id, Action.REPORT_CLAIM, SELF_CHECK)
    await forms.open_form(ctx, "self_check", base_id=obligation.base_id, subject_id=obligation.id)


def _check_form(ctx: Ctx, _: str) -> Form:
    steps = []
    for condition in CONDITIONS:
        steps.append(step(ctx, condition, "bool", hint=condition))
        steps.append(step(ctx, _grounds(condition), "longtext", hint="grounds", checks={"max_chars": 500}))
    title = words(ctx.catalog, "form_self_check")
    return gated(ctx, Form("self_check", 1, Action.REPORT_CLAIM, title, tuple(steps)))


@form("self_check", Action.REPORT_CLAIM, _check_form)
async def answer(ctx: Ctx, draft: Draft) -> None:
    """Whatever was answered is the centre's to look at: a No is no refusal."""
    obligation = await duties.open_one(ctx, draft.subject_id or 0, Action.REPORT_CLAIM, SELF_CHECK)
    await ladder.add_answers(ctx.tx, obligation.id, draft.answers, ctx.me.id, ctx.now)
    moved = await _moved(ctx, obligation, Move.CLAIM, obligation.rev)
    await _show(ctx, moved)
    told = await _facts(ctx, moved)
    await duties.tell_officers(ctx, moved, "self_check/answered_officer", told, _centre_offers(moved))


# --- the centre -------------------------------------------------------------------------------------------


@press("self_checks", Action.REPORTS)
async def overview(ctx: Ctx, _: Press) -> None:
    """Who has not answered, and whose answer is to be looked at."""
    year = ctx.today.year
    listed = await obligations.list_of_year(ctx.tx, SELF_CHECK, year)
    if not listed:
        year = ladder_of(SELF_CHECK).next_due_on(ctx.today).year
        listed = await obligations.list_of_year(ctx.tx, SELF_CHECK, year)
    waiting = [
        row for state in (State.CLAIMED, State.OPEN) for row in listed if row.obligation.state is state
    ]
    facts = {
        "year": year,
        "due": ladder_of(SELF_CHECK).due_on(year),
        "total": len(listed),
        **{state.value: sum(row.obligation.state is state for row in listed) for state in State},
        "more": max(len(waiting) - LISTED, 0),
    }
    links = [Offer("self_check_of", row.obligation.id, text=row.base) for row in waiting[:LISTED]]
    rows: Rows = tuple(tuple(links[i : i + 2]) for i in range(0, len(links), 2))
    ctx.show("self_check/list", facts, (*rows, (Offer("go.outstanding", label="outstanding"),)))


@press("self_check_of", Action.REPORTS)
async def show(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await duties.locked(ctx, pressed.id, Action.REPORTS, SELF_CHECK))


@press("self_check_take", Action.REPORT_RECEIVE)
async def receive(ctx: Ctx, pressed: Press) -> None:
    obligation = await duties.locked(ctx, pressed.id, Action.REPORT_RECEIVE, SELF_CHECK)
    moved = await _moved(ctx, obligation, Move.RECEIVE, pressed.rev)
    await _show(ctx, moved)
    await duties.tell_base(ctx, moved, "self_check/received", await _facts(ctx, moved))


@press("self_check_back", Action.REPORT_RECEIVE)
async def begin_returning(ctx: Ctx, pressed: Press) -> None:
    obligation = await duties.locked(ctx, pressed.id, Action.REPORT_RECEIVE, SELF_CHECK)
    if (obligation.state, obligation.rev) != (State.CLAIMED, pressed.rev):
        raise Stale(SELF_CHECK, obligation.id)
    await forms.open_form(ctx, "self_check_back", subject_id=obligation.id)


def _back_form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "reason", "longtext", checks={"max_chars": 500}),)
    title = words(ctx.catalog, "form_self_check_back")
    return Form("self_check_back", 1, Action.REPORT_RECEIVE, title, steps)


@form("self_check_back", Action.REPORT_RECEIVE, _back_form)
async def give_back(ctx: Ctx, draft: Draft) -> None:
    obligation = await duties.locked(ctx, draft.subject_id or 0, Action.REPORT_RECEIVE, SELF_CHECK)
    if obligation.state is not State.CLAIMED:
        raise Stale(SELF_CHECK, obligation.id)
    moved = await _moved(ctx, obligation, Move.REOPEN, obligation.rev)
    await _show(ctx, moved)
    told = await _facts(ctx, moved) | {"reason": str(draft.answers["reason"])}
    await duties.tell_base(ctx, moved, "self_check/returned", told, ((Offer("self_check", moved.id),),))


# --- both -------------------------------------------------------------------------------------------------


@redraws(SELF_CHECK)
async def redraw(ctx: Ctx, obligation_id: int) -> None:
    action = Action.REPORTS if ctx.may(Action.REPORTS) else Action.REPORT
    await _show(ctx, await duties.locked(ctx, obligation_id, action, SELF_CHECK))


async def _moved(ctx: Ctx, obligation: Obligation, move: Move, seen_rev: int) -> Obligation:
    moved = decide(obligation, move, ctx.require(Action.MENU), seen_rev, ctx.now)
    if not await obligations.save(ctx.tx, moved):
        raise Stale(SELF_CHECK, obligation.id)
    await ctx.record(f"self_check_{move}", moved.subject, base=moved.base_id)
    return moved


async def _show(ctx: Ctx, obligation: Obligation) -> None:
    if ctx.may(Action.REPORT_RECEIVE):
        offers = (*_centre_offers(obligation), (Offer("self_checks"),))
    else:
        back = (Offer("own_duties", obligation.base_id or 0), *BACK[0])
        offers = (*_base_offers(ctx, obligation), back)
    ctx.show("self_check/page", await _facts(ctx, obligation), offers, subject=obligation.subject)


def _centre_offers(obligation: Obligation) -> Rows:
    id_, rev = obligation.id, obligation.rev
    match obligation.state:
        case State.CLAIMED:
            return ((Offer("self_check_take", id_, rev), Offer("self_check_back", id_, rev)),)
        case State.OPEN:
            return ((Offer("extension", id_, rev),),)
    return ()


def _base_offers(ctx: Ctx, obligation: Obligation) -> Rows:
    if obligation.state is not State.OPEN or not ctx.may(Action.REPORT_CLAIM, obligation.base_id):
        return ()
    id_, rev = obligation.id, obligation.rev
    return (
        (Offer("self_check", id_, rev),),
        (Offer("extension_ask", id_, rev), Offer("call_me", id_, rev)),
    )


async def _facts(ctx: Ctx, obligation: Obligation) -> dict[str, object]:
    kept = await ladder.answers(ctx.tx, obligation.id)
    rows = [
        {
            "label": words(ctx.catalog, f"field_{condition}"),
            "value": kept.answers.get(condition),
            "grounds": kept.answers.get(_grounds(condition)),
        }
        for condition in (CONDITIONS if kept else ())
        if kept is not None
    ]
    at = kept.answered_at if kept else None
    return await duties.facts(ctx, obligation) | {"rows": rows, "answered_at": at}
