"""Files that the product made: they are on no record, and live as long as a call names them.

A call's payload is emptied a week after it was settled: until then a person may have it sent again.
"""

from collections.abc import Collection
from typing import Final

from domain.attached import split
from storage import queries
from storage.engine import Database, Tx
from storage.files import FileStore

q = queries.load("made_files")

UNSENT_KEPT_S: Final = 24 * 60 * 60.0
"""A file is put before the row that names it is stored; a crash between the two leaves it behind."""


async def unneeded(database: Database, files: FileStore) -> list[str]:
    """What has lain for a day and nobody needs."""
    old = await files.older(UNSENT_KEPT_S)
    if not old:
        return []
    async with database.read() as tx:
        return sorted(set(old) - await _needed(tx, old))


async def sweep(database: Database, files: FileStore) -> int:
    """Erase what nobody needs any more; once in a while is enough. How many."""
    gone = await unneeded(database, files)
    for sha256 in gone:
        await files.remove_older(sha256, UNSENT_KEPT_S)
    return len(gone)


async def erase(tx: Tx, files: FileStore, hashes: Collection[str]) -> None:
    """Erase those of them that nobody needs any more, at once."""
    for sha256 in set(hashes) - (await _needed(tx, hashes) if hashes else set()):
        await files.remove(sha256)


async def _needed(tx: Tx, hashes: Collection[str]) -> set[str]:
    on_record = {row["sha256"] for row in await q.on_record(tx, hashes=list(hashes))}
    if on_record.issuperset(hashes):
        return on_record
    calls = [split(row["payload"]) for row in await q.payloads_with_files(tx)]
    return on_record | {one.sha256 for _, attached in calls for one in attached}
