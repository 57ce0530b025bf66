"""The annual report with its reviewer, its head and the centre, as people do it: from the review to 接收."""

from dataclasses import dataclass

import pytest

from bot.clock import SystemClock
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.annual import Command, decide
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.annual_report import Move, Report, Signing, State, Via
from domain.ladders import ANNUAL_REPORT
from domain.notices import Subject
from domain.obligations import State as Owing
from domain.people import Actor, Membership, Role
from domain.verification import verify
from storage import annual, audit, obligations
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import House
from tests.flows.test_annual_fill import FIGURES, PERIOD, SECTIONS, TOLD, YEAR

PATIENCE = 30.0
LIAISON = Actor(1, "林知行（演示）", (Membership(Role.LIAISON, 1),))
REFUSED = "不能办理"


@dataclass
class Hand:
    """Somebody who presses and reads."""

    person: Person

    async def sees(self, text: str, button: str = "") -> Seen:
        return await self.person.expect(
            text, where=(lambda m: m.has(button)) if button else None, timeout=PATIENCE
        )

    async def press(self, label: str, expected: str, button: str = "", page: Seen | None = None) -> Seen:
        self.person.press(label, page) if page else self.person.press(label)
        return await self.sees(expected, button)

    async def say(self, text: str, expected: str, button: str = "") -> Seen:
        self.person.send(text)
        return await self.sees(expected, button)

    async def hand_in(self, name: str, then: str = "请核对") -> None:
        """A file for the question that is open, and the question that comes after it."""
        self.person.send_document(name, papers.pdf())
        await self.sees("未发现标志")
        await self.press("完成", then)


@dataclass
class Unit:
    """A base, its people and the centre's, and what the record has of their report."""

    house: House
    liaison: Hand
    reviewer: Hand
    head: Hand
    officer: Hand

    async def report(self, year: int = YEAR) -> Report:
        async with self.house.database.read() as tx:
            found = await annual.of_base(tx, 1, year)
        assert found is not None
        return found

    async def enters(self, figures: dict[str, str]) -> None:
        """Figures, as the base's own pages enter them."""
        written = [Written(Part.FIGURE, code, text, Source.TYPED) for code, text in figures.items()]
        await self._enters(written)

    async def fills_in(self) -> None:
        """Everything that the report needs, of a year in which nothing happened."""
        await self.enters(FIGURES | {duty.code: "yes" for duty in TOLD.duties})
        await self._enters([Written(Part.SECTION, one.key, "略。", Source.TYPED) for one in SECTIONS])

    async def _enters(self, written: list[Written]) -> None:
        async with self.house.database.tx() as tx:
            report = await annual.open_report(tx, 1, YEAR, SystemClock().now())
            now = SystemClock().now()
            assert await annual.save(tx, enter(report, written, Editing(LIAISON, now)), now) is not None

    async def moved(self, *moves: Move) -> Report:
        """What others did with it before."""
        for move in moves:
            async with self.house.database.tx() as tx:
                report = await annual.lock(tx, (await self.report()).id)
                assert report is not None
                now = SystemClock().now()
                found = verify(report.content.figures, edition=TOLD)
                outcome = decide(report, Command(move, who(move), now, findings=found, via=way(move)))
                assert await annual.save(tx, outcome, now) is not None
        return await self.report()

    async def audited(self) -> list[str]:
        async with self.house.database.read() as tx:
            trail = await audit.trail(tx, Subject("annual_report", (await self.report()).id))
        return [row["action"] for row in trail]

    async def sends(self) -> None:
        await self.liaison.say("/report", f"{YEAR} 年度总结", "送本单位审查")
        await self.liaison.press("送本单位审查", "待本单位保密审查")

    async def submits(self) -> None:
        await self.liaison.say("/report", f"{YEAR} 年度总结", "提交形式审查")
        await self.liaison.press("提交形式审查", "版", "提交")
        await self.liaison.press("提交", "报送回执")

    async def hands_in_seal(self) -> None:
        await self.liaison.say("/report", f"{YEAR} 年度总结", "上传盖章件")
        await self.liaison.press("上传盖章件", "扫描件")
        await self.liaison.hand_in("盖章件.pdf")
        await self.liaison.press("提交", "盖章件已到")


def who(move: Move) -> Actor:
    desk = {Move.PASS: Role.OFFICER, Move.SEAL: Role.OFFICER, Move.ACCEPT: Role.OFFICER}
    roles = desk | {Move.REVIEW: Role.REVIEWER, Move.APPROVE: Role.HEAD}
    role = roles.get(move, Role.LIAISON)
    return Actor(1, "甲", (Membership(role, None if role is Role.OFFICER else 1),))


def way(move: Move) -> Via:
    return Via.PAPER if move is Move.SEAL else Via.PRESS


@pytest.fixture
async def unit(house: House) -> Unit:
    people = [
        Hand(await house.enrolled(role, name, base, phone=f"+861000000{n:04}"))
        for n, (role, name, base) in enumerate(
            [
                (Role.LIAISON, "林知行（演示）", "YS01"),
                (Role.REVIEWER, "何守正（演示）", "YS01"),
                (Role.HEAD, "高文博（演示）", "YS01"),
                (Role.OFFICER, "周明远（演示）", None),
            ],
            101,
        )
    ]
    async with house.database.tx() as tx:
        await annual.fix_period(tx, YEAR, PERIOD, 1, 0)
        due_on = PERIOD.cut_off.replace(month=12, day=15)
        await obligations.open_year(tx, ANNUAL_REPORT, YEAR, due_on, SystemClock().now())
    return Unit(house, *people)


async def signed(hand: Hand, asked: str, button: str) -> Seen:
    """Asked, shown what is signed, and confirmed."""
    notice = await hand.sees(asked, button)
    sure = await hand.press(button, "请确认", "确认", notice)
    await hand.press("确认", "目前无需您办理")
    return sure


async def test_the_whole_way_from_the_review_to_acceptance(house: House, unit: Unit) -> None:
    liaison, reviewer, head, officer = unit.liaison, unit.reviewer, unit.head, unit.officer
    await unit.fills_in()
    await liaison.say("/report", "年度总结", "附件材料")
    await liaison.press("附件材料", "还没有文件")
    await liaison.press("添加附件", "文件", "完成")
    await liaison.hand_in("合同清单.pdf")
    await liaison.press("提交", "合同清单.pdf", "移除 1")
    await unit.sends()

    # the reviewer looks at it, and asks for a change
    notice = await reviewer.sees("请进行保密审查", "审查通过")
    await reviewer.press("查看总结", "内容编码", "数据", notice)
    page = await reviewer.press("数据", "I01 知识产权专职人员数：0")
    assert not page.has("I01")  # remarks are the centre's
    await reviewer.press("下一页", "I04 国内专利申请量")
    await reviewer.press("返回", "内容编码", "正文")
    await reviewer.press("正文", "略。")
    await reviewer.press("返回", "内容编码", "文件")
    await reviewer.press("文件", "合同清单.pdf", "打开 1")
    reviewer.person.press("打开 1")
    await reviewer.person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    await reviewer.say("/report", "内容编码", "请修改")
    await reviewer.press("请修改", "需要修改的内容")
    await reviewer.say("总体情况中的课题名称请隐去", "课题名称", "提交")
    await reviewer.press("提交", "目前无需您办理")
    refused = await liaison.sees("本单位请修改")
    assert "本单位保密审查：总体情况中的课题名称请隐去" in refused.text

    # edited, reviewed, approved, submitted
    await unit.enters({"I01": "3"})
    await unit.sends()
    sure = await signed(reviewer, "请进行保密审查", "审查通过")
    report = await unit.report()
    assert report.content.sha256[:8] in sure.text
    assert "何守正（演示）" in sure.text
    assert "已通过保密审查" not in sure.text
    await signed(head, "请审核", "审核通过")
    await liaison.sees("审核")
    await unit.submits()

    # the centre: three remarks, at once
    notice = await officer.sees("请作形式审查", "查看总结")
    page = await officer.press("查看总结", "第 1 版", "通过形式审查", notice)
    assert "本单位保密审查：何守正（演示）" in page.text
    await officer.press("数据", "I01 知识产权专职人员数：3", "I01")
    await officer.press("I01", "知识产权专职人员数", "取消")
    preview = await officer.say("与人员名册不一致", "1. 知识产权专职人员数：与人员名册不一致", "确认")
    await officer.press("正文", "略。", "意见", preview)
    await officer.press("意见", "总体情况", "取消")
    await officer.say("请补充机构设置", "请补充机构设置", "文件")
    await officer.press("文件", "合同清单.pdf", "意见 1")
    officer.person.press("打开 1")
    await officer.person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    listed = next(m for m in reversed(officer.person.messages()) if m.has("意见 1"))
    await officer.press("意见 1", "修改意见", "取消", listed)
    preview = await officer.say("缺第 2 页", "合同清单.pdf：缺第 2 页", "确认")
    assert not any("请修改" in m.text and "第 1 版" in m.text for m in liaison.person.unread())
    await officer.press("确认", "已请修改 3 处", page=preview)
    asked = await liaison.sees("请修改以下 3 处")
    for words in ("知识产权专职人员数：与人员名册不一致", "请补充机构设置", "合同清单.pdf：缺第 2 页"):
        assert words in asked.text

    # while the unit works on it the centre reads the first version
    await unit.enters({"I01": "5"})
    await officer.say("/reports", "报送情况", "蜀江理工（演示）")
    await officer.press("蜀江理工（演示）", "第 1 版")
    page = await officer.press("数据", "I01")
    assert "知识产权专职人员数：3" in page.text
    await unit.sends()
    await signed(reviewer, "请进行保密审查", "审查通过")
    await signed(head, "请审核", "审核通过")
    await unit.submits()

    # the second version: what changed, and on to the seal
    notice = await officer.sees("第 2 版", "查看总结")
    await officer.press("查看总结", "第 2 版", "修改对照", notice)
    changed = await officer.press("修改对照", "与上一版对照")
    assert "知识产权专职人员数：3 → 5" in changed.text
    await officer.press("返回", "第 2 版", "上次意见")
    await officer.press("上次意见", "缺第 2 页")
    await officer.press("返回", "第 2 版", "通过形式审查")
    await officer.press("通过形式审查", "确认后为形式审查通过", "确认")
    await officer.press("确认", "待盖章件")
    await liaison.sees("形式审查通过")
    await unit.hands_in_seal()
    notice = await officer.sees("请核对盖章件", "盖章件不可用")
    await officer.press("盖章件不可用", "盖章件的问题", page=notice)
    await officer.say("印章不清", "印章不清", "提交")
    await officer.press("提交", "待盖章件")
    again = await liaison.sees("请重传盖章件")
    assert "盖章件：印章不清" in again.text
    await unit.hands_in_seal()
    notice = await officer.sees("请核对盖章件", "接收")
    await officer.press("接收", "确认后接收", "确认", notice)
    await officer.press("确认", "已接收")
    await liaison.sees("已接收")

    report = await unit.report()
    assert report.state is State.ACCEPTED
    assert [one.number for one in report.versions] == [1, 2]
    assert [one.name for one in report.signatures] == ["何守正（演示）", "高文博（演示）"] * 2
    async with house.database.read() as tx:
        owed = await obligations.of_base(tx, ANNUAL_REPORT, YEAR, 1)
    assert owed is not None
    assert owed.state is Owing.RECEIVED
    assert (await unit.audited()).count("annual_file_opened") == 2
    await house.server.world.drained()
    assert check_calls(house.server.world.calls.all) == []


# --- a page for a press, a record for both ----------------------------------------------------------------


async def test_a_signed_page_stands_for_the_press_of_its_content_alone(unit: Unit) -> None:
    liaison = unit.liaison
    await unit.fills_in()
    await unit.sends()
    await liaison.press("上传签字页", "签字页", "取消")
    await liaison.hand_in("签字页.pdf", "签署人姓名")
    await liaison.say("何守正", "何守正", "提交")
    await unit.enters({"I01": "3"})
    await unit.moved(Move.SEND)
    await liaison.press("提交", "待本单位保密审查", "上传签字页")  # the page was signed for another content
    assert (await unit.report()).signatures == ()

    await liaison.press("上传签字页", "签字页", "取消")
    await liaison.hand_in("签字页二.pdf", "签署人姓名")
    await liaison.say("何守正", "何守正", "提交")
    await liaison.press("提交", "待责任处室负责人审核")
    report = await unit.report()
    [signature] = report.signatures
    assert (signature.signing, signature.name, signature.via) == (Signing.REVIEW, "何守正", Via.SIGNED_PAGE)
    assert signature.sha256 == report.content.sha256
    assert signature.attachment_id == report.files[-1].attachment_id
    await unit.head.sees("请审核")


async def test_a_report_on_paper_is_recorded_through_to_acceptance(house: House, unit: Unit) -> None:
    liaison, officer = unit.liaison, unit.officer
    await officer.say("/reports", "未开始", "蜀江理工（演示）")
    await officer.press("蜀江理工（演示）", "林知行（演示）", "代录总结")
    await officer.press("代录总结", "代录：蜀江理工大学", "代录数据")

    await came(officer, "代录数据", "数据清单")
    lines = (
        FIGURES
        | {duty.code: "是" for duty in TOLD.duties}
        | {"I14": "2", "I15": "1", "I16": "500", "I28": "1"}
    )
    await officer.say("没有一项", "没有认出任何一项")
    await officer.say("\n".join(f"{code} {value}" for code, value in lines.items()), "原件", "跳过")
    await officer.press("跳过", "纸质", "提交")
    page = await officer.press("提交", "代录：蜀江理工大学", "登记签署")
    told = await liaison.sees("已代录")
    assert "纸质" in told.text
    assert "周明远（演示）" in told.text

    while asked := next((one for one in page.labels if one.startswith("代录说明")), None):
        await came(officer, asked, "单位的说明")
        await officer.say("来电确认，情况属实。", "情况属实", "提交")
        page = await officer.press("提交", "代录：蜀江理工大学", "登记签署")
    await came(officer, "代录文件", "文件用途")
    await officer.press("总结正文", "文件", "完成")
    await officer.hand_in("总结.pdf")
    await officer.press("提交", "代录：蜀江理工大学", "登记签署")

    for name, then in (("何守正", "登记签署"), ("高文博", "登记提交")):
        await came(officer, "登记签署", "签署人姓名")
        await officer.say(name, "原件", "跳过")
        await officer.press("跳过", "纸质", "提交")
        await officer.press("提交", "代录：蜀江理工大学", then)
    await came(officer, "登记提交", "来源", "提交")
    await officer.press("提交", "待形式审查", "查看总结")
    await liaison.sees("报送回执")

    report = await unit.report()
    [version] = report.versions
    assert (version.via, version.counts_on.isoformat()) == (Via.PAPER, f"{YEAR}-11-20")
    assert {one.source for one in report.entries.values()} == {Source.RECORDED}
    assert [(one.name, one.via) for one in report.signatures] == [
        ("何守正", Via.PAPER),
        ("高文博", Via.PAPER),
    ]
    assert all(one.reason == f"paper {YEAR}-11-20" for one in report.entries.values())

    await officer.press("查看总结", "第 1 版", "通过形式审查")
    await officer.press("通过形式审查", "请确认", "确认")
    await officer.press("确认", "待盖章件", "代录总结")
    await officer.press("代录总结", "代录：", "登记盖章件")
    await came(officer, "登记盖章件", "盖章件扫描件")
    await officer.press("跳过", "纸质", "提交")
    await officer.press("提交", "盖章件已到", "查看总结")
    await officer.press("查看总结", "盖章件", "接收")
    await officer.press("接收", "请确认", "确认")
    await officer.press("确认", "已接收")
    await liaison.sees("年度总结已接收")
    report = await unit.report()
    assert report.state is State.ACCEPTED
    assert report.seal is not None
    assert report.seal.via is Via.PAPER
    assert "annual_rec_seal" in await unit.audited()
    await house.server.world.drained()
    assert check_calls(house.server.world.calls.all) == []


async def came(officer: Hand, button: str, expected: str, then: str = "取消") -> None:
    """How and when it came, before what is recorded."""
    await officer.press(button, "来源", "纸质")
    await officer.press("纸质", "收到日期")
    await officer.say(f"{YEAR}-11-20", expected, then)


# --- who may not ------------------------------------------------------------------------------------------

THEIRS = (
    "annual_review",
    "annual_refuse_review",
    "annual_approve",
    "annual_disapprove",
    "annual_sign.review",
    "annual_sign.approve",
    "annual_page",
    "annual_read.figures_0",
    "annual_read.files_0",
    "annual_file",
    "annual_pass",
    "annual_accept",
    "annual_do.pass",
    "annual_do.accept",
    "annual_reseal",
    "annual_return",
    "annual_send_back",
    "annual_clear",
    "annual_remark.I01",
    "annual_rec_list",
    "annual_rec_sign",
    "annual_rec_submit",
    "annual_revise",
)


@pytest.mark.parametrize(
    ("role", "base"),
    [(Role.REVIEWER, "YS02"), (Role.HEAD, "YS02"), (Role.LIAISON, "YS02"), (Role.ADMIN, None)],
)
async def test_who_has_no_part_in_it_is_refused_everywhere(unit: Unit, role: Role, base: str | None) -> None:
    await unit.fills_in()
    await unit.moved(Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)
    other = await unit.house.enrolled(role, "韦青（演示）", base, phone="+8610000000201")
    report = await unit.report()
    for op in THEIRS:
        answer = await other.press_data(f"{op}:{report.id:x}:{report.rev:x}", other.last).answered()
        assert REFUSED in answer.text, op
    for op in ("annual", f"annual_record:1:{YEAR}"):
        data = op if ":" in op else f"{op}:{report.id:x}:0"
        assert REFUSED in (await other.press_data(data, other.last).answered()).text, op
    assert await unit.report() == report
    assert not any("略。" in m.text or "I01" in m.text for m in other.messages())


async def test_a_stranger_gets_no_answer_but_the_door(unit: Unit) -> None:
    await unit.fills_in()
    report = await unit.moved(Move.SEND)
    stranger = unit.house.newcomer("路人", "+8610000000999")
    stranger.send("/start")
    page = await stranger.expect()
    for op in THEIRS:
        await stranger.press_data(f"{op}:{report.id:x}:{report.rev:x}", page).answered()
    stranger.send("/reports")
    await stranger.expect()
    assert await unit.report() == report
    assert not any("蜀江" in m.text for m in stranger.messages())


async def test_the_centre_reads_nothing_that_the_unit_has_not_reviewed(unit: Unit) -> None:
    await unit.fills_in()
    report = await unit.moved(Move.SEND)
    officer = unit.officer.person
    officer.press_data(f"annual:{report.id:x}:0", officer.last)
    page = await unit.officer.sees("本单位审查前中心不查看内容")
    assert not page.has("数据")
    answer = await officer.press_data(f"annual_read.texts_0:{report.id:x}:0", page).answered()
    assert "中心不查看" in answer.text


# --- two at once ------------------------------------------------------------------------------------------


async def test_of_two_officers_who_press_at_once_one_decides(unit: Unit) -> None:
    await unit.fills_in()
    report = await unit.moved(Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)
    other = Hand(await unit.house.enrolled(Role.OFFICER, "沈一白（演示）", phone="+8610000000902"))
    for hand in (unit.officer, other):
        hand.person.press_data(f"annual_pass:{report.id:x}:{report.rev:x}", hand.person.last)
        await hand.sees("请确认", "确认")
    presses = [hand.person.press("确认") for hand in (unit.officer, other)]
    answers = [(await one.answered()).text or "" for one in presses]
    assert sorted(bool(text) for text in answers) == [False, True]
    assert "页面已更新，请按最新内容操作" in answers
    assert (await unit.report()).rev == report.rev + 1
    await unit.liaison.sees("形式审查通过")

    late = other.person.press_data(f"annual_send_back:{report.id:x}:{report.rev:x}", other.person.last)
    assert "页面已更新" in ((await late.answered()).text or "")
    assert (await unit.report()).state is State.SEALING


# --- the queue, the period, a later correction ------------------------------------------------------------


async def test_the_list_shows_what_waits_for_the_centre_and_the_period(unit: Unit) -> None:
    officer = unit.officer
    await unit.fills_in()
    await unit.moved(Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)
    page = await officer.say("/reports", "待形式审查 1 家", "确定统计期")
    assert "未开始 1 家" in page.text
    only = await officer.press("待形式审查 1", "：待形式审查")
    assert "蜀江理工" in only.text
    assert "涪川" not in only.text

    await officer.press("确定统计期", "统计起始日")
    await officer.say(f"{YEAR - 1}-11-16", "统计截止日")
    await officer.say(f"{YEAR + 1}-01-15", "统计截止日", "提交")
    refused = officer.person.press("提交")
    assert str(YEAR) in ((await refused.answered()).text or "")
    await officer.press("修改", "请选择要修改的一项", "统计截止日")
    await officer.press("统计截止日", "统计截止日", "取消")
    await officer.say(f"{YEAR}-11-15", "统计截止日", "提交")
    page = await officer.press("提交", "报送情况")
    assert f"{YEAR}年11月15日" in page.text
    async with unit.house.database.read() as tx:
        period = await annual.period(tx, YEAR)
    assert period is not None
    assert period.cut_off.isoformat() == f"{YEAR}-11-15"


async def test_a_figure_is_put_right_after_acceptance_with_a_trace(unit: Unit) -> None:
    await unit.fills_in()
    path = (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT, Move.PASS)
    await unit.moved(*path, Move.SEAL)
    officer, report = unit.officer, await unit.report()
    officer.person.press_data(f"annual_accept:{report.id:x}:{report.rev:x}", officer.person.last)
    await officer.sees("请确认", "确认")
    await officer.press("确认", "已接收", "更正数据")
    await officer.press("更正数据", "更正的数据")
    await officer.say("I01 约三人", "请写一项数据和数值")
    await officer.say("I01 3", "原因")
    await officer.say("漏计三人", "漏计三人", "提交")
    await officer.press("提交", "已接收", "更正记录")
    told = await unit.liaison.sees("数据已更正")
    assert "0 → 3" in told.text
    assert "漏计三人" in told.text
    trace = await officer.press("更正记录", "0 → 3")
    assert "周明远（演示）" in trace.text
    after = await unit.report()
    assert after.content.figures["I01"] == "3"
    async with unit.house.database.read() as tx:
        snapshot = await annual.snapshot(tx, after.id, 1)
    assert snapshot is not None
    assert snapshot.content.figures["I01"] == "0"


async def test_the_auditor_reads_what_was_submitted_and_changes_nothing(house: House, unit: Unit) -> None:
    await unit.fills_in()
    auditor = Hand(await house.enrolled(Role.AUDITOR, "严督（演示）", phone="+8610000000907"))
    await unit.moved(Move.SEND, Move.REVIEW, Move.APPROVE)
    report = await unit.report()
    answer = await auditor.person.press_data(f"annual:{report.id:x}:0", auditor.person.last).answered()
    page = await auditor.sees("尚未提交")
    assert not page.has("数据"), answer
    await unit.moved(Move.SUBMIT)
    await auditor.say("/reports", "报送情况", "蜀江理工（演示）")
    page = await auditor.press("蜀江理工（演示）", "待形式审查", "办理记录")
    changing = ("通过形式审查", "请修改", "代录总结", "接手承办", "改派承办人")
    assert not any(page.has(label) for label in changing)
    await auditor.press("数据", "I01")
    await auditor.press("返回", "待形式审查")
    await auditor.press("核对说明", "没有")
    await auditor.press("返回", "待形式审查")
    trace = await auditor.press("办理记录", "监督查阅")
    assert "严督（演示）" in trace.text
    report = await unit.report()
    for op in ("annual_pass", "annual_do.pass", "annual_return", "annual_charge", "annual_paper.report"):
        pressed = auditor.person.press_data(f"{op}:{report.id:x}:{report.rev:x}", trace)
        assert REFUSED in (await pressed.answered(PATIENCE)).text, op
    assert (await unit.report()).rev == report.rev
    assert await unit.audited() == [*["annual_overseen"] * 3]


async def test_only_who_is_in_charge_opens_a_file_and_another_takes_it_over(house: House, unit: Unit) -> None:
    await unit.fills_in()
    await unit.liaison.say("/report", "年度总结", "附件材料")
    await unit.liaison.press("附件材料", "还没有文件")
    await unit.liaison.press("添加附件", "文件")
    unit.liaison.person.send_document("证明.pdf", papers.pdf())
    await unit.liaison.sees("未发现标志")
    await unit.liaison.press("完成", "已附 1 个", "提交")
    await unit.liaison.press("提交", "证明.pdf")
    await unit.moved(Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT)
    second = Hand(await house.enrolled(Role.OFFICER, "秦越（演示）", phone="+8610000000908"))
    supervisor = Hand(await house.enrolled(Role.SUPERVISOR, "沈致远（演示）", phone="+8610000000909"))
    report = await unit.report()
    page = f"annual_read.files_0:{report.id:x}:0"

    unit.officer.person.press_data(page, unit.officer.person.last)
    await unit.officer.sees("证明.pdf", "打开 1")
    unit.officer.person.press("打开 1")
    await unit.officer.person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)

    second.person.press_data(page, second.person.last)
    shown = await second.sees("文件由承办人 周明远（演示）打开查阅", "接手承办")
    assert not shown.has("打开 1")
    data = f"annual_file:{report.id:x}:{report.files[0].attachment_id:x}"
    assert "请先接手" in (await second.person.press_data(data, shown).answered(PATIENCE)).text
    await second.press("接手承办", "承办人：秦越（演示）")
    await unit.officer.sees("承办人现为 秦越（演示）")
    second.person.press_data(data, second.person.last)
    await second.person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)

    supervisor.person.press_data(f"annual:{report.id:x}:0", supervisor.person.last)
    await supervisor.sees("承办人：秦越（演示）", "改派承办人")
    await supervisor.press("改派承办人", "现承办人：秦越（演示）", "周明远（演示）")
    await supervisor.press("周明远（演示）", "承办人：周明远（演示）")
    await second.sees("承办人现为 周明远（演示）")
    assert (await unit.audited())[-5:] == [
        "annual_in_charge",
        "annual_file_opened",
        "annual_in_charge",
        "annual_file_opened",
        "annual_in_charge",
    ]
