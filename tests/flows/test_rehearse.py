"""The rehearsal: seeded people, the same chats at a second start, a clock that stops where things are due."""

from pathlib import Path

import aiohttp
import pytest

from bot import rehearse
from bot.config import Config
from bot.rehearsal import Person, RehearsalServer
from tests.flows.conftest import free_port

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Config:
    """Records that play must never touch, and a folder of its own for play."""
    monkeypatch.chdir(tmp_path)
    rehearse._make_folder(fresh=False)
    return Config(
        database_url=f"sqlite:///{tmp_path}/records.db", data_dir=tmp_path / "records", listen="127.0.0.1:0"
    )


def person(server: RehearsalServer, name: str) -> Person:
    return next(p for p in server.world.people.values() if p.user.first_name.startswith(name))


async def test_four_people_are_there_and_a_second_start_finds_their_chats(config: Config) -> None:
    port = free_port()
    async with rehearse.rehearsing(config, port) as (server, _):
        slots = [p.user.slot for p in server.world.people.values()]
        assert slots == ["liaison", "deputy", "officer", "supervisor"]
        liaison = person(server, "林知行")
        await liaison.expect("蜀江理工大学（演示）")
        liaison.send("/help")
        await liaison.expect("使用说明")
        await server.world.drained()
        before = [m.text for m in liaison.messages()]
    async with rehearse.rehearsing(config, port) as (server, _):
        liaison = person(server, "林知行")
        assert [m.text for m in liaison.messages()] == before
        liaison.send("/rules")
        await liaison.expect("办法")
    assert not Path("records.db").exists()
    assert sorted(p.name for p in Path("var").iterdir()) == ["rehearsal"]


async def test_links_in_the_chats_outlive_a_restart(config: Config) -> None:
    port = free_port()
    found = []
    for _ in range(2):
        async with rehearse.rehearsing(config, port) as (_, house):
            assert house.services.page is not None
            found.append(house.services.page("/u/x"))
            async with aiohttp.ClientSession() as session, session.get(found[-1]) as page:
                assert page.status == 404
                assert "链接不可用" in await page.text()
    assert found[0] == found[1]


async def test_beginning_anew_forgets_the_chats(config: Config) -> None:
    async with rehearse.rehearsing(config, free_port()) as (server, _):
        await person(server, "林知行").expect("蜀江理工大学（演示）")
    rehearse._make_folder(fresh=True)
    async with rehearse.rehearsing(config, free_port()) as (server, _):
        liaison = person(server, "林知行")
        await liaison.expect("蜀江理工大学（演示）")
        assert [m.text for m in liaison.messages() if not m.from_bot] == ["/start"]


async def test_the_clock_moves_forward_and_keeps_where_it_was(config: Config) -> None:
    async with rehearse.rehearsing(config, free_port()) as (server, house):
        assert server.winding is not None
        control = server.winding.control
        began = control.now()
        await control.advance(began + DAY_MS)
        assert control.now() >= began + DAY_MS
        assert house.services.clock.now() >= began + DAY_MS
    async with rehearse.rehearsing(config, free_port()) as (_, house):
        assert house.services.clock.now() >= began + DAY_MS
