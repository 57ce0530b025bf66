"""Handing over as people do it: proposed, confirmed, registered, enrolled."""

from typing import Any

from bot import invitations
from bot.clock import SystemClock
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.calendar import Calendar
from domain.notices import Kind
from domain.people import Role
from storage import people
from storage.dialect import prepare
from tests.flows.conftest import House

_SENDS = prepare("SELECT * FROM outbox WHERE person_id = :person_id AND kind = :kind ORDER BY id")

PATIENCE = 20.0
NAME, PHONE = "苏小溪（演示）", "+8610000000102"
LEAVER = "林知行（演示）"


async def propose(person: Person, name: str = NAME, tel: str = "10000000102") -> Seen:
    """By whoever leaves: somebody new is named."""
    person.send("/profile")
    await person.expect(where=lambda m: m.has("变更联络员"))
    person.press("变更联络员")
    await person.expect("变更由本单位办理", timeout=PATIENCE)
    person.press("新任人员 · 联络员")
    await person.expect("姓名")
    person.send(name)
    await person.expect("联系方式")
    person.send(tel)
    await person.expect(where=lambda m: m.has("提交"))
    person.press("提交")
    return await person.expect("待中心登记")


async def link_of(person: Person) -> str:
    """The code of the invitation that the person was given to pass on."""
    told = await person.expect("?start=", timeout=PATIENCE)
    return told.text.split("?start=")[1].split()[0]


async def agree(newcomer: Person, code: str) -> None:
    """The whole of enrolment but its last step."""
    newcomer.start(code)
    for word in ("同意处理上述信息", "单独同意"):
        await newcomer.expect(where=lambda m, word=word: m.has(word), timeout=PATIENCE)
        newcomer.press(word)
    await newcomer.expect(where=lambda m: bool(newcomer.keyboard), timeout=PATIENCE)


async def roles_of(house: House, base_id: int = 1) -> dict[str, str]:
    """Role to name, of those in office who were enrolled; two in one office is an error."""
    async with house.database.read() as tx:
        held = await people.holders(tx, [Role.LIAISON, Role.DEPUTY], base_id)
    pairs = [(one.membership.role.value, one.person.name) for one in held]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


async def succeed(house: House, name: str = NAME, phone: str = PHONE, role: Role = Role.LIAISON) -> Person:
    """Registered from the command line (先办后补); the successor, in office."""
    now = SystemClock().now()
    code = await invitations.hand_over(house.database, Calendar(), role, name, "YS01", now)
    newcomer = house.newcomer(name, phone)
    await agree(newcomer, str(code))
    newcomer.share_contact()
    await newcomer.expect("请接手", timeout=PATIENCE)
    return newcomer


async def person_id_of(house: House, person: Person) -> int:
    async with house.database.read() as tx:
        found = await people.by_telegram(tx, person.id)
    assert found is not None
    return found.id


async def sends_to(house: House, person_id: int, kind: Kind) -> list[dict[str, Any]]:
    """The rows of the outbox of a kind that are for somebody."""
    async with house.database.read() as tx:
        rows = await tx.rows(_SENDS, {"person_id": person_id, "kind": kind.value})
    return [dict(row) for row in rows]
