"""getUpdates: nothing is lost, nothing is confirmed that was not asked to be."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.rehearsal import UPDATE, Person, RehearsalServer, Repeat
from tests.bot.rehearsal.conftest import Raw

POLL = """
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode(), flush=True)
input()
"""


@pytest.fixture
def zhang(server: RehearsalServer) -> Person:
    person = server.world.person("张三")
    person.start()
    server.world.updates.drop_pending()
    return person


async def texts(bot: Bot, **terms: int) -> list[str | None]:
    return [update.message.text for update in await bot.get_updates(**terms) if update.message]


async def test_updates_come_again_until_a_later_offset_confirms_them(zhang: Person, bot: Bot) -> None:
    for number in range(5):
        zhang.send(str(number))
    first, *_ = await bot.get_updates(limit=2)
    assert await texts(bot, limit=2) == ["0", "1"]
    assert await texts(bot, offset=first.update_id + 2) == ["2", "3", "4"]
    assert await texts(bot) == ["2", "3", "4"]
    assert await texts(bot, offset=-1) == ["4"]
    assert await texts(bot, offset=first.update_id + 5) == []
    await zhang.world.drained(timeout=0)


async def test_a_long_poll_ends_as_soon_as_something_comes(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    assert await server.world.events.until(lambda: server.world.updates.waiting, 2)
    zhang.send("年")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message is not None
    assert update.message.text == "年"


async def test_a_second_poll_ends_the_first(
    server: RehearsalServer, zhang: Person, bot: Bot, call: Raw
) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    assert await server.world.events.until(lambda: server.world.updates.waiting, 2)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    assert await first == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    assert await server.world.events.until(lambda: server.world.updates.waiting, 2)
    zhang.send("a")
    assert len(await second) == 1


async def test_a_webhook_ends_a_poll_and_forbids_the_next(
    server: RehearsalServer, bot: Bot, call: Raw
) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=30))
    assert await server.world.events.until(lambda: server.world.updates.waiting, 2)
    await bot.set_webhook("https://example.org/hook")
    assert (await waiting)["description"] == "Conflict: terminated by setWebhook request"
    active = (
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    with pytest.raises(Conflict, match=active):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_poll_whose_client_died_is_forgotten(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    _, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(f"GET /bot{server.token}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert await server.world.events.until(lambda: server.world.updates.waiting, 2)
    writer.close()
    assert await server.world.events.until(lambda: not server.world.updates.waiting, 2)
    zhang.send("a")
    assert await texts(bot) == ["a"]


async def test_only_the_kinds_asked_for_are_queued(server: RehearsalServer, zhang: Person, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    zhang.send("a")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    zhang.send("b")
    assert await texts(bot) == ["b"]


async def test_ids_restart_after_a_quiet_week(server: RehearsalServer, zhang: Person, bot: Bot) -> None:
    zhang.send("a")
    (before,) = await bot.get_updates()
    await bot.get_updates(offset=before.update_id + 1)
    server.world.updates.restart(7)
    zhang.send("b")
    (after,) = await bot.get_updates()
    assert after.update_id == 7


async def test_an_update_can_be_delivered_again_after_it_was_confirmed(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    server.world.faults.add(UPDATE, Repeat(), times=1)
    zhang.send("a")
    (first,) = await bot.get_updates()
    (again,) = await bot.get_updates(offset=first.update_id + 1)
    assert again == first
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_the_world_stays_when_the_server_stops(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    port = server.port
    await server.stop()
    zhang.send("a")
    await server.start()
    assert server.port == port
    assert await texts(bot) == ["a"]


async def test_a_bot_killed_before_it_confirmed_gets_the_update_again(
    server: RehearsalServer, zhang: Person, bot: Bot
) -> None:
    url = f"{server.base_url}{server.token}/getUpdates?timeout=30"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", POLL, url, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await server.world.events.until(lambda: server.world.updates.waiting, 10)
    zhang.send("申请")
    assert b"update_id" in await process.stdout.readline()
    process.kill()
    await process.wait()
    assert await texts(bot) == ["申请"]
