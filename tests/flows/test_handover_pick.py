"""A successor is picked in Telegram's own list; whoever proposes forwards the link (Article 8)."""

import pytest

from bot.rehearsal.people import Person
from domain.people import Role
from storage import handovers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House
from tests.flows.handing import LEAVER, NAME, PATIENCE, PHONE, agree, link_of, roles_of


@pytest.fixture
async def liaison(house: House) -> Person:
    return await house.enrolled(Role.LIAISON, LEAVER, "YS01")


async def to_the_list(person: Person) -> None:
    person.send("/profile")
    person.press("变更联络员", await person.expect(where=lambda m: m.has("变更联络员")))
    person.press("在 Telegram 选人 · 联络员", await person.expect("变更由本单位办理", timeout=PATIENCE))
    await person.expect("在 Telegram 名单中选择一位")


async def test_a_stranger_is_picked_named_registered_and_enrols_by_the_forwarded_link(
    house: House, liaison: Person
) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    newcomer = house.newcomer("小溪", PHONE)
    await to_the_list(liaison)
    liaison.tap("选择新任人员", whom=newcomer)
    await liaison.expect("已选择：小溪")
    assert liaison.keyboard == []
    await liaison.expect("联系方式")
    liaison.send("10000000102")
    liaison.press("修改", await liaison.expect(where=lambda m: m.has("提交")))
    liaison.press("姓名", await liaison.expect(where=lambda m: m.has("姓名")))
    await liaison.expect("姓名")
    liaison.send(NAME)
    liaison.press("提交", await liaison.expect(where=lambda m: m.has("提交") and NAME in m.text))
    await liaison.expect("待中心登记")
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("登记变更", await officer.expect(where=lambda m: m.has("登记变更")))
    await agree(newcomer, await link_of(liaison))
    newcomer.share_contact()
    await newcomer.expect("请接手", timeout=PATIENCE)
    assert await roles_of(house) == {"liaison": NAME}
    await house.server.world.drained()
    edited = [call for call in house.server.world.calls.all if call.method.startswith("edit")]
    assert edited
    assert not any('"keyboard"' in str(call.params.get("reply_markup", "")) for call in edited)
    assert check_calls(house.server.world.calls.all) == []


async def test_the_deputy_who_is_picked_is_proposed_at_once(house: House, liaison: Person) -> None:
    deputy = await house.enrolled(Role.DEPUTY, NAME, "YS01", phone=PHONE)
    await to_the_list(liaison)
    liaison.tap("选择新任人员", whom=deputy)
    page = await liaison.expect("待中心登记")
    assert f"{LEAVER} → {NAME}" in page.text


async def test_somebody_in_office_elsewhere_and_the_liaison_themselves_are_refused(
    house: House, liaison: Person
) -> None:
    other = await house.enrolled(Role.LIAISON, NAME, "YS02", phone="+8610000000201")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    for one in (other, officer):
        await to_the_list(liaison)
        liaison.tap("选择新任人员", whom=one)
        await liaison.expect("已是其他单位的人员")
    await to_the_list(liaison)
    liaison.tap("选择新任人员", whom=liaison)
    await liaison.expect("联系方式")
    liaison.send("10000000101")
    answer = await liaison.press("提交", await liaison.expect(where=lambda m: m.has("提交"))).answered()
    assert "就是现任联络员" in answer.text


async def test_a_forged_number_or_a_press_for_another_base_picks_nobody(
    house: House, liaison: Person
) -> None:
    newcomer = house.newcomer("小溪", PHONE)
    await to_the_list(liaison)
    for number in (4, 3, -1, 2**31 - 1):  # another base's liaison, the own deputy's, no base's
        liaison.share_users({"request_id": number, "request_name": True}, newcomer)
        await liaison.expect("不能办理这一项")
    await liaison.press_data("handover_pick.liaison:2:0").answered()
    await liaison.press_data("handover_pick.head:1:0").answered()
    assert "选择一位" not in liaison.last.text
    async with house.database.read() as tx:
        assert await handovers.unsettled_of(tx, 1) == []
        assert await handovers.unsettled_of(tx, 2) == []
