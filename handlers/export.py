"""导出: a year taken along by the centre; put together by a job, which tells whoever asked (Article 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from domain.access import Action
from domain.errors import Forbidden
from domain.notices import Kind, Notice, Offer, Subject, To
from domain.obligations import season
from domain.privacy import Seen
from handlers import letters
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.privacy_log import seen_by
from handlers.routes import command, press
from messages.attachments.naming import archive_name
from messages.attachments.wording import wording
from storage import audit, download_links, outbox, people
from storage.engine import Tx, durably

EXPORT: Final = "export"
"""The kind of the job."""
YEARS: Final = 3
ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom, and when, in ms UTC; `message_id` is the message that says how far it is."""

    year: int
    person_id: int
    at: int
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was put together: an archive in the store, by its `sha256`, or a folder at `place`."""

    bases: int
    files: int
    size: int
    problems: int
    sha256: str | None = None
    octets: int = 0
    place: str = ""


@command("export", Action.EXPORT)
async def choose(ctx: Ctx) -> None:
    ctx.show("export/choose", offers=(tuple(_year(year) for year in _years(ctx)),))


@press("export_year", Action.EXPORT)
async def begin(ctx: Ctx, pressed: Press) -> None:
    if pressed.id not in _years(ctx):
        raise Forbidden
    await ctx.record("export_asked", Subject("annual_year", pressed.id))
    asked = {"person_id": ctx.me.id, "at": ctx.now, "message_id": ctx.pressed_message_id}
    await ctx.start_job(EXPORT, year=pressed.id, **asked)
    ctx.show("export/begun", {"year": pressed.id})


def _years(ctx: Ctx) -> range:
    """The one that is reported on now, and those before it; the newest first."""
    newest = max(season(ctx.today), ctx.today.year)
    return range(newest, newest - YEARS, -1)


def _year(year: int) -> Offer:
    return Offer("export_year", year, text=str(year))


async def show_progress(services: Services, asked: Asked, bases: int, of: int) -> None:
    """In the message itself, again and again."""
    facts = {"year": asked.year, "bases": bases, "of": of}
    edit = partial(_edited, services, asked=asked, template="export/progress", facts=facts)
    services.sender.send_now(await durably(services.database, edit))


async def _edited(
    services: Services, tx: Tx, *, asked: Asked, template: str, facts: Mapping[str, object]
) -> list[outbox.Row]:
    person = await people.get(tx, asked.person_id)
    if asked.message_id is None or person.telegram_id is None:
        return []
    text = services.catalog.render(template, person.locale or services.locale, facts)
    payload = letters.message(person.telegram_id, text, None) | {"message_id": asked.message_id}
    row = letters.row(
        "editMessageText",
        payload,
        services.clock.now(),
        chat_id=person.telegram_id,
        kind=Kind.EDIT,
        person_id=person.id,
    )
    return await outbox.insert(tx, [row])


async def tell(services: Services, asked: Asked, done: Done | None) -> None:
    """The end of the job; `done` None: there was nothing to take along."""

    async def plan(tx: Tx) -> list[outbox.Row]:
        notice = await _notice(services, tx, asked, done)
        return await _planned(services, tx, asked, notice)

    services.sender.send_now(await durably(services.database, plan))


async def give_up(services: Services, asked: Asked, reference: str) -> None:
    facts = {"year": asked.year, "reference": reference}
    notice = Notice(To(person_id=asked.person_id), "export/failed", facts)
    planned = await durably(services.database, lambda tx: _planned(services, tx, asked, notice))
    services.sender.send_now(planned)


async def _planned(services: Services, tx: Tx, asked: Asked, notice: Notice) -> list[outbox.Row]:
    now = services.clock.now()
    rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
    key = f"export:{asked.year}:{asked.person_id}:{asked.at}"
    ended = await _edited(services, tx, asked=asked, template="export/ended", facts={"year": asked.year})
    return [*ended, *await outbox.insert(tx, [replace(row, key=key) for row in rows])]


async def _notice(services: Services, tx: Tx, asked: Asked, done: Done | None) -> Notice:
    to = To(person_id=asked.person_id)
    if done is None:
        return Notice(to, "export/empty", {"year": asked.year})
    now, subject = services.clock.now(), Subject("annual_year", asked.year)
    await audit.record(tx, now, asked.person_id, "exported", subject, files=done.files)
    actor = await people.actor(tx, await people.get(tx, asked.person_id))
    await seen_by(tx, actor, Seen.EXPORT, now)
    facts = {
        "year": asked.year,
        "bases": done.bases,
        "files": done.files,
        "size": done.size,
        "problems": done.problems,
    }
    if done.sha256 is None or services.page is None:
        return Notice(to, "export/done_place", facts | {"place": done.place})
    token = await download_links.add(
        tx,
        person_id=asked.person_id,
        sha256=done.sha256,
        name=archive_name(wording(services.locale), asked.year),
        media_type=ZIP,
        size=done.octets,
        now=now,
    )
    return Notice(to, "export/done_link", facts | {"url": services.page(f"/d/{token}")})
