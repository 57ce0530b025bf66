"""Events and their rolls on both databases, with many who press at once."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from domain.event_places import Attendee, Registration, Roll, Standing, register, settle, withdraw
from domain.events import HOUR_MS, Event, Kind, Plan, publish
from domain.people import Actor, Membership, Role
from storage import bases, events, people
from storage.engine import Database, connect
from tests.storage.test_obligations import a_base

NOW = 1_790_000_000_000
START = NOW + 10 * 24 * HOUR_MS
OFFICER = Actor(1, "周明远", (Membership(Role.OFFICER, None),))
PRESSES, PLACES, CONNECTIONS = 200, 50, 50


def a_plan(quota: int | None) -> Plan:
    return Plan(
        Kind.SUPPLY,
        "供需对接会",
        START,
        START + 3 * HOUR_MS,
        "一号会议室",
        START - HOUR_MS,
        quota=quota,
        questions=("是否用餐",),
    )


async def an_event(database: Database, quota: int | None, codes: tuple[str, ...] = ("A",)) -> Event:
    """Published, with its bases on record; their ids are 1, 2, …"""
    async with database.tx() as tx:
        assert await people.add(tx, OFFICER.name, NOW) == OFFICER.person_id
        await bases.add_all(tx, [a_base(code) for code in codes])
        draft = await events.add(tx, a_plan(quota), OFFICER.person_id, NOW)
        moved = publish(draft, OFFICER, NOW, seen_rev=0, people=1)
        assert await events.save(tx, moved)
        assert not await events.save(tx, moved)
        return moved


def liaison(base_id: int) -> Actor:
    return Actor(1, "林知行", (Membership(Role.LIAISON, base_id),))


async def enter(database: Database, event_id: int, base_id: int, *names: str) -> Roll:
    async with database.tx() as tx:
        before = await events.locked_roll(tx, event_id)
        assert before is not None
        asked = Registration(base_id, [Attendee(name, "处长") for name in names], {"是否用餐": "是"})
        after = register(before, asked, liaison(base_id), NOW, events.new_code)
        return await events.save_roll(tx, before, after, NOW)


async def the_roll(database: Database, event: Event) -> Roll:
    async with database.read() as tx:
        return await events.roll(tx, event)


async def test_an_event_is_kept_as_it_was_planned_and_found_by_those_it_is_for(database: Database) -> None:
    event = await an_event(database, 5, ("A", "B"))
    async with database.tx() as tx:
        await events.invite(tx, event.id, [(1, 1), (1, 1)])
        assert await events.get(tx, event.id) == event
        assert await events.newest(tx, 5) == [event]
        assert await events.of_bases(tx, [1], 5) == [event]
        assert await events.of_bases(tx, [2], 5) == []
        assert [one.base_id for one in await events.invited(tx, event.id)] == [1]
        assert await events.get(tx, event.id + 1) is None


async def test_a_roll_is_kept_in_the_order_of_the_presses(database: Database) -> None:
    event = await an_event(database, 1)
    await enter(database, event.id, 1, "甲", "乙")
    roll = await enter(database, event.id, 1, "丙")
    assert [(e.attendee.name, e.standing) for e in roll.entries] == [
        ("甲", Standing.REGISTERED),
        ("乙", Standing.WAITING),
        ("丙", Standing.WAITING),
    ]
    async with database.tx() as tx:
        before = await events.locked_roll(tx, event.id)
        assert before is not None
        await events.save_roll(tx, before, withdraw(before, before.entries[0].id, liaison(1), NOW), NOW)
    roll = await the_roll(database, event)
    assert [e.standing.value for e in roll.entries] == ["cancelled", "offered", "waiting"]
    assert roll.entries[1].confirm_by == NOW + 24 * HOUR_MS
    assert roll.entries[0].answers == {"是否用餐": "是"}
    again = await enter(database, event.id, 1, "甲")  # who cancelled may come back, at the end
    assert again.entries[3].standing is Standing.WAITING


@pytest.mark.parametrize("connections", [1, CONNECTIONS])
async def test_of_200_who_press_at_once_50_are_in_and_the_rest_wait_in_order(
    database_url: str, connections: int
) -> None:
    async with AsyncExitStack() as stack:
        beside: list[Database] = []
        for _ in range(connections):
            opened = await connect(database_url)
            stack.push_async_callback(opened.close)
            beside.append(opened)
        event = await an_event(beside[0], PLACES, tuple(f"B{n}" for n in range(PRESSES // 4)))
        turns = [asyncio.Semaphore(1 if connections > 1 else PRESSES) for _ in beside]

        async def press(n: int) -> None:
            async with turns[n % connections]:  # a pool would open more connections than it is one
                await enter(beside[n % connections], event.id, 1 + n % (PRESSES // 4), f"人{n}")

        await asyncio.gather(*(press(n) for n in range(PRESSES)))
        roll = await the_roll(beside[0], event)
    assert [e.standing for e in roll.entries] == [Standing.REGISTERED] * PLACES + [Standing.WAITING] * 150
    assert Counter(e.attendee.name for e in roll.entries) == {f"人{n}": 1 for n in range(PRESSES)}
    assert settle(roll, NOW) == roll


async def test_one_who_presses_ten_times_at_once_is_registered_once(database: Database) -> None:
    event = await an_event(database, 5)
    tried = await asyncio.gather(
        *(enter(database, event.id, 1, "甲") for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(one, Roll) for one in tried) == 1
    assert len((await the_roll(database, event)).entries) == 1


async def test_the_database_itself_takes_nobody_twice(database: Database) -> None:
    event = await an_event(database, 5)
    async with database.tx() as tx:
        before = await events.roll(tx, event)  # not locked: as a mistake of ours would be
        asked = Registration(1, [Attendee("甲", "处长")])
        after = register(before, asked, liaison(1), NOW, events.new_code)
        other = register(before, asked, liaison(1), NOW, events.new_code)
        await events.save_roll(tx, before, after, NOW)
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.tx() as tx:
            await events.save_roll(tx, before, other, NOW)


async def test_who_is_registered_is_checked_in_once_and_who_waits_is_not(database: Database) -> None:
    event = await an_event(database, 1)
    roll = await enter(database, event.id, 1, "甲", "乙")
    first, second = roll.entries
    async with database.tx() as tx:
        assert await events.arrive(tx, first.id, 1, NOW)
        assert not await events.arrive(tx, first.id, 1, NOW + 1)
        assert not await events.arrive(tx, second.id, 1, NOW)
        found = await events.of_code(tx, first.code)
        assert found is not None
        assert (found.arrived_at, found.arrived_by) == (NOW, 1)
        assert await events.unarrive(tx, first.id)
        assert not await events.unarrive(tx, first.id)
        assert await events.of_code(tx, "nobody") is None


async def test_what_is_due_is_planned_once(database: Database) -> None:
    event = await an_event(database, 1)
    async with database.tx() as tx:
        assert await events.plan_job(tx, "event_due", event.id, START, NOW)
        assert not await events.plan_job(tx, "event_due", event.id, START, NOW)


async def test_ratings_and_outcomes_are_the_last_that_were_given(database: Database) -> None:
    event = await an_event(database, 1)
    async with database.tx() as tx:
        await events.rate(tx, event.id, 1, 3, NOW)
        await events.rate(tx, event.id, 1, 5, NOW)
        assert await events.ratings(tx, event.id) == {5: 1}
        for contracts in (1, 2):
            told = events.Outcome(1, 3, contracts, "120.5", NOW)
            await events.keep_outcome(tx, event.id, told, 1)
        assert await events.outcomes(tx, event.id) == {1: told}
        [result] = await events.results_of_base(tx, 1, START, START + 1)
        assert (result.outcome, result.kind) == (told, Kind.SUPPLY)
        assert await events.results_of_base(tx, 1, START + 1, START + 2) == []
