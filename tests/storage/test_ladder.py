"""What goes with the ladder, on both databases."""

from datetime import date

import pytest

from domain.obligations import Extension
from domain.people import Role
from storage import annual, bases, ladder, obligations
from storage.engine import Database
from storage.ladder import Board
from tests.storage.test_obligations import DUE, NOW, a_base, holder, of_base, opened

LATER = date(2027, 3, 31)


@pytest.fixture
async def base_id(database: Database) -> int:
    async with database.tx() as tx:
        await bases.add(tx, a_base("YS02"))
        return await bases.add(tx, a_base("YS01"))


async def test_milestones_are_numbered_for_each_base(database: Database, base_id: int) -> None:
    async with database.tx() as tx:
        for title in ("建成", "评估"):
            assert await obligations.add(tx, "milestone", base_id, DUE, title, NOW) is not None
        await obligations.add(tx, "funds", base_id, DUE, "2025 年度", NOW)
        await obligations.add(tx, "milestone", base_id - 1, DUE, "建成", NOW)
        found = await obligations.titled_of_base(tx, base_id)
        assert [(one.obligation.kind, one.title) for one in found] == [
            ("milestone:1", "建成"),
            ("milestone:2", "评估"),
            ("funds:1", "2025 年度"),
        ]
        assert await obligations.title(tx, found[1].obligation.id) == "评估"
        assert await obligations.title(tx, 999) is None


async def test_what_was_put_off_is_owed_on_its_later_day_still(database: Database, base_id: int) -> None:
    await opened(database)
    officer = await holder(database, Role.OFFICER, None)
    owed = await of_base(database, base_id)
    async with database.tx() as tx:
        await annual.add_extension(tx, Extension(owed.id, LATER, "寒假", officer, NOW))
        still = await obligations.owed(tx, date(2027, 3, 1))
        assert [one.obligation.id for one in still] == [owed.id]
        assert await obligations.owed(tx, date(2027, 4, 1)) == []


async def test_with_one_answer_all_that_was_asked_is_decided(database: Database, base_id: int) -> None:
    await opened(database)
    officer = await holder(database, Role.OFFICER, None)
    owed = await of_base(database, base_id)
    async with database.tx() as tx:
        ids = [await ladder.ask_extension(tx, owed.id, LATER, "寒假", officer, NOW) for _ in range(2)]
        await ladder.decide_requests(tx, owed.id, officer, NOW, granted=True)
        await ladder.decide_requests(tx, owed.id, officer, NOW, granted=False)
        found = [await ladder.request(tx, request_id) for request_id in ids]
        assert [one.granted if one else None for one in found] == [True, True]
        assert await ladder.request(tx, 999) is None


async def test_who_is_chosen_is_kept_for_each_person(database: Database, base_id: int) -> None:
    first, second = await opened(database)
    officer = await holder(database, Role.OFFICER, None)
    colleague = await holder(database, Role.OFFICER, None)
    async with database.tx() as tx:
        await ladder.choose(tx, officer, [first, second])
        await ladder.choose(tx, officer, [first])
        await ladder.leave(tx, officer, [second])
        assert await ladder.chosen(tx, officer) == {first}
        assert await ladder.chosen(tx, colleague) == set()


async def test_a_board_begins_anew_for_who_asks_again(database: Database) -> None:
    officer = await holder(database, Role.OFFICER, None)
    async with database.tx() as tx:
        await ladder.open_board(tx, officer)
        drawn = Board(officer, message_row=3, edit_row=4, shown="a", drawn_at=NOW, pinned=True)
        await ladder.save_board(tx, drawn)
        assert await ladder.lock_boards(tx) == [drawn]
        await ladder.open_board(tx, officer)
        assert await ladder.lock_boards(tx) == [Board(officer)]
        await ladder.close_board(tx, officer)
        assert await ladder.lock_boards(tx) == []


@pytest.mark.parametrize("times", [1, 2])
async def test_the_last_answers_count(database: Database, base_id: int, times: int) -> None:
    await opened(database)
    liaison = await holder(database, Role.LIAISON, base_id)
    owed = await of_base(database, base_id)
    async with database.tx() as tx:
        assert await ladder.answers(tx, owed.id) is None
        for n in range(times):
            await ladder.add_answers(tx, owed.id, {"condition_1": n == 0}, liaison, NOW + n)
        found = await ladder.answers(tx, owed.id)
    assert found is not None
    assert (found.answers, found.answered_at) == ({"condition_1": times == 1}, NOW + times - 1)
