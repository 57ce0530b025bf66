"""What comes beside the straight way: last year put right, two bases of one person, the way in English."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import date

import pytest

from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from domain.annual import Command, decide
from domain.annual_content import Part, Source
from domain.annual_editing import Editing, Written, enter
from domain.annual_papers import Period
from domain.annual_report import Move, State
from domain.indicators import edition
from domain.notices import Offer
from domain.people import Membership, Role
from domain.verification import verify
from storage import annual, people
from tests.flows.conftest import BASE, OTHER_BASE, House, _house
from tests.flows.test_annual_desk import LIAISON, Unit, way, who
from tests.flows.test_annual_fill import FIGURES, SECTIONS, YEAR, begun
from tests.flows.test_annual_papers import gathered, presses

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
    await presses(officer.person, Offer("annual", report.id))
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


@pytest.fixture
async def english(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> AsyncIterator[House]:
    async with _house(telegram, make_config(database_url), "en") as house:
        yield house


async def test_a_liaison_and_an_officer_go_the_whole_way_in_english(english: House) -> None:
    """Filled in, sent, submitted, returned, submitted once more, passed."""
    word = english.label
    unit = await gathered(english)
    liaison, officer = unit.liaison, unit.officer
    await liaison.say("/report", f"{YEAR} summary", word("annual_figures"))
    await liaison.press(word("annual_figures"), "Three ways", word("annual_paste"))
    await liaison.press(word("annual_paste"), word("field_figures_list"))
    answers = {duty.code: "yes" for duty in edition(YEAR).duties}
    await liaison.say(
        "\n".join(f"{code} {text}" for code, text in (FIGURES | answers).items()), "I01", word("confirm")
    )
    await liaison.press(word("confirm"), "5 of 5")
    for section in SECTIONS:
        await liaison.say("/report", f"{YEAR} summary")
        await liaison.press(word("annual_sections"), section.title.en)
        await liaison.press(section.title.en, word("field_section_text"))
        await liaison.say("Nothing to report.", section.title.en)
    await liaison.say("/report", f"{YEAR} summary", word("annual_send"))
    await liaison.press(word("annual_send"), "in confidentiality review")
    await unit.moved(Move.REVIEW, Move.APPROVE)
    await english_submission(english, unit, 1)

    report = await unit.report()
    await presses(officer.person, Offer("annual_remark.I01", report.id, report.rev))
    await officer.sees("Dedicated IP staff")
    await officer.say("Please count the staff again.", "Please count the staff again.", word("confirm"))
    await officer.press(word("confirm"), "1 change(s) asked for")
    returned = await liaison.sees("Please count the staff again.")
    assert not has_chinese(returned.text)
    await liaison.say("/report", f"{YEAR} summary", word("annual_remarks"))
    await liaison.press(word("annual_remarks"), "Dedicated IP staff")
    await liaison.press("Dedicated IP staff", "I01")
    await liaison.say("3", "Dedicated IP staff: 3")
    await liaison.say("/report", f"{YEAR} summary", word("annual_send"))
    await liaison.press(word("annual_send"), "in confidentiality review")
    await unit.moved(Move.REVIEW, Move.APPROVE)
    await english_submission(english, unit, 2)

    report = await unit.report()
    await presses(officer.person, Offer("annual_read.changes_0", report.id))
    changes = await officer.sees("Dedicated IP staff")
    assert "0 → 3" in changes.text
    await presses(officer.person, Offer("annual_pass", report.id, report.rev))
    await officer.sees("Please confirm", word("confirm"))
    await officer.press(word("confirm"), "sealed copy")
    assert (await unit.report()).state is State.SEALING
    said = [m.text for m in (*liaison.person.messages(), *officer.person.messages()) if m.from_bot]
    assert [text for text in said if has_chinese(text)] == []


async def english_submission(english: House, unit: Unit, version: int) -> None:
    word = english.label
    await unit.liaison.say("/report", f"{YEAR} summary", word("annual_submit"))
    await unit.liaison.press(word("annual_submit"), f"version {version}", word("submit"))
    await unit.liaison.press(word("submit"), "Submission receipt")


def has_chinese(text: str) -> bool:
    """Beside the names of people and bases, which are what they are."""
    for name in (BASE.name, BASE.short_name, OTHER_BASE.name, OTHER_BASE.short_name, "省知识产权中心", "甲"):
        text = text.replace(name, "")
    text = re.sub(r"[\u4e00-\u9fff]{2,4}（演示）", "", text)
    return re.search(r"[\u4e00-\u9fff]", text) is not None
