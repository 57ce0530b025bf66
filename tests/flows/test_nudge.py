"""Article 9 through the autumn: reminders on a clock that is moved, over real HTTP, in both languages."""

import asyncio
from dataclasses import replace

from domain.annual_report import State
from domain.notices import SendState
from domain.obligations import State as Owing
from domain.people import Role
from storage import bases, obligations, outbox
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.autumn import BEGIN, Autumn, at
from tests.flows.conftest import BASE, OTHER_BASE

STEPS = ("2026-11-13T09:00", "2026-12-08T09:00", "2026-12-14T09:00", "2026-12-16T09:00")


async def test_a_base_is_reminded_three_times_and_once_when_it_is_late(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        other = await house.enrolled(Role.LIAISON, "蒋晓岚（演示）", "YS02", phone="+8610000000201")
        seen = []
        await autumn.winder.advance(at(BEGIN) + 60_000)
        while (due := await autumn.winder.next_due()) is not None and due < at("2026-12-31T00:00"):
            seen.append(due)
            await autumn.winder.advance(due)
        assert seen == [at(step) for step in STEPS]
        reminded = [
            autumn.say("年度总结报送提醒", "Annual summary: a reminder"),
            autumn.say("年度总结报送提醒", "Annual summary: a reminder"),
            autumn.say("年度总结明日到期", "Annual summary due tomorrow"),
            autumn.say("年度总结：尚未收到", "Annual summary: not yet received"),
        ]
        assert autumn.heard(liaison) == reminded
        assert autumn.heard(other) == reminded
        assert autumn.heard(officer) == [
            autumn.say("电话联系：2026 年度总结", "To telephone: 2026 summaries")
        ]
        assert all("蜀江" not in message.text for message in other.messages())
        calls = officer.last.text
        assert BASE.short_name in calls
        assert OTHER_BASE.short_name in calls
        await house.server.world.drained()
        assert check_calls(house.server.world.calls.all) == []


async def test_already_sent_another_way_is_checked_and_ends_the_reminders(autumn: Autumn) -> None:
    house = autumn.house
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at(STEPS[0])
        nudge = await liaison.expect(where=lambda m: m.has(label("report_claim")))
        assert nudge.labels == [
            label(key) for key in ("annual_go_on", "extension_ask", "report_claim", "call_me")
        ]
        liaison.press(label("report_claim"), nudge)
        told = await officer.expect(where=lambda m: m.has(label("report_receive")))
        assert BASE.name in told.text

        heard = len(autumn.heard(liaison))
        await autumn.at(STEPS[1])
        assert len(autumn.heard(liaison)) == heard  # T-7 waits for the officer

        officer.press(label("report_receive"), told)
        sure = await officer.expect(where=lambda m: m.has(label("confirm")))
        assert BASE.name in sure.text
        officer.press(label("confirm"), sure)
        await officer.expect(label("state_received"))
        await liaison.expect(autumn.say("年度总结已登记收到", "recorded as received"))

        before = len(liaison.messages())
        await autumn.at("2026-12-31T00:00")
        assert len(liaison.messages()) == before
        assert await autumn.audited() == ["report_claim", "report_receive"]


async def test_once_it_is_late_a_base_names_the_day(autumn: Autumn) -> None:
    house = autumn.house
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at(STEPS[3])
        nudge = await liaison.expect(where=lambda m: m.has(label("report_expect")))
        liaison.press(label("report_expect"), nudge)
        await liaison.expect(label("field_expected_on"))
        liaison.send("2026-12-20")
        await liaison.expect(where=lambda m: m.has(label("submit")))
        liaison.press(label("submit"))
        await officer.expect(autumn.say("12月20日（星期日）", "Sunday, 20 December"))


async def test_a_mark_is_taken_back_and_the_reminders_go_on(autumn: Autumn) -> None:
    house = autumn.house
    label = house.label
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        await autumn.winder.advance(at(BEGIN) + 60_000)

        officer.send("/reports")
        await officer.expect(where=lambda m: m.has(BASE.short_name))
        officer.press(BASE.short_name)
        await officer.expect(where=lambda m: m.has(label("report_receive")))
        officer.press(label("report_receive"))
        await officer.expect(where=lambda m: m.has(label("confirm")))
        officer.press(label("confirm"))
        page = await officer.expect(where=lambda m: m.has(label("report_reopen")))
        await autumn.at(STEPS[1])
        assert autumn.heard(liaison) == []

        officer.press(label("report_reopen"), page)
        await officer.expect(where=lambda m: m.has(label("confirm")))
        officer.press(label("confirm"))
        await officer.expect(label("state_open"))
        await liaison.expect(autumn.say("登记已更正", "record corrected"))
        await autumn.at(STEPS[2])
        assert autumn.heard(liaison) == [autumn.say("年度总结明日到期", "Annual summary due tomorrow")]


async def test_what_was_planned_before_a_restart_is_sent_after_it_once(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-07T18:00")
        before = len(autumn.heard(liaison))
    autumn.clock.move_to(at("2026-12-08T10:30"))
    async with autumn.running():
        await liaison.expect(
            autumn.say("年度总结报送提醒", "Annual summary: a reminder")
        )  # PTB's JobQueue ticks
        await autumn.winder.advance(at("2026-12-08T10:31"))
        await autumn.winder.advance(at("2026-12-08T10:32"))
        assert len(autumn.heard(liaison)) == before + 1


async def test_a_reminder_that_was_missed_for_too_long_is_not_sent(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.winder.advance(at(BEGIN) + 60_000)
    autumn.clock.move_to(at("2026-12-12T10:30"))
    async with autumn.running():
        await autumn.winder.advance(at("2026-12-12T10:31"))
        assert autumn.heard(liaison) == []


async def test_a_base_sees_its_own_summary_and_no_other(autumn: Autumn) -> None:
    house = autumn.house
    label = house.label
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.winder.advance(at(BEGIN) + 60_000)
        liaison.press(label("report"))
        page = await liaison.expect(label("annual_state_none"))
        assert BASE.name in page.text
        theirs = page.data(label("report_claim")).split(":")
        forged = ":".join((theirs[0], "2", theirs[2]))
        liaison.press_data(forged, page)
        liaison.press_data("report_expect:2:0", page)
        liaison.press_data("report_base:2:0", page)
        liaison.press_data("report_do.receive:1:0", page)
        liaison.send("/reports")
        await liaison.expect(autumn.say("不能办理", "does not include"))
        assert not any(OTHER_BASE.name in message.text for message in liaison.messages())
        assert not any(label("field_expected_on") in message.text for message in liaison.messages())
        async with house.database.tx() as tx:
            states = [
                one.obligation.state for one in await obligations.list_of_year(tx, "annual_report", 2026)
            ]
        assert states == ["open", "open"]


# --- state by state ---------------------------------------------------------------------------------------

LACKING = frozenset({"I04", "D01"})


async def test_each_state_has_its_own_words_and_its_own_days(autumn: Autumn) -> None:
    """Every base is where another part of the way begins; each hears of its own work only."""
    house, say = autumn.house, autumn.say
    states = (State.DRAFT, State.REVIEWING, State.APPROVED, State.SUBMITTED, State.RETURNED, State.SEALING)
    async with house.database.tx() as tx:
        for n in range(3, 7):
            named = replace(OTHER_BASE, code=f"YS0{n}", name=f"第{n}所", short_name=f"第{n}所")
            await bases.add(tx, replace(named, uscc=f"USCC{n}"))
    async with autumn.running():
        people = {
            state: await house.enrolled(Role.LIAISON, f"联络{n}", f"YS0{n}", phone=f"+861000000020{n}")
            for n, state in enumerate(states, 1)
        }
        await autumn.at("2026-12-07T18:00")
        for n, state in enumerate(states, 1):
            await autumn.bring(n, state, lacking=LACKING if state is State.DRAFT else frozenset())
        before = {state: len(person.messages()) for state, person in people.items()}

        def new(state: State) -> list[str]:
            """What has come of the summary; other duties have their own tests."""
            texts = [message.text for message in people[state].messages()[before[state] :]]
            return [text for text in texts if say("年度总结", "Annual summary") in text]

        await autumn.at("2026-12-08T09:00")
        [draft] = new(State.DRAFT)
        assert draft.startswith(say("年度总结填报提醒", "Annual summary: still in draft"))
        assert say("还需：国内专利申请量、设有知识产权专门机构", "Still needed: ") in draft
        assert say("41/47", "41 of 47") in draft
        assert say("12月10日（星期四）前提交形式审查", "by Thursday, 10 December") in draft
        [reviewing] = new(State.REVIEWING)
        assert say("待本单位审核", "with your own unit") in reviewing
        assert say("保密审查人", "confidentiality reviewer") in reviewing
        [approved] = new(State.APPROVED)
        assert say("请提交形式审查", "please submit it") in approved
        assert [new(state) for state in (State.SUBMITTED, State.RETURNED, State.SEALING)] == [[], [], []]

        await autumn.at("2026-12-10T09:00")
        [returned] = new(State.RETURNED)
        assert say("请修改后再次提交", "please change and resubmit") in returned
        assert say("共 1 处", "1 remark") in returned
        await autumn.at("2026-12-18T09:00")
        [seal] = new(State.SEALING)
        assert say("请补传盖章件", "the sealed copy is awaited") in seal
        assert say("12月21日（星期一）", "Monday, 21 December") in seal
        assert new(State.SUBMITTED) == []
        names = {"第3所", "第4所", "第5所", "第6所"}
        for state, person in people.items():
            texts = "".join(message.text for message in person.messages())
            own = {BASE.name: "", OTHER_BASE.name: ""}.keys() | names
            assert sum(name in texts for name in own) <= 1, state


async def test_reminders_stop_within_a_minute_of_acceptance(autumn: Autumn) -> None:
    """Accepted at a minute to nine; at nine the reminder that was planned finds that and is dropped."""
    house = autumn.house
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-08T08:58")
        report = await autumn.bring(1, State.SEALED)
        officer.send("/menu")
        page = await officer.expect(where=lambda m: m.has(label("reports")))
        officer.press_data(f"annual:{report.id}:0", page)
        await officer.expect(where=lambda m: m.has(label("admit")))
        officer.press(label("admit"))
        await officer.expect(where=lambda m: m.has(label("confirm")))
        await autumn.winder.advance(at("2026-12-08T08:59"))
        officer.press(label("confirm"))
        await autumn.winder.advance(at("2026-12-08T09:00"))
        async with house.database.tx() as tx:
            owed = await obligations.of_base(tx, "annual_report", 2026, 1)
            rows = await outbox.list_of_subject(tx, "obligation", owed.id if owed else 0)
        assert owed is not None
        assert owed.state is Owing.RECEIVED
        assert [row.state for row in rows if "T-7:person" in str(row.key)] == [SendState.DROPPED]
        heard = autumn.heard(liaison)
        await autumn.at("2026-12-31T00:00")
        assert autumn.heard(liaison) == heard


async def test_an_extension_is_asked_for_granted_and_moves_the_ladder(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-08T09:00")
        liaison.press(label("extension_ask"))
        await liaison.expect(label("field_until"))
        liaison.send("2026-12-25")
        await liaison.expect(label("field_reason"))
        liaison.send("学校放假，用印需要时间")
        await liaison.expect(where=lambda m: m.has(label("submit")))
        liaison.press(label("submit"))
        await liaison.expect(say("延期申请已提交", "was passed on"))
        asked = await officer.expect(where=lambda m: m.has(label("extension_grant")))
        assert "学校放假" in asked.text
        officer.press(label("extension_grant"), asked)
        await liaison.expect(say("12月25日（星期五）", "Friday, 25 December"))
        again = await officer.press(label("extension_grant"), asked).answered()
        assert say("页面已更新", "has been updated") in again.text

        before = len(liaison.messages())
        await autumn.at("2026-12-17T18:00")
        assert len(liaison.messages()) == before
        await autumn.at("2026-12-18T09:00")
        later = await liaison.expect(say("年度总结报送提醒", "Annual summary: a reminder"))
        assert say("12月25日（星期五）", "Friday, 25 December") in later.text
        assert "extension_granted" in await autumn.audited()


async def test_an_extension_that_is_declined_says_why_and_the_ladder_stays(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-08T09:00")
        liaison.press(label("extension_ask"))
        await liaison.expect(label("field_until"))
        liaison.send("2026-12-31")
        await liaison.expect(label("field_reason"))
        liaison.send("用印需要时间")
        await liaison.expect(where=lambda m: m.has(label("submit")))
        liaison.press(label("submit"))
        asked = await officer.expect(where=lambda m: m.has(label("extension_deny")))
        officer.press(label("extension_deny"), asked)
        await officer.expect(label("field_reason"))
        officer.send("可先提交电子版，盖章件后补")
        await officer.expect(where=lambda m: m.has(label("submit")))
        officer.press(label("submit"))
        await officer.expect(say("未准予延期", "not granted"))
        declined = await liaison.expect("可先提交电子版")
        assert say("暂不能办理", "cannot be met") in declined.text
        assert say("12月15日", "15 December") in declined.text
        again = await officer.press(label("extension_grant"), asked).answered()
        assert say("页面已更新", "has been updated") in again.text
        await autumn.at("2026-12-14T09:00")
        await liaison.expect(say("年度总结明日到期", "Annual summary due tomorrow"))
        assert "extension_denied" in await autumn.audited()


async def test_an_extension_to_no_later_day_is_none(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-08T09:00")
        liaison.press(label("extension_ask"))
        await liaison.expect(label("field_until"))
        liaison.send("2026-12-15")
        await liaison.expect(label("field_reason"))
        liaison.send("用印需要时间")
        await liaison.expect(where=lambda m: m.has(label("submit")))
        refused = await liaison.press(label("submit")).answered()
        assert say("应晚于原期限", "later than the present one") in refused.text


async def test_who_asks_to_be_called_is_heard_once_a_day(autumn: Autumn) -> None:
    house, say = autumn.house, autumn.say
    label = house.label
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-08T09:00")
        nudge = await liaison.expect(where=lambda m: m.has(label("call_me")))
        await asyncio.gather(*(liaison.press(label("call_me"), nudge).answered() for _ in range(2)))
        await liaison.expect(say("已转告对接人", "has been told"))
        await officer.expect(say("请致电", "Please telephone"))
        asked = [m for m in officer.messages() if say("请您就", "asks for a call") in m.text]
        assert ["10000000101" in one.text for one in asked] == [True]
        assert asked[0].has(label("call"))


async def test_two_ticks_never_plan_twice_in_any_state(autumn: Autumn) -> None:
    house = autumn.house
    async with autumn.running():
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await autumn.at("2026-12-01T10:00")
        for state, moment in ((State.DRAFT, "2026-12-08T09:00"), (State.DRAFT, "2026-12-11T09:00")):
            await autumn.bring(1, state, lacking=LACKING)
            await autumn.at(moment)
            heard = autumn.heard(liaison)
            for _ in range(3):
                await autumn.winder.advance(at(moment) + 30_000)
            assert autumn.heard(liaison) == heard
        assert (
            heard
            == [autumn.say("年度总结报送提醒", "Annual summary: a reminder")]
            + [autumn.say("年度总结填报提醒", "Annual summary: still in draft")] * 2
        )
