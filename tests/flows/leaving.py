"""What is left of a person: in every column of the database, in its file as bytes, in the file store."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from storage.dialect import Dialect, prepare
from storage.engine import Database, Tx

PATIENCE = 20.0

_TABLES = {
    Dialect.SQLITE: prepare("SELECT name AS t FROM sqlite_schema WHERE type = 'table' ORDER BY name"),
    Dialect.POSTGRES: prepare(
        "SELECT table_name AS t FROM information_schema.tables "
        "WHERE table_schema = current_schema() ORDER BY 1"
    ),
}
_OPEN = prepare("SELECT count(*) FROM erasures WHERE settled_at IS NULL")
_BEGUN = prepare("SELECT count(*) FROM erasures")
_JOBS = prepare("SELECT count(*) FROM jobs WHERE kind = 'erase_person' AND state IN ('waiting', 'running')")


async def erased(database: Database, count: int = 1) -> None:
    """Until so many erasures have been begun and nothing of them is left to do."""
    async with asyncio.timeout(PATIENCE):
        while not await _is_over(database, count):
            waits = asyncio.sleep(0.1)  # each look is in the way of the erasure's last step
            await waits


async def _is_over(database: Database, count: int) -> bool:
    async with database.tx() as tx:
        begun, open_ones, jobs = [await tx.value(query, {}) for query in (_BEGUN, _OPEN, _JOBS)]
    return begun >= count and not open_ones and not jobs


async def rows_with(database: Database, needles: Iterable[str]) -> list[str]:
    """Every table, column and value in which one of them stands: numbers and texts alike."""
    found = []
    async with database.read() as tx:
        for table in [row["t"] for row in await tx.rows(_TABLES[tx.dialect], {})]:
            found += await _of_table(tx, table, list(needles))
    return found


async def _of_table(tx: Tx, table: str, needles: list[str]) -> list[str]:
    rows = await tx.rows(prepare(f'SELECT * FROM "{table}"'), {})  # noqa: S608  the catalogue's own name
    return [
        f"{table}.{column}: {row[column]}"
        for row in rows
        for column in row.keys()  # noqa: SIM118  a row of sqlite3 iterates over its values
        if any(needle in str(row[column]) for needle in needles)
    ]


def bytes_with(root: Path, needles: Iterable[str]) -> list[str]:
    """The files under a folder whose bytes have one of them; its WAL is a file like any other."""
    wanted = [needle.encode() for needle in needles]
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return [str(path) for path in paths if any(one in path.read_bytes() for one in wanted)]


def integer(number: int) -> str:
    """A Telegram id as SQLite writes it in a record: big-endian, as Latin-1 so that bytes and text agree."""
    size = 4 if number < 2**31 else 6
    return number.to_bytes(size, "big").decode("latin-1")
