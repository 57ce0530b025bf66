"""The composition root: everything is made here, given to whom it serves, started and stopped in order.

Start: database → migrate → PTB → what an earlier process left → intake. Stop: the other way round.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot import intake, web
from bot.clock import Clock
from bot.config import Config, Misconfigured
from bot.intake import Inbox, Poller
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.transport import Transport
from bot.worker import Worker
from domain.calendar import Calendar
from handlers import routes, serving, uploads
from handlers.context import Services
from messages.catalog import Catalog
from storage import people, settings
from storage.engine import Database, connect
from storage.files import FileStore
from storage.lock import run_lock
from storage.migrate import migrate

log = logging.getLogger(__name__)

BotApplication = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The migrated database; closed whatever happens, since its thread would keep the process alive."""
    if config.database_url.startswith("sqlite"):
        _make_private(config)
    database = await connect(config.database_url)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def running(config: Config, clock: Clock) -> AsyncIterator[None]:
    """The bot at work, from entry to exit."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(config))
        await _take_lock(database, stack)
        await _start(config, clock, database, stack)
        yield
        log.info("stopping: what is in hand is finished")


async def _take_lock(database: Database, stack: AsyncExitStack) -> None:
    lock = run_lock(database)
    if not await lock.try_acquire():
        log.warning("another process runs on this database; waiting for it to end")
        await lock.acquire()
    stack.push_async_callback(lock.release)
