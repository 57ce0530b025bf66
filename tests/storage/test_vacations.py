"""寒暑假 as they are kept: what is coming, and a calendar in which nothing is waited for."""

from datetime import date

from domain.calendar import Calendar
from storage import bases, obligations, vacations
from storage.engine import Database
from tests.storage.test_obligations import a_base

TODAY = date(2027, 1, 8)


async def noted(database: Database) -> int:
    async with database.tx() as tx:
        base_id = await bases.add(tx, a_base("YS01"))
        other = await bases.add(tx, a_base("YS02"))
        await obligations.add_vacation(tx, base_id, date(2027, 7, 10), date(2027, 8, 31))
        await obligations.add_vacation(tx, base_id, date(2027, 1, 11), date(2027, 2, 20))
        await obligations.add_vacation(tx, base_id, date(2026, 7, 10), date(2026, 8, 31))
        await obligations.add_vacation(tx, other, date(2027, 1, 1), date(2027, 3, 1))
    return base_id


async def test_what_is_over_is_not_listed(database: Database) -> None:
    base_id = await noted(database)
    async with database.read() as tx:
        found = await vacations.coming(tx, base_id, TODAY)
    assert [(one.first, one.last) for one in found] == [
        ("2027-01-11", "2027-02-20"),
        ("2027-07-10", "2027-08-31"),
    ]


async def test_ten_working_days_go_on_after_the_vacation(database: Database) -> None:
    base_id = await noted(database)
    async with database.read() as tx:
        own = await vacations.calendar_of(tx, Calendar(), base_id)
    assert Calendar().working_day_after(TODAY, 2) == date(2027, 1, 12)
    assert own.working_day_after(TODAY, 2) > date(2027, 2, 20)


async def test_only_the_base_itself_removes_it_and_once(database: Database) -> None:
    base_id = await noted(database)
    async with database.tx() as tx:
        first, *_ = await vacations.coming(tx, base_id, TODAY)
        assert not await vacations.remove(tx, first.id, base_id + 1)
        assert await vacations.remove(tx, first.id, base_id)
        assert not await vacations.remove(tx, first.id, base_id)
