"""A base fills in its annual report, from the first press to 接收, in all three ways freely mixed."""

import io
from dataclasses import dataclass
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.clock import SystemClock
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.annual import Command, decide
from domain.annual_content import Part, Source
from domain.annual_papers import Period
from domain.annual_report import Move, Report, State
from domain.calendar import Calendar
from domain.indicators import edition
from domain.obligations import season
from domain.people import Actor, Membership, Role
from domain.verification import verify
from storage import annual
from storage.engine import Database
from tests import papers
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import BotProcess, House

PATIENCE = 30.0
YEAR = season(Calendar().today(SystemClock().now()))
TOLD = edition(YEAR)
PERIOD = Period(date(YEAR - 1, 12, 1), date(YEAR, 11, 30))
CREATION = [one for one in TOLD.indicators if one.group == "creation"]
SECTIONS = [one for one in TOLD.sections if one.key != "annex"]

FIGURES = {one.code: "0" for one in TOLD.indicators if one.required}
"""A year in which nothing happened: no rule has anything against it."""
OFFICER = Actor(1, "周明远（演示）", (Membership(Role.OFFICER, None),))


@dataclass
class Liaison:
    """Somebody who fills in, and what the record has of it."""

    person: Person
    database: Database

    async def report(self) -> Report:
        async with self.database.read() as tx:
            found = await annual.of_base(tx, 1, YEAR)
        assert found is not None
        return found

    async def figures(self) -> dict[str, str]:
        return dict((await self.report()).content.figures)

    async def sees(self, text: str, button: str = "") -> Seen:
        where = (lambda m: m.has(button)) if button else None
        return await self.person.expect(text, where=where, timeout=PATIENCE)

    async def press(self, label: str, expected: str, button: str = "") -> Seen:
        self.person.press(label)
        return await self.sees(expected, button)

    async def say(self, text: str, expected: str, button: str = "") -> Seen:
        self.person.send(text)
        return await self.sees(expected, button)

    async def home(self) -> Seen:
        return await self.say("/report", f"{YEAR} 年度总结")

    async def open_figures(self) -> Seen:
        await self.home()
        return await self.press("填写数据", "三种方式可以混用")

    async def paste(self, lines: str) -> Seen:
        await self.open_figures()
        await self.press("粘贴清单", "数据清单")
        return await self.say(lines, "请核对")


@pytest.fixture
async def liaison(house: House) -> Liaison:
    return await begun(house)


async def begun(house: House) -> Liaison:
    person = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    async with house.database.tx() as tx:
        await annual.fix_period(tx, YEAR, PERIOD, 1, 0)
    return Liaison(person, house.database)


def lines(figures: dict[str, str]) -> str:
    return "\n".join(f"{code} {value}" for code, value in figures.items())


async def test_figures_come_in_by_three_ways_freely_mixed(house: House, liaison: Liaison) -> None:
    """In the chat, out of a list, in the sheet that the bot sent."""
    person = liaison.person
    page = await liaison.press("年度总结", "未开始", "填写数据")
    assert not page.has("送本单位审查")
    await liaison.press("填写数据", "三种方式可以混用")
    await liaison.press("创造", "国内专利申请量：未填")
    await liaison.press("填写本组", CREATION[0].code)
    for n, one in enumerate(CREATION):
        then = CREATION[n + 1].code if n + 1 < len(CREATION) else "（上年）"
        await liaison.say("１２件" if one.code == "I04" else "0", then)
        assert (await liaison.figures())[one.code] == ("12" if one.code == "I04" else "0")

    await liaison.press("I04", "目前：12")
    await liaison.say("1.5", "I04 国内专利申请量", "跳过")
    await liaison.say("15", "国内专利申请量：15")

    use = {one.code: "0" for one in TOLD.indicators if one.group in ("use", "organisation") and one.required}
    preview = await liaison.paste(lines(use) + "\nI16 约500\n转让的钱 7\nD01 是")
    assert "约500" in preview.text
    assert "转让的钱" in preview.text
    assert "I01" not in await liaison.figures()
    await liaison.press("确认", "是非项：1/5")
    assert (await liaison.report()).entries[Part.FIGURE, "I01"].source is Source.PASTED

    person.press("下载填报表")
    form = await person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    assert form.document is not None
    data = house.server.world.state.files[form.document["file_id"]].data
    assert data is not None
    person.send_document("填报表.xlsx", filled_in(data, {"I26": 3, "I27": "200万元", "I30": 0, "D02": "否"}))
    preview = await liaison.sees("请核对", "确认")
    assert "I27 质押融资金额：200" in preview.text
    await liaison.press("确认", "金融：2/2")
    report = await liaison.report()
    assert report.content.figures | {"I26": "3", "I27": "200", "I04": "15", "D01": "yes", "D02": "no"} == (
        report.content.figures
    )
    assert report.entries[Part.FIGURE, "I27"].source is Source.SHEET
    assert report.entries[Part.FIGURE, "I04"].source is Source.TYPED
    await house.server.world.drained()
    assert check_calls(house.server.world.calls.all) == []


def filled_in(data: bytes, entries: dict[str, object]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        if row[0].value in entries:
            sheet.cell(row[0].row, 5).value = entries[str(row[0].value)]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_an_error_names_its_numbers_and_a_question_takes_a_word(liaison: Liaison) -> None:
    told = FIGURES | {"I14": "2", "I15": "1", "I16": "500", "I17": "3", "I18": "3", "I19": "300"}
    await liaison.paste(lines(told | {"I22": "1", "I23": "50", "I24": "860", "I28": "6"}))
    await liaison.press("确认", "三种方式可以混用")
    await liaison.home()
    page = await liaison.press("数据核对", "I24 转化合同总金额 860 ≠ 转让 500 + 许可 300 + 作价 50 = 850")
    first, *others = [line for line in page.text.splitlines() if line[1:3] == ". "]
    assert "请改正" in first
    assert all("请改正" not in line for line in others)
    asked = next(label for label in page.labels if label.startswith("说明"))
    prompt = await liaison.press(asked, "说明", "取消")
    assert "I14" in prompt.text
    await liaison.say("一项合同涉及同一件专利。", "说明：一项合同涉及同一件专利。")
    report = await liaison.report()
    assert list(report.content.explanations.values()) == ["一项合同涉及同一件专利。"]

    await liaison.press("填写数据", "三种方式可以混用")
    await liaison.press("运用", "I24 转化合同总金额")
    await liaison.press("I24", "目前：860")
    await liaison.say("清空", "I24 转化合同总金额：850")
    assert "I24" not in await liaison.figures()


async def test_the_way_to_acceptance_with_a_second_version(house: House, liaison: Liaison) -> None:
    person = liaison.person
    await liaison.paste(lines(FIGURES | {duty.code: "是" for duty in TOLD.duties}))
    await liaison.press("确认", "是非项：5/5")
    await liaison.home()
    await liaison.press("文字部分", "未写")
    for section in SECTIONS:
        await liaison.press(section.title.zh, "本节文字")
        await liaison.say(f"{section.title.zh}：略。", f"{section.title.zh}：")
    await liaison.press("返回", "填报中")
    await liaison.press("附件材料", "还没有文件")
    await liaison.press("添加附件", "文件", "完成")
    person.send_document("合同清单.pdf", papers.pdf())
    await liaison.sees("未发现标志")
    await liaison.press("完成", "已附 1 个", "提交")
    await liaison.press("提交", "合同清单.pdf", "移除 1")
    await liaison.press("返回", "送本单位保密审查", "送本单位审查")
    await liaison.press("送本单位审查", "待本单位保密审查")
    await moved(liaison, Move.REVIEW, Move.APPROVE)

    await liaison.home()
    sure = await liaison.press("提交形式审查", "第 1 版", "提交")
    assert "合同清单.pdf" in sure.text
    page = sure
    person.press("提交", page)
    person.press("提交", page)
    receipt = await person.expect("报送回执", timeout=PATIENCE)
    report = await liaison.report()
    [version] = report.versions
    assert version.receipt is not None
    assert version.receipt in receipt.text
    assert version.sha256 in receipt.text
    assert report.files[0].sha256 in receipt.text
    assert "“收到”不等于“审核通过”" in receipt.text

    await liaison.home()
    await liaison.press("打印文稿", "请选一份", "报送回执")
    person.press("数据表")
    await person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)

    await moved(liaison, Move.RETURN, remarks={"I16": "请与清单核对", "overview": "请补充机构设置"})
    await liaison.home()
    asked = await liaison.press("修改意见", "请与清单核对")
    assert "请补充机构设置" in asked.text
    await liaison.press("转让合同金额", "目前：0")
    await liaison.say("500", "转让合同金额：500")
    await liaison.press("I14", "目前：0")
    await liaison.say("1", "转让合同项数：1")
    await liaison.press("I15", "目前：0")
    await liaison.say("1", "转让涉及专利件数：1")
    await liaison.press("I28", "目前：0")
    await liaison.say("1", "企业数：1")
    await explain_all(liaison)
    await liaison.home()
    await liaison.press("送本单位审查", "待本单位保密审查")
    await moved(liaison, Move.REVIEW, Move.APPROVE)
    await liaison.home()
    await liaison.press("提交形式审查", "第 2 版", "提交")
    await liaison.press("提交", "待形式审查")
    await moved(liaison, Move.PASS)
    await liaison.home()
    await liaison.press("上传盖章件", "扫描件", "完成")
    person.send_document("盖章件.pdf", papers.pdf())
    await liaison.sees("未发现标志")
    await liaison.press("完成", "已附 1 个", "提交")
    await liaison.press("提交", "盖章件已到")
    await moved(liaison, Move.ACCEPT)
    await liaison.home()
    report = await liaison.report()
    assert report.state is State.ACCEPTED
    assert [one.number for one in report.versions] == [1, 2]
    await house.server.world.drained()
    assert check_calls(house.server.world.calls.all) == []


async def explain_all(liaison: Liaison) -> None:
    """A word to each finding that asks for one."""
    await liaison.home()
    page = await liaison.press("数据核对", "年度数据核对")
    for asked in [label for label in page.labels if label.startswith("说明")]:
        await liaison.press(asked, "说明", "取消")
        await liaison.say("情况属实。", "说明：情况属实。")


async def moved(liaison: Liaison, *moves: Move, remarks: dict[str, str] | None = None) -> None:
    """What others do with it, as the record has it then."""
    for move in moves:
        async with liaison.database.tx() as tx:
            report = await annual.lock(tx, (await liaison.report()).id)
            assert report is not None
            found = verify(report.content.figures, edition=TOLD)
            now = SystemClock().now()
            command = Command(move, _who(move), now, findings=found, remarks=remarks or {})
            assert await annual.save(tx, decide(report, command), now) is not None


def _who(move: Move) -> Actor:
    role = {Move.REVIEW: Role.REVIEWER, Move.APPROVE: Role.HEAD}.get(move)
    return Actor(1, "高文博（演示）", (Membership(role, 1),)) if role else OFFICER


async def test_nothing_is_lost_by_a_kill_between_two_answers(mortal: tuple[House, BotProcess]) -> None:
    house, process = mortal
    liaison = await begun(house)
    await liaison.open_figures()
    await liaison.press("组织", "知识产权专职人员数")
    liaison.person.press("填写本组")
    for n, code in enumerate(("I01", "I02", "I03"), 1):
        await liaison.sees(code, "跳过")
        liaison.person.send(str(n))
        await process.reborn()
    await liaison.sees("知识产权培训人次：3")
    assert await liaison.figures() == {"I01": "1", "I02": "2", "I03": "3"}


async def test_two_people_of_one_base_fill_in_one_report(house: House, liaison: Liaison) -> None:
    other = await house.enrolled(Role.DEPUTY, "苏小溪（演示）", "YS01", phone="+8610000000102")
    deputy = Liaison(other, house.database)
    await liaison.open_figures()
    await deputy.open_figures()
    await liaison.press("组织", "知识产权专职人员数：未填")
    await deputy.press("金融", "质押融资笔数：未填")
    await liaison.press("填写本组", "I01")
    await deputy.press("填写本组", "I26")
    await liaison.say("5", "I02")
    await deputy.say("2", "I27")
    assert await liaison.figures() == {"I01": "5", "I26": "2"}

    await deputy.open_figures()
    await deputy.press("组织", "知识产权专职人员数：5")
    await deputy.press("填写本组", "继续")
    await deputy.press("继续填写", "I02")
    liaison.person.send("7")
    await liaison.sees("请按最新内容操作")
    await deputy.say("4", "I03")
    assert (await liaison.figures())["I02"] == "4"


async def test_what_the_record_suggests_is_taken_or_put_right_with_a_reason(
    house: House, liaison: Liaison
) -> None:
    from storage import requests

    async with house.database.tx() as tx:
        for n in (1, 2):
            await requests.add(
                tx,
                number=f"FW-{YEAR}-000{n}",
                base_id=1,
                service="S206",
                answers={"country": "美国", "foreign_no": f"US{n}", "grant_date": f"{YEAR}-05-0{n}"},
                submitted_by=1,
                now=n,
                due_at=n,
                due_confirmed=True,
                source=None,
                received_on=None,
            )
    await liaison.open_figures()
    page = await liaison.press("系统建议", "境外专利授权量：2 件")
    assert f"FW-{YEAR}-0001" in page.text
    await liaison.press("采用 I12", "三种方式可以混用")
    entry = (await liaison.report()).entries[Part.FIGURE, "I12"]
    assert (entry.text, entry.source) == ("2", Source.PROPOSED)
    await liaison.press("系统建议", "目前填写 2")
    await liaison.press("更正 I12", "I12 境外专利授权量")
    await liaison.say("4", "更正原因")
    await liaison.say("另有两件未申请资助", "三种方式可以混用")
    entry = (await liaison.report()).entries[Part.FIGURE, "I12"]
    assert (entry.text, entry.source, entry.reason) == ("4", Source.CORRECTED, "另有两件未申请资助")


async def test_another_base_sees_and_enters_nothing(house: House, liaison: Liaison) -> None:
    await liaison.home()
    report = await liaison.report()
    other = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
    for op in ("annual", "annual_figures", "annual_one.I01", "annual_check", "annual_hand_in", "annual_seal"):
        answer = await other.press_data(f"{op}:{report.id:x}:0", other.last).answered()
        assert "不能办理" in answer.text, op
    assert await liaison.figures() == {}
