"""Article 8: the mechanism belongs to the base. The successor goes on where the leaver stopped."""

import asyncio

import pytest

from bot import invitations
from bot.clock import SystemClock
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.calendar import Calendar
from domain.people import Role
from storage import handovers
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House
from tests.flows.handing import LEAVER, NAME, PATIENCE, PHONE, agree, link_of, propose, roles_of
from tests.flows.test_annual_fill import Liaison
from tests.flows.test_bad_input import STALE, begun, filed
from tests.flows.test_killed import Mortal
from tests.messages.attachments.test_papers import said


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, LEAVER, "YS01")


async def test_a_liaison_leaves_amid_a_request_a_form_and_a_report_and_the_successor_goes_on(
    house: House, officer: Person, liaison: Person
) -> None:
    head = await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")
    await filed(house, liaison)
    new = await officer.expect("新申请")
    report = Liaison(liaison, house.database)
    await report.open_figures()
    await begun(house, liaison)
    question = liaison.last
    await propose(liaison)

    head.press("确认变更", await head.expect("请确认联络员变更"))
    await head.expect("单位确认：秦望舒（演示）（本人确认）")
    told = await officer.expect("已获单位确认")
    officer.press("查看变更", told)
    await officer.expect(where=lambda m: m.has("登记变更"))
    officer.press("登记变更")
    await officer.expect("已登记，待新任人员登记使用")
    code = await link_of(liaison)
    assert await roles_of(house) == {"liaison": LEAVER}  # until the successor is here

    newcomer = house.newcomer(NAME, PHONE)
    await agree(newcomer, code)
    newcomer.share_contact()
    taken = await newcomer.expect("请接手")
    assert "在办申请 1 件，年度总结 1 份" in taken.text
    assert "未完成表单 1 份" in taken.text
    assert "感谢您的工作" in (await liaison.expect("移交完成")).text
    assert "备岗联络员（B角）暂缺" in (await head.expect("联络员已变更")).text
    await officer.expect("联络员已变更")
    assert await roles_of(house) == {"liaison": NAME}

    sheet = await newcomer.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    words = told_by(house, sheet)
    for line in ("FW-2026-0001", "专利预审", LEAVER, NAME, "服务申请", "未完成表单", "年度总结"):
        assert line in words
    await head.expect(where=lambda m: m.document is not None, timeout=PATIENCE)

    # the leaver's buttons are dead, old and forged, and so are their words
    for data in ("home:0:0", "request:1:0", "withdraw:1:0", "say:1:0", "annual:1:0", "handover:1:3"):
        answer = await liaison.press_data(data, question).answered()
        assert answer.text != STALE
    liaison.send("H04L")
    stranger = await liaison.expect("省知识产权中心")
    assert stranger.buttons == []
    for words_of in ("/requests", "/menu", "年度总结", "/handover"):
        liaison.send(words_of)
        assert (await liaison.expect("省知识产权中心")).text == stranger.text

    # the form goes on at its question, the request in its thread
    newcomer.send("/request")
    await newcomer.expect(where=lambda m: m.has("专利预审"))
    newcomer.press("专利预审")
    await newcomer.expect(where=lambda m: m.has("继续填写"))
    newcomer.press("继续填写")
    await newcomer.expect("技术领域")
    newcomer.send("H04L")
    await newcomer.expect("拟定IPC")
    officer.press("受理", new)
    await newcomer.expect("已受理")
    newcomer.send("/report")
    await newcomer.expect("年度总结")
    await house.server.world.drained()
    assert not any("已受理" in m.text for m in liaison.messages())
    assert check_calls(house.server.world.calls.all) == []


async def test_a_deputy_who_succeeds_takes_office_at_once_and_theirs_is_vacant(
    house: House, officer: Person, liaison: Person
) -> None:
    deputy = await house.enrolled(Role.DEPUTY, NAME, "YS01", phone=PHONE)
    liaison.send("/profile")
    await liaison.expect(where=lambda m: m.has("变更联络员"))
    liaison.press("变更联络员")
    await liaison.expect(where=lambda m: m.has(f"由{NAME}接任联络员"))
    liaison.press(f"由{NAME}接任联络员")
    page = await liaison.expect("待中心登记")
    liaison.press("生成登记表", page)
    form = await liaison.expect("补全后签字盖章", timeout=PATIENCE)
    words = told_by(house, form)
    assert LEAVER in words
    assert NAME in words
    assert "10 个工作日" in words
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    await officer.expect(where=lambda m: m.has("登记变更"))
    officer.press("登记变更")
    assert "登记表最迟" in (await officer.expect("联络员已变更")).text  # 先办后补
    await deputy.expect("请接手")
    assert await roles_of(house) == {"liaison": NAME}
    deputy.send("/requests")
    await deputy.expect("我的申请")

    # the stamped form follows, from the successor
    async with house.database.read() as tx:
        handover = await handovers.get(tx, 1)
    assert handover is not None
    assert handover.form_awaited
    deputy.press_data(f"handover_page:1:{handover.rev:x}")
    await deputy.expect("盖章登记表")
    deputy.send_document("变更登记表.pdf", papers.pdf())
    await deputy.expect("变更登记表.pdf：未发现标志")
    deputy.press("完成")
    await deputy.expect("签字负责人")
    deputy.send("秦望舒（演示）")
    await deputy.expect(where=lambda m: m.has("提交"))
    deputy.press("提交")
    await officer.expect("已获单位确认")
    async with house.database.read() as tx:
        handover = await handovers.get(tx, 1)
    assert handover is not None
    assert not handover.form_awaited
    assert handover.form_attachment_id is not None


async def test_two_officers_register_at_once_and_it_is_registered_once(
    house: House, officer: Person, liaison: Person
) -> None:
    other = await house.enrolled(Role.OFFICER, "许若宁（演示）", phone="+8610000000902")
    await propose(liaison)
    for one in (officer, other):
        one.press("查看变更", await one.expect("联络员变更申请"))
        await one.expect(where=lambda m: m.has("登记变更"))
    answers = await asyncio.gather(*(one.press("登记变更").answered() for one in (officer, other)))
    assert sorted(answer.text for answer in answers) == ["", STALE]
    await asyncio.gather(*(one.expect("已登记，待新任人员登记使用") for one in (officer, other)))
    await house.server.world.drained()
    given = [m for one in (officer, other) for m in one.messages() if "?start=" in m.text]
    assert len(given) == 1


async def test_a_second_change_of_the_same_office_is_shown_the_first(house: House, liaison: Person) -> None:
    await propose(liaison)
    officer_page = await _proposed_for(house, "YS01")
    assert "变更办理中" in "".join(officer_page)


async def test_a_change_that_is_given_up_leaves_everything_as_it_was(
    house: House, officer: Person, liaison: Person
) -> None:
    await propose(liaison)
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("登记变更", await officer.expect(where=lambda m: m.has("登记变更")))
    await officer.expect("已登记，待新任人员登记使用")
    code = await link_of(liaison)
    officer.press("撤销变更")
    officer.press("确认", await officer.expect(where=lambda m: m.has("确认")))
    await liaison.expect("联络员变更已撤销")
    newcomer = house.newcomer(NAME, PHONE)
    newcomer.start(code)
    assert not (await newcomer.expect()).has("同意处理上述信息")
    assert await roles_of(house) == {"liaison": LEAVER}


async def test_somebody_of_another_base_succeeds_only_once_they_have_handed_over_there(
    house: House, officer: Person, liaison: Person
) -> None:
    other = await house.enrolled(Role.LIAISON, NAME, "YS02", phone="+8610000000201")
    await propose(liaison)
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("登记变更", await officer.expect(where=lambda m: m.has("登记变更")))
    other.start(await link_of(liaison))
    await other.expect("已是其他单位的人员")
    assert await roles_of(house) == {"liaison": LEAVER}
    assert await roles_of(house, 2) == {"liaison": NAME}


async def test_one_who_is_not_named_registers_and_confirms_nothing(house: House, liaison: Person) -> None:
    stranger = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
    await propose(liaison)
    for op in ("handover", "handover_confirm", "handover_register", "handover_drop", "handover_page"):
        await stranger.press_data(f"{op}:1:0").answered()
        if op != "handover":
            await liaison.press_data(f"{op}:1:9").answered()
    async with house.database.read() as tx:
        handover = await handovers.get(tx, 1)
    assert handover is not None
    assert (handover.state, handover.rev) == ("proposed", 0)


async def test_an_officer_records_the_word_of_a_head_without_telegram(
    house: House, officer: Person, liaison: Person
) -> None:
    await propose(liaison)
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("代录单位确认", await officer.expect(where=lambda m: m.has("代录单位确认")))
    await officer.expect("来源")
    officer.press("电话")
    await officer.expect("收到日期")
    officer.send("2026-11-20")
    await officer.expect("签字负责人")
    officer.send("秦望舒（演示）")
    await officer.expect("原件")
    officer.press("跳过")
    officer.press("提交", await officer.expect(where=lambda m: m.has("提交")))
    await officer.expect("单位确认：秦望舒（演示）（经办人代录）")


async def test_the_deputy_acts_while_the_liaison_is_away(
    house: House, officer: Person, liaison: Person
) -> None:
    deputy = await house.enrolled(Role.DEPUTY, NAME, "YS01", phone=PHONE)
    liaison.send("/profile")
    liaison.press("暂离", await liaison.expect(where=lambda m: m.has("暂离")))
    await liaison.expect("开始日期")
    liaison.send("2030-12-01")
    await liaison.expect("结束日期")
    liaison.send("2030-11-30")
    await liaison.expect("以后的日期")
    liaison.send("2030-12-05")
    liaison.press("提交", await liaison.expect(where=lambda m: m.has("提交")))
    assert f"期间由{NAME}办理" in (await liaison.expect("已登记暂离")).text
    await deputy.expect("请代为办理")
    await officer.expect("联络员暂离")
    liaison.send("/profile")
    liaison.press("暂离", await liaison.expect(where=lambda m: m.has("暂离")))
    liaison.press("已返回", await liaison.expect("已登记"))
    await deputy.expect("已返回")


async def test_a_new_number_is_taken_from_the_person_alone(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send("/profile")
    liaison.press("变更手机号", await liaison.expect(where=lambda m: m.has("变更手机号")))
    await liaison.expect(where=lambda m: bool(liaison.keyboard))
    liaison.share_contact_of(officer)
    await liaison.expect("本人")
    liaison.user.phone = "+8610000000177"
    liaison.share_contact()
    await liaison.expect("手机号已更新")


async def test_a_kill_while_the_successor_takes_office(mortal: Mortal) -> None:
    """All of it has happened, once, or nothing."""
    house, process = mortal
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, LEAVER, "YS01")
    await begun(house, liaison)
    await propose(liaison)
    officer.press("查看变更", await officer.expect("联络员变更申请"))
    officer.press("登记变更", await officer.expect(where=lambda m: m.has("登记变更")))
    await process.reborn()
    newcomer = house.newcomer(NAME, PHONE)
    await agree(newcomer, await link_of(liaison))
    newcomer.share_contact()
    await process.reborn()
    await newcomer.expect("请接手", timeout=PATIENCE)
    await liaison.expect("移交完成", timeout=PATIENCE)
    await newcomer.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    assert await roles_of(house) == {"liaison": NAME}
    await house.server.world.drained()
    assert sum(m.document is not None for m in newcomer.messages()) == 1


def told_by(house: House, paper: Seen) -> str:
    """The text of a docx that the bot sent."""
    assert paper.document is not None
    data = house.server.world.state.files[paper.document["file_id"]].data
    assert data is not None
    return said(data)


async def _proposed_for(house: House, code: str) -> list[str]:
    """What an officer is offered who begins a change of the base's people."""
    officer = await house.enrolled(Role.OFFICER, "许若宁（演示）", phone="+8610000000902")
    officer.send(f"/bases {code}")
    officer.press("蜀江理工（演示）", await officer.expect(f"查找：{code}"))
    officer.press("代录人员变更", await officer.expect(where=lambda m: m.has("代录人员变更")))
    return (await officer.expect("变更由本单位办理")).labels


async def test_a_change_from_the_command_line_is_completed_when_the_successor_enrols(
    house: House, officer: Person, liaison: Person
) -> None:
    now, calendar = SystemClock().now(), Calendar()
    with pytest.raises(invitations.Unfit):
        await house.invite(Role.LIAISON, NAME, "YS01")
    code = await invitations.hand_over(house.database, calendar, Role.LIAISON, NAME, "YS01", now)
    again = await invitations.hand_over(house.database, calendar, Role.LIAISON, NAME, "YS01", now)
    with pytest.raises(invitations.Unfit):
        await invitations.hand_over(house.database, calendar, Role.LIAISON, "别人（演示）", "YS01", now)
    assert await roles_of(house) == {"liaison": LEAVER}
    newcomer = house.newcomer(NAME, PHONE)
    newcomer.start(str(code))
    assert not (await newcomer.expect()).has("同意处理上述信息")  # the newer link counts
    await agree(newcomer, str(again))
    newcomer.share_contact()
    await newcomer.expect("请接手")
    await liaison.expect("移交完成")
    assert "登记表最迟" in (await officer.expect("联络员已变更")).text
    assert await roles_of(house) == {"liaison": NAME}
