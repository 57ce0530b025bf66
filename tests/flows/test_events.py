"""An event from the idea to what came of it, over real HTTP with a moved clock, and what may go wrong."""

import io
from dataclasses import dataclass

import icalendar
import pytest
import zxingcpp
from PIL import Image

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Membership, Role
from storage import events, people
from tests.flows.autumn import Autumn
from tests.flows.conftest import House
from tests.flows.test_outstanding import having, pressed

in_english = pytest.mark.parametrize("autumn", ["en"], indirect=True)
in_chinese = pytest.mark.parametrize("autumn", ["zh-hans"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
"""The story is told everywhere; what branches off it in one language, on one database, in turn."""

TITLE = "新材料专利供需对接会"
FIRST, SECOND = "林知行（演示）", "蒋晓岚（演示）"


@dataclass
class Fair:
    """An officer, the liaisons of two bases, and the words of the test's language."""

    autumn: Autumn
    officer: Person
    liaison: Person
    other: Person

    @property
    def house(self) -> House:
        return self.autumn.house

    def label(self, key: str) -> str:
        return self.house.label(key)

    def say(self, zh: str, en: str) -> str:
        return self.autumn.say(zh, en)

    async def draft(self, **changes: str | None) -> Seen:
        """Through the form, up to the page of the event; None skips a step."""
        answers: dict[str, str | None] = {
            "event_kind": self.label("event_kind_supply"),
            "event_title": TITLE,
            "event_starts": "2026-11-20 14:00",
            "event_ends": "17:00",
            "event_where": "蜀江路 1 号一号会议室",
            "event_whom": None,
            "event_quota": "2",
            "event_each": None,
            "event_until": "2026-11-19",
            "event_plate": self.label("no"),
            "event_agenda": "14:00 发布",
            "event_questions": None,
            "event_files": None,
        }
        self.officer.send("/event_new")
        for key, answer in (answers | changes).items():
            await self.officer.expect(self.label(f"field_{key}"))
            if answer is None:
                self.officer.press(self.label("skip"))
            else:
                self.officer.send(answer)
        await self.officer.expect(where=having(self.label("submit")))
        self.officer.press(self.label("submit"))
        return await self.officer.expect(TITLE, where=having(self.label("event_publish")))

    async def publish(self, **changes: str | None) -> Seen:
        """Published; the officer's page."""
        page = await self.draft(**changes)
        self.officer.press(self.label("event_publish"), page)
        return await self.officer.expect(
            self.label("event_state_published"), where=having(self.label("event_desk"))
        )

    async def register(self, person: Person, *lines: str, answers: tuple[str, ...] = ()) -> Seen:
        """From the invitation to the receipt."""
        person.press(self.label("register"))
        await person.expect(self.label("field_attendees"))
        person.send("\n".join(lines))
        for answer in answers:
            await person.expect(self.label("field_event_question"))
            person.send(answer)
        await person.expect(where=having(self.label("submit")))
        person.press(self.label("submit"))
        return await person.expect(where=having(self.label("event")))

    def content(self, seen: Seen) -> bytes:
        described = seen.document or seen.photo
        assert described is not None
        return bytes(self.house.server.world.state.files[described["file_id"]].data)


async def a_fair(autumn: Autumn) -> Fair:
    house = autumn.house
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, FIRST, "YS01")
    other = await house.enrolled(Role.LIAISON, SECOND, "YS02", phone="+8610000000201")
    await autumn.at("2026-11-02T10:00")
    return Fair(autumn, officer, liaison, other)


def entry_in(content: bytes) -> icalendar.Event:
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def code_in(picture: bytes) -> str:
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found.text)


async def test_an_event_from_the_idea_to_its_outcomes(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, say = fair.label, fair.say
        await fair.publish()
        invitation = await fair.liaison.expect(TITLE, where=having(label("register")))
        assert "14:00" in invitation.text

        receipt = await fair.register(fair.liaison, "林知行，处长", "苏小溪 科员")
        assert say("已报名", "Registered") in receipt.text
        badge = await fair.liaison.expect(say("参会证", "Badge"), where=lambda m: m.photo is not None)
        entry = await fair.liaison.expect(where=lambda m: m.document is not None)
        before = entry_in(fair.content(entry))
        assert str(before["summary"]) == TITLE

        await fair.other.expect(TITLE, where=having(label("register")))
        waiting = await fair.register(fair.other, "蒋晓岚，主任")
        assert label("event_standing_waiting") in waiting.text.lower()

        # one cancels: who waits moves up and confirms
        await pressed(fair.liaison, label("event"), label("unregister"))
        page = await pressed(fair.liaison, label("unregister"), "苏小溪")
        fair.liaison.press(f"{label('unregister_do')} 苏小溪", page)
        await fair.liaison.expect(say("已取消", "Cancelled"))
        offer = await fair.other.expect("蒋晓岚", where=having(label("event_confirm")))
        fair.other.press(label("event_confirm"), offer)
        await fair.other.expect(say("已递补", "from the waiting list"))
        await fair.other.expect(where=lambda m: m.photo is not None)

        await moved(fair, before)
        await reminded(fair)
        await checked_in(fair, code_in(fair.content(badge)))
        await afterwards(fair)


async def moved(fair: Fair, before: icalendar.Event) -> None:
    """To another room, a day later: told what changed and only that; the calendar entry moves along."""
    label, officer = fair.label, fair.officer
    await fair.autumn.at("2026-11-03T10:00")
    officer.send("/events")
    await officer.expect(where=having(TITLE))
    await pressed(officer, TITLE, label("event_edit"))
    await pressed(officer, label("event_edit"), label("resume"))
    await pressed(officer, label("resume"), label("edit"))
    await pressed(officer, label("edit"), label("field_event_where"))
    officer.press(label("field_event_where"))
    await officer.expect(label("field_event_where"))
    officer.send("二号报告厅")
    await officer.expect("二号报告厅", where=having(label("submit")))
    officer.press(label("submit"))
    told = await fair.liaison.expect(fair.say("活动有变更", "The event has changed"))
    assert "二号报告厅" in told.text
    assert "14:00" not in told.text
    await fair.other.expect(fair.say("活动有变更", "The event has changed"))
    update = entry_in(fair.content(await fair.liaison.expect(where=lambda m: m.document is not None)))
    assert update["uid"] == before["uid"]
    assert int(update["sequence"]) == int(before.get("sequence", 0)) + 1
    assert str(update["location"]) == "二号报告厅"


async def reminded(fair: Fair) -> None:
    """T-7, T-1 and two hours before, once each; who cancelled is not among the names."""
    head = fair.say("活动提醒", "Event reminder")
    for at, n in (("2026-11-13T09:01", 1), ("2026-11-19T09:01", 2), ("2026-11-20T12:01", 3)):
        await fair.autumn.at(at)
        told = [m.text for m in fair.liaison.messages() if m.from_bot and m.text.startswith(head)]
        assert len(told) == n
        assert "林知行" in told[-1]
        assert "苏小溪" not in told[-1]


async def checked_in(fair: Fair, code: str) -> None:
    """By list in the chat; the code of the badge is that of the entry."""
    label, officer = fair.label, fair.officer
    async with fair.house.database.read() as tx:
        entry = await events.of_code(tx, code)
    assert entry is not None
    assert entry.attendee.name == "林知行"
    await fair.autumn.at("2026-11-20T13:50")
    officer.send("/events")
    await officer.expect(where=having(TITLE))
    await pressed(officer, TITLE, label("event_desk"))
    await pressed(officer, label("event_desk"), "0/1")
    page = await pressed(officer, "蜀江理工", "林知行")
    officer.press("林知行", page)
    await officer.expect(where=having("✓ 林知行"))
    again = await officer.press_data(page.data("林知行"), page).answered()
    assert fair.say("此前已签到", "checked in before") in again.text


async def afterwards(fair: Fair) -> None:
    """A rating when it is over; after 90 days the outcomes, once; the workbook and the picture."""
    label, say = fair.label, fair.say
    await fair.autumn.at("2026-11-20T17:01")
    ask = await fair.liaison.expect(where=having(label("stars_5")))
    fair.liaison.press(label("stars_5"), ask)
    await fair.liaison.expect(say("评价已收到", "Thank you for your rating"))
    assert not [m for m in fair.other.messages() if m.has(label("stars_5"))]  # was not there

    await fair.autumn.at("2027-02-18T18:00")
    ask = await fair.liaison.expect(say("对接成效", "What came of it"))
    fair.liaison.press(label("event_outcome"), ask)
    for key, answer in (("intentions", "3"), ("contracts", "1"), ("contract_amount", "120.5")):
        await fair.liaison.expect(label(f"field_{key}"))
        fair.liaison.send(answer)
    await fair.liaison.expect(where=having(label("submit")))
    fair.liaison.press(label("submit"))
    await fair.liaison.expect(say("120.5", "1,205,000"))
    async with fair.house.database.read() as tx:
        assert [one.contracts for one in (await events.outcomes(tx, 1)).values()] == [1]
        assert await events.ratings(tx, 1) == {5: 1}

    officer = fair.officer
    officer.send("/events")
    await officer.expect(where=having(TITLE))
    page = await pressed(officer, TITLE, label("event_sheet"))
    officer.press(label("event_sheet"), page)
    sheet = await officer.expect(where=lambda m: m.document is not None)
    assert sheet.document is not None
    assert sheet.document["file_name"] == "event.xlsx"
    officer.press(label("event_chart"), page)
    chart = await officer.expect("5.0", where=lambda m: m.photo is not None)
    assert Image.open(io.BytesIO(fair.content(chart))).width > 1000
    await officer.expect(say("对接成效", "Outcomes:"), where=lambda m: m.photo is not None)


@in_chinese
@on_postgres
async def test_an_offer_that_nobody_confirms_goes_to_the_next(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, say = fair.label, fair.say
        await fair.publish(event_quota="1")
        await fair.liaison.expect(TITLE, where=having(label("register")))
        await fair.other.expect(TITLE, where=having(label("register")))
        await fair.register(fair.liaison, "林知行，处长")
        await fair.register(fair.other, "蒋晓岚，主任", "陈一鸣，专员")
        await pressed(fair.liaison, label("event"), label("unregister"))
        page = await pressed(fair.liaison, label("unregister"), "林知行")
        fair.liaison.press(f"{label('unregister_do')} 林知行", page)
        offer = await fair.other.expect("蒋晓岚", where=having(label("event_confirm")))
        await autumn.at("2026-11-03T10:05")
        await fair.other.expect(say("递补未确认", "was not confirmed"))
        await fair.other.expect("陈一鸣", where=having(label("event_confirm")))
        late = await fair.other.press(label("event_confirm"), offer).answered()
        assert say("页面已更新", "been updated") in late.text


@in_english
@on_sqlite
async def test_a_cancelled_event_tells_those_who_registered_and_no_others(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, say = fair.label, fair.say
        page = await fair.publish()
        await fair.liaison.expect(TITLE, where=having(label("register")))
        await fair.other.expect(TITLE, where=having(label("register")))
        await fair.register(fair.liaison, "林知行，处长")
        await fair.liaison.expect(where=lambda m: m.document is not None)
        fair.officer.press(label("event_cancel"), page)
        await fair.officer.expect(label("field_event_reason"))
        fair.officer.send("场地维修")
        await fair.officer.expect(where=having(label("submit")))
        fair.officer.press(label("submit"))
        told = await fair.liaison.expect(say("活动已取消", "The event is cancelled"))
        assert "场地维修" in told.text
        gone = await fair.liaison.expect(where=lambda m: m.document is not None)
        assert entry_in(fair.content(gone))["status"] == "CANCELLED"
        closed = await fair.other.press(label("register")).answered()
        assert say("报名已截止", "Registration is closed") in closed.text
        await autumn.at("2026-11-20T18:00")
        assert not [
            m for m in fair.liaison.messages() if m.text.startswith(say("活动提醒", "Event reminder"))
        ]
        assert not [m for m in fair.liaison.messages() if m.has(label("stars_5"))]


@in_english
@on_postgres
async def test_the_audience_is_picked_and_others_see_nothing_of_the_event(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, officer = fair.label, fair.officer
        page = await fair.draft()
        assert "<b>2</b>" in page.html
        await pressed(officer, label("audience"), label("audience_city"))
        await pressed(officer, label("audience_city"), "绵阳")
        await pressed(officer, "绵阳", "✓ 绵阳")
        picked = await pressed(officer, label("home"), label("event_to_review"))
        assert SECOND in picked.text
        assert FIRST not in picked.text
        old = officer.press_data(page.data(label("event_publish")), page)
        assert fair.say("页面已更新", "been updated") in (await old.answered()).text
        page = await officer.expect(TITLE, where=having(label("event_publish")))
        officer.press(label("event_publish"), page)
        await fair.other.expect(TITLE, where=having(label("register")))
        fair.liaison.send("/events")
        await fair.liaison.expect(fair.say("目前没有面向贵单位的活动", "no event for your unit"))
        forged = await fair.liaison.press_data("register:1:0", fair.liaison.last).answered()
        assert forged.text
        fair.liaison.send("/event_new")
        await fair.liaison.expect(fair.say("不能办理", "does not include this"))


@in_chinese
@on_sqlite
async def test_what_is_no_event_is_answered_with_what_is_expected(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, say, officer = fair.label, fair.say, fair.officer
        officer.send("/event_new")
        await officer.expect(label("field_event_kind"))
        officer.send(label("event_kind_meeting"))
        await officer.expect(label("field_event_title"))
        officer.send(TITLE)
        await officer.expect(label("field_event_starts"))
        for wrong, answer in (
            ("明天下午", say("请写日期和时间", "day and the time")),
            ("2026-11-01 14:00", say("开始时间须在现在之后", "must begin in the future")),
            ("2026-02-30 14:00", say("请写日期和时间", "day and the time")),
        ):
            officer.send(wrong)
            await officer.expect(answer)
        officer.send("2026-11-20 22:00")
        await officer.expect(label("field_event_ends"))
        officer.send("21:00")
        await officer.expect(say("结束须晚于开始", "must end after it begins"))
        officer.send("次日 01:00")
        await officer.expect(label("field_event_where"))
        officer.send("https://meet.example.invalid/1")
        await officer.expect(label("field_event_whom"))
        officer.press(label("skip"))
        await officer.expect(label("field_event_quota"))
        officer.send("0")
        await officer.expect("1", where=lambda m: label("field_event_quota") in m.text)
        officer.send("5")
        await officer.expect(label("field_event_each"))
        officer.press(label("skip"))
        await officer.expect(label("field_event_until"))
        officer.send("2026-11-21 09:00")
        await officer.expect(say("报名截止须在", "Registration must close"))
        officer.press(label("skip"))
        await officer.expect(label("field_event_plate"))


@in_chinese
@on_sqlite
async def test_the_organisers_questions_and_plates_are_asked_and_an_officer_records_for_a_base(
    autumn: Autumn,
) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, officer = fair.label, fair.officer
        await fair.publish(event_plate="是", event_questions="拟对接的技术方向\n是否用餐")
        await fair.liaison.expect(TITLE, where=having("报名"))
        fair.liaison.press("报名")
        await fair.liaison.expect("车牌")
        fair.liaison.send("林知行")
        await fair.liaison.expect("缺少职务")
        fair.liaison.send("林知行，处长，川A12345")
        await fair.liaison.expect("拟对接的技术方向")
        fair.liaison.send("高强铝合金")
        await fair.liaison.expect("是否用餐")
        fair.liaison.send("是")
        await fair.liaison.expect("川A12345", where=having("提交"))
        fair.liaison.press("提交")
        await fair.liaison.expect("已报名")

        await pressed(officer, "代录报名", "涪川")
        officer.press("涪川")
        await officer.expect(label("field_source"))
        officer.send("电话")
        await officer.expect(label("field_received_on"))
        officer.send("2026-11-02")
        for answer in ("蒋晓岚，主任", "钛合金", "否"):
            await officer.expect(where=having("取消"))
            officer.send(answer)
        await officer.expect("蒋晓岚", where=having("提交"))
        officer.press("提交")
        told = await fair.other.expect("代录报名")
        assert "电话" in told.text
        await fair.other.expect("参会证", where=lambda m: m.photo is not None)
        async with fair.house.database.read() as tx:
            event = await events.get(tx, 1)
            assert event is not None
            roll = await events.roll(tx, event)
        assert [(e.attendee.plate, e.answers["拟对接的技术方向"]) for e in roll.entries] == [
            ("川A12345", "高强铝合金"),
            (None, "钛合金"),
        ]
        await pressed(officer, "查看活动", "名单")
        await pressed(officer, "名单", "代录取消")
        await pressed(officer, "代录取消", "蜀江")
        await pressed(officer, "蜀江", "林知行")
        officer.press("林知行")
        await officer.expect("已取消")
        assert "中心代录" in (await fair.liaison.expect("已取消")).text


@in_english
@on_sqlite
async def test_an_event_to_which_nobody_came_asks_nobody_and_an_organiser_who_left_is_named_nowhere(
    autumn: Autumn,
) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label = fair.label
        await fair.publish()
        await fair.liaison.expect(TITLE, where=having(label("register")))
        async with fair.house.database.tx() as tx:
            person = await people.by_telegram(tx, fair.officer.id)
            assert person is not None
            await people.relieve_all(tx, [(person.id, Membership(Role.OFFICER, None))], autumn.clock.now())
        fair.liaison.press(label("event"))
        page = await fair.liaison.expect("Nobody of your unit is registered yet")
        assert "周明远" not in page.text
        await autumn.at("2026-11-21T09:00")
        assert not [m for m in fair.liaison.messages() if m.has(label("stars_5"))]
        other = await fair.house.enrolled(Role.OFFICER, "吴清越（演示）", phone="+8610000000903")
        other.send("/events")
        await other.expect(where=having(TITLE))
        await pressed(other, TITLE, label("event_list"))
        other.press(label("event_list"))
        await other.expect("Nobody has registered yet")


@in_english
@on_postgres
async def test_an_event_moved_to_another_day_is_reminded_of_on_its_new_days_alone(autumn: Autumn) -> None:
    async with autumn.running():
        fair = await a_fair(autumn)
        label, officer, liaison = fair.label, fair.officer, fair.liaison
        page = await fair.publish()
        await liaison.expect(TITLE, where=having(label("register")))
        await fair.register(liaison, "林知行，处长")
        first = entry_in(fair.content(await liaison.expect(where=lambda m: m.document is not None)))
        officer.press(label("event_edit"), page)
        await officer.expect(where=having(label("resume")))
        await pressed(officer, label("resume"), label("edit"))
        await pressed(officer, label("edit"), label("field_event_starts"))
        officer.press(label("field_event_starts"))
        await officer.expect(label("field_event_starts"))
        officer.send("2026-12-04 09:00")
        for key, answer in (("event_ends", "11:00"), ("event_until", "2026-12-03")):
            await officer.expect(label(f"field_{key}"))
            officer.send(answer)
        await officer.expect(where=having(label("submit")))
        officer.press(label("submit"))
        told = await liaison.expect("The event has changed")
        assert "Begins: Friday, 4 December, 09:00\nBefore: Friday, 20 November, 14:00" in told.text
        assert "Place" not in told.text
        moved = entry_in(fair.content(await liaison.expect(where=lambda m: m.document is not None)))
        assert (moved["uid"], int(moved["sequence"])) == (first["uid"], 1)
        assert moved.decoded("dtstart").isoformat() == "2026-12-04T01:00:00+00:00"

        def reminded() -> int:
            return sum(m.text.startswith("Event reminder") for m in liaison.messages())

        await autumn.at("2026-11-20T18:00")
        assert reminded() == 0
        assert not [m for m in liaison.messages() if m.has(label("stars_5"))]
        await autumn.at("2026-12-04T11:30")
        assert reminded() == 3
        assert [m for m in liaison.messages() if m.has(label("stars_5"))]
