"""An outbox that sends to a Bot API server over real HTTP; time moves when a test moves it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.buckets import Buckets
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.transport import Connection, Transport
from domain.notices import Kind, Lane, SendState
from storage import outbox
from storage.engine import Database
from storage.files import FileStore
from storage.outbox import Row

TOKEN = "42:TEST-TOKEN-OF-THE-OUTBOX"
NOON = 1_795_579_200_000
FINAL = {SendState.SENT, SendState.FAILED, SendState.UNCERTAIN, SendState.DROPPED}


@dataclass
class ManualClock:
    """Stands still until it is moved."""

    instant: int = NOON
    _waiting: list[tuple[int, asyncio.Event]] = field(default_factory=list)

    def now(self) -> int:
        return self.instant

    async def until(self, instant: int) -> None:
        if instant > self.instant:
            passed = asyncio.Event()
            self._waiting.append((instant, passed))
            await passed.wait()

    @property
    def is_awaited(self) -> bool:
        return any(instant > self.instant for instant, _ in self._waiting)

    def move(self, ms: int) -> None:
        self.instant += ms
        for instant, passed in self._waiting:
            if instant <= self.instant:
                passed.set()


@dataclass
class OutboxHouse:
    database: Database
    server: RehearsalServer
    clock: ManualClock
    outbox: Outbox
    files: FileStore

    @property
    def calls(self) -> Any:
        return self.server.world.calls

    def person(self, name: str = "张三") -> Person:
        person = self.server.world.person(name)
        person.start()
        return person

    async def say(self, *rows: Row) -> list[Row]:
        """As a handler does: rows in a transaction, then sent."""
        async with self.database.tx() as tx:
            stored = await outbox.insert(tx, rows)
        self.outbox.send_now(stored)
        return stored

    async def queue(self, *rows: Row) -> list[Row]:
        stored = await self.say(*(replace(row, state=SendState.QUEUED, lane=Lane.BULK) for row in rows))
        self.outbox.wake()
        return stored

    async def row(self, row: Row) -> Row:
        async with self.database.read() as tx:
            found = await outbox.get(tx, row.id)
        assert found is not None
        return found

    async def until(self, row: Row, *states: SendState) -> Row:
        """The row, once it is in one of the states (by default a final one)."""

        async def ended() -> bool:
            return (await self.row(row)).state in (states or FINAL)

        await eventually(ended)
        return await self.row(row)

    async def waits(self, row: Row) -> Row:
        """The row, once it was tried and has to wait."""

        async def held() -> bool:
            return (await self.row(row)).state is SendState.QUEUED and self.clock.is_awaited

        await eventually(held)
        return await self.row(row)


async def eventually(check: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await check():  # noqa: ASYNC110  what is in a table announces itself to nobody
            await asyncio.sleep(0.005)


def outbox_of(
    database: Database,
    url: str,
    clock: ManualClock,
    connection: Connection,
    files: FileStore | None = None,
) -> Outbox:
    transport = Transport(connection, f"{url}{TOKEN}", files)
    return Outbox(database, transport, clock, Buckets(0), Metrics())


@asynccontextmanager
async def sending(
    database: Database,
    url: str,
    clock: ManualClock,
    files: FileStore | None = None,
    *,
    recover: bool = False,
) -> AsyncIterator[Outbox]:
    connection = Connection()
    sender = outbox_of(database, url, clock, connection, files)
    try:
        if recover:
            await sender.recover()
        sender.start()
        yield sender
        await sender.stop()
    finally:
        await connection.close()


@asynccontextmanager
async def an_outbox_house(database: Database, folder: Path) -> AsyncIterator[OutboxHouse]:
    clock, files = ManualClock(), FileStore(folder / "files")
    async with (
        RehearsalServer(TOKEN, clock=clock.now) as server,
        sending(database, server.base_url, clock, files) as sender,
    ):
        yield OutboxHouse(database, server, clock, sender, files)


def a_row(chat_id: int, text: str = "您好", **changes: Any) -> Row:
    row = Row(
        chat_id=chat_id,
        lane=Lane.INTERACTIVE,
        kind=Kind.REPLY,
        method="sendMessage",
        payload=json.dumps({"chat_id": chat_id, "text": text}),
        state=SendState.SENDING,
        due_at=NOON,
        created_at=NOON,
        sending_at=NOON,
    )
    return replace(row, **changes)


def an_edit(chat_id: int, message_id: int | None = None, text: str = "改了", **changes: Any) -> Row:
    about = {"message_id": message_id} if message_id else {}
    payload = json.dumps({"chat_id": chat_id, "text": text, **about})
    return a_row(chat_id, kind=Kind.EDIT, method="editMessageText", payload=payload, **changes)


CHILD = """
import asyncio, sys
from bot.buckets import Buckets
from bot.clock import SystemClock
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.transport import Connection, Transport
from storage.engine import connect
from storage.files import FileStore

async def main(database_url, base_url, folder):
    database = await connect(database_url)
    transport = Transport(Connection(), base_url, FileStore(folder))
    sender = Outbox(database, transport, SystemClock(), Buckets(0), Metrics())
    sender.start()
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


@asynccontextmanager
async def deaf_api(heard: Callable[[], None], *, whole: bool = True) -> AsyncIterator[str]:
    """A Bot API that takes calls, whole or only their beginning, and never answers."""

    ended = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        await (request.read() if whole else request.content.readany())
        heard()
        await ended.wait()
        return web.Response()

    application = web.Application()
    application.router.add_post("/{any:.*}", take)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    finally:
        ended.set()
        await runner.cleanup()


async def child_process(database_url: str, base_url: str, folder: Path) -> asyncio.subprocess.Process:
    """An outbox in a process of its own, to be killed."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CHILD,
        database_url,
        f"{base_url}{TOKEN}",
        str(folder),
        stderr=subprocess.DEVNULL,
    )
