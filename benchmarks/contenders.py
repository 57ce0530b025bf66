"""What is measured: each contender sends, or answers updates, against the stub, and prints when it was done.

    python -m benchmarks.contenders NAME PORT [--count 10000] [--database URL]

`…_send` has `count` messages to send, each to a chat of its own; `…_echo` answers every `/bench` until
`count` answers were given. The peers keep nothing; ours stores, records an effect and settles. Printed as
JSON: `began` and `ended`, on the machine's monotonic clock.
"""

import argparse
import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

TOKEN = "42:BENCHMARK"  # noqa: S105  the stub knows no tokens
TEXT = "通知：请于 12 月 15 日前报送年度工作总结。"
IN_FLIGHT = 128
FIRST_CHAT = 1_000_000
CHATS = 1000

Span = tuple[float, float, float]
"""Began, ended (0: by the stub's clock), and the CPU seconds in between."""
Contend = Callable[[argparse.Namespace], Awaitable[Span]]


async def side_by_side(count: int, send: Callable[[int], Awaitable[object]]) -> Span:
    """Every message, IN_FLIGHT at a time."""
    numbers = iter(range(count))

    async def sender() -> None:
        for number in numbers:
            await send(FIRST_CHAT + number)

    began, cpu = time.monotonic(), time.process_time()
    await asyncio.gather(*(sender() for _ in range(IN_FLIGHT)))
    return began, time.monotonic(), time.process_time() - cpu


async def bare_send(options: argparse.Namespace) -> Span:
    url = f"http://127.0.0.1:{options.port}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:

        async def send(chat_id: int) -> None:
            async with session.post(url, json={"chat_id": chat_id, "text": TEXT}) as response:
                await response.json()

        return await side_by_side(options.count, send)


async def unrecorded_send(options: argparse.Namespace) -> Span:
    """Our transport and the same payload, with no row anywhere."""
    from bot.transport import Connection, Transport

    connection = Connection()
    transport = Transport(connection, f"http://127.0.0.1:{options.port}/bot{TOKEN}")

    async def send(chat_id: int) -> None:
        await transport.post("sendMessage", json.dumps({"chat_id": chat_id, "text": TEXT}))

    try:
        return await side_by_side(options.count, send)
    finally:
        await connection.close()


async def ptb_send(options: argparse.Namespace) -> Span:
    from telegram import Bot
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=IN_FLIGHT, pool_timeout=60, read_timeout=60)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{options.port}/bot", request=request)
    async with bot:
        return await side_by_side(options.count, lambda chat_id: bot.send_message(chat_id, TEXT))


async def ptb_aiohttp_send(options: argparse.Namespace) -> Span:
    from bot.transport import Connection, bot_of

    bot = bot_of(f"http://127.0.0.1:{options.port}", TOKEN, Connection())
    async with bot:
        return await side_by_side(options.count, lambda chat_id: bot.send_message(chat_id, TEXT))


async def aiogram_send(options: argparse.Namespace) -> Span:
    bot = _aiogram_bot(options.port)
    try:
        return await side_by_side(options.count, lambda chat_id: bot.send_message(chat_id, TEXT))
    finally:
        await bot.session.close()


def _aiogram_bot(port: int) -> Any:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{port}")
    return Bot(TOKEN, session=AiohttpSession(api=api, limit=256))


async def lianluo_send(options: argparse.Namespace) -> Span:
    """The outbox: every row claimed, sent and settled on disk; without a rate of its own, or with one."""
    from bot.buckets import Buckets
    from bot.clock import SystemClock
    from bot.metrics import Metrics
    from bot.outbox import Outbox
    from bot.transport import Connection, Transport
    from storage import outbox as table
    from storage.engine import connect
    from storage.migrate import migrate

    clock, connection = SystemClock(), Connection()
    transport = Transport(connection, f"http://127.0.0.1:{options.port}/bot{TOKEN}")
    database = await connect(options.database)
    try:
        await migrate(database)
        outbox = Outbox(database, transport, clock, Buckets(options.rate), Metrics())
        for first in range(0, options.count, 1000):
            rows = [
                _queued(FIRST_CHAT + n, clock.now()) for n in range(first, min(first + 1000, options.count))
            ]
            async with database.tx() as tx:
                await table.insert(tx, rows)
        began, cpu = time.monotonic(), time.process_time()
        outbox.start()
        await _all_sent(options.port, options.count)
        await outbox.idle()
        span = began, time.monotonic(), time.process_time() - cpu
        await outbox.stop()
        return span
    finally:
        await connection.close()
        await database.close()


def _queued(chat_id: int, now: int) -> Any:
    from domain.notices import Kind, Lane, SendState
    from storage.outbox import Row

    payload = json.dumps({"chat_id": chat_id, "text": TEXT}, ensure_ascii=False)
    return Row(chat_id, Lane.BULK, Kind.BROADCAST, "sendMessage", payload, SendState.QUEUED, now, now)


async def _all_sent(port: int, count: int) -> None:
    """By the stub's word: to count the rows again and again would be part of what is measured."""
    async with aiohttp.ClientSession() as session:
        sends = 0
        while sends < count:
            await asyncio.sleep(0.02)
            async with session.get(f"http://127.0.0.1:{port}/report") as response:
                sends = (await response.json())["sends"]


async def ptb_echo(options: argparse.Namespace) -> Span:
    """As PTB's own example: Updater, a handler, nothing set."""
    from telegram.ext import ApplicationBuilder, MessageHandler, filters

    base = f"http://127.0.0.1:{options.port}/bot"
    application = ApplicationBuilder().token(TOKEN).base_url(base).build()
    done = _Countdown(options.count)

    async def echo(update: Any, _: Any) -> None:
        await update.message.reply_text(update.message.text)
        done.one()

    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.updater.start_polling()
        ended = await done.wait()
        await application.updater.stop()
        await application.stop()
    return 0.0, ended, done.cpu


async def aiogram_echo(options: argparse.Namespace) -> Span:
    """As aiogram's own example: a dispatcher, a handler, nothing set."""
    from aiogram import Dispatcher
    from aiogram.types import Message

    bot, dispatcher, done = _aiogram_bot(options.port), Dispatcher(), _Countdown(options.count)

    async def echo(message: Message) -> None:
        await message.answer(message.text or "")
        done.one()

    dispatcher.message.register(echo)
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    ended = await done.wait()
    await dispatcher.stop_polling()
    await polling
    return 0.0, ended, done.cpu


async def bare_echo(options: argparse.Namespace) -> Span:
    """A loop over getUpdates and a task an answer, on nothing but aiohttp."""
    url = f"http://127.0.0.1:{options.port}/bot{TOKEN}"
    done, offset = _Countdown(options.count), 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:

        async def answer(message: dict[str, Any]) -> None:
            body = {"chat_id": message["chat"]["id"], "text": message["text"]}
            async with session.post(f"{url}/sendMessage", json=body) as response:
                await response.json()
            done.one()

        async with asyncio.TaskGroup() as tasks:
            while offset <= options.count:
                asked = {"offset": offset, "timeout": 10}
                async with session.post(f"{url}/getUpdates", json=asked) as response:
                    for update in (await response.json())["result"]:
                        offset = update["update_id"] + 1
                        tasks.create_task(answer(update["message"]))
        return 0.0, await done.wait(), done.cpu


async def lianluo_echo(options: argparse.Namespace) -> Span:
    """The whole bot: every update stored, handled by an enrolled person's command with an effect, settled."""
    from pydantic import SecretStr

    from bot.app import running, settle_memory
    from bot.clock import SystemClock
    from bot.config import Config
    from domain.access import Action
    from domain.notices import Subject
    from handlers.context import Ctx
    from handlers.routes import command

    done = _Countdown(options.count)

    @command("bench", Action.MENU)
    async def bench(ctx: Ctx) -> None:
        await ctx.record("bench", Subject("person", ctx.me.id))
        ctx.say("menu/language_set")
        done.one()

    await _enrol_everybody(options.database)
    config = Config(
        token=SecretStr(TOKEN),
        api_url=f"http://127.0.0.1:{options.port}",
        database_url=options.database,
        data_dir=Path(options.folder),
        listen="127.0.0.1:0",
        sends_per_second=0,
    )
    async with running(config, SystemClock()) as house:
        settle_memory()  # as `lianluo run` does
        await done.wait()
        await house.worker.stop()
        await house.outbox.idle()
        ended = time.monotonic()
    return 0.0, ended, done.cpu


async def _enrol_everybody(url: str) -> None:
    """An officer behind every chat: for liaisons a thousand bases would have to be planned for, too."""
    from bot.clock import SystemClock
    from domain.people import Membership, PhoneCheck, Role
    from storage import people
    from storage.engine import connect
    from storage.migrate import migrate

    now = SystemClock().now()
    database = await connect(url)
    try:
        await migrate(database)
        async with database.tx() as tx:
            ids = await people.add_all(tx, [(f"张{n}", None) for n in range(CHATS)], now)
            await people.appoint_all(tx, [(i, Membership(Role.OFFICER, None)) for i in ids], now)
            for chat_id, person_id in zip(itertools.count(FIRST_CHAT), ids, strict=False):
                await people.enrol(
                    tx,
                    person_id,
                    telegram_id=chat_id,
                    phone="",
                    check=PhoneCheck.NONE,
                    locale="zh_CN",
                    now=now,
                )
    finally:
        await database.close()


class _Countdown:
    """Answers still to be given; notes the process's CPU seconds between the first and the last."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._over = asyncio.Event()
        self.cpu = 0.0

    def one(self) -> None:
        if self.cpu == 0.0:
            self.cpu = -time.process_time()
        self._left -= 1
        if self._left == 0:
            self.cpu += time.process_time()
            self._over.set()

    async def wait(self) -> float:
        await self._over.wait()
        return time.monotonic()


CONTENDERS: dict[str, Contend] = {
    "bare_send": bare_send,
    "unrecorded_send": unrecorded_send,
    "ptb_send": ptb_send,
    "ptb_aiohttp_send": ptb_aiohttp_send,
    "aiogram_send": aiogram_send,
    "lianluo_send": lianluo_send,
    "ptb_echo": ptb_echo,
    "aiogram_echo": aiogram_echo,
    "bare_echo": bare_echo,
    "lianluo_echo": lianluo_echo,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("name", choices=CONTENDERS)
    parser.add_argument("port", type=int)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options.folder = folder
        options.database = options.database or f"sqlite:///{folder}/lianluo.db"
        began, ended, cpu = asyncio.run(CONTENDERS[options.name](options))
    print(json.dumps({"began": began, "ended": ended, "cpu": cpu}))


if __name__ == "__main__":
    main()
