"""The tick: planned once, checked again when its hour has come, queued or dropped with the reason."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.ticks import Ticks
from domain.bases import Base
from domain.calendar import Calendar
from domain.notices import SendState
from domain.obligations import Obligation, State
from domain.people import Membership, PhoneCheck, Role
from handlers.context import Services
from messages.catalog import Catalog
from storage import bases, obligations, outbox, people
from storage.dialect import prepare
from storage.engine import Database, connect
from storage.outbox import Row

ZONE = ZoneInfo("Asia/Shanghai")
ERROR = prepare("SELECT error FROM outbox WHERE id = :id")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@dataclass
class ToldClock:
    instant: int = at("2026-11-02T10:00")

    def now(self) -> int:
        return self.instant


@dataclass
class Sender:
    """The outbox, as far as the tick needs it."""

    woken: int = 0

    def wake(self) -> None:
        self.woken += 1

    def send_now(self, rows: object) -> None: ...


@dataclass
class Office:
    """A base with a liaison and a deputy, an officer, and a clock."""

    database: Database
    base_id: int
    liaison: int
    deputy: int
    officer: int
    clock: ToldClock = field(default_factory=ToldClock)
    sender: Sender = field(default_factory=Sender)

    def ticks(self, database: Database | None = None, channels: tuple[str, ...] = ()) -> Ticks:
        calendar = Calendar()
        sender: Any = self.sender
        services = Services(
            database=database or self.database,
            catalog=Catalog(now=self.clock.now),
            clock=self.clock,
            calendar=calendar,
            sender=sender,
            jobs=sender,
            locale="zh_CN",
            channels=channels,
        )
        return Ticks(services, sender)

    async def tick_at(self, text: str, channels: tuple[str, ...] = ()) -> None:
        self.clock.instant = at(text)
        await self.ticks(channels=channels).tick()

    async def rows(self, part: str = "", state: SendState | None = None) -> list[Row]:
        """The planned rows whose key holds this, in the order in which they fall due."""
        async with self.database.tx() as tx:
            found = [row for n in range(1, 400) if (row := await outbox.get(tx, n)) is not None]
        wanted = [row for row in found if part in (row.key or "") and state in (None, row.state)]
        return sorted(wanted, key=lambda row: (row.due_at, row.key or ""))

    async def why(self, part: str) -> str | None:
        [row] = await self.rows(part)
        async with self.database.tx() as tx:
            [told] = await tx.rows(ERROR, {"id": row.id})
        error: str | None = told["error"]
        return error

    async def obligation(self) -> Obligation:
        async with self.database.tx() as tx:
            found = await obligations.of_base(tx, "annual_report", 2026, self.base_id)
        assert found is not None
        return found

    async def becomes(self, state: State) -> None:
        found = await self.obligation()
        async with self.database.tx() as tx:
            assert await obligations.save(tx, replace(found, state=state, rev=found.rev + 1))


async def enrolled(database: Database, role: Role, base_id: int | None, telegram_id: int | None) -> int:
    async with database.tx() as tx:
        person_id = await people.add(
            tx, f"{role}（演示）", 1, phone="10000000101", office_phone="028-0000-1101"
        )
        await people.appoint(tx, person_id, Membership(role, base_id), 1)
    if telegram_id is not None:
        await enrol(database, person_id, telegram_id)
    return person_id


async def enrol(database: Database, person_id: int, telegram_id: int) -> None:
    async with database.tx() as tx:
        await people.enrol(
            tx,
            person_id,
            telegram_id=telegram_id,
            phone="+8610000000101",
            check=PhoneCheck.NONE,
            locale=None,
            now=1,
        )


async def a_base(database: Database, code: str = "YS01", name: str = "蜀江理工大学（演示）") -> int:
    told: dict[str, Any] = dict.fromkeys(("kind", "city", "batch", "recognised_on", "department"), "高校")
    async with database.tx() as tx:
        return await bases.add(
            tx, Base(id=0, code=code, name=name, short_name=name, uscc=code, project_start=None, **told)
        )


@pytest.fixture
async def office(database: Database) -> Office:
    base_id = await a_base(database)
    return Office(
        database,
        base_id,
        await enrolled(database, Role.LIAISON, base_id, 101),
        await enrolled(database, Role.DEPUTY, base_id, 102),
        await enrolled(database, Role.OFFICER, None, 901),
    )


async def test_a_tick_plans_the_ladder_ahead_and_a_second_adds_nothing(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    planned = await office.rows(state=SendState.PLANNED)
    assert [row.key for row in planned if row.person_id == office.liaison] == [
        f"annual_report:2026:base 1:{step}:person {office.liaison}"
        for step in ("T-30", "T-7", "T-1", "overdue")
    ]
    assert planned[0].due_at == at("2026-11-13T09:00")
    await office.tick_at("2026-11-02T10:01")
    assert await office.rows() == sorted(planned, key=lambda row: (row.due_at, row.key or ""))


async def test_a_row_whose_hour_has_come_is_written_for_its_person_and_queued(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await office.tick_at("2026-11-13T08:59")
    assert await office.rows(state=SendState.QUEUED) == []
    await office.tick_at("2026-11-13T09:00")
    [row] = await office.rows(state=SendState.QUEUED)
    assert (row.chat_id, row.person_id) == (101, office.liaison)
    payload = json.loads(row.payload)
    assert payload["chat_id"] == 101
    assert "12月15日（星期二）" in payload["text"]
    assert "蜀江理工大学（演示）" in payload["text"]
    assert office.sender.woken == 1


async def test_the_deputy_is_told_from_t_7_on(office: Office) -> None:
    for moment in ("2026-11-02T10:00", "2026-11-13T09:00", "2026-12-08T09:00"):
        await office.tick_at(moment)
    queued = await office.rows(state=SendState.QUEUED)
    assert [(row.due_at, row.person_id) for row in queued] == [
        (at("2026-11-13T09:00"), office.liaison),
        (at("2026-12-08T09:00"), office.liaison),
        (at("2026-12-08T09:00"), office.deputy),
    ]


async def test_two_ticks_at_once_plan_and_queue_everything_once(office: Office) -> None:
    office.clock.instant = at("2026-12-08T09:00")
    await asyncio.gather(*(office.ticks().tick() for _ in range(8)))
    rows = await office.rows()
    assert len({row.key for row in rows}) == len(rows)
    assert len(await office.rows("T-7:person", SendState.QUEUED)) == 2


async def test_two_processes_plan_and_queue_everything_once(office: Office, database_url: str) -> None:
    office.clock.instant = at("2026-12-08T09:00")
    beside = await connect(database_url)
    try:
        await asyncio.gather(
            *(office.ticks(db).tick() for db in (office.database, beside, office.database, beside))
        )
    finally:
        await beside.close()
    rows = await office.rows()
    assert len({row.key for row in rows}) == len(rows)
    assert len(await office.rows("T-7:person", SendState.QUEUED)) == 2


async def test_what_was_planned_outlives_a_restart_and_is_sent_by_the_next_process(office: Office) -> None:
    await office.tick_at("2026-12-07T09:00")
    office.sender = Sender()
    await office.tick_at("2026-12-08T09:05")
    assert len(await office.rows("T-7:person", SendState.QUEUED)) == 2


async def test_a_reminder_that_is_too_late_is_dropped_and_says_so(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await office.tick_at("2026-12-12T10:00")
    assert await office.why("base 1:T-30:person") == "too late"
    assert {row.state for row in await office.rows("T-7")} == {SendState.DROPPED}
    assert await office.rows(state=SendState.QUEUED) == []


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.RECEIVED, "received"), (State.WAIVED, "waived"), (State.CLAIMED, "claimed")],
)
async def test_nothing_is_said_to_a_base_once_it_is_complete_or_being_checked(
    office: Office, state: State, reason: str
) -> None:
    await office.tick_at("2026-11-02T10:00")
    await office.becomes(state)
    await office.tick_at("2026-11-13T09:00")
    assert await office.why("base 1:T-30:person") == reason
    for moment in ("2026-12-08T09:00", "2026-12-14T09:00", "2026-12-16T09:00", "2026-12-30T09:00"):
        await office.tick_at(moment)
    rows = await office.rows("annual_report:2026:base 1")
    assert [row for row in rows if row.state is not SendState.DROPPED] == []


async def test_a_mark_that_is_taken_back_lets_the_rest_of_the_ladder_go_on(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await office.becomes(State.RECEIVED)
    await office.tick_at("2026-11-13T09:00")
    await office.becomes(State.OPEN)
    await office.tick_at("2026-12-08T09:00")
    assert len(await office.rows("T-7:person", SendState.QUEUED)) == 2


async def test_who_has_left_office_hears_nothing_and_who_came_does(office: Office) -> None:
    await office.tick_at("2026-12-07T09:00")
    async with office.database.tx() as tx:
        await people.relieve_all(tx, [(office.liaison, Membership(Role.LIAISON, office.base_id))], 2)
    successor = await enrolled(office.database, Role.LIAISON, office.base_id, 103)
    await office.tick_at("2026-12-08T09:00")
    assert await office.rows(f"T-7:person {office.liaison}") == []
    queued = await office.rows("T-7:person", SendState.QUEUED)
    assert [row.person_id for row in queued] == [office.deputy, successor]


async def test_a_vacation_that_came_between_drops_what_may_wait(office: Office) -> None:
    await office.tick_at("2026-12-07T09:00")
    async with office.database.tx() as tx:
        await obligations.add_vacation(tx, office.base_id, date(2026, 12, 8), date(2026, 12, 20))
    await office.tick_at("2026-12-08T09:00")
    assert await office.why(f"T-7:person {office.liaison}") == "vacation"
    await office.tick_at("2026-12-14T09:00")
    assert len(await office.rows("T-1:person", SendState.QUEUED)) == 2


async def test_a_base_that_left_hears_nothing(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    async with office.database.tx() as tx:
        await tx.script("UPDATE bases SET status = 'left'")
    await office.tick_at("2026-11-13T09:00")
    assert await office.why("base 1:T-30:person") == "the base is not active"


async def test_for_a_liaison_who_is_not_enrolled_the_officer_telephones(database: Database) -> None:
    base_id = await a_base(database)
    other_id = await a_base(database, "YS02", "涪川先进材料研究院（演示）")
    liaison = await enrolled(database, Role.LIAISON, base_id, None)
    other = await enrolled(database, Role.LIAISON, other_id, 105)
    officer = await enrolled(database, Role.OFFICER, None, 901)
    office = Office(database, base_id, liaison, other, officer)
    await office.tick_at("2026-11-13T09:00")
    assert await office.why(f"T-30:person {liaison}") == "cannot be reached"
    [calls] = await office.rows("T-30:calls")
    text = json.loads(calls.payload)["text"]
    assert (calls.chat_id, calls.state) == (901, SendState.QUEUED)
    assert "蜀江理工大学（演示）" in text
    assert "028-0000-1101" in text
    assert "涪川" not in text
    await enrol(database, liaison, 104)
    await office.tick_at("2026-12-08T09:00")
    assert [row.chat_id for row in await office.rows(f"T-7:person {liaison}", SendState.QUEUED)] == [104]
    assert await office.why("T-7:calls") == "nobody to call"


async def test_after_the_limit_the_base_hears_it_once_and_the_officer_telephones(office: Office) -> None:
    other = await a_base(office.database, "YS02", "涪川先进材料研究院（演示）")
    await enrolled(office.database, Role.LIAISON, other, 105)
    await office.tick_at("2026-12-15T23:59")
    await office.tick_at("2026-12-16T08:59")
    assert await office.rows("overdue", SendState.QUEUED) == []
    await office.tick_at("2026-12-16T09:00")
    await office.tick_at("2026-12-17T09:00")
    to_base = await office.rows("base 1:overdue", SendState.QUEUED)
    assert [row.person_id for row in to_base] == [office.liaison, office.deputy]
    assert all("涪川" not in row.payload for row in to_base)
    [calls] = await office.rows("overdue:calls", SendState.QUEUED)
    text = json.loads(calls.payload)["text"]
    assert "蜀江理工大学（演示）" in text
    assert "涪川先进材料研究院（演示）" in text


async def test_what_a_base_claims_stays_on_the_officers_list_until_it_is_checked(office: Office) -> None:
    await office.tick_at("2026-12-07T09:00")
    await office.becomes(State.CLAIMED)
    await office.tick_at("2026-12-08T09:00")
    [calls] = await office.rows("T-7:calls", SendState.QUEUED)
    assert "待核对" in json.loads(calls.payload)["text"]


async def test_a_row_that_cannot_be_written_holds_up_no_other(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    async with office.database.tx() as tx:
        await tx.script(
            "UPDATE outbox SET facts = '{\"kind\": \"unheard_of\"}' WHERE key LIKE '%T-7:person 1'"
        )
    await office.tick_at("2026-12-08T09:00")
    states = {row.person_id: row.state for row in await office.rows("T-7:person")}
    assert states == {office.liaison: SendState.FAILED, office.deputy: SendState.QUEUED}


async def test_the_next_years_obligations_are_opened_when_this_years_day_has_passed(office: Office) -> None:
    await office.tick_at("2026-12-15T10:00")
    async with office.database.tx() as tx:
        assert await obligations.list_of_year(tx, "annual_report", 2027) == []
    await office.tick_at("2026-12-16T10:00")
    async with office.database.tx() as tx:
        [listed] = await obligations.list_of_year(tx, "annual_report", 2027)
    assert listed.obligation.due_on == date(2027, 12, 15)
