"""What files of reports say comes back as it was read, on both databases; and who is in charge of one."""

from datetime import date
from decimal import Decimal

from domain.annual_findings import FileRead
from domain.evidence import Contract, Kind, Patent
from storage import annual, annual_readings, bases, people
from storage.engine import Database
from tests.storage.test_obligations import a_base

PLACE = {"sheet": "合同", "at": "A2"}
READ = FileRead(
    (
        Contract(PLACE, "ZR-1", Kind.LICENCE, ("ZL202310123456.6",), Decimal("12.3456"), date(2026, 3, 5)),
        Contract(PLACE, "", Kind.EQUITY, (), None, None),
    ),
    (Patent(PLACE, "ZL202310123456.6"),),
    {"operation": "转让合同金额480万元。"},
)


async def test_a_reading_comes_back_as_it_was_and_a_second_replaces_it(database: Database) -> None:
    async with database.tx() as tx:
        await annual_readings.save(tx, "a" * 64, READ, 1)
        await annual_readings.save(tx, "b" * 64, READ, 1)
        await annual_readings.save(tx, "b" * 64, FileRead(), 2)
    async with database.read() as tx:
        assert await annual_readings.of(tx, ["a" * 64, "b" * 64, "c" * 64]) == {
            "a" * 64: READ,
            "b" * 64: FileRead(),
        }
        assert await annual_readings.of(tx, []) == {}


async def test_who_was_put_in_charge_last_is_in_charge(database: Database) -> None:
    async with database.tx() as tx:
        await bases.add_all(tx, [a_base("YS01")])
        first, second = [await people.add(tx, name, 1) for name in ("甲", "乙")]
        report = await annual.open_report(tx, 1, 2026, 1)
        assert report.officer_id is None
        await annual.put_in_charge(tx, report.id, first)
        await annual.put_in_charge(tx, report.id, second)
        found = await annual.get(tx, report.id)
    assert found is not None
    assert (found.officer_id, found.rev) == (second, report.rev)
