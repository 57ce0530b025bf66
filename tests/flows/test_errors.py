"""An error of ours: three attempts, one clear sentence with a number that the log has; the chat goes on."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import UPDATE, DropBefore, Failure, RehearsalServer, Repeat, World
from domain.people import Role
from handlers import menu
from storage import updates
from tests.flows.conftest import House, free_port, started

REFERENCE = re.compile(r"E-[0-9A-Z]{4}-[0-9A-Z]{4}")


async def counts(house: House) -> dict[str, int]:
    async with house.database.read() as tx:
        return await updates.counts(tx)


async def test_a_poison_update_is_set_aside_and_the_chat_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    tried = []

    async def broken(*_: object) -> None:
        tried.append(1)
        raise RuntimeError("绝密 13800138000")

    monkeypatch.setattr(menu.bases, "get", broken)
    liaison.send("/profile")
    liaison.send("/help")
    told = await liaison.expect(REFERENCE)
    await liaison.expect("使用说明")
    number = REFERENCE.search(told.text)
    assert number is not None
    assert len(tried) == 3
    assert any(number[0] in record.getMessage() for record in caplog.records)
    assert "RuntimeError" in caplog.text
    assert "绝密" not in caplog.text
    assert (await counts(house))["failed"] == 1


async def test_an_effect_is_not_kept_when_its_reply_cannot_be_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    liaison.send("/language")
    await liaison.expect(where=lambda m: m.has("English"))
    monkeypatch.setattr(menu, "show_menu", broken)
    liaison.press("English")
    await liaison.expect(REFERENCE)
    liaison.send("/profile")
    await liaison.expect("我的信息")


async def test_half_a_character_stops_nobody(house: House) -> None:
    """Half a surrogate pair, which JSON can say and no database keeps."""
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    world = house.server.world
    world.post(world.state.chats[liaison.id], liaison.user, {"text": "半个\ud83d"})
    await liaison.expect("已转对接人")
    liaison.send("/help")
    await liaison.expect("使用说明")


async def test_an_update_delivered_twice_does_nothing_twice(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    house.server.world.faults.add(UPDATE, Repeat(), times=1)
    before = len(house.server.world.calls.executed("sendMessage"))
    liaison.send("/help")
    await liaison.expect("使用说明")
    liaison.send("/rules")
    await liaison.expect("办法")
    assert len(house.server.world.calls.executed("sendMessage")) == before + 2


async def test_telegram_asks_for_a_pause_and_gets_it(house: House) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=1), times=1)
    liaison.send("/help")
    await liaison.expect("使用说明")
    assert len(house.server.world.calls.refused("sendMessage")) == 1


async def test_a_lost_answer_is_sent_once_more_and_a_connection_never_made_as_often_as_it_takes(
    house: House,
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    house.server.world.faults.add("sendMessage", DropBefore(), times=1)
    liaison.send("/help")
    await liaison.expect("使用说明")


@pytest.fixture
async def readiness(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> AsyncIterator[tuple[RehearsalServer, int]]:
    port = free_port()
    config = make_config(database_url, listen=f"127.0.0.1:{port}")
    async with app.running(config, SystemClock()):
        yield telegram, port


async def test_health_readiness_and_metrics(
    readiness: tuple[RehearsalServer, int], caplog: pytest.LogCaptureFixture
) -> None:
    telegram, port = readiness
    stranger = telegram.world.person("路人")
    stranger.start()
    await stranger.expect("省知识产权中心")
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        async with http.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        async with http.get("/readyz") as answer:
            assert (answer.status, (await answer.json())["ready"]) == (200, True)
        async with http.get("/metrics") as answer:
            text = await answer.text()
    for name in ("outbox_depth", "outbox_oldest", "sends_total", "update", "throttled"):
        assert f"lianluo_{name}" in text, name


async def test_a_database_that_is_away_is_said_and_all_goes_on_once_it_is_back(
    telegram: RehearsalServer,
    make_config: Callable[..., Config],
    postgres_migrated_url: str,
    stop_postgres: Callable[[], Callable[[], None]],
) -> None:
    port = free_port()
    stranger = telegram.world.person("路人")
    async with started(make_config(postgres_migrated_url, listen=f"127.0.0.1:{port}")):
        start = stop_postgres()
        await until_ready(port, lambda said: "PostgreSQL" in said.get("database", ""))
        stranger.start()
        await until_ready(port, lambda said: "the database: PostgreSQL" in said.get("intake", ""))
        start()
        await stranger.expect("省知识产权中心", timeout=30)
        await until_ready(port, lambda said: said["ready"])
    assert len(telegram.world.calls.executed("sendMessage")) == 1


async def ready(port: int) -> dict[str, Any]:
    """What /readyz says."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http, http.get("/readyz") as answer:
        said: dict[str, Any] = await answer.json()
        assert (answer.status == 200) == said["ready"]
        return said


async def until_ready(port: int, wanted: Callable[[dict[str, Any]], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not wanted(await ready(port)):
            pass


async def test_a_refused_token_stops_sending_keeps_all_and_says_so(
    readiness: tuple[RehearsalServer, int], caplog: pytest.LogCaptureFixture
) -> None:
    telegram, port = readiness
    stranger = telegram.world.person("路人")
    stranger.start()
    await stranger.expect("省知识产权中心")
    stranger.send("还在吗")
    refused = telegram.world.faults.add("sendMessage", Failure(401), times=1)
    telegram.world.faults.add("getMe", Failure(401), times=2)
    await until_ready(port, lambda said: said.get("sending") == "Telegram does not know the token")
    await stranger.expect("省知识产权中心")
    assert refused.times == 0
    assert "Telegram does not know the token; nothing is sent, all is kept" in caplog.text
    await until_ready(port, lambda said: said["ready"])


async def test_a_token_revoked_in_the_middle_of_many_sends_loses_and_doubles_none(
    readiness: tuple[RehearsalServer, int], caplog: pytest.LogCaptureFixture
) -> None:
    telegram, port = readiness
    world = telegram.world
    crowd = [world.person(f"路人{n}") for n in range(100)]
    for one in crowd:
        one.start()
    assert await world.events.until(lambda: len(world.calls.executed("sendMessage")) >= 20, 20)
    world.revoke()
    await until_ready(port, lambda said: {"sending", "intake"} <= said.keys())
    await more_calls(world, "getMe", 1)
    tried = len(world.calls.of("sendMessage"))
    await more_calls(world, "getMe", 1)
    assert len(world.calls.of("sendMessage")) == tried
    assert len(world.calls.executed("sendMessage")) < len(crowd)
    for words in ("nothing is sent, all is kept", "no updates come in: Telegram does not know the token"):
        assert words in caplog.text
    world.restore()
    crowd[0].send("还在吗")
    assert await world.events.until(lambda: len(world.calls.executed("sendMessage")) > len(crowd), seconds=30)
    await until_ready(port, lambda said: said["ready"])
    assert [sum(m.from_bot for m in one.messages()) for one in crowd] == [2] + [1] * 99


async def more_calls(world: World, method: str, times: int) -> None:
    """Until the bot has called so many times more."""
    await world.expect_call(method, times=len(world.calls.of(method)) + times, timeout=20)
