"""登记表 and 移交清单 on their way to people: made by durable jobs, sent once (Article 8)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from domain import catalogue
from domain.access import Action
from domain.forms import Words
from domain.handover import FORM_WORKING_DAYS, Handover
from domain.handover_papers import ChangeFacts, Moved, SheetFacts
from domain.notices import Notice, Offer, To
from domain.people import Role
from handlers import letters
from handlers.annual_papers import DOCX
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.handover import leaver_name, locked
from handlers.papers import Paper, send_file
from handlers.reach import counterpart
from handlers.routes import press
from handlers.steps import words
from handlers.succession import SHEET
from messages.attachments.naming import change_name, sheet_name
from messages.attachments.wording import Wording, wording
from messages.catalog import Catalog
from storage import bases, handovers, open_work, outbox, people, settings
from storage.engine import Tx, durably
from storage.files import FileStore

FORM = "handover_form"
"""The kinds of jobs: this and SHEET."""

Args = Mapping[str, Any]
Write = Callable[[], bytes]
Named = Callable[[Wording, str], str]


@press("handover_form", Action.HANDOVER)
async def ask(ctx: Ctx, pressed: Press) -> None:
    handover = await locked(ctx, pressed.id)
    await ctx.start_job(FORM, handover_id=handover.id, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("handover/making")


async def make_form(services: Services, files: FileStore, args: Args) -> None:
    """The job: 登记表 with what would go over now, for whoever pressed."""
    async with services.database.read() as tx:
        handover = await _handover(tx, args)
        facts = await _change_facts(services, tx, handover)
        name = await _name(services, tx, handover, change_name)
    key = f"handover_form:{handover.id}:{args['at']}"
    from messages.attachments.handover import change_form

    write = partial(change_form, facts, services.locale)
    await _send(
        services, files, handover, name, write, "handover/form", [To(person_id=args["person_id"])], key
    )


async def make_sheet(services: Services, files: FileStore, args: Args) -> None:
    """The job: what went over, for the successor, the head and the centre's officer."""
    async with services.database.read() as tx:
        handover = await _handover(tx, args)
        facts = await _sheet_facts(services, tx, handover)
        name = await _name(services, tx, handover, sheet_name)
        officer = await counterpart(tx, await bases.get(tx, handover.base_id))
    to = [
        To(person_id=handover.successor_id),
        To(base_id=handover.base_id, roles=frozenset({Role.HEAD})),
        officer,
    ]
    from messages.attachments.handover import handover_sheet

    write = partial(handover_sheet, facts, services.locale)
    key = f"handover_sheet:{handover.id}"
    await _send(services, files, handover, name, write, "handover/sheet", to, key)


async def give_up(services: Services, args: Args, reference: str) -> None:
    """A job's last word: whoever waits is told."""

    async def tell(tx: Tx) -> list[outbox.Row]:
        handover = await _handover(tx, args)
        person_id = args.get("person_id") or handover.registered_by or handover.successor_id
        page = ((Offer("handover", handover.id),),)
        notice = Notice(To(person_id=person_id), "handover/failed", {"reference": reference}, page)
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, tell))


async def _send(
    services: Services,
    files: FileStore,
    handover: Handover,
    name: str,
    write: Write,
    caption: str,
    to: Sequence[To],
    key: str,
) -> None:
    stored = await files.put(await asyncio.to_thread(write))
    paper = Paper(stored.sha256, name, DOCX, caption, {"days": FORM_WORKING_DAYS})

    async def plan(tx: Tx) -> list[outbox.Row]:
        found = {person.id for one in to for person in await people.recipients(tx, one)}
        rows = [
            replace(
                await send_file(services, tx, paper, person_id=person_id, subject=handover.subject),
                key=f"{key}:{person_id}",
            )
            for person_id in sorted(found)
        ]
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, plan))


async def _handover(tx: Tx, args: Args) -> Handover:
    handover = await handovers.get(tx, args["handover_id"])
    if handover is None:
        raise LookupError(f"no handover {args['handover_id']}")
    return handover


async def _name(services: Services, tx: Tx, handover: Handover, named: Named) -> str:
    base = await bases.get(tx, handover.base_id)
    return named(wording(services.locale), base.short_name)


# --- what they say ----------------------------------------------------------------------------------------


async def _change_facts(services: Services, tx: Tx, handover: Handover) -> ChangeFacts:
    base = await bases.get(tx, handover.base_id)
    leaver = await people.get(tx, handover.leaver_id) if handover.leaver_id else None
    work = await open_work.of_base(tx, base.id, services.clock.now())
    return ChangeFacts(
        base=base.name,
        role=words(services.catalog, f"role_{handover.role}"),
        leaver=await leaver_name(tx, handover) or "",
        leaver_tel=(leaver.office_phone if leaver else None) or "",
        successor=handover.successor_name,
        successor_tel=handover.successor_tel or "",
        department=base.department,
        centre=(await settings.centre(tx)).centre,
        days=FORM_WORKING_DAYS,
        moved=lines(services.catalog, handover.moved or work.as_facts()),
    )


async def _sheet_facts(services: Services, tx: Tx, handover: Handover) -> SheetFacts:
    base = await bases.get(tx, handover.base_id)
    via = handover.confirmed_via
    return SheetFacts(
        base=base.name,
        role=words(services.catalog, f"role_{handover.role}"),
        leaver=await leaver_name(tx, handover) or "—",
        successor=handover.successor_name,
        centre=(await settings.centre(tx)).centre,
        on=services.calendar.today(handover.settled_at or services.clock.now()),
        confirmed=words(services.catalog, f"handover_via_{via}") if via else None,
        confirmed_by=handover.confirmed_by,
        moved=lines(services.catalog, handover.moved or {}),
    )


def lines(catalog: Catalog, moved: Mapping[str, Any]) -> list[Moved]:
    """What goes over, in the order of its kinds."""
    return [
        *(_request(catalog, row) for row in moved.get("requests", ())),
        *(_question(catalog, row) for row in moved.get("questions", ())),
        *(_report(catalog, row) for row in moved.get("reports", ())),
        *(_duty(catalog, row) for row in moved.get("duties", ())),
        *(_exchange(catalog, row) for row in moved.get("exchanges", ())),
        *(Moved("drafts", _form_words(catalog, row["form"])) for row in moved.get("drafts", ())),
    ]


def _request(catalog: Catalog, row: Mapping[str, Any]) -> Moved:
    service = _service(row["service"])
    what = Words(f"{row['number']} {service.zh}", f"{row['number']} {service.en}")
    return Moved("requests", what, words(catalog, f"state_{row['state']}"))


def _question(catalog: Catalog, row: Mapping[str, Any]) -> Moved:
    return Moved(
        "questions", Words(row["number"], row["number"]), words(catalog, f"question_state_{row['state']}")
    )


def _report(catalog: Catalog, row: Mapping[str, Any]) -> Moved:
    what = Words(f"{row['year']}年度", str(row["year"]))
    return Moved("reports", what, words(catalog, f"annual_state_{row['state']}"))


def _duty(catalog: Catalog, row: Mapping[str, Any]) -> Moved:
    kind = words(catalog, f"duty_kind_{row['kind']}")
    title = f" {row['title']}" if row["title"] else ""
    what = Words(f"{row['year']} {kind.zh}{title}", f"{row['year']} {kind.en}{title}")
    return Moved("duties", what, due=date.fromisoformat(row["due_on"]))


def _exchange(catalog: Catalog, row: Mapping[str, Any]) -> Moved:
    way = words(catalog, f"exchange_way_{row['way']}")
    what = Words(f"{row['day']} {way.zh}", f"{row['day']} {way.en}")
    return Moved("exchanges", what, words(catalog, f"exchange_state_{row['state']}"))


def _form_words(catalog: Catalog, name: str) -> Words:
    """A form's title, as far as it is known without a person who fills it in."""
    kind, _, argument = name.partition(":")
    if kind in ("service", "turned"):
        return _service(argument)
    try:
        return words(catalog, f"form_{kind}")
    except KeyError:
        return words(catalog, "annual_report_form" if kind.startswith("annual") else "some_form")


def _service(code: str) -> Words:
    try:
        return catalogue.service(code).words
    except KeyError:
        return Words(code, code)


JOBS = {FORM: make_form, SHEET: make_sheet}
