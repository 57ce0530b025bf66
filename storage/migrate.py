"""Numbered SQL files, applied in order: `NNNN_name.sql` for both databases, then
`NNNN_name.sqlite.sql` or `NNNN_name.postgres.sql` for one, in one transaction a number."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.dialect import Dialect, ddl, prepare
from storage.engine import Database, Tx

FOLDER: Final = Path(__file__).parent / "migrations"

_FILE: Final = re.compile(r"(?P<name>\d{4}_\w+)(?:\.(?P<dialect>sqlite|postgres))?\.sql")
_LEDGER: Final = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL);"
_HAS_LEDGER: Final = {
    Dialect.SQLITE: prepare("SELECT name FROM sqlite_schema WHERE name = 'migrations'"),
    Dialect.POSTGRES: prepare("SELECT to_regclass('migrations')"),
}
# Any number that nobody else takes; the lock ends with the transaction.
_LOCK: Final = prepare("SELECT pg_advisory_xact_lock(7020230001)")
_APPLIED: Final = prepare("SELECT name, sha256 FROM migrations")
_RECORD: Final = prepare("INSERT INTO migrations (name, sha256) VALUES (:name, :sha256)")


class Incompatible(Exception):
    """The database was made by a newer or another version of the code. The message is one clear line."""


@dataclass(frozen=True)
class Migration:
    name: str
    script: str  # in the database's own dialect

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.script.encode()).hexdigest()


def read(dialect: Dialect, folder: Path = FOLDER) -> list[Migration]:
    """The folder's migrations in order, rewritten for the database."""
    scripts: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql"), key=lambda path: (path.name.partition(".")[0], len(path.name))):
        found = _FILE.fullmatch(path.name)
        if found is None:
            raise ValueError(f"{path}: a migration is named NNNN_name.sql")
        text = path.read_text("utf-8")
        if found["dialect"] is None:
            text = ddl(text, dialect)
        if found["dialect"] in (None, dialect.value):
            scripts[found["name"]] = scripts.get(found["name"], "") + text + "\n"
    numbers = [name[:4] for name in scripts]
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise ValueError(f"{folder}: two migrations have the number {', '.join(sorted(twice))}")
    return [Migration(name, script) for name, script in scripts.items()]


async def migrate(database: Database, directory: Path = FOLDER) -> list[str]:
    """Apply what is missing; the names applied. Several processes may do so at once.

    Raises Incompatible when the database is newer than the code, or an applied migration has changed since.
    """
    known = read(database.dialect, directory)
    applied: list[str] = []
    while name := await _next(database, known):
        applied.append(name)
    return applied


async def _next(database: Database, known: list[Migration]) -> str | None:
    # SQLite's lock is the transaction itself, begun IMMEDIATE
    async with database.tx(alone=True) as tx:
        if database.dialect is Dialect.POSTGRES:
            await tx.value(_LOCK, {})
        pending = await _pending(tx, known)
        if not pending:
            return None
        await tx.script(pending[0].script)
        await tx.touch(_RECORD, {"name": pending[0].name, "sha256": pending[0].sha256})
    return pending[0].name


async def pending(database: Database, directory: Path = FOLDER) -> list[str]:
    """What `migrate` would apply; changes nothing. Raises Incompatible, as `migrate` does."""
    known = read(database.dialect, directory)
    async with database.read() as tx:
        begun = await tx.value(_HAS_LEDGER[database.dialect], {})
        missing = await _missing(tx, known) if begun else known
    return [migration.name for migration in missing]


async def _pending(tx: Tx, known: list[Migration]) -> list[Migration]:
    await tx.script(ddl(_LEDGER, tx.dialect))
    return await _missing(tx, known)


async def _missing(tx: Tx, known: list[Migration]) -> list[Migration]:
    applied = {row["name"]: row["sha256"] for row in await tx.rows(_APPLIED, {})}
    if unknown := sorted(applied.keys() - {migration.name for migration in known}):
        raise Incompatible(f"the database is newer than this version: it has {', '.join(unknown)}")
    for migration in known:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise Incompatible(f"migration {migration.name} was changed after it was applied")
    return [migration for migration in known if migration.name not in applied]
