"""名单 and 成效 of an event as a workbook, and how it was attended as a picture: made by durable jobs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.access import Action
from domain.errors import Forbidden
from domain.event_places import Roll, Standing
from domain.events import State
from domain.notices import Kind
from domain.privacy import Seen
from handlers import event_facts
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.papers import Paper, send_file
from handlers.privacy_log import saw
from handlers.routes import press
from messages.attachments.chart import Bar, bars
from messages.attachments.event_sheet import Table, event_sheet
from storage import bases, events, outbox, people
from storage.engine import Tx, durably
from storage.events import Outcome
from storage.files import FileStore

Args = Mapping[str, Any]
SHEET: Final = "event_sheet"
CHART: Final = "event_chart"
"""The kinds of jobs."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADINGS = ("base", "name", "post", "plate", "standing", "arrived", "entered")
_OUTCOME_HEADINGS = ("base", "intentions", "contracts", "amount")


@press("event_sheet", Action.EVENT_KEEP)
async def ask_sheet(ctx: Ctx, pressed: Press) -> None:
    await _ask(ctx, pressed, SHEET)


@press("event_chart", Action.EVENT_KEEP)
async def ask_chart(ctx: Ctx, pressed: Press) -> None:
    await _ask(ctx, pressed, CHART)


async def _ask(ctx: Ctx, pressed: Press, kind: str) -> None:
    event = await events.get(ctx.tx, pressed.id)
    if event is None or event.state is State.DRAFT:
        raise Forbidden
    await ctx.record(f"{kind}_asked", event.subject)
    if kind == SHEET:
        roll = await events.roll(ctx.tx, event)
        await saw(ctx, Seen.EXPORT, person_ids=sorted({one.registered_by for one in roll.entries}))
    await ctx.start_job(kind, event_id=event.id, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("events/making")


# --- as a workbook ----------------------------------------------------------------------------------------


async def make_sheet(services: Services, files: FileStore, args: Args) -> None:
    async with services.database.read() as tx:
        roll = await _roll(tx, args)
        locale = await _locale(services, tx, args)
        tables = [await _attendance(services, tx, roll, locale), await _outcomes(services, tx, roll, locale)]
    content = await asyncio.to_thread(event_sheet, tables)
    facts: event_facts.Facts = {"title": roll.event.plan.title}
    await _send(services, files, args, content, ("event.xlsx", XLSX), f"events/{_last(SHEET)}", facts)


def _last(kind: str) -> str:
    return kind.removeprefix("event_")


async def _attendance(services: Services, tx: Tx, roll: Roll, locale: str) -> Table:
    def word(key: str) -> str:
        return services.catalog.label(key, locale)

    names = {one.id: one.name for one in await bases.listed(tx)}
    questions = roll.event.plan.questions
    rows = [
        (
            names[one.base_id],
            one.attendee.name,
            one.attendee.post,
            one.attendee.plate,
            word(f"event_standing_{one.standing}"),
            _shown(services, one.arrived_at),
            _shown(services, one.entered_at),
            *(one.answers.get(question) for question in questions),
        )
        for one in roll.entries
    ]
    return word("event_list"), [*(word(f"column_{key}") for key in _HEADINGS), *questions], rows


async def _outcomes(services: Services, tx: Tx, roll: Roll, locale: str) -> Table:
    names = {one.id: one.name for one in await bases.listed(tx)}
    rows = [
        (names[base_id], told.intentions, told.contracts, float(told.amount))
        for base_id, told in (await events.outcomes(tx, roll.event.id)).items()
    ]
    headings = [services.catalog.label(f"column_{key}", locale) for key in _OUTCOME_HEADINGS]
    return services.catalog.label("form_event_outcome", locale), headings, rows


def _shown(services: Services, instant: int | None) -> str | None:
    if instant is None:
        return None
    return datetime.fromtimestamp(instant / 1000, services.calendar.zone).strftime("%Y-%m-%d %H:%M")


# --- as a picture -----------------------------------------------------------------------------------------


async def make_chart(services: Services, files: FileStore, args: Args) -> None:
    async with services.database.read() as tx:
        roll = await _roll(tx, args)
        locale = await _locale(services, tx, args)
        ratings = await events.ratings(tx, roll.event.id)
        told = await events.outcomes(tx, roll.event.id)
        names = {one.id: one.short_name for one in await bases.listed(tx)}
    arrived = sum(one.arrived_at is not None for one in roll.entries)
    counts = [(standing, len(roll.of(standing))) for standing in Standing]
    rows = [
        Bar(services.catalog.label(f"event_standing_{standing}", locale), (n,), (str(n),))
        for standing, n in counts
    ]
    rows.insert(1, Bar(services.catalog.label("event_desk", locale), (arrived,), (str(arrived),)))
    content = await asyncio.to_thread(bars, [""], rows)
    rated = sum(ratings.values())
    facts = {
        "title": roll.event.plan.title,
        "registered": len(roll.of(Standing.REGISTERED)),
        "arrived": arrived,
        "waiting": len(roll.of(Standing.WAITING)),
        "rated": rated,
        "average": f"{sum(stars * n for stars, n in ratings.items()) / rated:.1f}" if rated else "",
    }
    await _send(services, files, args, content, ("event.png", "image/png"), f"events/{_last(CHART)}", facts)
    came_of_it = [(names[base_id], one) for base_id, one in told.items() if one.intentions or one.contracts]
    if came_of_it:
        await _send_outcomes(services, files, args, roll, came_of_it, locale)


async def _send_outcomes(
    services: Services,
    files: FileStore,
    args: Args,
    roll: Roll,
    told: Sequence[tuple[str, Outcome]],
    locale: str,
) -> None:
    """A row a base, in the order of the directory: no ranking."""
    series = [services.catalog.label(f"column_{key}", locale) for key in ("intentions", "contracts")]
    rows = [
        Bar(base, (one.intentions, one.contracts), (str(one.intentions), str(one.contracts)))
        for base, one in told
    ]
    content = await asyncio.to_thread(bars, series, rows)
    facts: event_facts.Facts = {
        "title": roll.event.plan.title,
        "bases": len(told),
        "intentions": sum(one.intentions for _, one in told),
        "contracts": sum(one.contracts for _, one in told),
        "amount": f"{sum(Decimal(one.amount) for _, one in told):f}",
    }
    await _send(services, files, args, content, ("outcomes.png", "image/png"), "events/outcome_chart", facts)


JOBS: Mapping[str, Callable[[Services, FileStore, Args], Awaitable[None]]] = {
    SHEET: make_sheet,
    CHART: make_chart,
}


# --- common -----------------------------------------------------------------------------------------------


async def _roll(tx: Tx, args: Args) -> Roll:
    event = await events.get(tx, args["event_id"])
    if event is None:
        raise LookupError(f"no event {args['event_id']}")
    return await events.roll(tx, event)


async def _locale(services: Services, tx: Tx, args: Args) -> str:
    return (await people.get(tx, args["person_id"])).locale or services.locale


async def _send(
    services: Services,
    files: FileStore,
    args: Args,
    content: bytes,
    named: tuple[str, str],
    caption: str,
    facts: event_facts.Facts,
) -> None:
    """Stored, and sent once however often the job is run."""
    stored = await files.put(content)
    paper = Paper(stored.sha256, *named, caption, facts)

    async def plan(tx: Tx) -> list[outbox.Row]:
        row = await send_file(services, tx, paper, person_id=args["person_id"], kind=Kind.REPLY)
        key = f"{caption}:{args['event_id']}:{args['at']}:{args['person_id']}"
        return await outbox.insert(tx, [replace(row, key=key)])

    services.sender.send_now(await durably(services.database, plan))
