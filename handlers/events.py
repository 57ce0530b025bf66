"""活动: the list and the page; a base sees what it is invited to, the centre all."""

from domain.access import Action
from domain.errors import Forbidden
from domain.event_places import Entry, Roll, Standing
from domain.events import SUBJECT, Event, State
from domain.notices import Kind, Offer, Rows
from domain.uploads import State as Kept
from handlers import event_facts, event_keep, letters
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from storage import attachments, events

LISTED = 20
_METHODS = {"document": "sendDocument", "photo": "sendPhoto"}


@command("events", Action.EVENTS)
async def listing(ctx: Ctx) -> None:
    """What comes first, then what is over, the latest first."""
    actor = ctx.require(Action.EVENTS)
    of_centre = actor.of_centre
    found = (
        await events.newest(ctx.tx, LISTED)
        if of_centre
        else await events.of_bases(ctx.tx, actor.bases, LISTED)
    )
    found.sort(key=lambda one: (one.is_over(ctx.now), abs(one.plan.starts_at - ctx.now)))
    rows = [
        {
            "title": one.plan.title,
            "kind": one.plan.kind,
            "starts_at": one.plan.starts_at,
            "standing": await _standing(ctx, one),
        }
        for one in found
    ]
    links: Rows = tuple((Offer("event", one.id, text=one.plan.title),) for one in found)
    new: Rows = ((Offer("go.event_new", label="event_new"),),) if ctx.may(Action.EVENT_KEEP) else ()
    ctx.show("events/list", {"of_centre": of_centre, "rows": rows}, (*links, *new, *BACK))


async def _standing(ctx: Ctx, event: Event) -> str:
    """In a word: how the event stands or, for a base, how it stands to it."""
    if event.state is not State.PUBLISHED:
        return event.state.value
    mine = [] if ctx.require(Action.EVENTS).of_centre else await _mine(ctx, event)
    for standing in (Standing.OFFERED, Standing.REGISTERED, Standing.WAITING):
        if any(one.standing is standing for one in mine):
            return standing.value
    if event.is_over(ctx.now):
        return "over"
    return "open" if event.takes_registrations(ctx.now) else "closed"


async def _mine(ctx: Ctx, event: Event) -> list[Entry]:
    roll = await events.roll(ctx.tx, event)
    return event_facts.alive(roll, ctx.require(Action.EVENTS).bases)


@press("event", Action.EVENTS)
async def show(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, pressed.id)


@redraws(SUBJECT)
async def _show(ctx: Ctx, event_id: int) -> None:
    event = await for_me(ctx, event_id)
    if ctx.require(Action.EVENTS).of_centre:
        await event_keep.show(ctx, event)
    else:
        await show_to_base(ctx, await events.roll(ctx.tx, event))


async def show_to_base(ctx: Ctx, roll: Roll) -> None:
    event = roll.event
    mine = event_facts.alive(roll, ctx.require(Action.EVENTS).bases)
    facts = {
        **event_facts.of(event),
        **await event_facts.contact(ctx.tx, event),
        "free": roll.free,
        "open": event.takes_registrations(ctx.now),
        "over": event.is_over(ctx.now),
        "mine": event_facts.listed(mine),
    }
    ctx.show("events/page", facts, _offers(ctx, event, mine), subject=event.subject)


def _offers(ctx: Ctx, event: Event, mine: list[Entry]) -> Rows:
    rows: list[tuple[Offer, ...]] = [
        (Offer("event_confirm", one.id, text=_named(ctx, "event_confirm", one)),)
        for one in mine
        if one.standing is Standing.OFFERED
    ]
    if event.takes_registrations(ctx.now):
        rows.append((Offer("register", event.id, label="register_more" if mine else None),))
    if mine and event.state is State.PUBLISHED and ctx.now < event.plan.starts_at:
        rows.append((Offer("event_badges", event.id), Offer("unregister", event.id)))
    if event.plan.files:
        rows.append((Offer("event_files", event.id),))
    return (*rows, (Offer("go.events", label="home"),))


def _named(ctx: Ctx, key: str, entry: Entry) -> str:
    return f"{ctx.catalog.label(key, ctx.locale)} {entry.attendee.name}"


@press("event_files", Action.EVENTS)
async def send_files(ctx: Ctx, pressed: Press) -> None:
    """Those that were admitted; what came over the upload page as a link to its twin."""
    event = await for_me(ctx, pressed.id)
    for file in await attachments.list_by(ctx.tx, event.plan.files):
        if file.state is not Kept.KEPT:
            continue
        if file.upload_id is not None:
            facts = {"name": file.name, "size": file.size or 0}
            ctx.say("events/file_on_page", facts, ((Offer("download", file.id),),))
            continue
        call = {"chat_id": ctx.chat_id, file.kind: file.telegram_file_id, "caption": file.name}
        ctx.rows.append(
            letters.row(
                _METHODS[file.kind],
                call,
                ctx.now,
                chat_id=ctx.chat_id,
                kind=Kind.RECEIPT,
                person_id=ctx.me.id,
                subject=event.subject,
            )
        )


async def for_me(ctx: Ctx, event_id: int) -> Event:
    """The centre's people see all, a base what it was invited to. Raises Forbidden: another is not there."""
    actor = ctx.require(Action.EVENTS)
    event = await events.get(ctx.tx, event_id)
    if event is None:
        raise Forbidden
    if not actor.of_centre:
        invited = {one.base_id for one in await events.invited(ctx.tx, event.id)}
        if event.state is State.DRAFT or invited.isdisjoint(actor.bases):
            raise Forbidden
    return event
