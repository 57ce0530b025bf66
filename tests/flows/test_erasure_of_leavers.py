"""Leaving erases (Article 8 and PIPL Article 47): whoever hands over, and whoever was relieved otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import app, housekeeping
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearse import MovableClock, Winder
from bot.retention import Keeping
from domain.people import Role
from domain.retention import DAY_MS
from messages.catalog import Catalog
from storage import bases, people
from storage.engine import connect
from storage.partials import Partials
from tests.flows.conftest import BASE, House
from tests.flows.handing import LEAVER, NAME, PATIENCE, agree, link_of, propose
from tests.flows.leaving import bytes_with, erased, rows_with
from tests.flows.test_erasure import needles

SUCCESSOR_PHONE = "+8610000000102"
LEAVERS_PHONE = "+8610000000177"


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


async def test_whoever_hands_over_hears_the_farewell_and_is_erased(house: House, officer: Person) -> None:
    head = await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")
    liaison = await house.enrolled(Role.LIAISON, LEAVER, "YS01", phone=LEAVERS_PHONE)
    await propose(liaison)
    head.press("确认变更", await head.expect("请确认联络员变更"))
    officer.press("查看变更", await officer.expect("已获单位确认"))
    await officer.expect(where=lambda m: m.has("登记变更"))
    officer.press("登记变更")
    await officer.expect("已登记，待新任人员登记使用")
    newcomer = house.newcomer(NAME, SUCCESSOR_PHONE)
    await agree(newcomer, await link_of(liaison))
    newcomer.share_contact()
    await newcomer.expect("请接手")
    assert "随即删除" in (await liaison.expect("移交完成")).text
    sheet = await newcomer.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    await erased(house.database)

    assert await rows_with(house.database, needles(liaison)) == []
    assert bytes_with(house.config.data_dir, needles(liaison)) == []
    document = sheet.document or {}
    assert LEAVER in _said(house, str(document["file_id"]))  # the registration keeps who left
    head.press("查看变更", await head.expect("联络员已变更"))
    assert LEAVER in (await head.expect("已完成")).text
    async with house.database.tx() as tx:
        assert await people.by_telegram(tx, liaison.id) is None
        row = await people.get(tx, 3)
    assert (row.name, row.phone, row.phone_shared) == ("联络员（已离任）", None, None)


def _said(house: House, file_id: str) -> str:
    from tests.messages.attachments.test_papers import said

    data = house.server.world.state.files[file_id].data
    assert data is not None
    return said(bytes(data))


async def test_whoever_was_relieved_without_a_word_is_told_and_erased_a_day_later_by_the_hourly_sweep(
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    sqlite_migrated_url: str,
    tmp_path: Path,
) -> None:
    config = make_config(sqlite_migrated_url)
    kept_at = tmp_path / "clock"
    kept_at.write_text("0")
    clock = MovableClock(kept_at)
    winder = Winder(clock)
    async with app.running(config, clock) as made:
        winder.attach(made)
        beside = await connect(config.database_url)
        try:
            async with beside.tx() as tx:
                await bases.add(tx, BASE)
            house = House(telegram, beside, config)
            liaison = await house.enrolled(Role.LIAISON, LEAVER, "YS01", phone=LEAVERS_PHONE)
            async with beside.tx() as tx:
                [held] = await people.holders(tx, [Role.LIAISON], 1)
                await people.relieve_all(tx, [(held.person.id, held.membership)], clock.now())
            keeping = Keeping(beside, made.shelf.files, Catalog(), "zh_CN")
            partials = Partials(tmp_path / "partials")
            await housekeeping.sweep(keeping, partials, clock.now())  # perhaps it was by mistake
            assert await rows_with(beside, needles(liaison)) != []
            await winder.advance(clock.now() + DAY_MS + 60_000)
            await housekeeping.sweep(keeping, partials, clock.now())
            assert LEAVER in (await liaison.expect("您的联络身份已结束", timeout=PATIENCE)).text
            await erased(beside)
            assert await rows_with(beside, needles(liaison)) == []
            assert bytes_with(tmp_path / "data", needles(liaison)) == []
        finally:
            await beside.close()
