"""约定沟通: an exchange is arranged for a day, moved, or called off; both sides are told (Article 8)."""

from dataclasses import replace
from datetime import date

from domain.access import Action
from domain.exchanges import Exchange, Move, Plan, State, Way, decide, require_ahead
from domain.forms import Choice, Draft, Form, Step
from handlers import exchanges as ground
from handlers import exchanges_duties as duties
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import chosen, step, words
from storage import exchanges

PURPOSE_CHARS, REASON_CHARS = 200, 200
REGULAR, IRREGULAR = "regular", "irregular"


async def open_for(ctx: Ctx, name: str, base_id: int, subject_id: int, known: dict[str, object]) -> None:
    """A form about a base's work: a draft of the base's people is the base's, an officer's is their own."""
    of_base = not ctx.require(Action.EXCHANGE_KEEP, base_id).of_centre
    owner = base_id if of_base else None
    await forms.open_form(ctx, name, base_id=owner, subject_id=subject_id, known=known)


def way_step(ctx: Ctx) -> Step:
    ways = tuple(Choice(way.value, words(ctx.catalog, f"exchange_way_{way}")) for way in Way)
    return chosen(ctx, "exchange_way", ways)


def kind_step(ctx: Ctx) -> Step:
    kinds = tuple(Choice(kind, words(ctx.catalog, f"exchange_kind_{kind}")) for kind in (REGULAR, IRREGULAR))
    return replace(chosen(ctx, "exchange_kind", kinds), hint=words(ctx.catalog, "hint_exchange_kind"))


# --- arranging --------------------------------------------------------------------------------------------


@press("exchange_plan", Action.EXCHANGE_KEEP)
async def begin(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    await open_for(ctx, "exchange_plan", base.id, base.id, {})


def _plan_form(ctx: Ctx, _: str) -> Form:
    steps = (
        kind_step(ctx),
        step(ctx, "exchange_planned", "date", checks={"not_before": "today"}),
        way_step(ctx),
        step(ctx, "exchange_purpose", "longtext", checks={"max_chars": PURPOSE_CHARS}),
    )
    title = words(ctx.catalog, "form_exchange_plan")
    return gated(ctx, Form("exchange_plan", 1, Action.EXCHANGE_KEEP, title, steps))


@form("exchange_plan", Action.EXCHANGE_KEEP, _plan_form)
async def plan(ctx: Ctx, draft: Draft) -> None:
    base = await base_of(ctx, draft.subject_id or 0)
    ctx.require(Action.EXCHANGE_KEEP, base.id)
    told = draft.answers
    ahead = Plan(
        regular=told["exchange_kind"] == REGULAR,
        planned_on=date.fromisoformat(str(told["exchange_planned"])),
        way=Way(str(told["exchange_way"])),
        purpose=str(told["exchange_purpose"]),
    )
    require_ahead(ahead.planned_on, ctx.today)
    new = Exchange(0, base.id, ahead.regular, State.PLANNED, 0, ctx.now, plan=ahead)
    added = await exchanges.add(ctx.tx, new, ctx.now)
    await ground.entered(ctx, added, Move.PLAN, reviewer=ground.reviewer_of(draft))
    added = await duties.begin(ctx.tx, added, ctx.today, ctx.now)
    await ground.show(ctx, added)
    await ground.tell(ctx, added, "exchanges/planned", await ground.facts_of(ctx, added))


# --- another day ------------------------------------------------------------------------------------------


@press("exchange_move", Action.EXCHANGE_KEEP)
async def begin_moving(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.seen(ctx, pressed, Move.MOVE)
    await open_for(ctx, "exchange_move", exchange.base_id, exchange.id, {})


def _move_form(ctx: Ctx, _: str) -> Form:
    steps = (
        step(ctx, "exchange_planned", "date", checks={"not_before": "today"}),
        step(ctx, "exchange_reason", "longtext", required=False, checks={"max_chars": REASON_CHARS}),
    )
    title = words(ctx.catalog, "form_exchange_move")
    return gated(ctx, Form("exchange_move", 1, Action.EXCHANGE_KEEP, title, steps))


@form("exchange_move", Action.EXCHANGE_KEEP, _move_form)
async def move(ctx: Ctx, draft: Draft) -> None:
    exchange = await ground.locked(ctx, draft.subject_id or 0, Action.EXCHANGE_KEEP)
    before = exchange.plan.planned_on if exchange.plan else None
    planned_on = date.fromisoformat(str(draft.answers["exchange_planned"]))
    moved = decide(exchange, ground.command(ctx, Move.MOVE, exchange.rev), ctx.today, planned_on=planned_on)
    why = draft.answers["exchange_reason"]
    kept = await ground.make(
        ctx,
        exchange,
        moved,
        Move.MOVE,
        words=str(why) if why is not None else None,
        reviewer=ground.reviewer_of(draft),
    )
    await ground.show(ctx, kept)
    facts = await ground.facts_of(ctx, kept) | {"before": before, "word": why}
    await ground.tell(ctx, kept, "exchanges/moved", facts)


# --- calling off, or taking a record back -----------------------------------------------------------------


@press("exchange_cancel", Action.EXCHANGE_KEEP)
async def begin_cancelling(ctx: Ctx, pressed: Press) -> None:
    await _begin_ending(ctx, pressed, Move.CANCEL)


@press("exchange_withdraw", Action.EXCHANGE_KEEP)
async def begin_withdrawing(ctx: Ctx, pressed: Press) -> None:
    await _begin_ending(ctx, pressed, Move.WITHDRAW)


async def _begin_ending(ctx: Ctx, pressed: Press, ending: Move) -> None:
    exchange = await ground.seen(ctx, pressed, ending)
    await open_for(ctx, f"exchange_end:{ending}", exchange.base_id, exchange.id, {})


def _end_form(ctx: Ctx, ending: str) -> Form:
    """Its review is the question whether one is sure."""
    steps = (step(ctx, "exchange_reason", "longtext", checks={"max_chars": REASON_CHARS}),)
    title = words(ctx.catalog, f"form_exchange_{ending}")
    return gated(ctx, Form(f"exchange_end:{ending}", 1, Action.EXCHANGE_KEEP, title, steps))


@form("exchange_end", Action.EXCHANGE_KEEP, _end_form)
async def end(ctx: Ctx, draft: Draft) -> None:
    exchange = await ground.locked(ctx, draft.subject_id or 0, Action.EXCHANGE_KEEP)
    ending = Move(draft.form.partition(":")[2])
    kept = await ground.simply(ctx, exchange, ending, draft, str(draft.answers["exchange_reason"]))
    await ground.show(ctx, kept)
    await ground.tell(ctx, kept, "exchanges/cancelled", await ground.facts_of(ctx, kept))
