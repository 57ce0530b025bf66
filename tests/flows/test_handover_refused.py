"""After a handover nothing that the leaver presses, types, replays or forges does anything (Article 8)."""

import asyncio
from typing import Any

import pytest

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Role
from handlers import features
from handlers.routes import REGISTRY
from storage.dialect import prepare
from storage.engine import Database, Dialect
from tests.flows.conftest import House
from tests.flows.gate import until
from tests.flows.handing import LEAVER, PATIENCE, succeed
from tests.flows.test_bad_input import begun, filed

_TABLES = {
    Dialect.SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    Dialect.POSTGRES: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}
PASSING = frozenset({"updates", "outbox", "guesses"})
"""What came in, and the polite word that went out."""
SUBJECTS = (1, 2)
ARGUMENTS = ("liaison", "S301", "requests", "0")


async def kept(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a press could change."""
    async with database.read() as tx:
        names = sorted(row["name"] for row in await tx.rows(prepare(_TABLES[database.dialect]), {}))
        return {
            name: sorted((dict(row) for row in await tx.rows(prepare(f"SELECT * FROM {name}"), {})), key=str)  # noqa: S608
            for name in names
            if name not in PASSING
        }


def replayed(leaver: Person) -> list[tuple[str, Seen]]:
    """Every button that the leaver has ever been shown, where it stands."""
    return [
        (button["callback_data"], message)
        for message in leaver.messages()
        for row in message.buttons
        for button in row
        if "callback_data" in button
    ]


def forged() -> list[str]:
    """Every operation that there is, on the first subjects of any kind, with and without an argument."""
    features.load()
    ops = sorted(REGISTRY.presses)
    plain = [f"{op}:{id_}:{rev}" for op in ops for id_ in SUBJECTS for rev in range(2)]
    return plain + [f"{op}.{argument}:1:0" for op in ops for argument in ARGUMENTS]


async def erased(house: House, leaver: Person) -> None:
    """Who left is forgotten first: that is no doing of theirs."""
    forgotten = prepare("SELECT count(*) FROM persons WHERE telegram_id = :id")

    async def gone() -> bool:
        async with house.database.read() as tx:
            return not await tx.value(forgotten, {"id": leaver.id})

    await until(gone)


async def settled(house: House) -> None:
    """No job is left, so that what changes from here on is changed by the leaver."""
    waiting = prepare("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')")

    async def done() -> bool:
        async with house.database.read() as tx:
            return not await tx.value(waiting, {})

    await until(done)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whatever_the_leaver_presses_types_or_forges_is_refused(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    leaver = await house.enrolled(Role.LIAISON, LEAVER, "YS01")
    await filed(house, leaver)
    await officer.expect("新申请")
    for said in ("/menu", "/requests", "/report", "/profile", "/contacts", "/notices", "/language", "/my"):
        leaver.send(said)
        await leaver.expect(where=lambda m: bool(m.buttons))
    await begun(house, leaver)
    old = replayed(leaver)
    newcomer = await succeed(house)
    await leaver.expect("移交完成", timeout=PATIENCE)
    await newcomer.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    await officer.expect("联络员已变更")
    await erased(house, leaver)
    await settled(house)
    await house.server.world.drained(PATIENCE)
    before, others = await kept(house.database), len(officer.messages()) + len(newcomer.messages())

    on = leaver.last
    presses = [*old, *((data, on) for data in forged())]
    assert len(old) > 40
    assert len(presses) > 8 * len(REGISTRY.presses)
    first = len(leaver.messages())
    for begin in range(0, len(presses), 60):
        some = [leaver.press_data(data, message) for data, message in presses[begin : begin + 60]]
        await asyncio.gather(*(press.answered(PATIENCE) for press in some))
    for name in sorted(REGISTRY.commands):
        leaver.send(f"/{name}")
        leaver.send(f"/{name} 1")
        leaver.send(house.label(name) if name in ("requests", "report", "menu") else "H04L")
    leaver.send_document("材料.pdf", b"%PDF-1.4")
    leaver.share_contact()
    leaver.share_users({"request_id": 2, "request_name": True}, officer)
    await house.server.world.drained(PATIENCE)
    await settled(house)

    after = await kept(house.database)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert len(officer.messages()) + len(newcomer.messages()) == others
    answers = {m.text for m in leaver.messages()[first:] if m.from_bot and not m.edited}
    assert all("省知识产权中心" in text or "邀请" in text for text in answers), answers
    assert not any(m.buttons for m in leaver.messages()[first:])
