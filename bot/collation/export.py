"""The two ways a year is taken along: into a folder from the command line, and by a job for a person."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from bot.collation.collate import Empty, Outcome, Progress, collate
from bot.collation.material import Office
from bot.collation.tree import new_archive, new_folder
from domain.notices import Subject
from handlers import export
from handlers.context import Services
from storage import audit
from storage.engine import Database, durably
from storage.files import FileStore, in_thread

EVERY_S = 3.0
"""A message is edited no more often: Telegram counts edits like messages."""


async def into_folder(
    database: Database, files: FileStore, office: Office, year: int, target: Path, progress: Progress
) -> Outcome:
    """Raises Empty, Unfit, OSError; then there is nothing at the target."""
    async with new_folder(target) as folder:
        outcome = await collate(database, files, office, year, folder, progress)
    await durably(
        database,
        lambda tx: audit.record(
            tx, office.now, None, "exported", Subject("annual_year", year), files=len(outcome.written)
        ),
    )
    return outcome


@dataclass(frozen=True, slots=True)
class Exporter:
    """`folder` is where a year is put together, or left where there is no page to fetch it from."""

    services: Services
    files: FileStore
    folder: Path

    async def run(self, args: Mapping[str, Any]) -> None:
        """The job. Whoever asked is told once, however often it is run."""
        asked = export.Asked(**args)
        services = self.services
        office = Office(services.catalog, services.calendar, services.locale, services.clock.now())
        try:
            async with told(services, asked) as progress:
                done = await self._made(office, asked, progress)
        except Empty:
            done = None
        await export.tell(services, asked, done)

    async def _made(self, office: Office, asked: export.Asked, progress: Progress) -> export.Done:
        await in_thread(partial(self.folder.mkdir, exist_ok=True, mode=0o700))
        name = f"{asked.year}-{_stamp(office, asked.at)}-{asked.person_id}"
        work = partial(collate, self.services.database, self.files, office, asked.year, progress=progress)
        if self.services.page is None:
            return await self._left(work, self.folder / name)
        return await self._archived(work, self.folder / f"{name}.zip")

    async def _left(self, work: Callable[..., Any], target: Path) -> export.Done:
        """On the server, in a folder; one that an earlier run of the job has left is made anew."""
        async with new_folder(await in_thread(partial(_cleared, target))) as folder:
            outcome = await work(tree=folder)
        return _done(outcome, place=str(target))

    async def _archived(self, work: Callable[..., Any], target: Path) -> export.Done:
        """In the store, from where the page gives it."""
        with new_archive(target) as archive:
            outcome = await work(tree=archive)
        with await in_thread(partial(_opened, target)) as content:
            stored = await self.files.put(content)
        return _done(outcome, sha256=stored.sha256, octets=stored.size)


def _done(outcome: Outcome, **where: Any) -> export.Done:
    return export.Done(outcome.bases, len(outcome.written), outcome.size, len(outcome.problems), **where)


def _cleared(target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return target


def _opened(target: Path) -> BinaryIO:
    """For the last time: it is read to its end, and has no name any more."""
    content = target.open("rb")
    target.unlink()
    return content


@asynccontextmanager
async def told(services: Services, asked: export.Asked) -> AsyncIterator[Progress]:
    """Whoever asked sees how far it is: at once, then every few seconds if it has gone on."""
    reached, gone_on, telling = (0, 0), asyncio.Event(), asyncio.Lock()

    def note(bases: int, of: int) -> None:
        nonlocal reached
        reached = bases, of
        gone_on.set()

    async def show() -> None:
        while True:
            await gone_on.wait()
            gone_on.clear()
            async with telling:
                await export.show_progress(services, asked, *reached)
            await asyncio.sleep(EVERY_S)

    showing = asyncio.create_task(show())
    try:
        yield note
    finally:
        async with telling:  # what is begun is told before the end is
            showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


def _stamp(office: Office, at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(office.calendar.zone).strftime("%Y%m%d-%H%M%S")
