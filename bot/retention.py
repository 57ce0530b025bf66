"""What is past its time goes, kind by kind, each in a transaction of its own (PIPL Articles 19 and 47).

A dry run does the same and takes it back: what it says is what would go.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from domain.retention import PERIODS, Kind, Period
from handlers import privacy_leaving
from messages.catalog import Catalog
from storage import made_files, retention
from storage.engine import Database, Tx, durably
from storage.files import FileStore

MADE_FILES = "made_files"
"""Beside the kinds of the table: files of the product's own making that nobody is sent any more."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where traces lie, and the words for those who are told that theirs go."""

    database: Database
    files: FileStore
    catalog: Catalog
    locale: str


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


async def apply(keeping: Keeping, now: int, *, dry_run: bool = False) -> AsyncIterator[tuple[str, int]]:
    """Each kind and how many of it went, in the order of the table."""
    for period in PERIODS:
        yield period.kind.value, await _kind(keeping, period, now, dry_run=dry_run)
    unneeded = await made_files.unneeded(keeping.database, keeping.files)
    yield MADE_FILES, len(unneeded) if dry_run else await made_files.sweep(keeping.database, keeping.files)


async def _kind(keeping: Keeping, period: Period, now: int, *, dry_run: bool) -> int:
    forget = _body(keeping, period, now, dry_run=dry_run)
    if not dry_run:
        return await durably(keeping.database, forget)
    count = 0

    async def tried(tx: Tx) -> None:
        nonlocal count
        count = await forget(tx)
        raise _TakenBack

    try:
        await durably(keeping.database, tried)
    except _TakenBack:
        return count
    return count


def _body(keeping: Keeping, period: Period, now: int, *, dry_run: bool) -> Callable[[Tx], Awaitable[int]]:
    before = period.before(now)

    async def forget(tx: Tx) -> int:
        match period.kind:
            case Kind.LEFT_FILES:
                return await _left_files(keeping, tx, before, dry_run=dry_run)
            case Kind.LEAVERS:
                return await privacy_leaving.dismiss(tx, keeping.catalog, keeping.locale, before, now)
        return await retention.RECORDS[period.kind](tx, before, now)

    return forget


async def _left_files(keeping: Keeping, tx: Tx, before: int, *, dry_run: bool) -> int:
    """A content on the disk cannot be taken back: a dry run only looks."""
    left = await retention.left_files(tx, before)
    if left and not dry_run:
        await retention.erase_files(tx, keeping.files, left)
    return len(left)
