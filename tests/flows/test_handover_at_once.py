"""Two changes at once, a stamped form that is none, and the form that is overdue (Article 8)."""

import asyncio

import pytest

from bot.rehearsal.people import Person
from domain.handover import State
from domain.obligations import Obligation
from domain.obligations import State as Owing
from domain.people import Role
from storage import handovers, obligations
from tests import papers
from tests.flows.conftest import House
from tests.flows.handing import LEAVER, NAME, PATIENCE, PHONE, agree, link_of, propose, roles_of
from tests.flows.test_bad_input import STALE

THIRD, THIRD_PHONE = "贺云舒（演示）", "+8610000000104"


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, LEAVER, "YS01")


async def to_the_ways(person: Person) -> None:
    person.send("/profile")
    person.press("变更联络员", await person.expect(where=lambda m: m.has("变更联络员")))
    await person.expect("变更由本单位办理", timeout=PATIENCE)


@pytest.mark.parametrize("order", ["liaison first", "head first", "at once"])
async def test_two_who_propose_for_one_office_propose_one_change(
    house: House, liaison: Person, order: str
) -> None:
    await house.enrolled(Role.DEPUTY, NAME, "YS01", phone=PHONE)
    head = await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")
    both = [liaison, head] if order != "head first" else [head, liaison]
    for one in both:
        await to_the_ways(one)
    presses = []
    for one in both:
        presses.append(one.press(f"由{NAME}接任联络员"))
        if order != "at once":
            await presses[-1].answered(PATIENCE)
    answers = await asyncio.gather(*(press.answered(PATIENCE) for press in presses))
    first, second = sorted(answer.text for answer in answers)
    assert first == ""
    assert "正在办理" in second
    async with house.database.read() as tx:
        assert len(await handovers.unsettled_of(tx, 1)) == 1


@pytest.mark.parametrize("order", ["the liaison's first", "the deputy's first", "at once"])
async def test_the_deputy_is_promoted_while_they_hand_over_themselves(
    house: House, officer: Person, liaison: Person, order: str
) -> None:
    deputy = await house.enrolled(Role.DEPUTY, NAME, "YS01", phone=PHONE)
    await to_the_ways(liaison)
    liaison.press(f"由{NAME}接任联络员")
    await liaison.expect("待中心登记")
    await to_the_ways(deputy)
    deputy.press("新任人员 · 备岗联络员")
    for asked, said in (("姓名", THIRD), ("联系方式", "10000000104")):
        await deputy.expect(asked)
        deputy.send(said)
    deputy.press("提交", await deputy.expect(where=lambda m: m.has("提交")))
    await deputy.expect("待中心登记")
    newcomer = house.newcomer(THIRD, THIRD_PHONE)
    officer.press_data("handover_register:2:0")
    await agree(newcomer, await link_of(deputy))

    if order == "the liaison's first":
        await officer.press_data("handover_register:1:0").answered()
        await deputy.expect("请接手", timeout=PATIENCE)
    newcomer.share_contact()
    if order == "the deputy's first":
        await newcomer.expect("请接手", timeout=PATIENCE)
    if order != "the liaison's first":
        await officer.press_data("handover_register:1:0").answered()
    await liaison.expect("移交完成", timeout=PATIENCE)
    await newcomer.expect("请接手" if order != "the deputy's first" else "联络员已变更", timeout=PATIENCE)
    assert await roles_of(house) == {"liaison": NAME, "deputy": THIRD}
    async with house.database.read() as tx:
        made = [await handovers.get(tx, one) for one in (1, 2)]
    assert [one.state for one in made if one] == [State.COMPLETED, State.COMPLETED]
    deputy.send("/requests")
    await deputy.expect("我的申请")


async def test_a_stamped_form_of_the_wrong_type_is_not_taken_and_the_right_one_ends_the_duty(
    house: House, officer: Person, liaison: Person
) -> None:
    await propose(liaison)
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("登记变更", await officer.expect(where=lambda m: m.has("登记变更")))
    await officer.expect("已登记，待新任人员登记使用")
    duty = await the_duty(house)
    assert duty.state is Owing.OPEN
    liaison.press_data("handover_page:1:1")
    await liaison.expect("盖章登记表")
    liaison.send_document("变更登记表.docx", papers.letter("联络员变更登记表"))
    await liaison.expect("变更登记表.docx：未发现标志", timeout=PATIENCE)
    liaison.press("完成")
    await liaison.expect("签字负责人")
    liaison.send("秦望舒（演示）")
    review = await liaison.expect(where=lambda m: m.has("提交"))
    answer = await liaison.press("提交", review).answered()
    assert "PDF、OFD、JPG 或 PNG" in answer.text
    liaison.press("修改", review)
    liaison.press("盖章登记表", await liaison.expect(where=lambda m: m.has("盖章登记表")))
    await liaison.expect("盖章登记表")
    liaison.send_document("变更登记表.pdf", papers.pdf())
    await liaison.expect("变更登记表.pdf：未发现标志", timeout=PATIENCE)
    liaison.press("完成")
    liaison.press("提交", await liaison.expect(where=lambda m: m.has("提交")))
    await officer.expect("已获单位确认", timeout=PATIENCE)
    assert (await the_duty(house)).state is Owing.RECEIVED


async def test_a_change_that_is_given_up_owes_no_form(house: House, officer: Person, liaison: Person) -> None:
    await propose(liaison)
    await officer.press_data("handover_register:1:0").answered()
    stale = await liaison.press_data("handover_drop:1:0").answered()
    assert stale.text == STALE
    await liaison.press_data("handover_drop:1:1").answered()
    assert (await the_duty(house)).state is Owing.WAIVED


async def the_duty(house: House) -> Obligation:
    async with house.database.read() as tx:
        handover = await handovers.get(tx, 1)
        assert handover is not None
        assert handover.form_duty_id is not None
        duty = await obligations.get(tx, handover.form_duty_id)
    assert duty is not None
    assert (duty.kind, duty.due_on) == ("handover_form:1", handover.form_due_on)
    return duty
