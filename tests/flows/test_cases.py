"""典型案例 as people do it: from the draft to the shelf and back (Article 10)."""

import io
from dataclasses import replace
from functools import partial

import pytest
from docx import Document

from bot.clock import SystemClock
from bot.rehearsal.faults import Failure
from bot.rehearsal.people import Person
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.annual_report import State
from domain.notices import Offer, SendState
from domain.people import Actor, Membership, Role
from handlers.callbacks import pack
from handlers.cases import SENDS
from storage import annual, cases, outbox
from tests.flows.conftest import House
from tests.flows.gate import until

CASE = {
    "案例标题": "先评估后质押，让专利变资金",
    "背景": "专利多而转化少，企业缺少资金。",
    "做法": "与银行共建评估小组，按季度集中评估。",
    "成效": "当年办成质押融资三笔。",
    "可复制点": "评估小组的组成和流程可照用。",
}
YEAR = 2026
LIAISON = Actor(1, "林知行（演示）", (Membership(Role.LIAISON, 1),))


@pytest.fixture
async def desk(house: House) -> tuple[Person, Person, Person]:
    """The liaisons of two bases and an officer."""
    author = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01", "+8610000000101")
    reader = await house.enrolled(Role.LIAISON, "许竞舟（演示）", "YS02", "+8610000000201")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    return author, reader, officer


async def filed(author: Person, answers: dict[str, str] = CASE) -> None:
    author.send("/cases")
    await author.expect("典型案例")
    author.press("提交案例")
    for label, answer in answers.items():
        await author.expect(label)
        author.send(answer)
    await author.expect("请核对")
    author.press("提交")
    await author.expect("已提交")


async def allowed(author: Person, word: str = "同意内部交流", then: str = "：已授权") -> None:
    author.send("/cases")
    await author.expect("本单位", where=lambda m: m.has("AL-2026-0001"))
    author.press("AL-2026-0001")
    await author.expect("授权：", where=lambda m: m.has("使用授权"))
    author.press("使用授权")
    await author.expect("授权只对本版有效")
    author.press(word)
    await author.expect(then)


async def passed(officer: Person) -> None:
    await officer.expect("典型案例待审核")
    officer.press("案例通过")
    await officer.expect("审核通过")


async def sent(officer: Person) -> None:
    officer.press("推送案例")
    await officer.expect("将发给 2 家基地的 2 人")
    officer.press("确认推送")
    await officer.expect("已发布")


async def test_a_case_goes_from_its_draft_to_the_shelf_and_back(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    author, reader, officer = desk
    await filed(author)
    await passed(officer)
    await author.expect("审核通过")

    refusal = await officer.press("推送案例").answered()
    assert "尚无“内部交流”授权" in refusal.text

    await allowed(author)
    officer.send("/cases")
    await officer.expect("待办理", where=lambda m: m.has("AL-2026-0001"))
    officer.press("AL-2026-0001")
    await officer.expect("授权：发给各示范基地交流", where=lambda m: m.has("推送案例"))
    await sent(officer)
    heard = await reader.expect("典型案例　AL-2026-0001")
    reader.press("查看案例", heard)
    page = await reader.expect("可复制点")
    assert "授权" not in page.text
    assert not page.has("撤回案例")
    reader.send("/cases 质押融资")
    await reader.expect("查找“质押融资”", where=lambda m: m.has("AL-2026-0001"))
    reader.send("/cases 无人机")
    await reader.expect("没有找到")

    author.send("/cases")
    await author.expect("本单位")
    author.press("AL-2026-0001")
    await author.expect("已发给 2 家", where=lambda m: m.has("撤回案例"))
    author.press("撤回案例")
    asked = await author.expect("不能恢复")
    assert "涪川材料院（演示）" in asked.text
    author.press("确认撤回案例")
    await author.expect("已撤回")
    assert "涪川材料院（演示）" in (await officer.expect("单位已撤回案例")).text
    answer = await reader.press_data("case:1:0", heard).answered()
    assert answer.text
    reader.send("/cases")
    await reader.expect("案例库还没有案例")


async def test_a_returned_case_comes_back_as_a_new_version_whose_consents_are_asked_for_anew(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    author, _, officer = desk
    await filed(author)
    await officer.expect("典型案例待审核")
    await allowed(author, "同意网站宣传")
    async with house.database.read() as tx:
        case = await cases.get(tx, 1)
    assert case is not None
    assert case.consents
    officer.send("/cases")
    await officer.expect("待办理")
    officer.press("AL-2026-0001")
    await officer.expect("待审核", where=lambda m: m.has("退回案例"))
    officer.press("退回案例")
    await officer.expect("案例修改意见")
    officer.send("请写明银行的做法。")
    await officer.expect("请核对")
    officer.press("提交")
    await author.expect("请写明银行的做法。")
    author.press("查看案例")
    await author.expect("修改意见", where=lambda m: m.has("修改案例再报"))
    author.press("修改案例再报")
    await author.expect("请核对")
    author.press("提交")
    await author.expect("已提交")
    assert "第 2 版" in (await officer.expect("典型案例待审核")).text
    async with house.database.read() as tx:
        case = await cases.get(tx, 1)
    assert case is not None
    assert (case.version, case.consents) == (2, frozenset())


async def test_a_consent_that_is_withdrawn_while_it_is_being_sent_stops_what_waits(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    author, _, officer = desk
    await filed(author)
    await passed(officer)
    await allowed(author)
    consents = author.last
    officer.send("/cases")
    await officer.expect("待办理", where=lambda m: m.has("AL-2026-0001"))
    officer.press("AL-2026-0001")
    await officer.expect("授权：发给各示范基地交流", where=lambda m: m.has("推送案例"))
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=60), times=3)
    await sent(officer)
    async with house.database.read() as tx:
        case = await cases.get(tx, 1)
    assert case is not None
    answer = await author.press_data(pack(Offer("case_consent.internal", 1, case.rev)), consents).answered()
    assert answer.text == ""
    await until(partial(stopped, house))
    async with house.database.read() as tx:
        assert await outbox.list_of_subject(tx, SENDS, 1, {SendState.SENT}) == []
        assert len(await outbox.list_of_subject(tx, SENDS, 1, {SendState.DROPPED})) == 2
    answer = await officer.press_data(pack(Offer("case_publish", 1, case.rev + 1)), officer.last).answered()
    assert "尚无“内部交流”授权" in answer.text


async def stopped(house: House) -> bool:
    """Whether nothing of the case waits or is on its way."""
    async with house.database.read() as tx:
        return not await outbox.list_of_subject(tx, SENDS, 1, {SendState.QUEUED, SendState.SENDING})


async def test_figures_are_quoted_from_an_accepted_report_alone(
    house: House, desk: tuple[Person, Person, Person]
) -> None:
    author, _, _ = desk
    await filed(author)
    author.press("引用数据")
    await author.expect("还没有已接收的年度总结")
    await accepted(house, {"I16": "500", "I04": "12", "I05": "0"})
    author.press("返回")
    await author.expect("背景", where=lambda m: m.has("引用数据"))
    author.press("引用数据")
    page = await author.expect("已引用 0 项")
    offered = [label for label in page.labels if label.startswith("2026")]
    assert len(offered) == 2
    author.press(next(label for label in offered if "500" in label))
    await author.expect("已引用 1 项")
    author.press("返回")
    assert "500 万元" in (await author.expect("相关数据")).text

    author.press("案例文稿")
    paper = await author.expect(where=lambda m: m.document is not None)
    assert paper.document is not None
    document = Document(io.BytesIO(house.server.world.state.files[paper.document["file_id"]].data))
    told = "\n".join(one.text for one in document.paragraphs)
    assert "先评估后质押" in told
    assert "数据来自已接收的年度工作总结" in told


async def accepted(house: House, figures: dict[str, str]) -> None:
    """The base's report of the year, as the centre has accepted it."""
    now = SystemClock().now()
    written = [Written(Part.FIGURE, code, text, Source.TYPED) for code, text in figures.items()]
    async with house.database.tx() as tx:
        report = await annual.open_report(tx, 1, YEAR, now)
        entered = enter(report, written, Editing(LIAISON, now))
        outcome = replace(entered, report=replace(entered.report, state=State.ACCEPTED))
        assert await annual.save(tx, outcome, now) is not None
