"""Leaving erases: begun in the transaction that ends the last appointment, seen through by a job.

The job waits for the farewell to arrive, then takes the Telegram id and the numbers out of everything that is
kept: rows, texts, made files, and SQLite's own free pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from domain.notices import SendState
from domain.people import Person
from domain.privacy import Reason, known_as, needles
from handlers import letters
from handlers.context import Services
from messages.catalog import Catalog
from storage import jobs, made_files, outbox, people, privacy, traces
from storage.engine import Tx, durably
from storage.files import FileStore
from storage.outbox import Row
from storage.privacy import Erasure

ERASE: Final = "erase_person"
"""The kind of the job."""
LOOK_MS: Final = 500
"""Between two looks whether the farewell has arrived."""
WRITE_ANEW_MS: Final = 10_000
"""Between two tries to write SQLite's file anew, while a long read is in the way."""
LONGEST_MS: Final = 24 * 60 * 60 * 1000
"""What has not arrived by then will not."""


async def let_go(tx: Tx, catalog: Catalog, person: Person, reason: Reason, now: int) -> None:
    """Begin to erase somebody; whatever they are to be told has been planned. The jobs are to be woken."""
    role = known_as(await privacy.roles_held(tx, person.id))
    name = catalog.label(f"former_{role}", "zh_CN")  # as names are: the same in both languages
    erasure_id = await privacy.begin(tx, person, reason, name, now)
    await jobs.add(tx, ERASE, {"erasure_id": erasure_id}, now)


async def dismiss(tx: Tx, catalog: Catalog, locale: str, before: int, now: int) -> int:
    """Those whose last appointment ended before the instant without a word.

    What was begun before it and given up since is taken up again.
    """
    for erasure_id in await privacy.unsettled(tx, before):
        await jobs.add(tx, ERASE, {"erasure_id": erasure_id}, now)
    found = await privacy.leavers(tx, before, now)
    for person_id in found:
        person = await people.get(tx, person_id)
        await let_go(tx, catalog, person, Reason.LEFT, now)
        if person.telegram_id is not None:
            words = catalog.render("privacy/left", person.locale or locale, {"name": person.name})
            await outbox.insert(tx, [_farewell(person.telegram_id, words, now)])
    return len(found)


def _farewell(chat_id: int, words: str, now: int) -> Row:
    """No notice, which goes to people in office; it waits for its claim: the command line sends nothing."""
    planned = letters.row("sendMessage", letters.message(chat_id, words), now, chat_id=chat_id)
    return replace(planned, state=SendState.QUEUED, sending_at=None)


async def see_through(services: Services, files: FileStore, args: Mapping[str, Any]) -> None:
    """The job. It may be run twice: once all is settled, SQLite's file is only written anew."""
    async with services.database.tx() as tx:
        erasure = await privacy.lock(tx, args["erasure_id"])
        waits = erasure is not None and await _waits(services, tx, erasure)
    if erasure is not None and not waits:
        await _erase(services, files, erasure)
    if waits:
        await _again(services, args, LOOK_MS)
    elif not await services.database.rewrite():
        await _again(services, args, WRITE_ANEW_MS)


async def _waits(services: Services, tx: Tx, erasure: Erasure) -> bool:
    """Whether something of the person's is on its way still."""
    late = services.clock.now() - erasure.begun_at > LONGEST_MS
    return not late and await privacy.in_hand(tx, erasure)


async def _again(services: Services, args: Mapping[str, Any], pause_ms: int) -> None:
    later = services.clock.now() + pause_ms
    await durably(services.database, lambda tx: jobs.add(tx, ERASE, args, later))
    services.jobs.wake()


async def _erase(services: Services, files: FileStore, erasure: Erasure) -> None:
    wanted = needles(erasure.telegram_id, erasure.phones)
    async with services.database.read() as tx:
        columns = await traces.holding(tx, wanted)

    async def erase(tx: Tx) -> None:
        made = await privacy.forget(tx, erasure, services.clock.now())
        await traces.take_out(tx, columns, wanted)
        await made_files.erase(tx, files, made)
        await privacy.settle(tx, erasure.id, services.clock.now())

    await durably(services.database, erase)
