"""A year put into a tree, base by base, so that no more than one base's files are in hand at a time.

manifest.json                         what there is: path, size and sha256 of each file, and what is wrong
2026年度数据汇总.xlsx                  every figure of every base, totals, last year
2026年度情况汇总.docx                  how the bases stand, totals, charts
各基地/YS01 蜀江理工大学/              the report, the content of each version, what was sent
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.collation.material import OfBase, Office, listed, of_base
from bot.collation.tree import Tree, Written, pieces
from domain import file_names
from domain.annual_content import File
from domain.collation import Reported, Year
from domain.indicators import edition
from messages.attachments.collated import collated
from messages.attachments.naming import bases_folder, figures_name, record_name, summary_name
from messages.attachments.wording import wording
from storage import annual, settings
from storage.engine import Database
from storage.files import FileStore, in_thread

MANIFEST = "manifest.json"

Progress = Callable[[int, int], None]


class Empty(Exception):
    """No base has entered anything for the year."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file on record that is `missing`, or `altered`: its checksum is another."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Outcome:
    year: int
    bases: int
    written: tuple[Written, ...]
    problems: tuple[Problem, ...]

    @property
    def size(self) -> int:
        return sum(one.size for one in self.written)


@dataclass(slots=True)
class _Work:
    files: FileStore
    office: Office
    tree: Tree
    written: list[Written] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)

    def put(self, path: str, content: Iterable[bytes]) -> None:
        self.written.append(self.tree.add(path, content))

    async def put_base(self, folder: str, one: OfBase) -> None:
        """The report is written while the files are copied."""
        self.reported.append(one.reported)
        writing = asyncio.create_task(in_thread(one.written[1])) if one.written else None
        try:
            await in_thread(partial(self._put_files, folder, one))
        finally:
            made = await writing if writing else b""
        if one.written:
            await in_thread(partial(self.put, f"{folder}/{file_names.fit(one.written[0])}", [made]))

    def _put_files(self, folder: str, one: OfBase) -> None:
        words = wording(self.office.locale)
        for snapshot in one.snapshots:
            name = record_name(words, snapshot.version.number)
            self.put(f"{folder}/{name}", [snapshot.content.canonical.encode()])
        labels = [
            f"{n:02} {self.office.catalog.label(f'purpose_{file.purpose}', self.office.locale)} {file.name}"
            for n, file in enumerate(one.files, 1)
        ]
        for name, file in zip(file_names.apart(labels), one.files, strict=True):
            self._copy(f"{folder}/{name}", file)

    def _copy(self, path: str, file: File) -> None:
        try:
            with self.files.open(file.sha256) as content:
                self.put(path, pieces(content))
        except FileNotFoundError:
            self.problems.append(Problem(path, "missing"))
            return
        if self.written[-1].sha256 != file.sha256:
            self.problems.append(Problem(path, "altered"))


async def collate(
    database: Database, files: FileStore, office: Office, year: int, tree: Tree, progress: Progress
) -> Outcome:
    """Fill the tree. Raises Empty, OSError."""
    async with database.read() as tx:
        bases, owing = await listed(tx, year)
        centre, period = (await settings.centre(tx)).centre, await annual.period(tx, year)
    if not any(one.begun for one in bases):
        raise Empty
    work = _Work(files, office, tree)
    folders = _Folders(bases_folder(wording(office.locale)))
    for n, one in enumerate(bases):
        progress(n, len(bases))
        async with database.read() as tx:
            found = await of_base(tx, office, year, one, owing.get(one.base_id))
        await work.put_base(folders.of(found), found)
    told = Year(centre, year, office.today, edition(year), period, tuple(work.reported))
    await in_thread(partial(_put_tables, work, told))
    progress(len(bases), len(bases))
    return Outcome(year, len(bases), tuple(work.written), tuple(work.problems))


@dataclass(slots=True)
class _Folders:
    """A folder for each base, by its code and name, whatever is in them."""

    above: str
    taken: list[str] = field(default_factory=list)

    def of(self, one: OfBase) -> str:
        self.taken.append(f"{one.base.code} {one.base.short_name}")
        return f"{self.above}/{file_names.apart(self.taken)[-1]}"


def _put_tables(work: _Work, told: Year) -> None:
    """The summary and the figures of all; the manifest comes last and has all others."""
    from messages.attachments.summary import summary

    words = wording(work.office.locale)
    work.put(summary_name(words, told.year), [summary(told, work.office.locale)])
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "figures.xlsx"
        collated(told, book, work.office.locale)
        with book.open("rb") as content:
            work.put(figures_name(words, told.year), pieces(content))
    work.tree.add(MANIFEST, _manifest(work, told))


def _manifest(work: _Work, told: Year) -> Iterable[bytes]:
    at = datetime.fromtimestamp(work.office.now / 1000, UTC).astimezone(work.office.calendar.zone)
    head: dict[str, Any] = {
        "year": told.year,
        "centre": told.centre,
        "made_at": at.isoformat(timespec="seconds"),
        "bases": len(told.reported),
        "problems": [asdict(one) for one in work.problems],
        "files": [asdict(one) for one in work.written],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).encode()
