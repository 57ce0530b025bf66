"""Articles 4 and 6 on the ladder: the self-check, milestones, funds, over real HTTP with a moved clock."""

from bot.rehearsal.people import Person
from domain.ladders import FUNDS, MILESTONE, kind_of
from domain.people import Role
from storage import obligations
from tests.flows.autumn import Autumn
from tests.flows.conftest import BASE
from tests.flows.test_outstanding import having, pressed


async def two(autumn: Autumn) -> tuple[Person, Person]:
    house = autumn.house
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    return officer, await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")


async def test_the_self_check_is_asked_for_answered_returned_and_received(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer, liaison = await two(autumn)
        await autumn.at("2027-05-31T09:00")
        nudge = await liaison.expect(say("年度自查提醒", "Yearly self-check: a reminder"))
        assert BASE.name in nudge.text
        await answer(autumn, liaison)
        told = await officer.expect(where=having(label("self_check_take")))
        assert "法人证书" in told.text
        heard = len(liaison.messages())
        await autumn.at("2027-06-23T09:00")  # T-7: what was answered is the centre's to look at
        assert len(liaison.messages()) == heard

        officer.press(label("self_check_back"), told)
        await officer.expect(label("field_reason"))
        officer.send("请写明中试基地名称")
        await officer.expect(where=having(label("submit")))
        officer.press(label("submit"))
        back = await liaison.expect("请写明中试基地名称")
        assert back.has(label("self_check"))
        await answer(autumn, liaison)
        again = await officer.expect(where=having(label("self_check_take")))
        officer.press(label("self_check_take"), again)
        await liaison.expect(say("年度自查已接收", "self-check was accepted"))
        heard = len(liaison.messages())
        await autumn.at("2027-07-10T09:00")
        assert len(liaison.messages()) == heard


async def answer(autumn: Autumn, liaison: Person) -> None:
    label = autumn.house.label
    liaison.press(label("self_check"))
    for n in (1, 2, 3):
        await liaison.expect(where=having(label("yes")))
        liaison.press(label("yes"))
        await liaison.expect(label(f"field_grounds_{n}"))
        liaison.send("法人证书有效，制度齐备")
    await liaison.expect(where=having(label("submit")))
    liaison.press(label("submit"))
    await liaison.expect(label("standing_claimed"))


async def test_a_milestone_is_entered_told_put_off_and_completed(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer, liaison = await two(autumn)
        await autumn.at("2026-09-02T10:00")
        officer.send("/menu")
        page = await officer.expect(where=having(label("bases")))
        officer.press_data("project:1:0", page)
        await officer.expect(where=having(label("milestone_new")))
        for title in ("育成中心建成", "中期评估"):
            await enter(autumn, officer, title, "2026-12-02")
            await liaison.expect(say("已登记期限", "A date was recorded"))
        await autumn.at("2026-09-03T09:00")  # T-90 of 2 December is the 3rd of September
        told = [m.text for m in liaison.messages() if say("项目节点提醒", "Project milestone:") in m.text]
        assert [title in "".join(told) for title in ("育成中心建成", "中期评估")] == [True, True]
        assert len(told) == 2

        await pressed(officer, "育成中心建成", label("project_done"))
        sure = await pressed(officer, label("project_done"), label("confirm"))
        officer.press(label("confirm"), sure)
        await liaison.expect(say("已登记完成", "Recorded as completed"))

        officer.press_data("project:1:0", sure)
        await officer.expect(where=having("中期评估"))
        await pressed(officer, "中期评估", label("extension"))
        officer.press(label("extension"))
        await officer.expect(label("field_until"))
        officer.send("2027-03-31")
        await officer.expect(label("field_reason"))
        officer.send("合作单位变更")
        await officer.expect(where=having(label("submit")))
        officer.press(label("submit"))
        put_off = await liaison.expect(say("已准予延期", "Extension granted"))
        assert "合作单位变更" in put_off.text
        await autumn.at("2026-12-30T18:00")
        late = [
            m.text for m in liaison.messages() if say("项目节点：尚未", "not recorded as reached") in m.text
        ]
        assert late == []
        await autumn.at("2026-12-31T09:00")  # T-90 of 31 March
        again = [m.text for m in liaison.messages() if say("项目节点提醒", "Project milestone:") in m.text]
        assert len(again) == 4  # T-180 of it was told on 30 September
        assert say("2027年3月31日", "31 March 2027") in again[-1]


async def enter(autumn: Autumn, officer: Person, title: str, day: str) -> None:
    label = autumn.house.label
    officer.press(label("milestone_new"))
    await officer.expect(label("field_duty_title"))
    officer.send(title)
    await officer.expect(label("field_due_on"))
    officer.send(day)
    await officer.expect(where=having(label("submit")))
    officer.press(label("submit"))
    await officer.expect(where=having(title))


async def test_a_liaison_comes_to_the_self_check_and_the_project_without_a_reminder(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer, liaison = await two(autumn)
        await autumn.at("2026-09-02T10:00")
        officer.send("/menu")
        page = await officer.expect(where=having(label("bases")))
        officer.press_data("project:1:0", page)
        await officer.expect(where=having(label("milestone_new")))
        await enter(autumn, officer, "中期评估", "2027-08-02")
        await liaison.expect(say("已登记期限", "A date was recorded"))

        await to_own_duties(autumn, liaison, "中期评估")
        await pressed(liaison, "中期评估", label("extension_ask"))
        await pressed(liaison, label("own_duties"), "中期评估")

        page = f"2027 {label('duty_kind_self_check')}"
        await to_own_duties(autumn, liaison, page)
        await pressed(liaison, page, label("self_check"))
        await answer(autumn, liaison)
        await officer.expect(where=having(label("self_check_take")))
        other = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
        refused = await other.press_data("own_duties:1:0", other.last).answered()
        assert refused.text


async def to_own_duties(autumn: Autumn, liaison: Person, button: str) -> None:
    label = autumn.house.label
    liaison.send("/report")
    await liaison.expect(where=having(label("own_duties")))
    liaison.press(label("own_duties"))
    await liaison.expect(where=lambda m: m.has(button) or button in m.text)


async def test_a_base_enters_no_milestone_and_completes_none(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        _, liaison = await two(autumn)
        await autumn.at("2026-09-02T10:00")
        liaison.send("/menu")
        page = await liaison.expect(where=having(house.label("report")))
        forged = ("milestone_new:1:0", "project:1:0", "project_do.receive:1:0", "self_check_take:1:0")
        for data in forged:
            answer = await liaison.press_data(data, page).answered()
            assert answer.text
        async with house.database.tx() as tx:
            known = await obligations.titled_of_base(tx, 1)
        assert [one for one in known if kind_of(one.obligation.kind) in (MILESTONE, FUNDS)] == []
