"""What came of 融企对接, as the annual report proposes it, on both databases."""

from dataclasses import replace
from datetime import date, time

import pytest

from domain.annual_papers import Period
from domain.annual_report import Report
from domain.calendar import Calendar
from domain.events import HOUR_MS, Kind
from handlers import features
from handlers.annual_proposed import Proposal, proposals
from storage import annual, bases, events, people
from storage.engine import Database, Tx
from storage.events import Outcome
from tests.storage.test_events import NOW, a_plan
from tests.storage.test_obligations import a_base

features.load()
IN_YEAR = Calendar().at(date(2026, 12, 20), time(9))


async def told(tx: Tx, kind: Kind, title: str, contracts: int, amount: str, start: int = IN_YEAR) -> None:
    plan = replace(a_plan(None), kind=kind, title=title, starts_at=start, ends_at=start + HOUR_MS)
    event = await events.add(tx, plan, 1, NOW)
    await events.keep_outcome(tx, event.id, Outcome(1, 5, contracts, amount, NOW), 1)


@pytest.fixture
async def report(database: Database) -> Report:
    async with database.tx() as tx:
        await people.add(tx, "周明远", NOW)
        await bases.add(tx, a_base("A"))
        return await annual.open_report(tx, 1, 2026, NOW)


async def test_loans_and_their_amount_are_proposed_with_the_events_they_come_from(
    database: Database, report: Report
) -> None:
    async with database.tx() as tx:
        await told(tx, Kind.FINANCE, "一", 1, "120.50")
        await told(tx, Kind.FINANCE, "二", 2, "80")
        await told(tx, Kind.SUPPLY, "三", 4, "1000")
        await told(tx, Kind.FINANCE, "四", 9, "9", start=IN_YEAR + 366 * 24 * HOUR_MS)
        found = await proposals(tx, report)
        assert found == {"I26": Proposal("3", ("一", "二")), "I27": Proposal("200.5", ("一", "二"))}
        earlier = replace(report, period=Period(date(2025, 12, 1), date(2026, 11, 30)))
        assert await proposals(tx, earlier) == {}


async def test_nothing_is_proposed_where_nothing_came_of_it(database: Database, report: Report) -> None:
    async with database.tx() as tx:
        assert await proposals(tx, report) == {}
        await told(tx, Kind.FINANCE, "一", 0, "0")
        assert await proposals(tx, report) == {}
