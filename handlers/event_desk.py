"""签到 in the chat, by list; the link of the check-in page for each member of the staff; 名单."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.access import Action, may
from domain.errors import Forbidden
from domain.event_places import Entry, Roll, Standing
from domain.events import Event, State
from domain.notices import Offer, Rows
from handlers import event_facts
from handlers.callbacks import Press
from handlers.context import Clock, Ctx
from handlers.routes import press
from storage import audit, bases, event_desks, events, people
from storage.engine import Tx

DAY_MS = 24 * 60 * 60 * 1000
BASES_A_PAGE = 30
ENTRIES_A_PAGE = 25


# --- by list ----------------------------------------------------------------------------------------------


@press("event_desk", Action.EVENT_CHECK_IN)
async def desk(ctx: Ctx, pressed: Press) -> None:
    """The bases that come, and how many of each are there."""
    roll = await _roll(ctx, pressed.id)
    page = int(pressed.arg) if pressed.arg.isdigit() else 0
    sure = roll.of(Standing.REGISTERED)
    ids = sorted({one.base_id for one in sure})
    shown = ids[page * BASES_A_PAGE : (page + 1) * BASES_A_PAGE]
    buttons = [
        Offer("event_desk_base", roll.event.id, base_id, text=await _counted(ctx.tx, sure, base_id))
        for base_id in shown
    ]
    link = ((Offer("event_desk_link", roll.event.id),),) if ctx.services.page is not None else ()
    facts = {
        **event_facts.brief(roll.event),
        "arrived": _arrived(sure),
        "registered": len(sure),
        "page": ctx.services.page is not None,
    }
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    turning = _turning("event_desk", roll.event.id, page, (page + 1) * BASES_A_PAGE < len(ids))
    ctx.show("events/desk", facts, (*link, *rows, *turning, (Offer("event", roll.event.id, label="home"),)))


async def _counted(tx: Tx, sure: Sequence[Entry], base_id: int) -> str:
    mine = [one for one in sure if one.base_id == base_id]
    return f"{(await bases.get(tx, base_id)).short_name} {_arrived(mine)}/{len(mine)}"


def _arrived(entries: Sequence[Entry]) -> int:
    return sum(one.arrived_at is not None for one in entries)


@press("event_desk_base", Action.EVENT_CHECK_IN)
async def desk_of_base(ctx: Ctx, pressed: Press) -> None:
    await _show_base(ctx, await _roll(ctx, pressed.id), pressed.rev)


async def _show_base(ctx: Ctx, roll: Roll, base_id: int) -> None:
    """Who is not there is checked in by one press; who is there is taken back by one."""
    mine = [one for one in roll.of(Standing.REGISTERED) if one.base_id == base_id]
    if not mine:
        raise Forbidden
    buttons = tuple(
        (
            Offer("event_arrive", one.id, text=one.attendee.name)
            if one.arrived_at is None
            else Offer("event_unarrive", one.id, text=f"✓ {one.attendee.name}"),
        )
        for one in mine
    )
    facts = {
        **event_facts.brief(roll.event),
        "base": (await bases.get(ctx.tx, base_id)).name,
        "arrived": _arrived(mine),
        "registered": len(mine),
    }
    back = (Offer("event_desk", roll.event.id, label="home"),)
    ctx.show("events/desk_base", facts, (*buttons, back))


@press("event_arrive", Action.EVENT_CHECK_IN)
async def arrive(ctx: Ctx, pressed: Press) -> None:
    roll, entry = await _entry(ctx, pressed.id)
    done = await check_in(ctx.tx, entry, ctx.me.id, ctx.now)
    ctx.toast("events/arrived" if done else "events/arrived_before", {"name": entry.attendee.name})
    await _show_base(ctx, await events.roll(ctx.tx, roll.event), entry.base_id)


@press("event_unarrive", Action.EVENT_CHECK_IN)
async def unarrive(ctx: Ctx, pressed: Press) -> None:
    roll, entry = await _entry(ctx, pressed.id)
    if await events.unarrive(ctx.tx, entry.id):
        await ctx.record("event_unarrived", roll.event.subject, entry=entry.id)
    await _show_base(ctx, await events.roll(ctx.tx, roll.event), entry.base_id)


@press("event_desk_link", Action.EVENT_CHECK_IN)
async def give_link(ctx: Ctx, pressed: Press) -> None:
    """For the person who asks and the browser that begins with it, until the day after the event."""
    roll = await _roll(ctx, pressed.id)
    if ctx.services.page is None:
        raise Forbidden
    until = roll.event.plan.ends_at + DAY_MS
    token = await event_desks.add(ctx.tx, event_id=roll.event.id, person_id=ctx.me.id, expires_at=until)
    await ctx.record("event_desk_opened", roll.event.subject)
    facts = {**event_facts.brief(roll.event), "url": ctx.services.page(f"/e/{token}"), "until": until}
    ctx.say("events/desk_link", facts)


# --- 名单 -------------------------------------------------------------------------------------------------


@press("event_list", Action.EVENTS)
async def listing(ctx: Ctx, pressed: Press) -> None:
    roll = await _roll(ctx, pressed.id)
    page = int(pressed.arg) if pressed.arg.isdigit() else 0
    alive = [one for one in roll.entries if one.alive]
    shown = alive[page * ENTRIES_A_PAGE : (page + 1) * ENTRIES_A_PAGE]
    rows = [
        {
            "base": (await bases.get(ctx.tx, one.base_id)).short_name,
            "name": one.attendee.name,
            "post": one.attendee.post,
            "standing": one.standing,
            "arrived": one.arrived_at is not None,
        }
        for one in shown
    ]
    turning = _turning("event_list", roll.event.id, page, (page + 1) * ENTRIES_A_PAGE < len(alive))
    facts = {**event_facts.brief(roll.event), "total": len(alive), "rows": rows}
    keeps = alive and ctx.may(Action.EVENT_KEEP) and not roll.event.has_begun(ctx.now)
    strike: Rows = ((Offer("unregister_for", roll.event.id),),) if keeps else ()
    ctx.show("events/roll", facts, (*turning, *strike, (Offer("event", roll.event.id, label="home"),)))


def _turning(op: str, event_id: int, page: int, more: bool) -> Rows:
    back = (Offer(f"{op}.{page - 1}", event_id, label="page_previous"),) if page else ()
    on = (Offer(f"{op}.{page + 1}", event_id, label="page_next"),) if more else ()
    return ((*back, *on),) if back or on else ()


# --- finding it -------------------------------------------------------------------------------------------


async def check_in(tx: Tx, entry: Entry, person_id: int, now: int) -> bool:
    """False when the attendee was there before, or has no place."""
    if not await events.arrive(tx, entry.id, person_id, now):
        return False
    event = await events.get(tx, entry.event_id)
    if event is not None:
        await audit.record(tx, now, person_id, "event_arrived", event.subject, entry=entry.id)
    return True


async def _roll(ctx: Ctx, event_id: int) -> Roll:
    """Of an event that was published. Raises Forbidden."""
    if not ctx.require(Action.EVENTS).of_centre:
        raise Forbidden
    event = await events.get(ctx.tx, event_id)
    if event is None or event.state is State.DRAFT:
        raise Forbidden
    return await events.roll(ctx.tx, event)


async def _entry(ctx: Ctx, entry_id: int) -> tuple[Roll, Entry]:
    entry = await events.entry(ctx.tx, entry_id)
    if entry is None:
        raise Forbidden
    return await _roll(ctx, entry.event_id), entry


@dataclass(frozen=True, slots=True)
class Door:
    """Who may check in over the page; asked anew at every request. Inside a transaction."""

    clock: Clock

    async def staff(self, tx: Tx, person_id: int, event: Event) -> bool:
        """Whether the person still works at events, and this one takes place."""
        actor = await people.actor(tx, await people.get(tx, person_id))
        return event.state is State.PUBLISHED and may(actor, Action.EVENT_CHECK_IN)

    async def arrive(self, tx: Tx, entry: Entry, person_id: int) -> bool:
        return await check_in(tx, entry, person_id, self.clock.now())
