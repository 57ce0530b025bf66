"""寒暑假: told by the liaison or an officer, listed, removed; and what is asked for stays out of them."""

from datetime import date

import pytest

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.notices import Subject
from domain.people import Role
from storage import audit, obligations
from tests.flows.conftest import House
from tests.flows.test_bad_input import STALE

FIRST, LAST = "2031-01-13", "2031-02-23"


@pytest.fixture
async def liaison(house: House) -> Person:
    return await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


async def add(person: Person, page: Seen, first: str = FIRST, last: str = LAST) -> Seen:
    """Through the form."""
    person.press("登记假期", page)
    await person.expect("假期开始日期")
    person.send(first)
    await person.expect("假期结束日期")
    person.send(last)
    person.press("提交", await person.expect(where=lambda m: m.has("提交")))
    return await person.expect(where=lambda m: m.has("登记假期") and "删除" in "".join(m.labels))


async def vacations(house: House) -> list[tuple[date, date]]:
    async with house.database.read() as tx:
        return (await obligations.vacations(tx, [1]))[1]


async def test_the_liaison_tells_of_a_vacation_in_my_details_and_the_officer_sees_it_on_the_card(
    house: House, liaison: Person, officer: Person
) -> None:
    liaison.send("/profile")
    liaison.press("寒暑假", await liaison.expect(where=lambda m: m.has("寒暑假")))
    empty = await liaison.expect("尚未登记")
    page = await add(liaison, empty)
    assert "2031年1月13日（星期一）至2031年2月23日（星期日）" in page.text
    assert await vacations(house) == [(date(2031, 1, 13), date(2031, 2, 23))]

    officer.send("/bases YS01")
    officer.press("蜀江理工（演示）", await officer.expect("查找：YS01"))
    card = await officer.expect("寒暑假：2031年1月13日（星期一）至")
    officer.press("寒暑假", card)
    page = await officer.expect(where=lambda m: m.has(f"删除 {FIRST} – {LAST}"))
    officer.press(f"删除 {FIRST} – {LAST}", page)
    await officer.expect("尚未登记")
    assert (await officer.press_data(page.data(f"删除 {FIRST} – {LAST}"), page).answered()).text == STALE
    assert await vacations(house) == []
    async with house.database.read() as tx:
        trail = await audit.trail(tx, Subject("base", 1))
    assert [row["action"] for row in trail][-2:] == ["vacation_added", "vacation_removed"]


async def test_an_officer_tells_of_it_for_the_base(house: House, officer: Person) -> None:
    officer.send("/bases YS01")
    officer.press("蜀江理工（演示）", await officer.expect("查找：YS01"))
    officer.press("寒暑假", await officer.expect(where=lambda m: m.has("寒暑假")))
    page = await add(officer, await officer.expect("尚未登记"))
    officer.press("基地情况", page)
    await officer.expect("寒暑假：")


async def test_what_ends_before_it_begins_or_is_over_is_asked_again(house: House, liaison: Person) -> None:
    liaison.send("/profile")
    liaison.press("寒暑假", await liaison.expect(where=lambda m: m.has("寒暑假")))
    liaison.press("登记假期", await liaison.expect("尚未登记"))
    await liaison.expect("假期开始日期")
    liaison.send("放假")
    await liaison.expect("假期开始日期")
    liaison.send(FIRST)
    await liaison.expect("假期结束日期")
    for wrong in ("2030-12-01", "2020-01-01"):
        liaison.send(wrong)
        await liaison.expect("假期结束日期", where=lambda m: "或以后的日期" in m.text)
    assert await vacations(house) == []


async def test_another_bases_vacation_is_nobody_elses(house: House, liaison: Person) -> None:
    other = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
    liaison.send("/profile")
    liaison.press("寒暑假", await liaison.expect(where=lambda m: m.has("寒暑假")))
    page = await add(liaison, await liaison.expect("尚未登记"))
    removing = page.data(f"删除 {FIRST} – {LAST}")
    for data in (removing, removing.rpartition(":")[0] + ":2", "vacations:1:0", "vacation_add:1:0"):
        await other.press_data(data, other.last).answered()
    await house.server.world.drained()
    assert all("蜀江" not in m.text for m in other.messages())
    assert await vacations(house) == [(date(2031, 1, 13), date(2031, 2, 23))]
