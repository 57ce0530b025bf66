"""代录: an officer registers a base's people, or takes them off, as they asked in another way."""

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
    back = (Offer("event", event.id, label="home"),)
    ctx.show("events/register_for", event_facts.brief(event), (*_in_pairs(buttons), *on, back))


def _in_pairs(buttons: list[Offer]) -> Rows:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


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


# --- taken off --------------------------------------------------------------------------------------------


@press("unregister_for", Action.EVENT_KEEP)
async def choose_whose(ctx: Ctx, pressed: Press) -> None:
    """The bases that have somebody on the list."""
    event = await event_keep.locked(ctx, pressed.id)
    ids = sorted({one.base_id for one in (await events.roll(ctx.tx, event)).entries if one.alive})
    names = {one.id: one.short_name for one in await bases.listed(ctx.tx)}
    page = int(pressed.arg) if pressed.arg.isdigit() else 0
    shown = ids[page * BASES_A_PAGE : (page + 1) * BASES_A_PAGE]
    buttons = [Offer("unregister_for_base", event.id, base_id, text=names[base_id]) for base_id in shown]
    more = (page + 1) * BASES_A_PAGE < len(ids)
    on = ((Offer(f"unregister_for.{page + 1}", event.id, label="page_next"),),) if more else ()
    back = (Offer("event_list", event.id, label="home"),)
    ctx.show("events/unregister_for", event_facts.brief(event), (*_in_pairs(buttons), *on, back))


@press("unregister_for_base", Action.EVENT_KEEP)
async def choose_whom(ctx: Ctx, pressed: Press) -> None:
    """Whoever is pressed on this page is taken off: the page is the second question."""
    event = await event_keep.locked(ctx, pressed.id)
    mine = event_facts.alive(await events.roll(ctx.tx, event), [pressed.rev])
    rows: Rows = tuple((Offer("event_strike", one.id, text=one.attendee.name),) for one in mine)
    facts = {**event_facts.brief(event), "mine": event_facts.listed(mine)}
    back = (Offer("unregister_for", event.id, label="home"),)
    ctx.show("events/withdraw", facts, (*rows, back))


@press("event_strike", Action.EVENT_KEEP)
async def strike(ctx: Ctx, pressed: Press) -> None:
    """The base hears of it; whoever waits moves up."""
    entry = await events.entry(ctx.tx, pressed.id)
    before = await events.locked_roll(ctx.tx, entry.event_id) if entry is not None else None
    if entry is None or before is None:
        raise Forbidden
    after = places.withdraw(before, entry.id, ctx.require(Action.EVENT_KEEP), ctx.now)
    roll = await event_roll.keep(ctx, before, after)
    await ctx.record("event_struck", roll.event.subject, entry=entry.id)
    facts = {**event_facts.brief(roll.event), "name": entry.attendee.name}
    to, subject = await event_facts.keeper(ctx.tx, entry), roll.event.subject
    await ctx.tell([Notice(to, "events/struck", facts, ((Offer("event", roll.event.id),),), subject=subject)])
    ctx.show("events/withdrawn", facts, ((Offer("event_list", roll.event.id),),), subject=subject)
