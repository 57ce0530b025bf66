"""Article 9 through the autumn: reminders on a clock that is moved, over real HTTP, in both languages."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import app
from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearse import MovableClock, Winder
from domain.notices import Subject
from domain.people import Role
from storage import audit, bases, obligations
from storage.engine import connect
from tests.bot.rehearsal.botapi import check_calls
from tests.flows.conftest import BASE, OTHER_BASE, House

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = "2026-09-01T10:00"
"""Before the ladder is planned: the clock has to find its steps nevertheless."""

STEPS = ("2026-11-13T09:00", "2026-12-08T09:00", "2026-12-14T09:00", "2026-12-16T09:00")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@dataclass
class Autumn:
    """A bot that can be stopped and started again, and its clock."""

    house: House
    winder: Winder
    clock: MovableClock

    def say(self, zh: str, en: str) -> str:
        return en if self.house.language_code == "en" else zh

    async def at(self, text: str) -> None:
        """Move the clock there, stopping wherever something is due, as the page does."""
        to = at(text)
        while (due := await self.winder.next_due()) is not None and due < to:
            await self.winder.advance(due)
        await self.winder.advance(to)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with app.running(self.house.config, self.clock) as made:
            self.winder.attach(made)
            yield

    async def audited(self) -> list[str]:
        """What was done with the first base's obligation."""
        async with self.house.database.tx() as tx:
            [first, *_] = await obligations.list_of_year(tx, "annual_report", 2026)
            trail = await audit.trail(tx, Subject("obligation", first.obligation.id))
        return [row["action"] for row in trail]

    def heard(self, person: Person) -> list[str]:
        """The first lines of the reminders that the person has received."""
        heads = (
            self.say("年度总结报送提醒", "Annual summary: a reminder"),
            self.say("年度总结明日到期", "Annual summary due tomorrow"),
            self.say("年度总结：尚未收到", "Annual summary: not yet received"),
            self.say("电话联系：", "To telephone:"),
        )
        return [m.text.splitlines()[0] for m in person.messages() if m.from_bot and m.text.startswith(heads)]


@pytest.fixture(params=["zh-hans", "en"])
async def autumn(
    request: pytest.FixtureRequest,
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    database_url: str,
    tmp_path: Path,
) -> AsyncIterator[Autumn]:
    kept_at = tmp_path / "clock"
    kept_at.write_text(str(at(BEGIN) - SystemClock().now()))
    clock = MovableClock(kept_at)
    config = make_config(database_url)
    beside = await connect(database_url)
    try:
        async with beside.tx() as tx:
            await bases.add(tx, BASE)
            await bases.add(tx, OTHER_BASE)
        yield Autumn(House(telegram, beside, config, request.param), Winder(clock), clock)
    finally:
        await beside.close()


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

        liaison.press(label("report_expect"), nudge)
        await liaison.expect(label("field_expected_on"))
        liaison.send("2026-12-20")
        await liaison.expect(where=lambda m: m.has(label("submit")))
        liaison.press(label("submit"))
        own = await liaison.expect(where=lambda m: m.has(label("report_claim")))
        assert autumn.say("12月20日（星期日）", "Sunday, 20 December") in own.text
        await officer.expect(autumn.say("12月20日（星期日）", "Sunday, 20 December"))

        liaison.press(label("report_claim"), nudge)
        await liaison.expect(where=lambda m: m.has(label("report_claim")))  # the old page, drawn anew
        liaison.press(label("report_claim"))
        await liaison.expect(label("state_claimed"))
        told = await officer.expect(where=lambda m: m.has(label("report_receive")))
        assert BASE.name in told.text

        await autumn.at(STEPS[1])
        assert len(autumn.heard(liaison)) == 0  # the nudge became the page; T-7 waits for the officer
        assert label("report_reopen") in told.labels

        officer.press(label("report_receive"), told)
        sure = await officer.expect(where=lambda m: m.has(label("confirm")))
        assert BASE.name in sure.text
        officer.press(label("confirm"), sure)
        await officer.expect(label("state_received"))
        await liaison.expect(autumn.say("年度总结已登记收到", "recorded as received"))

        before = len(liaison.messages())
        await autumn.at("2026-12-31T00:00")
        assert len(liaison.messages()) == before
        assert await autumn.audited() == ["report_expected", "report_claim", "report_receive"]


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
        page = await liaison.expect(label("state_open"))
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
