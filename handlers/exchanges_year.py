"""年度沟通记录: a base's exchanges of a year as docx and xlsx, made by a durable job (Article 8)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from domain.access import Action
from domain.errors import Forbidden
from domain.exchange_papers import Done, Held, YearOfExchanges
from domain.exchanges import Exchange, Move
from domain.notices import Notice, Offer, Subject, To
from handlers import letters
from handlers.annual_papers import DOCX
from handlers.annual_sheets import XLSX
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.directory import base_of
from handlers.papers import Paper, send_file
from handlers.routes import press
from handlers.steps import words
from messages.attachments.naming import exchanges_name
from messages.attachments.wording import wording
from messages.catalog import Catalog
from storage import bases, exchange_cadences, exchanges, outbox, settings
from storage.engine import Tx, durably
from storage.exchanges import Entry, Task
from storage.files import FileStore

MAKE = "exchanges_year"
"""The kind of the job."""
YEARS = 3

Args = Mapping[str, Any]


@press("exchange_years", Action.EXCHANGES)
async def choose(ctx: Ctx, pressed: Press) -> None:
    ctx.require(Action.EXCHANGES, pressed.id)
    base = await base_of(ctx, pressed.id)
    years = tuple(Offer("exchange_year", base.id, year, text=str(year)) for year in _years(ctx))
    ctx.show("exchanges/years", {"base": base.name}, (years, (Offer("exchanges_of", base.id, label="home"),)))


@press("exchange_year", Action.EXCHANGES)
async def ask(ctx: Ctx, pressed: Press) -> None:
    ctx.require(Action.EXCHANGES, pressed.id)
    base = await base_of(ctx, pressed.id)
    if pressed.rev not in _years(ctx):
        raise Forbidden
    await ctx.record("exchanges_year_asked", Subject("base", base.id), year=pressed.rev)
    await ctx.start_job(MAKE, base_id=base.id, year=pressed.rev, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("exchanges/making")


def _years(ctx: Ctx) -> range:
    return range(ctx.today.year, ctx.today.year - YEARS, -1)


# --- the job ----------------------------------------------------------------------------------------------


async def make(services: Services, files: FileStore, args: Args) -> None:
    """Both files for whoever pressed, or a word that nothing was held."""
    async with services.database.read() as tx:
        year = await _year(services, tx, args["base_id"], args["year"])
    if not year.held:
        facts = {"base": year.base, "year": year.year}
        await _tell(services, args, "exchanges/empty_year", facts)
        return
    from messages.attachments.exchange_record import exchange_record
    from messages.attachments.exchange_workbook import exchange_workbook

    facts = {
        "base": year.base,
        "year": year.year,
        "n": len(year.held),
        "n_regular": year.regular,
        "unconfirmed": year.unconfirmed,
    }
    named = partial(exchanges_name, wording(services.locale), year.base, year.year)
    docx = await _stored(files, partial(exchange_record, year, services.locale))
    xlsx = await _stored(files, partial(exchange_workbook, year, services.locale))
    papers = (
        Paper(docx, named("docx"), DOCX, "exchanges/year_file", facts),
        Paper(xlsx, named("xlsx"), XLSX),
    )
    await _send(services, args, papers)


async def _stored(files: FileStore, write: Callable[[], bytes]) -> str:
    return (await files.put(await asyncio.to_thread(write))).sha256


async def _send(services: Services, args: Args, papers: Sequence[Paper]) -> None:
    async def plan(tx: Tx) -> list[outbox.Row]:
        rows = [
            await send_file(
                services, tx, one, person_id=args["person_id"], subject=Subject("base", args["base_id"])
            )
            for one in papers
        ]
        return await outbox.insert(tx, [replace(row, key=f"{_key(args)}:{n}") for n, row in enumerate(rows)])

    services.sender.send_now(await durably(services.database, plan))


async def give_up(services: Services, args: Args, reference: str) -> None:
    """The job's last word."""
    await _tell(services, args, "exchanges/year_failed", {"reference": reference})


async def _tell(services: Services, args: Args, template: str, facts: Mapping[str, object]) -> None:
    notice = Notice(To(person_id=args["person_id"]), template, facts)

    async def plan(tx: Tx) -> list[outbox.Row]:
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, [replace(row, key=f"{_key(args)}:{template}") for row in rows])

    services.sender.send_now(await durably(services.database, plan))


def _key(args: Args) -> str:
    return f"{MAKE}:{args['base_id']}:{args['year']}:{args['person_id']}:{args['at']}"


# --- what the files say -----------------------------------------------------------------------------------


async def _year(services: Services, tx: Tx, base_id: int, year: int) -> YearOfExchanges:
    base = await bases.get(tx, base_id)
    today = services.calendar.today(services.clock.now())
    found = await exchanges.held(tx, base_id, date(year, 1, 1), date(year, 12, 31))
    ids = [one.id for one in found]
    entries, tasks = await exchanges.entries(tx, ids), await exchanges.tasks(tx, ids)
    cadence = await exchange_cadences.of_base(tx, today, base_id)
    return YearOfExchanges(
        base=base.name,
        centre=(await settings.centre(tx)).centre,
        year=year,
        every=words(services.catalog, f"exchange_every_{cadence.months}") if cadence else None,
        made_on=today,
        held=[_held(services, one, entries.get(one.id, []), tasks.get(one.id, [])) for one in found],
    )


def _held(services: Services, one: Exchange, entries: Sequence[Entry], tasks: Sequence[Task]) -> Held:
    if one.record is None:
        raise LookupError(f"exchange {one.id} was not held")
    catalog: Catalog = services.catalog
    recorded = [each for each in entries if each.move in (Move.RECORD, Move.CORRECT)][-1]
    confirmed = next((each for each in reversed(entries) if each.move is Move.CONFIRM), None)
    return Held(
        record=one.record,
        regular=one.regular,
        way=words(catalog, f"exchange_way_{one.record.way}"),
        state=words(catalog, f"exchange_state_{one.state}"),
        purpose=one.plan.purpose if one.plan else None,
        recorded_side=words(catalog, f"exchange_side_{recorded.side}"),
        recorded_by=recorded.by_name,
        version=one.version,
        confirmed_by=confirmed.by_name if confirmed else None,
        confirmed_on=services.calendar.today(confirmed.at) if confirmed else None,
        follow_ups=[
            Done(
                task.follow_up,
                words(catalog, f"exchange_side_{task.follow_up.side}"),
                task.done_by if task.done else None,
            )
            for task in tasks
        ],
    )
