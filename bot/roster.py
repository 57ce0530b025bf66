"""Reading a list of bases and keeping it: all of it, or nothing."""

import csv
from collections.abc import Iterator
from pathlib import Path

from domain.notices import Subject
from domain.people import Membership
from domain.roster import COLUMNS, Candidate, Problem, check
from storage import audit, bases, people
from storage.engine import Database, Tx


class Unreadable(Exception):
    """The file is no list of bases: one line says why."""


def read(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file in UTF-8, numbered as a spreadsheet numbers them. Raises Unreadable."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restkey="", restval="")
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise Unreadable(f"{file.name}: the first line lacks the columns {', '.join(missing)}")
            for cells in reader:
                yield reader.line_num, {column: (cells[column] or "").strip() for column in COLUMNS}
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise Unreadable(f"{file.name}: not a CSV file in UTF-8") from None


async def load(database: Database, file: Path, now: int) -> tuple[int, list[Problem]]:
    """How many bases were added, or everything that is wrong; then nothing was. Raises Unreadable."""
    rows = list(read(file))
    async with database.tx() as tx:
        candidates, problems = check(rows, *await bases.known(tx))
        if problems:
            return 0, problems
        for candidate in candidates:
            await _keep(tx, candidate, now)
    return len(candidates), []


async def _keep(tx: Tx, candidate: Candidate, now: int) -> None:
    base_id = await bases.add(tx, candidate.base)
    for named in candidate.people:
        person_id = await people.add(tx, named.name, now, phone=named.phone)
        await people.appoint(tx, person_id, Membership(named.role, base_id), now)
    await audit.record(tx, now, None, "base_imported", Subject("base", base_id), people=len(candidate.people))
