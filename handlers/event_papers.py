"""The badges and the calendar entry of an event on their way to whoever registered: made by durable jobs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.event_papers import BadgeFacts, CalendarFacts
from domain.event_places import Entry, Roll
from domain.events import Event, State
from domain.people import Person
from handlers import event_facts
from handlers.context import Services
from handlers.papers import Paper, send_file
from messages.attachments.calendar_file import calendar_file
from messages.attachments.event_badge import badge
from storage import bases, events, outbox, people, settings
from storage.engine import Tx, durably
from storage.files import FileStore

Args = Mapping[str, Any]
PNG, ICS = "image/png", "text/calendar"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file and what is said under it; `key` tells it from its brothers."""

    key: str
    content: bytes
    name: str
    media_type: str
    caption: str
    facts: Mapping[str, object]


async def make(services: Services, files: FileStore, args: Args) -> None:
    """The job: run twice, it sends once."""
    async with services.database.read() as tx:
        event = await events.get(tx, args["event_id"])
        if event is None:
            return
        roll = await events.roll(tx, event)
        person = await people.get(tx, args["person_id"])
        wanted = [one for one in roll.entries if one.id in set(args["entries"])]
        badges = await _badges(services, tx, roll, wanted) if args["badges"] else []
        entry = await calendar_facts(tx, event, args["at"])
    prepared = [*(await asyncio.to_thread(_drawn, badges)), _calendar(event, entry)]
    await _send(services, files, event, person, prepared, args["at"])


async def _badges(
    services: Services, tx: Tx, roll: Roll, entries: Sequence[Entry]
) -> list[tuple[Entry, BadgeFacts]]:
    return [
        (
            one,
            BadgeFacts(
                roll.event.plan.title,
                one.attendee.name,
                one.attendee.post,
                (await bases.get(tx, one.base_id)).name,
                scanned(services, one.code),
            ),
        )
        for one in entries
    ]


def scanned(services: Services, code: str) -> str:
    """What the QR code holds: our page where there is one."""
    return services.page(f"/e/{code}") if services.page is not None else code


def _drawn(badges: Sequence[tuple[Entry, BadgeFacts]]) -> list[Prepared]:
    return [
        Prepared(
            f"badge {entry.id}",
            badge(facts),
            "badge.png",
            PNG,
            "events/badge",
            {"name": facts.name, "title": facts.event},
        )
        for entry, facts in badges
    ]


async def calendar_facts(tx: Tx, event: Event, now: int) -> CalendarFacts:
    centre = await settings.centre(tx)
    told = await event_facts.contact(tx, event)
    return CalendarFacts(
        uid=f"event-{event.id}-{event.created_at}@lianluo",
        sequence=event.sequence,
        title=event.plan.title,
        starts_at=event.plan.starts_at,
        ends_at=event.plan.ends_at,
        where=event.plan.where,
        description=event.plan.agenda,
        organiser=f"{centre.centre} {told['contact']}",
        email=centre.email if "@" in centre.email else None,
        written_at=now,
        cancelled=event.state is State.CANCELLED,
    )


def _calendar(event: Event, facts: CalendarFacts) -> Prepared:
    told = {"title": event.plan.title, "cancelled": facts.cancelled, "moved": facts.sequence > 0}
    content = calendar_file(facts)
    return Prepared(f"ics {facts.sequence}", content, "event.ics", ICS, "events/calendar", told)


async def _send(
    services: Services,
    files: FileStore,
    event: Event,
    person: Person,
    prepared: Sequence[Prepared],
    at: int,
) -> None:
    stored = [(one, await files.put(one.content)) for one in prepared]

    async def plan(tx: Tx) -> list[outbox.Row]:
        rows = []
        for one, kept in stored:
            paper = Paper(kept.sha256, one.name, one.media_type, one.caption, one.facts)
            row = await send_file(services, tx, paper, person_id=person.id, subject=event.subject)
            rows.append(replace(row, key=f"event_paper:{event.id}:{at}:{one.key}:{person.id}"))
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, plan))
