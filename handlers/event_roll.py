"""What follows when a roll has changed: it is kept, others hear of it, what comes next is planned."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain import event_places as places
from domain import event_reminders as reminders
from domain.event_places import Entry, Roll, Standing
from domain.events import State
from domain.notices import Kind, Lane, Notice, Offer, Rows, SendState
from handlers import event_facts, letters
from handlers.context import Ctx, Services
from storage import events, jobs, outbox, people
from storage.engine import Tx
from storage.outbox import Row

DUE: Final = "event_due"
PAPERS: Final = "event_papers"
OVER: Final = "event_over"
"""The kinds of jobs: to look at a roll when an offer runs out; to make badges and a calendar entry; to ask
afterwards."""
REMINDER: Final = "events/reminder"

_TOLD = {
    Standing.OFFERED: "events/offered",
    Standing.EXPIRED: "events/expired",
    Standing.WAITING: "events/offer_withdrawn",
}
"""What others hear, whose standing changed by no step of their own."""


async def keep(ctx: Ctx, before: Roll, after: Roll) -> Roll:
    """The same for a press: its rows go with the reply."""
    roll, rows = await kept(ctx.services, ctx.tx, before, after, ctx.now)
    ctx.rows += rows
    ctx.job_added = True
    return roll


async def kept(services: Services, tx: Tx, before: Roll, after: Roll, now: int) -> tuple[Roll, list[Row]]:
    """The roll as it is stored, and the rows that tell of it, to be inserted by the caller."""
    roll = await events.save_roll(tx, before, after, now)
    notices = [
        await _notice(tx, roll, entry) for entry in places.news(before, roll) if entry.standing in _TOLD
    ]
    had = {one.code for one in before.of(Standing.REGISTERED)}
    fresh = [one for one in roll.of(Standing.REGISTERED) if one.code not in had]
    await send_papers(tx, roll, fresh, now)
    await remind(services, tx, roll, fresh, now)
    await look_again(tx, roll, now)
    return roll, await letters.addressed(tx, services.catalog, services.locale, notices, now)


async def _notice(tx: Tx, roll: Roll, entry: Entry) -> Notice:
    facts = {
        **event_facts.brief(roll.event),
        "name": entry.attendee.name,
        "confirm_by": entry.confirm_by,
    }
    to = await event_facts.keeper(tx, entry)
    return Notice(to, _TOLD[entry.standing], facts, _offers(roll, entry), subject=roll.event.subject)


def _offers(roll: Roll, entry: Entry) -> Rows:
    show = (Offer("event", roll.event.id),)
    if entry.standing is not Standing.OFFERED:
        return (show,)
    return ((Offer("event_confirm", entry.id), Offer("unregister_do", entry.id, label="event_decline")), show)


async def look_again(tx: Tx, roll: Roll, now: int) -> None:
    """When the next offer runs out."""
    if (instant := places.next_instant(roll)) is not None:
        await events.plan_job(tx, DUE, roll.event.id, instant, now)


async def send_papers(tx: Tx, roll: Roll, entries: Sequence[Entry], now: int, *, badges: bool = True) -> None:
    """A badge for each attendee and an entry for the calendar, to who registered them."""
    by_keeper: dict[int, list[int]] = {}
    for one in entries:
        for person in await people.recipients(tx, await event_facts.keeper(tx, one)):
            by_keeper.setdefault(person.id, []).append(one.id)
    for person_id, ids in by_keeper.items():
        args = {
            "event_id": roll.event.id,
            "person_id": person_id,
            "entries": ids,
            "badges": badges,
            "at": now,
        }
        await jobs.add(tx, PAPERS, args, now)


# --- reminders --------------------------------------------------------------------------------------------


async def remind(services: Services, tx: Tx, roll: Roll, entries: Sequence[Entry], now: int) -> None:
    """Plan what is said of it before it begins; whoever is planned for already is not again."""
    event = roll.event
    if event.state is not State.PUBLISHED:
        return
    told = {
        person.id
        for one in entries
        for person in await people.recipients(tx, await event_facts.keeper(tx, one))
    }
    planned = reminders.plan(event.plan.starts_at, services.calendar, now)
    rows = [_planned(roll, one, person_id, now) for person_id in sorted(told) for one in planned]
    await outbox.insert(tx, rows)


def _planned(roll: Roll, one: reminders.Planned, person_id: int, now: int) -> Row:
    event = roll.event
    row = letters.row("sendMessage", {}, now, chat_id=0, kind=Kind.NUDGE, lane=Lane.BULK, person_id=person_id)
    return replace(
        row,
        payload="",
        state=SendState.PLANNED,
        subject_kind=event.subject.kind,
        subject_id=event.id,
        key=f"event:{event.id}:{one.step}@{event.plan.starts_at}:person {person_id}",
        template=REMINDER,
        facts={"step": one.step, "starts_at": event.plan.starts_at},
        due_at=one.due_at,
        cutoff_at=one.cutoff_at,
    )
