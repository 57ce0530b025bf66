"""Afterwards: how it was, and what came of a matchmaking event."""

from domain.access import Action
from domain.errors import Forbidden, Refused
from domain.events import MATCHMAKING, Event, Kind
from domain.forms import Draft, Form
from domain.notices import Offer, Rows
from handlers import event_due, event_facts, events, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.routes import press
from handlers.steps import step, words
from storage import bases
from storage import events as stored
from storage.events import Outcome


@press("event_rate", Action.EVENT_REGISTER)
async def rate(ctx: Ctx, pressed: Press) -> None:
    """One press, which another replaces."""
    event = await events.for_me(ctx, pressed.id)
    if not pressed.arg.isdigit() or int(pressed.arg) not in event_due.STARS:
        raise Forbidden
    if not event.is_over(ctx.now):
        raise Refused("events/not_over")
    await stored.rate(ctx.tx, event.id, ctx.me.id, int(pressed.arg), ctx.now)
    await ctx.record("event_rated", event.subject)
    ctx.show("events/rated", event_facts.brief(event), ((Offer("event", event.id),),))


@press("event_outcome", Action.EVENT_OUTCOME)
async def begin_outcome(ctx: Ctx, pressed: Press) -> None:
    event = await _matchmaking(ctx, pressed.id, pressed.rev)
    await forms.open_form(ctx, "event_outcome", base_id=pressed.rev, subject_id=event.id)


def _build(ctx: Ctx, _: str) -> Form:
    most: dict[str, object] = {"min": 0, "max": 9999}
    steps = (
        step(ctx, "intentions", "int", hint="intentions", checks=most),
        step(ctx, "contracts", "int", hint="contracts", checks=most),
        step(ctx, "contract_amount", "money_wan", hint="contract_amount"),
    )
    return Form("event_outcome", 1, Action.EVENT_OUTCOME, words(ctx.catalog, "form_event_outcome"), steps)


@form("event_outcome", Action.EVENT_OUTCOME, _build)
async def submit_outcome(ctx: Ctx, draft: Draft) -> None:
    base_id = draft.base_id or 0
    event = await _matchmaking(ctx, draft.subject_id or 0, base_id)
    intentions, contracts = int(str(draft.answers["intentions"])), int(str(draft.answers["contracts"]))
    told = Outcome(base_id, intentions, contracts, str(draft.answers["contract_amount"]), ctx.now)
    await _keep(ctx, event, told)


@press("event_no_outcome", Action.EVENT_OUTCOME)
async def nothing(ctx: Ctx, pressed: Press) -> None:
    event = await _matchmaking(ctx, pressed.id, pressed.rev)
    await _keep(ctx, event, Outcome(pressed.rev, 0, 0, "0", ctx.now))


async def _keep(ctx: Ctx, event: Event, told: Outcome) -> None:
    await stored.keep_outcome(ctx.tx, event.id, told, ctx.me.id)
    await ctx.record("event_outcome", event.subject, base=told.base_id)
    facts = {
        **event_facts.brief(event),
        "base": (await bases.get(ctx.tx, told.base_id)).name,
        "intentions": told.intentions,
        "contracts": told.contracts,
        "amount": told.amount,
        "proposed": event.plan.kind is Kind.FINANCE and told.contracts > 0,
    }
    again: Rows = ((Offer("event_outcome", event.id, told.base_id, label="event_outcome_again"),),)
    ctx.show("events/outcome", facts, again)


async def _matchmaking(ctx: Ctx, event_id: int, base_id: int) -> Event:
    """One that is over, for a base that was invited. Raises Forbidden or Refused."""
    ctx.require(Action.EVENT_OUTCOME, base_id)
    event = await events.for_me(ctx, event_id)
    invited = {one.base_id for one in await stored.invited(ctx.tx, event.id)}
    if event.plan.kind not in MATCHMAKING or base_id not in invited:
        raise Forbidden
    if not event.is_over(ctx.now):
        raise Refused("events/not_over")
    return event
