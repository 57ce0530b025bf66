"""What the clock does with events: offers run out, reminders are said, afterwards people are asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from domain import event_places as places
from domain.event_places import Roll, Standing
from domain.events import MATCHMAKING, State
from domain.notices import Notice, Offer, Rows
from domain.obligations import Why
from domain.people import Person
from handlers import event_facts, event_papers, event_roll, letters, nudges
from handlers.context import Services
from handlers.nudges import Letter
from storage import events, outbox, people, settings
from storage.engine import Tx, durably
from storage.files import FileStore
from storage.outbox import Row

Args = Mapping[str, Any]
OUTCOMES = "event_outcomes"
"""The kind of job that asks what came of a matchmaking event."""
DAY_MS = 24 * 60 * 60 * 1000
STARS = (5, 4, 3, 2, 1)


async def look(services: Services, _: FileStore, args: Args) -> None:
    """The job: offers that have run out end, and the next are made."""

    async def body(tx: Tx) -> list[Row]:
        now = services.clock.now()
        before = await events.locked_roll(tx, args["event_id"])
        if before is None:
            return []
        _, rows = await event_roll.kept(services, tx, before, places.settle(before, now), now)
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, body))
    services.jobs.wake()


async def over(services: Services, _: FileStore, args: Args) -> None:
    """The job: when it is over, whoever was there is asked how it was; nobody where it was moved on."""

    async def body(tx: Tx) -> list[Row]:
        roll = await _held(tx, args["event_id"], services.clock.now())
        if roll is None:
            return []
        await _plan_outcomes(tx, roll, services.clock.now())
        facts, subject = event_facts.brief(roll.event), roll.event.subject
        asked = dict.fromkeys([await event_facts.keeper(tx, one) for one in came(roll)])
        notices = [Notice(to, "events/rate", facts, rating(roll), subject=subject) for to in asked]
        return await _asked(services, tx, notices, f"event_rate:{roll.event.id}")

    services.sender.send_now(await durably(services.database, body))


async def _asked(services: Services, tx: Tx, notices: list[Notice], key: str) -> list[Row]:
    """Each person once, however often the job is run."""
    now = services.clock.now()
    rows = await letters.addressed(tx, services.catalog, services.locale, notices, now)
    keyed = [replace(row, key=f"{key}:person {row.person_id}:{n}") for n, row in enumerate(rows)]
    return await outbox.insert(tx, keyed)


async def _held(tx: Tx, event_id: int, now: int) -> Roll | None:
    """The roll of an event that took place and is over by now."""
    roll = await events.locked_roll(tx, event_id)
    if roll is None or roll.event.state is not State.PUBLISHED or not roll.event.is_over(now):
        return None
    return roll


async def _plan_outcomes(tx: Tx, roll: Roll, now: int) -> None:
    if roll.event.plan.kind in MATCHMAKING:
        days = (await settings.centre(tx)).outcome_days
        asked_at = roll.event.plan.ends_at + int(days) * DAY_MS
        await events.plan_job(tx, OUTCOMES, roll.event.id, asked_at, now)


def came(roll: Roll) -> list[places.Entry]:
    """Those that were checked in or, where nobody was, those that had a place."""
    sure = roll.of(Standing.REGISTERED)
    return [one for one in sure if one.arrived_at is not None] or sure


def rating(roll: Roll) -> Rows:
    offers = [Offer(f"event_rate.{stars}", roll.event.id, label=f"stars_{stars}") for stars in STARS]
    return (tuple(offers[:3]), tuple(offers[3:]))


async def ask_outcomes(services: Services, _: FileStore, args: Args) -> None:
    """The job: once, each base that was there and has not said yet what came of it."""

    async def body(tx: Tx) -> list[Row]:
        roll = await _held(tx, args["event_id"], services.clock.now())
        if roll is None:
            return []
        told = await events.outcomes(tx, roll.event.id)
        asked = {one.base_id: one for one in came(roll) if one.base_id not in told}
        facts, subject = event_facts.brief(roll.event), roll.event.subject
        notices = [
            Notice(
                await event_facts.keeper(tx, one),
                "events/outcome_ask",
                facts,
                outcome_offers(roll, base_id),
                subject=subject,
            )
            for base_id, one in asked.items()
        ]
        return await _asked(services, tx, notices, f"{OUTCOMES}:{roll.event.id}")

    services.sender.send_now(await durably(services.database, body))


def outcome_offers(roll: Roll, base_id: int) -> Rows:
    event_id = roll.event.id
    return ((Offer("event_outcome", event_id, base_id),), (Offer("event_no_outcome", event_id, base_id),))


JOBS: Mapping[str, Callable[[Services, FileStore, Args], Awaitable[None]]] = {
    event_roll.DUE: look,
    event_roll.PAPERS: event_papers.make,
    event_roll.OVER: over,
    OUTCOMES: ask_outcomes,
}


# --- reminders --------------------------------------------------------------------------------------------


async def remind(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    """As it is when its hour has come: moved, cancelled or given up, it is not said."""
    event = await events.get(tx, row.subject_id or 0)
    if event is None or event.state is not State.PUBLISHED:
        return Why.MOVED_ON
    if (row.facts or {}).get("starts_at") != event.plan.starts_at:
        return Why.ANOTHER_DAY
    if person.telegram_id is None or not person.reachable:
        return Why.UNREACHABLE
    own = (await people.actor(tx, person)).bases
    mine = [one for one in (await events.roll(tx, event)).of(Standing.REGISTERED) if one.base_id in own]
    told = [one for one in mine if person in await people.recipients(tx, await event_facts.keeper(tx, one))]
    if not told:
        return Why.MOVED_ON
    facts = {
        **event_facts.brief(event),
        **await event_facts.contact(tx, event),
        "names": [one.attendee.name for one in told][: event_facts.MOST_LISTED],
    }
    return Letter(event_roll.REMINDER, facts, ((Offer("event", event.id),),))


nudges.WRITERS[event_roll.REMINDER] = remind
