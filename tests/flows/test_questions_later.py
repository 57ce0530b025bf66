"""A question that nobody answers is nudged and on the desk; it stays the base's when people change."""

import pytest

from bot.rehearsal.people import Person
from domain.people import Role
from storage import bases, people, questions
from tests.flows.autumn import Autumn
from tests.flows.conftest import House
from tests.flows.handing import LEAVER, NAME, PHONE, agree, link_of, propose

ASKED, ANSWER = "质押融资需要哪些材料？", "请准备登记簿副本。"

in_english = pytest.mark.parametrize("autumn", ["en"], indirect=True)
in_chinese = pytest.mark.parametrize("autumn", ["zh-hans"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def two(autumn: Autumn) -> tuple[Person, Person]:
    house = autumn.house
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    return officer, await house.enrolled(Role.LIAISON, LEAVER, "YS01")


@in_chinese
async def test_what_is_not_answered_is_nudged_after_a_working_day_to_whoever_looks_after_the_base(
    autumn: Autumn,
) -> None:
    house = autumn.house
    async with autumn.running():
        officer, liaison = await two(autumn)
        other = await house.enrolled(Role.OFFICER, "吴越（演示）", phone="+8610000000902")
        async with house.database.tx() as tx:
            named = [one.person for one in await people.holders(tx, [Role.OFFICER])]
            await bases.set_counterpart(tx, 1, next(p.id for p in named if p.name.startswith("周")))
        await autumn.at("2026-09-04T15:00")  # Friday
        liaison.send(ASKED)
        await liaison.expect("已转对接人")
        await officer.expect("基地提问")
        await autumn.at("2026-09-07T14:59")
        assert nudged(officer) == []
        await autumn.at("2026-09-07T15:01")
        nudge = await officer.expect("待回复提醒")
        assert ASKED in nudge.text
        officer.send("/desk")
        assert "已超过 1 个工作日" in (await officer.expect("待回复的问题")).text
        officer.send(ANSWER, reply_to=nudge)
        await liaison.expect(ANSWER)

        # asked again, and somebody else looks after the base by then
        liaison.send("复印件可以吗？")
        await officer.expect("复印件可以吗？")
        async with house.database.tx() as tx:
            await bases.set_counterpart(tx, 1, next(p.id for p in named if p.name.startswith("吴")))
        await autumn.at("2026-09-12T10:00")
        assert len(nudged(officer)) == 2  # who answered it, looks after it
        assert nudged(other) == []
        officer.send("/desk")
        await officer.expect("待回复的问题")
        officer.press("WT-2026-0001")
        page = await officer.expect(where=lambda m: m.has("回复"))
        officer.press("回复", page)
        await officer.expect("回复内容")
        officer.send("可以。")
        await liaison.expect("可以。")
        await autumn.at("2026-09-20T10:00")
        assert len(nudged(officer)) == 2


def nudged(officer: Person) -> list[str]:
    return [m.text for m in officer.messages() if m.from_bot and "待回复提醒" in m.text]


@in_english
@on_sqlite
async def test_a_question_in_english_from_the_first_word_to_thanks(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        officer, liaison = await two(autumn)
        liaison.send("Which papers does a pledge need?")
        receipt = await liaison.expect("WT-2026-0001: passed to your counterpart")
        for told in ("周明远（演示）", "09:00–12:00, 14:00–17:30", "for enquiries"):
            assert told in receipt.text, told
        new = await officer.expect("WT-2026-0001: a question")
        assert "annual summary 2026: not started" in new.text
        officer.press("Answer", new)
        await officer.expect("Your answer")
        officer.send("The register extract and the certificate.")
        await officer.expect("whoever asked will receive it")
        answer = await liaison.expect("WT-2026-0001: answered")
        assert answer.has("It is solved")
        assert answer.has("Make it a request")
        liaison.send("Thank you very much!")
        await liaison.expect("solved, and kept on record")
        officer.send("/questions")
        await officer.expect("No question is waiting")
        liaison.send("My questions")
        page = await liaison.expect("WT-2026-0001: solved")
        liaison.press("WT-2026-0001", page)
        await liaison.expect("gave thanks")
    assert house.language_code == "en"


@on_sqlite
async def test_a_question_is_on_the_card_and_goes_over_with_the_base(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, LEAVER, "YS01")
    head = await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")
    liaison.send(ASKED)
    await liaison.expect("已转对接人")
    new = await officer.expect("基地提问")
    officer.send("/bases 蜀江")
    await officer.expect(where=lambda m: m.has("蜀江理工（演示）"))
    officer.press("蜀江理工（演示）")
    assert "问题：1 个\nWT-2026-0001　待回复" in (await officer.expect("统一社会信用代码")).text

    await propose(liaison)
    head.press("确认变更", await head.expect("请确认联络员变更"))
    officer.press("查看变更", await officer.expect("已获单位确认"))
    await officer.expect(where=lambda m: m.has("登记变更"))
    officer.press("登记变更")
    code = await link_of(liaison)
    newcomer = house.newcomer(NAME, PHONE)
    await agree(newcomer, code)
    newcomer.share_contact()
    assert "问题 1 个" in (await newcomer.expect("请接手")).text
    await newcomer.expect(where=lambda m: m.document is not None)

    officer.send(ANSWER, reply_to=new)
    answer = await newcomer.expect(ANSWER)
    await house.server.world.drained()
    assert not any(ANSWER in m.text for m in liaison.messages())
    liaison.press_data("question_close:1:1", liaison.last)
    newcomer.press("已解决", answer)
    await newcomer.expect("记录留存备查")
    async with house.database.read() as tx:
        [question] = await questions.list_of_base(tx, 1, 5)
    assert question.state.value == "closed"
