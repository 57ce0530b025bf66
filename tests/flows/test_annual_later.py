"""What comes beside the straight way: last year put right, two bases of one person, a whole way in English."""

from datetime import date

import pytest

from bot.clock import SystemClock
from domain.annual import Command, decide
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.annual_papers import Period
from domain.annual_report import Move, State
from domain.indicators import edition
from domain.people import Membership, Role
from domain.verification import verify
from storage import annual, people
from tests.flows.conftest import House
from tests.flows.test_annual_desk import LIAISON, Unit, way, who
from tests.flows.test_annual_fill import FIGURES, SECTIONS, YEAR, begun
from tests.flows.test_annual_papers import gathered

LAST = YEAR - 1
WAY = (Move.SEND, Move.REVIEW, Move.APPROVE, Move.SUBMIT, Move.PASS, Move.SEAL, Move.ACCEPT)


@pytest.fixture
async def unit(house: House) -> Unit:
    return await gathered(house)


async def accepted_last_year(house: House, figures: dict[str, str]) -> None:
    """A report of the year before, as it was accepted then."""
    now, told = SystemClock().now(), edition(LAST)
    texts = [
        *(Written(Part.FIGURE, code, text, Source.TYPED) for code, text in (FIGURES | figures).items()),
        *(Written(Part.FIGURE, duty.code, "yes", Source.TYPED) for duty in told.duties),
        *(Written(Part.SECTION, one.key, "略。", Source.TYPED) for one in SECTIONS),
    ]
    async with house.database.tx() as tx:
        await annual.fix_period(tx, LAST, Period(date(LAST - 1, 12, 1), date(LAST, 11, 30)), 1, now)
        report = await annual.open_report(tx, 1, LAST, now)
        saved = await annual.save(tx, enter(report, texts, Editing(LIAISON, now)), now)
        assert saved is not None
        for move in WAY:
            found = verify(saved.report.content.figures, edition=told)
            command = Command(move, who(move), now, findings=found, via=way(move))
            saved = await annual.save(tx, decide(saved.report, command), now)
            assert saved is not None


async def test_last_years_figure_is_put_right_and_this_year_is_compared_with_it(
    house: House, unit: Unit
) -> None:
    """R16 found a jump that last year's missing contracts made; it is gone when they are counted."""
    await accepted_last_year(house, {"I01": "2"})
    await unit.fills_in()
    await unit.enters({"I01": "12"})
    liaison, officer = unit.liaison, unit.officer
    await liaison.say("/report", f"{YEAR} 年度总结")
    await liaison.press("数据核对", "I01 知识产权专职人员数")
    report = await unit.report()
    officer.person.press_data(f"annual:{report.id:x}:0", officer.person.last)
    await officer.sees("尚未提交", "更正上年数据")
    await officer.press("更正上年数据", "更正的数据")
    await officer.say("I01 10", "原因")
    await officer.say("漏计兼职转专职八人", "漏计兼职转专职八人", "提交")
    await officer.press("提交", f"{LAST} 年度总结", "更正记录")
    trace = await officer.press("更正记录", "2 → 10")
    assert "周明远（演示）" in trace.text
    told = await liaison.sees("数据已更正")
    assert f"{LAST}" in told.text
    await liaison.say("/report", f"{YEAR} 年度总结")
    await liaison.press("数据核对", "未发现问题")
    async with house.database.read() as tx:
        before = await annual.of_base(tx, 1, LAST)
    assert before is not None
    assert (before.state, len(before.versions)) == (State.ACCEPTED, 1)


async def test_a_person_of_two_bases_is_asked_which(house: House) -> None:
    liaison = await begun(house)
    async with house.database.tx() as tx:
        known = await people.by_telegram(tx, liaison.person.id)
        assert known is not None
        await people.appoint(tx, known.id, Membership(Role.DEPUTY, 2), SystemClock().now())
    liaison.person.send("/menu")
    await liaison.sees("请选择", "年度总结")
    page = await liaison.press("年度总结", "您为多家单位办理")
    assert page.labels[:2] == ["蜀江理工（演示）", "涪川材料院（演示）"]
    await liaison.press("涪川材料院（演示）", "涪川先进材料研究院（演示）", "填写数据")
    await liaison.say("/report", "您为多家单位办理")
    await liaison.press("蜀江理工（演示）", "蜀江理工大学（演示）", "填写数据")
