"""Obligations, their people and the planned rows, on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.bases import Base
from domain.notices import SendState
from domain.obligations import Obligation, State
from domain.people import Membership, PhoneCheck, Role
from storage import bases, obligations, outbox, people
from storage.engine import Database
from tests.storage.test_outbox import a_row

NOW = 1_790_000_000_000
DUE = date(2026, 12, 15)


def a_base(code: str) -> Base:
    told: dict[str, Any] = dict.fromkeys(
        ("kind", "city", "batch", "recognised_on", "department", "name", "short_name"), code
    )
    return Base(id=0, code=code, uscc=f"USCC{code}", project_start=None, **told)


@pytest.fixture
async def base_id(database: Database) -> int:
    async with database.tx() as tx:
        await bases.add(tx, a_base("YS02"))
        return await bases.add(tx, a_base("YS01"))


async def opened(database: Database, year: int = 2026) -> list[int]:
    async with database.tx() as tx:
        return await obligations.open_year(tx, "annual_report", year, DUE.replace(year=year), NOW)


async def of_base(database: Database, base_id: int) -> Obligation:
    async with database.tx() as tx:
        found = await obligations.of_base(tx, "annual_report", 2026, base_id)
    assert found is not None
    return found


async def holder(database: Database, role: Role, base_id: int | None, telegram_id: int | None = None) -> int:
    async with database.tx() as tx:
        person_id = await people.add(tx, f"{role} of {base_id}", NOW)
        await people.appoint(tx, person_id, Membership(role, base_id), NOW)
        if telegram_id is not None:
            await people.enrol(
                tx,
                person_id,
                telegram_id=telegram_id,
                phone="+8610000000101",
                check=PhoneCheck.NONE,
                locale=None,
                now=NOW,
            )
    return person_id


async def test_a_year_is_opened_once_for_each_active_base(database: Database, base_id: int) -> None:
    assert len(await opened(database)) == 2
    assert await opened(database) == []
    assert len(await opened(database, 2027)) == 2
    async with database.tx() as tx:
        await bases.add(tx, a_base("YS03"))
    assert len(await opened(database)) == 1


async def test_an_obligation_comes_back_as_it_was_stored(database: Database, base_id: int) -> None:
    await opened(database)
    found = await of_base(database, base_id)
    expected = Obligation(
        found.id, "annual_report", 2026, base_id, None, DUE, State.OPEN, 0, created_at=NOW, changed_at=NOW
    )
    assert found == expected
    async with database.tx() as tx:
        assert await obligations.lock(tx, found.id) == await obligations.get(tx, found.id) == expected
        assert await obligations.get(tx, 999) is None


async def test_of_two_moves_on_one_page_the_first_counts(database: Database, base_id: int) -> None:
    await opened(database)
    found = await of_base(database, base_id)
    moved = replace(found, state=State.CLAIMED, rev=1, changed_at=NOW + 1, expected_on="2026-12-20")
    async with database.tx() as tx:
        assert await obligations.save(tx, moved)
        assert not await obligations.save(tx, replace(moved, state=State.RECEIVED))
    assert await of_base(database, base_id) == moved


async def test_what_is_owed_comes_with_whom_it_concerns(database: Database, base_id: int) -> None:
    await opened(database)
    liaison = await holder(database, Role.LIAISON, base_id)
    deputy = await holder(database, Role.DEPUTY, base_id)
    officers = [await holder(database, Role.OFFICER, None), await holder(database, Role.OFFICER, None, 77)]
    async with database.tx() as tx:
        await obligations.add_vacation(tx, base_id, date(2027, 1, 10), date(2027, 2, 20))
        other, own = await obligations.owed(tx, DUE)
    assert own.people == ((Role.LIAISON, liaison), (Role.DEPUTY, deputy))
    assert own.officers == tuple(officers)
    assert own.vacations == ((date(2027, 1, 10), date(2027, 2, 20)),)
    assert (other.people, other.vacations) == ((), ())


async def test_what_is_complete_or_long_past_or_of_a_base_that_left_is_not_owed(
    database: Database, base_id: int
) -> None:
    await opened(database)
    found = await of_base(database, base_id)
    async with database.tx() as tx:
        await obligations.save(tx, replace(found, state=State.RECEIVED, rev=1))
        assert [o.obligation.base_id for o in await obligations.owed(tx, DUE)] != [base_id]
        assert await obligations.owed(tx, date(2026, 12, 16)) == []
        await tx.script("UPDATE bases SET status = 'left'")
        assert await obligations.owed(tx, DUE) == []
        listed = await obligations.list_of_year(tx, "annual_report", 2026)
    assert [row.obligation.base_id for row in listed] == [base_id]


async def test_the_counterpart_telephones_if_the_bot_can_tell_them(database: Database, base_id: int) -> None:
    await opened(database)
    first, second = [await holder(database, Role.OFFICER, None, 70 + n) for n in (1, 2)]
    async with database.tx() as tx:
        await tx.script(f"UPDATE bases SET counterpart_id = {second} WHERE id = {base_id}")  # noqa: S608
        officers = [owed.officers for owed in await obligations.owed(tx, DUE)]
    assert officers == [(first, second), (second,)]


async def test_a_planned_row_is_queued_once_into_the_chat_that_the_person_has_now(database: Database) -> None:
    async with database.tx() as tx:
        [row] = await outbox.insert(tx, [a_row(0, state=SendState.PLANNED, key="k", payload="")])
        assert await outbox.known(tx, ["k", "other"]) == {"k"}
        assert await outbox.queue(tx, row.id, "{}", 88)
        assert not await outbox.queue(tx, row.id, "{}", 99)
        stored = await outbox.get(tx, row.id)
    assert stored is not None
    assert (stored.chat_id, stored.payload, stored.state) == (88, "{}", SendState.QUEUED)
