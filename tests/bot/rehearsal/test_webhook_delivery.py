"""Updates by webhook: with the secret, in order, again until the bot takes them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot

from bot.rehearsal import RehearsalServer


class Hook:
    """A bot's endpoint that answers with the given statuses, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.received: list[tuple[str | None, dict[str, Any]]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.received.append((secret, await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    taken = Hook()
    app = web.Application()
    app.router.add_post("/hook", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()


async def test_updates_arrive_in_order_with_the_secret(server: RehearsalServer, bot: Bot, hook: Hook) -> None:
    zhang = server.world.person("张三")
    zhang.start()
    await bot.set_webhook(hook.url, secret_token="s3cret", drop_pending_updates=True)
    for number in range(20):
        zhang.send(str(number))
    await server.world.drained()
    assert [body["message"]["text"] for _, body in hook.received] == [str(number) for number in range(20)]
    assert {secret for secret, _ in hook.received} == {"s3cret"}


async def test_an_update_is_repeated_until_it_is_taken(server: RehearsalServer, bot: Bot, hook: Hook) -> None:
    server.webhook.retry_after = 0
    hook.statuses = [500, 503]
    zhang = server.world.person("张三")
    await bot.set_webhook(hook.url)
    zhang.start()
    zhang.send("a")
    await server.world.drained()
    assert [body["message"]["text"] for _, body in hook.received] == ["/start", "/start", "/start", "a"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert info.pending_update_count == 0


async def test_a_bot_that_is_down_gets_its_updates_later(
    server: RehearsalServer, bot: Bot, hook: Hook
) -> None:
    server.webhook.retry_after = 0
    await bot.set_webhook("http://127.0.0.1:9/hook")
    server.world.person("张三").start()
    await server.world.events.until(lambda: False, 0.05)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.set_webhook(hook.url)
    await server.world.drained()
    assert [body["message"]["text"] for _, body in hook.received] == ["/start"]
