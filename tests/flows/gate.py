"""What the house keeps of what went through the gate, and whoever has to do with it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsal.people import Person
from domain.incidents import Incident
from domain.people import Role
from storage import incidents
from storage.dialect import prepare
from storage.engine import Database, Dialect
from tests.flows.conftest import House
from tests.flows.test_bad_input import at_files

_TABLES = {
    Dialect.SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table'",
    Dialect.POSTGRES: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


@dataclass
class Desk:
    """A base at the step of a form that asks for files, and the centre."""

    house: House
    liaison: Person
    officer: Person

    async def submit(self) -> None:
        self.liaison.press("完成")
        await self.liaison.expect(where=lambda m: m.has("提交"))
        self.liaison.press("提交")

    def given_to_officer(self) -> list[str]:
        """The names of the files that the officer has got."""
        return [str((m.document or {}).get("file_name", "photo")) for m in files_of(self.officer)]


async def at_the_desk(house: House) -> Desk:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_files(house, liaison)
    return Desk(house, liaison, officer)


def files_of(person: Person) -> list[object]:
    """What the bot sent to the person as files."""
    return [m for m in person.messages() if m.from_bot and (m.document or m.photo)]


async def dumped(database: Database) -> str:
    """Every row of every table."""
    async with database.read() as tx:
        names = [row["name"] for row in await tx.rows(prepare(_TABLES[database.dialect]), {})]
        rows = [dict(row) for name in names for row in await tx.rows(prepare(f"SELECT * FROM {name}"), {})]  # noqa: S608
    assert rows
    return "\n".join(map(str, rows))


async def until(found: Callable[[], Awaitable[object]]) -> None:
    """Look again and again, for half a minute, until something is found. Raises TimeoutError."""
    async with asyncio.timeout(30):
        while not await found():  # noqa: ASYNC110  the database rings no bell
            await asyncio.sleep(0.01)


def kept_files(house: House) -> list[Path]:
    """Whatever lies in the folder of files and uploads."""
    return [path for path in house.config.data_dir.rglob("*") if path.is_file()]


async def registered(house: House) -> list[Incident]:
    """The register, newest first."""
    async with house.database.read() as tx:
        return await incidents.newest(tx, 20)
