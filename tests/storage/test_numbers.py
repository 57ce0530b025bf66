"""Running numbers, on both databases."""

import asyncio

import pytest

from storage import numbers
from storage.engine import Database


async def next_of(database: Database, series: str = "FW", year: int = 2026) -> str:
    async with database.tx() as tx:
        return await numbers.next_of(tx, series, year)


async def test_each_series_counts_each_year_from_one(database: Database) -> None:
    asked = [("FW", 2026), ("FW", 2026), ("BM", 2026), ("FW", 2027), ("FW", 2026)]
    got = [await next_of(database, series, year) for series, year in asked]
    assert got == ["FW-2026-0001", "FW-2026-0002", "BM-2026-0001", "FW-2027-0001", "FW-2026-0003"]


async def test_what_is_rolled_back_takes_its_number_along(database: Database) -> None:
    async def broken() -> None:
        async with database.tx() as tx:
            await numbers.next_of(tx, "FW", 2026)
            raise LookupError

    with pytest.raises(LookupError):
        await broken()
    assert await next_of(database) == "FW-2026-0001"


async def test_twenty_at_once_have_twenty_numbers(database: Database) -> None:
    got = await asyncio.gather(*(next_of(database) for _ in range(20)))
    assert sorted(got) == [f"FW-2026-{n:04}" for n in range(1, 21)]
