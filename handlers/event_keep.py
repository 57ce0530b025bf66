"""An event in the hands of the centre: its page, 选择范围 and 发布, changes and 取消活动."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from domain import event_places as places
from domain import events as rules
from domain.access import Action
from domain.audience import Selection
from domain.errors import Forbidden, Stale
from domain.event_places import Roll, Standing
from domain.events import SUBJECT, Event, Plan, State
from domain.forms import Draft, Form
from domain.notices import Kind, Lane, Notice, Offer, Rows, SendState
from domain.people import Person
from handlers import audience, event_facts, event_roll, forms, keyboards, letters
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.routes import press
from handlers.steps import step, words
from storage import events, outbox, people
from storage.outbox import Row

INVITATION = "events/invitation"
SENDS = "event_invitation"
"""The subject of the broadcast, so that its sends are told from what is said to single people."""
BACK: Rows = ((Offer("go.events", label="home"),),)


# --- its page ---------------------------------------------------------------------------------------------


async def show(ctx: Ctx, event: Event) -> None:
    roll = await events.roll(ctx.tx, event)
    facts = {
        **event_facts.of(event),
        "quota": event.plan.quota,
        "quota_per_base": event.plan.quota_per_base,
        "asks_plate": event.plan.asks_plate,
        "questions": list(event.plan.questions),
        "organiser": (await people.get(ctx.tx, event.organiser_id)).name,
        "registered": len(roll.of(Standing.REGISTERED)),
        "offered": len(roll.of(Standing.OFFERED)),
        "waiting": len(roll.of(Standing.WAITING)),
        "arrived": sum(one.arrived_at is not None for one in roll.entries),
        **await _reach(ctx, event),
    }
    ctx.show("events/staff", facts, await _offers(ctx, event), subject=event.subject)


async def _reach(ctx: Ctx, event: Event) -> event_facts.Facts:
    """Whom it would go to; once it is published, how the sending stands."""
    if event.state is State.DRAFT:
        _, found = await audience.chosen(ctx, event.subject)
        people_, bases_, by_phone = len(found.people), len(found.bases), len(found.by_phone)
        return {"people": people_, "bases": bases_, "by_phone": by_phone, "sent": 0, "unsent": []}
    rows = await outbox.list_of_subject(ctx.tx, SENDS, event.id)
    unsent = [await people.get(ctx.tx, row.person_id or 0) for row in rows if row.state in _UNSENT]
    return {
        "people": len(rows),
        "bases": len(await events.invited(ctx.tx, event.id)),
        "by_phone": 0,
        "sent": sum(row.state is SendState.SENT for row in rows),
        "unsent": [person.name for person in unsent][: event_facts.MOST_LISTED],
    }


_UNSENT = (SendState.FAILED, SendState.UNCERTAIN)


async def _offers(ctx: Ctx, event: Event) -> Rows:
    if not ctx.may(Action.EVENT_KEEP) or event.state is State.CANCELLED:
        return BACK if event.state is State.DRAFT else ((Offer("event_list", event.id),), *BACK)
    rows = await _draft_offers(ctx, event) if event.state is State.DRAFT else await _work_offers(ctx, event)
    return (*(row for row in (*rows, _own_offers(event, ctx.now)) if row), *BACK)


async def _draft_offers(ctx: Ctx, event: Event) -> Rows:
    picked, found = await audience.chosen(ctx, event.subject)
    publish = Offer(f"event_publish.{found.fingerprint}", event.id, event.rev, label="event_publish")
    return ((Offer("audience", picked.id, picked.rev),), (publish,))


async def _work_offers(ctx: Ctx, event: Event) -> Rows:
    again = await _unsent_mark(ctx, event)
    return (
        (Offer("event_list", event.id), Offer("event_desk", event.id)),
        (Offer("register_for", event.id),) if event.takes_registrations(ctx.now) else (),
        (Offer("event_resend", event.id, again),) if again else (),
        (Offer("event_sheet", event.id), Offer("event_chart", event.id)),
    )


def _own_offers(event: Event, now: int) -> tuple[Offer, ...]:
    """What is over is left as it was; what has begun can only be called off."""
    change = () if event.has_begun(now) else (Offer("event_edit", event.id, event.rev),)
    return () if event.is_over(now) else (*change, Offer("event_cancel", event.id, event.rev))


@audience.purpose(SUBJECT)
async def _back_from_audience(ctx: Ctx, event_id: int) -> Rows:
    event = await locked(ctx, event_id)
    if event.state is not State.DRAFT:
        raise Forbidden
    return ((Offer("event", event.id, label="event_to_review"),),)


# --- 发布 -------------------------------------------------------------------------------------------------


@press("event_publish", Action.EVENT_KEEP)
async def publish(ctx: Ctx, pressed: Press) -> None:
    """In one transaction: the state moved, a row stored for each person."""
    event = await seen(ctx, pressed, State.DRAFT)
    _, found = await audience.chosen(ctx, event.subject)
    actor = ctx.require(Action.EVENT_KEEP)
    moved = rules.publish(event, actor, ctx.now, seen_rev=pressed.rev, people=len(found.people))
    if found.fingerprint != pressed.arg:
        raise Stale(SUBJECT, event.id)
    await _saved(ctx, moved)
    await _invite(ctx, moved, found)
    await ctx.record("event_published", moved.subject, people=len(found.people))
    await events.plan_job(ctx.tx, event_roll.OVER, moved.id, moved.plan.ends_at, ctx.now)
    ctx.toast("events/published")
    await show(ctx, moved)


async def _invite(ctx: Ctx, event: Event, found: Selection) -> None:
    await events.invite(ctx.tx, event.id, [(one.base.id, one.person.id) for one in found.offices])
    facts = {**event_facts.of(event), "quota": event.plan.quota, **await event_facts.contact(ctx.tx, event)}
    ctx.rows += [_invitation(ctx, event, person, facts) for person in found.people]


def _invitation(ctx: Ctx, event: Event, person: Person, facts: event_facts.Facts) -> Row:
    """Queued under a key of its own: planned twice, it is one."""
    locale = ctx.catalog.known(person.locale or ctx.services.locale)
    chat_id = person.telegram_id or 0
    offers = ((Offer("register", event.id),), (Offer("event", event.id),))
    row = letters.row(
        "sendMessage",
        letters.message(
            chat_id,
            ctx.catalog.render(INVITATION, locale, facts),
            keyboards.inline(offers, ctx.catalog, locale),
        ),
        ctx.now,
        chat_id=chat_id,
        kind=Kind.BROADCAST,
        lane=Lane.BULK,
        person_id=person.id,
        subject=replace(event.subject, kind=SENDS),
    )
    return replace(row, state=SendState.QUEUED, sending_at=None, key=f"{SENDS}:{event.id}:{person.id}")


@press("event_resend", Action.EVENT_KEEP)
async def resend(ctx: Ctx, pressed: Press) -> None:
    """What was refused or may not have arrived goes out again, because a person has decided so."""
    event = await locked(ctx, pressed.id)
    if await _unsent_mark(ctx, event) != pressed.rev:
        raise Stale(SUBJECT, event.id)
    rows = await _unsent(ctx, event)
    await outbox.requeue(ctx.tx, [row.id for row in rows], ctx.now)
    await ctx.record("event_sent_again", event.subject, n=len(rows))
    await show(ctx, event)


async def _unsent(ctx: Ctx, event: Event) -> Sequence[Row]:
    return await outbox.list_of_subject(ctx.tx, SENDS, event.id, _UNSENT)


async def _unsent_mark(ctx: Ctx, event: Event) -> int:
    """A number for just these sends as they stand; 0 where there are none."""
    rows = await _unsent(ctx, event)
    return zlib.crc32(repr([(row.id, row.attempts, row.doubts) for row in rows]).encode()) if rows else 0


# --- changed, cancelled -----------------------------------------------------------------------------------


async def change(ctx: Ctx, event: Event, plan: Plan) -> None:
    """Whoever is registered hears what has changed, and that only."""
    actor = ctx.require(Action.EVENT_KEEP)
    moved = rules.change(event, plan, actor, ctx.now, seen_rev=event.rev)
    before = await events.roll(ctx.tx, event)
    after = places.replan(before, moved, ctx.now)
    await _saved(ctx, moved)
    roll = await event_roll.keep(ctx, before, after)
    await ctx.record("event_changed", moved.subject)
    if moved.state is State.PUBLISHED:
        await _follow(ctx, event, roll)
    await show(ctx, moved)


async def _follow(ctx: Ctx, event: Event, roll: Roll) -> None:
    moved = roll.event
    told = rules.told(event.plan, moved.plan)
    if told:
        await _tell_changes(ctx, roll, told)
    sure = roll.of(Standing.REGISTERED)
    if moved.sequence > event.sequence:
        await event_roll.send_papers(ctx.tx, roll, sure, ctx.now, badges=False)
    if moved.plan.starts_at != event.plan.starts_at:
        await event_roll.remind(ctx.services, ctx.tx, roll, sure, ctx.now)
    await events.plan_job(ctx.tx, event_roll.OVER, moved.id, moved.plan.ends_at, ctx.now)


async def _tell_changes(ctx: Ctx, roll: Roll, told: Sequence[rules.Change]) -> None:
    rows = [{"field": one.field, "old": _shown(one.old), "new": _shown(one.new)} for one in told]
    facts = {"title": roll.event.plan.title, "rows": rows}
    offers = ((Offer("event", roll.event.id),),)
    subject = roll.event.subject
    kept = await event_facts.kept_by(ctx.tx, roll)
    await ctx.tell([Notice(to, "events/changed", facts, offers, subject=subject) for to in kept])


def _shown(value: object) -> object:
    """Files are counted."""
    return len(value) if isinstance(value, tuple) else value


@press("event_cancel", Action.EVENT_KEEP)
async def begin_cancel(ctx: Ctx, pressed: Press) -> None:
    event = await seen(ctx, pressed, State.DRAFT, State.PUBLISHED)
    await forms.open_form(ctx, "event_cancel", subject_id=event.id)


def _cancel_form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "event_reason", "longtext", hint="event_reason", checks={"max_chars": 300}),)
    return Form("event_cancel", 1, Action.EVENT_KEEP, words(ctx.catalog, "form_event_cancel"), steps)


@form("event_cancel", Action.EVENT_KEEP, _cancel_form)
async def cancel(ctx: Ctx, draft: Draft) -> None:
    event = await locked(ctx, draft.subject_id or 0)
    reason = str(draft.answers["event_reason"])
    actor = ctx.require(Action.EVENT_KEEP)
    moved = rules.cancel(event, actor, ctx.now, seen_rev=event.rev, reason=reason)
    await _saved(ctx, moved)
    await ctx.record("event_cancelled", moved.subject)
    roll = await events.roll(ctx.tx, moved)
    facts = {**event_facts.brief(moved), "reason": reason, **await event_facts.contact(ctx.tx, moved)}
    kept = await event_facts.kept_by(ctx.tx, roll)
    await ctx.tell([Notice(to, "events/cancelled", facts, subject=moved.subject) for to in kept])
    await event_roll.send_papers(ctx.tx, roll, roll.of(Standing.REGISTERED), ctx.now, badges=False)
    ctx.job_added = True
    await show(ctx, moved)


# --- finding it -------------------------------------------------------------------------------------------


async def locked(ctx: Ctx, event_id: int) -> Event:
    """Raises Forbidden where there is none: the id came with a press."""
    ctx.require(Action.EVENT_KEEP)
    event = await events.lock(ctx.tx, event_id)
    if event is None:
        raise Forbidden
    return event


async def seen(ctx: Ctx, pressed: Press, *states: State) -> Event:
    event = await locked(ctx, pressed.id)
    rules.expect(event, pressed.rev, *states)
    return event


async def _saved(ctx: Ctx, moved: Event) -> None:
    if not await events.save(ctx.tx, moved):
        raise Stale(SUBJECT, moved.id)
