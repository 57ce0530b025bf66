"""供需信息 as people do it: filed, returned, listed, introduced, agreed to, renewed and taken off."""

from dataclasses import replace as changed

import pytest

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Role
from storage import supply
from tests.flows.conftest import House

OFFER = {
    "标题": "石墨烯改性电极材料制备技术",
    "产业领域": ["新材料", "新能源"],
    "国际专利分类部": ["H 电学"],
    "简要说明": "循环寿命长，可用于储能电池。",
    "关键词": "石墨烯，电极",
    "涉及专利号": None,
    "成熟度": "中试",
    "合作方式": ["许可", "作价投资"],
    "金额下限（万元）": "100",
    "金额上限（万元）": "300",
}
SEEK = {
    "标题": "寻求石墨烯电极材料",
    "产业领域": ["新材料"],
    "国际专利分类部": None,
    "简要说明": "用于储能电池的电极，年用量约十吨。",
    "关键词": "石墨烯，储能",
    "成熟度": "可量产",
    "合作方式": ["许可"],
    "金额下限（万元）": None,
    "金额上限（万元）": "500",
}


async def files(person: Person, kind: str, answers: dict[str, object]) -> None:
    """Fills the form in, up to its review."""
    person.send("/supply")
    await person.expect("供需信息")
    person.press(kind)
    for label, answer in answers.items():
        await person.expect(label)
        match answer:
            case None:
                person.press("跳过")
            case list():
                for one in answer:
                    person.press(one)
                    await person.expect(one)
                person.press("完成")
            case _:
                person.send(str(answer))
    await person.expect("请核对")


async def filed(person: Person, kind: str, answers: dict[str, object]) -> Seen:
    await files(person, kind, answers)
    person.press("提交")
    return await person.expect("已提交")


@pytest.fixture
async def desk(house: House) -> tuple[Person, Person, Person]:
    """The liaisons of two bases and an officer."""
    offering = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01", "+8610000000101")
    seeking = await house.enrolled(Role.LIAISON, "许竞舟（演示）", "YS02", "+8610000000201")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    return offering, seeking, officer


async def published(officer: Person) -> Seen:
    await officer.expect("待审核")
    officer.press("通过并发布")
    return await officer.expect("已发布")


async def test_an_offer_meets_its_demand_and_contacts_wait_for_both(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    offering, seeking, officer = desk
    await filed(offering, "发布供给", OFFER)
    assert "目前没有相近的对方信息" in (await published(officer)).text
    told = await offering.expect("已发布")
    assert "对方看不到贵单位名称" in told.text

    await filed(seeking, "发布需求", SEEK)
    page = await published(officer)
    assert "同为新材料" in page.text
    assert "3 个共同关键词（储能、电极、石墨烯）" in page.text
    await seeking.expect("已发布")

    officer.press("推荐给双方 GX-2026-0001")
    await officer.expect("目前没有相近的对方信息")
    for person, own, stranger in ((offering, "GX-2026-0001", "许竞舟"), (seeking, "GX-2026-0002", "林知行")):
        heard = await person.expect(f"与贵单位 {own}")
        assert stranger not in heard.text
        assert "研究院" not in heard.text
        assert "理工" not in heard.text
    offering.press("愿意联系")
    await offering.expect("对方也同意后")
    seeking.press("愿意联系")
    told = await seeking.expect("请直接联系")
    assert "林知行" in told.text
    assert "由中心转告" in told.text
    assert "涪川先进材料研究院" in (await offering.expect("联系方式")).text
    await officer.expect("联系方式已互相告知")
    seeking.press_data("intro_decline:1:0", heard)
    await seeking.expect("已交换联系方式")


async def test_what_is_returned_comes_back_with_its_answers_and_is_listed_then(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    offering, _, officer = desk
    await filed(offering, "发布供给", OFFER)
    await officer.expect("待审核")
    officer.press("退回修改")
    await officer.expect("修改意见")
    officer.send("请说明适用的电池类型。")
    await officer.expect("请核对")
    officer.press("提交")
    await officer.expect("请修改")
    heard = await offering.expect("请说明适用的电池类型。")
    offering.press("修改后再报", heard)
    review = await offering.expect("请核对")
    assert "石墨烯改性电极材料制备技术" in review.text
    offering.press("修改")
    await offering.expect("请选择要修改的一项", where=lambda m: m.has("简要说明"))
    offering.press("简要说明")
    await offering.expect("目前填写")
    offering.send("适用于钠离子电池。")
    await offering.expect("请核对")
    offering.press("提交")
    await offering.expect("已提交")
    assert "钠离子" in (await officer.expect("待审核")).text
    officer.press("通过并发布")
    await officer.expect("已发布")


async def test_amounts_the_wrong_way_round_are_asked_for_again(
    desk: tuple[Person, Person, Person],
) -> None:
    offering, _, _ = desk
    await files(offering, "发布供给", OFFER | {"金额下限（万元）": "500", "金额上限（万元）": "600"})
    offering.press("修改")
    await offering.expect("请选择要修改的一项")
    offering.press("金额下限（万元）")
    await offering.expect("目前填写")
    offering.send("700")
    await offering.expect("金额上限")
    offering.send("600")
    await offering.expect("请填不小于 700 的数")
    offering.send("700")
    await offering.expect("请核对")


async def test_a_card_with_a_mark_is_neither_kept_nor_filed(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    offering, _, officer = desk
    offering.send("/supply")
    await offering.expect("还没有信息")
    offering.press("发布供给")
    await offering.expect("标题")
    offering.send("机密★10年 电极材料")
    await offering.expect("未接收")
    async with house.database.read() as tx:
        assert await supply.list_of_base(tx, 1, 10) == []
    assert not [one for one in officer.unread() if "待审核" in one.text]


async def test_one_that_is_taken_off_can_be_agreed_to_no_more(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    offering, seeking, officer = desk
    await filed(offering, "发布供给", OFFER)
    await published(officer)
    await filed(seeking, "发布需求", SEEK)
    await published(officer)
    officer.press("推荐给双方 GX-2026-0001")
    await seeking.expect("与贵单位")
    offering.send("/supply")
    await offering.expect("已发布", where=lambda m: m.has("GX-2026-0001"))
    offering.press("GX-2026-0001")
    await offering.expect("发布至", where=lambda m: m.has("下架"))
    offering.press("下架")
    await offering.expect("不能恢复")
    offering.press("确认下架")
    await offering.expect("已下架")
    answer = await seeking.press("愿意联系").answered()
    assert "不在发布中" in answer.text


async def test_another_base_sees_and_moves_nothing_of_it(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    offering, seeking, _ = desk
    await filed(offering, "发布供给", OFFER)
    seeking.send("/menu")
    page = await seeking.expect("请选择")
    for data in (
        "supply_card:1:0",
        "supply_withdrawn:1:0",
        "supply_pass:1:0",
        "supply_release.1:1:0",
        "intro_agree:1:0",
    ):
        answer = await seeking.press_data(data, page).answered()
        assert answer.text
    async with house.database.read() as tx:
        [card] = await supply.list_of_base(tx, 1, 10)
    assert card == changed(card, rev=0)
