"""代录报名: an officer registers a base's people, as they asked by mail, on paper or by telephone."""

from domain import event_places as places
from domain.access import Action
from domain.errors import Forbidden, Stale
from domain.event_places import Standing
from domain.events import SUBJECT
from domain.forms import Draft, Form
from domain.notices import Notice, Offer, Rows
from handlers import event_facts, event_keep, event_register, event_roll, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.routes import press
from handlers.steps import recording_steps, words
from storage import bases, events

BASES_A_PAGE = 40


@press("register_for", Action.EVENT_KEEP)
async def choose_base(ctx: Ctx, pressed: Press) -> None:
    event = await event_keep.locked(ctx, pressed.id)
    if not event.takes_registrations(ctx.now):
        raise Stale(SUBJECT, event.id)
    page = int(pressed.arg) if pressed.arg.isdigit() else 0
    invited = await events.invited(ctx.tx, event.id)
    shown = invited[page * BASES_A_PAGE : (page + 1) * BASES_A_PAGE]
    buttons = [Offer("register_for_base", event.id, one.base_id, text=one.short_name) for one in shown]
    more = (page + 1) * BASES_A_PAGE < len(invited)
    on = ((Offer(f"register_for.{page + 1}", event.id, label="page_next"),),) if more else ()
    rows: Rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    back = (Offer("event", event.id, label="home"),)
    ctx.show("events/register_for", event_facts.brief(event), (*rows, *on, back))


@press("register_for_base", Action.EVENT_KEEP)
async def begin(ctx: Ctx, pressed: Press) -> None:
    event = await event_keep.locked(ctx, pressed.id)
    if pressed.rev not in {one.base_id for one in await events.invited(ctx.tx, event.id)}:
        raise Forbidden
    name = f"event_register_for:{event_register.asks(event.plan)}_{pressed.rev}"
    await forms.open_form(ctx, name, subject_id=event.id)


def _build(ctx: Ctx, argument: str) -> Form:
    asked = event_register.build(ctx, argument)
    title = words(ctx.catalog, "form_event_register_for")
    steps = (*recording_steps(ctx), *asked.steps)
    return Form(f"event_register_for:{argument}", 1, Action.EVENT_KEEP, title, steps)


@form("event_register_for", Action.EVENT_KEEP, _build, Manner(beside=event_register.beside))
async def submit(ctx: Ctx, draft: Draft) -> None:
    """The base's liaison and deputy hear of it, and get the badges."""
    before = await events.locked_roll(ctx.tx, draft.subject_id or 0)
    if before is None:
        raise Forbidden
    asked = event_register.registration(draft, before)
    actor = ctx.require(Action.EVENT_KEEP)
    after = places.register(before, asked, actor, ctx.now, events.new_code, for_base=True)
    roll = await event_roll.keep(ctx, before, after)
    fresh = event_register.fresh(before, roll)
    source, received_on = str(draft.answers["source"]), str(draft.answers["received_on"])
    await ctx.record(
        "event_registered_for",
        roll.event.subject,
        base=asked.base_id,
        n=len(fresh),
        source=source,
        received_on=received_on,
    )
    facts = {
        **event_facts.brief(roll.event),
        "base": (await bases.get(ctx.tx, asked.base_id)).name,
        "sure": [one.attendee.name for one in fresh if one.standing is Standing.REGISTERED],
        "waiting": [one.attendee.name for one in fresh if one.standing is Standing.WAITING],
        "source": source,
        "received_on": received_on,
    }
    offers = ((Offer("event", roll.event.id),),)
    to = await event_facts.keeper(ctx.tx, fresh[0])
    await ctx.tell([Notice(to, "events/registered_for", facts, offers, subject=roll.event.subject)])
    ctx.show("events/registered_for", facts, offers, subject=roll.event.subject)
