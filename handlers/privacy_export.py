"""导出: everything that is kept of a person, made by a job and sent to nobody else (PIPL Article 45)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.access import Action
from domain.notices import Notice, To
from domain.people import Person
from domain.privacy import Line
from handlers import letters
from handlers.annual_papers import DOCX
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.papers import Paper, send_file
from handlers.privacy import own
from handlers.routes import press
from messages.attachments.naming import own_data_name
from messages.attachments.wording import wording
from storage import access_log, outbox, people, privacy, settings
from storage.engine import Tx, durably
from storage.files import FileStore

EXPORT: Final = "privacy_export"
"""The kind of the job."""
LINES: Final = 10_000
_JSON: Final = "application/json"
_PARSED: Final = frozenset({"answers", "body"})

Args = Mapping[str, Any]


@press("privacy_export", Action.PRIVACY)
async def ask(ctx: Ctx, _: Press) -> None:
    await ctx.start_job(EXPORT, person_id=ctx.me.id, at=ctx.now)
    ctx.toast("privacy/making")


async def make(services: Services, files: FileStore, args: Args) -> None:
    """The job: both files, each sent once. Who has left meanwhile gets none."""
    async with services.database.read() as tx:
        person = await people.get(tx, args["person_id"])
        if person.telegram_id is None:
            return
        facts = await _facts(services, tx, person)
    from messages.attachments.own_data import OwnData, as_json, as_paper

    data = OwnData(**facts)
    words = wording(services.catalog.known(person.locale))
    written = (
        ("docx", DOCX, await asyncio.to_thread(as_paper, data, words.locale), "privacy/copy"),
        ("json", _JSON, as_json(data), None),
    )
    papers = [
        Paper((await files.put(content)).sha256, own_data_name(words, suffix), media_type, caption)
        for suffix, media_type, content, caption in written
    ]
    services.sender.send_now(
        await durably(services.database, lambda tx: _planned(services, tx, args, papers))
    )


async def _planned(services: Services, tx: Tx, args: Args, papers: list[Paper]) -> list[outbox.Row]:
    """To the person's own chat; asked again here, since the account may have gone while it was made."""
    person_id = args["person_id"]
    if not await people.recipients(tx, To(person_id=person_id)):
        return []
    rows = [
        replace(
            await send_file(services, tx, paper, person_id=person_id),
            key=f"{EXPORT}:{person_id}:{args['at']}:{n}",
        )
        for n, paper in enumerate(papers)
    ]
    return await outbox.insert(tx, rows)


async def give_up(services: Services, args: Args, reference: str) -> None:
    """The job's last word."""
    notice = Notice(To(person_id=args["person_id"]), "privacy/not_made", {"reference": reference})

    async def tell(tx: Tx) -> list[outbox.Row]:
        now = services.clock.now()
        return await outbox.insert(
            tx, await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        )

    services.sender.send_now(await durably(services.database, tell))


async def _facts(services: Services, tx: Tx, person: Person) -> dict[str, Any]:
    kinds = await privacy.own(tx, person.id)
    lines = await access_log.about(tx, person.id, LINES)
    return {
        "name": person.name,
        "centre": (await settings.centre(tx)).centre,
        "at": _moment(services, services.clock.now()),
        "person": _readable(services, own(person) | {"locale": person.locale}),
        "kinds": {kind: [_readable(services, row) for row in rows] for kind, rows in kinds.items()}
        | {"seen": [_seen(services, one) for one in lines]},
    }


def _seen(services: Services, line: Line) -> dict[str, object]:
    """By the role, as the person is told it in the chat."""
    return {"at": _moment(services, line.at), "role": line.role.value, "what": line.what.value}


def _readable(services: Services, row: Mapping[str, object]) -> dict[str, object]:
    return {key: _value(services, key, value) for key, value in row.items()}


def _value(services: Services, key: str, value: object) -> object:
    if key.endswith("_at") and isinstance(value, int):
        return _moment(services, value)
    return json.loads(value) if key in _PARSED and isinstance(value, str) else value


def _moment(services: Services, instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, services.calendar.zone).isoformat(timespec="seconds")
