"""Reminders whose hour has come while somebody is away or out of reach (Article 8)."""

import json
from datetime import date

import pytest

from domain.notices import SendState, Subject
from domain.people import Role
from storage import absences, audit, fallback, obligations, people
from storage.engine import Database
from storage.fallback import Send
from tests.bot.test_ticks import Office, a_base, at, enrolled

T_30, T_7, T_1 = "2026-11-13T09:00", "2026-12-08T09:00", "2026-12-14T09:00"


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


async def away(office: Office, person_id: int, first: str, last: str) -> None:
    async with office.database.tx() as tx:
        await absences.add(
            tx, base_id=office.base_id, person_id=person_id, first_on=first, last_on=last, now=1
        )


async def blocked(office: Office, *person_ids: int) -> None:
    async with office.database.tx() as tx:
        await people.set_unreachable(tx, person_ids)


async def heard(office: Office) -> list[int | None]:
    """Of the annual report's reminders, in the order in which they were written."""
    queued = await office.rows("annual_report:2026:base", SendState.QUEUED)
    return [row.person_id for row in sorted(queued, key=lambda row: row.id)]


async def test_the_deputy_acts_while_the_liaison_is_away(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await away(office, office.liaison, "2026-11-10", "2026-11-20")
    await office.tick_at(T_30)
    assert await heard(office) == [office.deputy]
    assert await office.why(f"base 1:T-30:person {office.liaison}") == "away, another contact acts"
    [row] = await office.rows("T-30:instead", SendState.QUEUED)
    assert json.loads(row.payload)["chat_id"] == 102
    async with office.database.read() as tx:
        trail = await audit.trail(tx, Subject("obligation", row.subject_id or 0))
    assert [line["action"] for line in trail] == ["gone_over"]
    assert str(office.deputy) in trail[0]["facts"]


async def test_who_is_back_hears_it_themselves(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await away(office, office.liaison, "2026-11-03", "2026-11-12")
    await office.tick_at(T_30)
    assert await heard(office) == [office.liaison]


async def test_who_is_away_alone_hears_it_nevertheless(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await away(office, office.liaison, "2026-11-10", "2026-11-20")
    await blocked(office, office.deputy)
    await office.tick_at(T_30)
    assert await heard(office) == [office.liaison]


async def test_a_deputy_who_is_told_anyway_is_told_once(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await blocked(office, office.liaison)
    await office.tick_at(T_7)
    assert await heard(office) == [office.deputy]


async def test_what_two_cannot_be_told_the_head_is_told_once(office: Office) -> None:
    head = await enrolled(office.database, Role.HEAD, office.base_id, 103)
    await office.tick_at("2026-11-02T10:00")
    await blocked(office, office.liaison, office.deputy)
    await office.tick_at(T_7)
    await office.tick_at("2026-12-08T09:01")
    assert await heard(office) == [head]


async def test_a_head_in_whose_name_nothing_can_be_said_is_not_invented(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00")
    await blocked(office, office.liaison, office.deputy)
    await office.tick_at(T_7)
    assert await heard(office) == []


# --- another channel --------------------------------------------------------------------------------------


async def sends(office: Office) -> list[Send]:
    async with office.database.read() as tx:
        return await fallback.list_of_base(tx, office.base_id, 20)


async def test_only_what_is_urgent_goes_over_another_channel_and_only_once(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00", channels=("mark",))
    await blocked(office, office.liaison, office.deputy)
    await office.tick_at(T_7, channels=("mark",))
    assert await sends(office) == []
    await office.tick_at(T_1, channels=("mark",))
    await office.tick_at("2026-12-14T09:05", channels=("mark",))
    [one] = await sends(office)  # two people were to be told, the base is told once
    assert (one.channel, one.state, one.title) == ("mark", "planned", "年度工作总结")
    assert "12月15日" in one.text
    assert "蜀江理工大学（演示）" in one.text
    assert "liaison（演示）" not in one.text  # no person's name
    assert "10000000101" not in one.text


async def test_a_base_that_was_reached_gets_no_mail(office: Office) -> None:
    await office.tick_at("2026-11-02T10:00", channels=("mark",))
    await blocked(office, office.liaison)
    await office.tick_at(T_1, channels=("mark",))
    assert await heard(office) == [office.deputy]
    assert await sends(office) == []


# --- vacations --------------------------------------------------------------------------------------------


async def test_in_a_vacation_only_the_urgent_is_said(office: Office) -> None:
    async with office.database.tx() as tx:
        await obligations.add_vacation(tx, office.base_id, date(2026, 12, 1), date(2027, 1, 31))
    for moment in ("2026-11-02T10:00", T_30, "2026-11-30T09:00", T_7, T_1, "2026-12-16T09:00"):
        await office.tick_at(moment)
    queued = await office.rows("annual_report:2026:base", SendState.QUEUED)
    told = [row.due_at for row in queued if row.person_id == office.liaison]
    # T-7 falls into it, and is said before it begins
    assert told == [at(T_30), at("2026-11-30T09:00"), at(T_1), at("2026-12-16T09:00")]
