"""The access log as a workbook: made by a job, for whoever asked, who may see it still."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.access import Action, may
from domain.notices import Notice, To
from domain.privacy import Seen
from domain.retention import DAY_MS
from handlers import letters
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.event_sheets import XLSX
from handlers.papers import Paper, send_file
from handlers.privacy_log import saw
from handlers.privacy_register import PERIODS, Wanted, wanted_by
from handlers.routes import press
from messages.attachments.event_sheet import Table, event_sheet
from storage import access_log, outbox, people
from storage.engine import Row, Tx, durably
from storage.files import FileStore

SHEET: Final = "access_sheet"
"""The kind of the job."""
MOST: Final = 50_000
_COLUMNS: Final = ("at", "actor", "role", "what", "whose")

Args = Mapping[str, Any]


@press("access_sheet", Action.ACCESS_LOG)
async def ask(ctx: Ctx, pressed: Press) -> None:
    wanted = wanted_by(pressed)
    if wanted is None:
        ctx.toast("errors/bad_press")
        return
    await saw(ctx, Seen.LOG)
    what = wanted.what.value if wanted.what else None
    await ctx.start_job(
        SHEET, what=what, period=wanted.period, whose=wanted.person_id, person_id=ctx.me.id, at=ctx.now
    )
    ctx.toast("privacy/making")


async def make(services: Services, files: FileStore, args: Args) -> None:
    wanted = Wanted(Seen(args["what"]) if args["what"] else None, args["period"], args["whose"])
    async with services.database.read() as tx:
        person = await people.get(tx, args["person_id"])
        if not may(await people.actor(tx, person), Action.ACCESS_LOG):
            return
        found = await access_log.page(
            tx,
            what=wanted.what,
            person_id=wanted.person_id or None,
            since=args["at"] - PERIODS[wanted.period] * DAY_MS,
            skip=0,
            limit=MOST,
        )
    locale = services.catalog.known(person.locale)
    content = await asyncio.to_thread(event_sheet, [_table(services, locale, found)])
    stored, name = await files.put(content), f"{services.catalog.label('access', locale)}.xlsx"
    paper = Paper(stored.sha256, name, XLSX, "privacy/register_sheet", {"rows": len(found)})

    async def plan(tx: Tx) -> list[outbox.Row]:
        if not await people.recipients(tx, To(person_id=person.id)):
            return []
        row = await send_file(services, tx, paper, person_id=person.id)
        return await outbox.insert(tx, [replace(row, key=f"{SHEET}:{person.id}:{args['at']}")])

    services.sender.send_now(await durably(services.database, plan))


async def give_up(services: Services, args: Args, reference: str) -> None:
    """The job's last word."""
    notice = Notice(To(person_id=args["person_id"]), "privacy/not_made", {"reference": reference})

    async def tell(tx: Tx) -> list[outbox.Row]:
        now = services.clock.now()
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, rows)

    services.sender.send_now(await durably(services.database, tell))


def _table(services: Services, locale: str, found: list[Row]) -> Table:
    def word(key: str) -> str:
        return services.catalog.label(key, locale)

    rows = [
        (
            _moment(services, row["at"]),
            row["actor"],
            word(f"role_{row['role']}"),
            word(f"seen_{row['what']}"),
            row["person"] or row["base"] or word("seen_everybody"),
        )
        for row in found
    ]
    return word("access"), [word(f"access_column_{key}") for key in _COLUMNS], rows


def _moment(services: Services, instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, services.calendar.zone).strftime("%Y-%m-%d %H:%M")
