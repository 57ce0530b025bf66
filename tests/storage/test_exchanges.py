"""Exchanges, their versions and duties on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from domain.exchanges import Exchange, FollowUp, Move, Plan, Record, Side, State, Way
from domain.ladders import EXCHANGE_CADENCE
from domain.obligations import State as Standing
from handlers import exchanges_duties as duties
from storage import bases, exchange_cadences, exchanges, obligations
from storage.engine import Database
from tests.storage.test_obligations import a_base

NOW = 1_790_000_000_000
TODAY = date(2026, 12, 3)
PLAN = Plan(regular=True, planned_on=date(2026, 12, 10), way=Way.VISIT, purpose="建设进度")
FOLLOW_UP = FollowUp("补充合同清单", Side.BASE, "林知行", date(2026, 12, 20))
OFFICE = FollowUp("回复质押政策", Side.CENTRE, "周明远", date(2026, 12, 20))
RECORD = Record(date(2026, 12, 2), Way.CALL, "林知行、周明远", "进度", "年内完成", (FOLLOW_UP, OFFICE))


@pytest.fixture
async def base_id(database: Database) -> int:
    async with database.tx() as tx:
        return await bases.add(tx, a_base("YS01"))


def planned(base_id: int) -> Exchange:
    return Exchange(0, base_id, regular=True, state=State.PLANNED, rev=0, changed_at=NOW, plan=PLAN)


def recorded(base_id: int) -> Exchange:
    new = Exchange(0, base_id, regular=True, state=State.RECORDED, rev=0, changed_at=NOW)
    return replace(new, record=RECORD, version=1, recorded_by=Side.BASE)


async def open_duties(database: Database, base_id: int) -> list[tuple[str, date]]:
    async with database.tx() as tx:
        owed = await obligations.titled_of_base(tx, base_id)
    return [
        (row.obligation.kind, row.obligation.due_on) for row in owed if row.obligation.state is Standing.OPEN
    ]


async def test_an_exchange_is_kept_with_its_plan_its_versions_and_its_steps(
    database: Database, base_id: int
) -> None:
    async with database.tx() as tx:
        added = await exchanges.add(tx, planned(base_id), NOW)
        first = replace(added, state=State.RECORDED, rev=1, record=RECORD, version=1, recorded_by=Side.CENTRE)
        assert await exchanges.save(tx, first, 0)
        assert not await exchanges.save(tx, first, 0)  # somebody else was first
        corrected = replace(first, rev=2, record=replace(RECORD, topics="导航"), version=2)
        assert await exchanges.save(tx, corrected, 1)
        await exchanges.add_entry(tx, corrected, Move.DISPUTE, Side.BASE, "林知行", NOW, words="日期不符")
    async with database.tx() as tx:
        assert await exchanges.get(tx, added.id) == corrected
        assert await exchanges.record_of(tx, added.id, 1) == RECORD
        [entry] = (await exchanges.entries(tx, [added.id]))[added.id]
        assert (entry.move, entry.words, entry.by_name) == (Move.DISPUTE, "日期不符", "林知行")
        assert [one.id for one in await exchanges.open_ones(tx, base_id)] == [added.id]
        assert await exchanges.open_ones(tx, base_id + 1) == []
        held = await exchanges.held(tx, base_id, date(2026, 1, 1), date(2026, 12, 31))
        assert [one.record for one in held] == [corrected.record]
        assert await exchanges.held(tx, base_id, date(2027, 1, 1), date(2027, 12, 31)) == []
        assert await exchanges.confirmed(tx, base_id, 5) == []


async def test_a_correction_keeps_the_follow_ups_that_it_still_names_and_drops_the_others(
    database: Database, base_id: int
) -> None:
    async with database.tx() as tx:
        added = await duties.begin(tx, await exchanges.add(tx, recorded(base_id), NOW), TODAY, NOW)
        before = (await exchanges.tasks(tx, [added.id]))[added.id]
        later = replace(OFFICE, due_on=date(2027, 1, 8))
        told = replace(RECORD, follow_ups=(FOLLOW_UP, later))
        corrected = replace(added, rev=1, record=told, version=2)
        assert await exchanges.save(tx, corrected, 1)
        await duties.settle(tx, added, corrected, TODAY, NOW)
        after = (await exchanges.tasks(tx, [added.id]))[added.id]
    assert [one.follow_up for one in before] == [FOLLOW_UP, OFFICE]
    assert [one.follow_up for one in after] == [FOLLOW_UP, later]
    assert after[0].obligation_id == before[0].obligation_id
    assert ("exchange_task:1", FOLLOW_UP.due_on) in await open_duties(database, base_id)
    assert ("exchange_office_task:2", later.due_on) in await open_duties(database, base_id)
    assert ("exchange_office_task:1", OFFICE.due_on) not in await open_duties(database, base_id)


async def test_a_cadence_stands_until_one_is_arranged_and_again_when_that_is_called_off(
    database: Database, base_id: int
) -> None:
    due = (f"{EXCHANGE_CADENCE}:1", date(2027, 3, 3))
    async with database.tx() as tx:
        for _ in range(2):  # a tick more changes nothing
            await duties.keep_cadences(tx, TODAY, NOW)
    assert await open_duties(database, base_id) == [due]
    async with database.tx() as tx:
        added = await duties.begin(tx, await exchanges.add(tx, planned(base_id), NOW), TODAY, NOW)
    assert await open_duties(database, base_id) == [("exchange:1", PLAN.planned_on)]
    async with database.tx() as tx:
        gone = replace(added, state=State.CANCELLED, rev=1)
        assert await exchanges.save(tx, gone, 0)
        await duties.settle(tx, added, gone, TODAY, NOW)
    assert await open_duties(database, base_id) == [(f"{EXCHANGE_CADENCE}:2", date(2027, 3, 3))]


async def test_a_cadence_counts_from_the_last_regular_exchange_and_can_be_none(
    database: Database, base_id: int
) -> None:
    async with database.tx() as tx:
        await duties.keep_cadences(tx, date(2026, 11, 1), NOW)
        await duties.begin(tx, await exchanges.add(tx, recorded(base_id), NOW), TODAY, NOW)
        irregular = replace(recorded(base_id), regular=False)
        later = replace(irregular, record=replace(RECORD, held_on=TODAY, follow_ups=()))
        await duties.begin(tx, await exchanges.add(tx, later, NOW), TODAY, NOW)
        found = await exchange_cadences.of_base(tx, TODAY, base_id)
        assert found is not None
        assert (found.held_on, found.due_on) == (RECORD.held_on, date(2027, 3, 2))
        assert found.open_due_on == found.due_on
        await exchange_cadences.set_months(tx, base_id, 0, TODAY)
        await duties.keep_cadences(tx, TODAY, NOW, base_id)
    assert {kind.partition(":")[0] for kind, _ in await open_duties(database, base_id)} == {
        "exchange_task",
        "exchange_office_task",
    }
