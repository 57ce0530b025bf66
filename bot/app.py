"""The composition root: everything is made here, given to whom it serves, started and stopped in order.

Start: database → migrate → PTB → what an earlier process left → intake. Stop: the other way round.
"""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp.web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder

from bot import housekeeping, menu, web
from bot.buckets import Buckets
from bot.checkin_page import CheckinPage
from bot.clock import Clock, SystemClock
from bot.collation.export import Exporter
from bot.config import Config, Misconfigured
from bot.download_page import DownloadPage
from bot.fallback import Channels, Fallback
from bot.intake import ALLOWED, MAX_BODY, Inbox, Poller, webhook
from bot.jobs import Jobs, Run
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.public_pages import Address, asset_routes
from bot.retention import Keeping
from bot.ticks import Ticks
from bot.transport import Connection, Transport, bot_of
from bot.upload_page import UploadPage
from bot.worker import Worker
from domain.calendar import Calendar
from handlers import (
    albums,
    annual_files_read,
    annual_papers,
    annual_sheets,
    board,
    case_publish,
    cases,
    deliveries,
    event_due,
    event_sheets,
    exchanges_year,
    export,
    features,
    handover_papers,
    incidents,
    privacy_export,
    privacy_leaving,
    privacy_sheet,
    reachability,
    routes,
    serving,
    supply_due,
    uploads,
)
from handlers.context import Services
from handlers.event_desk import Door
from handlers.reception import Counter, Reception
from handlers.uploads import Shelf
from messages.catalog import Catalog
from messages.pages import Pages
from storage import announcements, fallback, settings
from storage.engine import Database, connect
from storage.files import FileStore
from storage.lock import RunLock, run_lock
from storage.migrate import migrate
from storage.partials import Partials

log = logging.getLogger(__name__)

RETRY_S = 2.0
LOOK_FOR_CIRCLES = 10_000
"""Objects that are made until the garbage collector looks at them."""

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def connected(config: Config) -> AsyncIterator[Database]:
    """The database; closed whatever happens, since its thread would keep the process alive."""
    _make_private(config)
    database = await connect(config.database_url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The database, brought to this version."""
    async with connected(config) as database:
        await migrate(database)
        yield database


async def run(config: Config) -> int:
    """Work until SIGINT or SIGTERM; then finish what is in hand. The exit code."""
    if not config.legal_clearance:
        log.warning("LIANLUO_LEGAL_CLEARANCE: no reference of the written clearance is set")
    async with running(config, SystemClock()) as house:
        return await until_stopped(house)


async def until_stopped(house: "House") -> int:
    """Wait for a signal, or for the loss of the run lock: then another may run, and this one must not."""
    settle_memory()
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    waits = [asyncio.ensure_future(event.wait()) for event in (stopping, house.lock.lost)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if house.lock.lost.is_set():
        log.error("the lock on the database is lost; stopping, so that only one works on it")
        return 1
    log.info("stopping: what is in hand is finished first")
    return 0


@asynccontextmanager
async def running(config: Config, clock: Clock) -> AsyncIterator["House"]:
    """The bot at work, from entry to exit."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(config))
        lock = await _take_lock(database, stack)
        yield await _start(config, clock, database, lock, stack)


@dataclass(frozen=True, slots=True)
class House:
    """What the composition root has made."""

    application: AnyApplication
    services: Services
    outbox: Outbox
    jobs: Jobs
    ticks: Ticks
    worker: Worker
    metrics: Metrics
    lock: RunLock
    shelf: Shelf

    @property
    def bot(self) -> Bot:
        bot: Bot = self.application.bot
        return bot

    async def settled(self) -> None:
        """Come back when all that is due has been planned, done and sent."""
        await self.ticks.tick()
        await self.jobs.idle()
        await self.outbox.idle()
        await self.jobs.idle()  # what was found out of reach goes over
        await self.outbox.idle()


async def _start(
    config: Config, clock: Clock, database: Database, lock: RunLock, stack: AsyncExitStack
) -> House:
    house = _build(config, clock, database, lock)
    await stack.enter_async_context(_telegram(house.application))
    await _remember_name(database, house.bot)
    await house.outbox.recover()
    house.outbox.start()
    stack.push_async_callback(house.outbox.stop)
    await house.jobs.start()
    stack.push_async_callback(house.jobs.stop)
    house.ticks.start(house.application)
    stack.push_async_callback(house.ticks.stop)
    await house.worker.recover()
    stack.push_async_callback(house.worker.stop)
    poller = await _open_intake(config, clock, database, house, stack)
    await _open_inner_site(config, house, poller, stack)
    _keep_house(house)
    await menu.publish(house.bot, house.services.catalog)
    log.info("ready as @%s", house.bot.username)
    return house


def settle_memory() -> None:
    """What is there now stays: a full collection that looked through all of it would hold up replies.

    Little of what is made for an update ends in a circle: to look after each 700 took a twelfth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_FOR_CIRCLES)


def _build(config: Config, clock: Clock, database: Database, lock: RunLock) -> House:
    metrics = Metrics()
    connection = Connection(_proxy(config))
    bot = bot_of(config.api_url, config.bot_token, connection)
    files = FileStore(config.data_dir / "files")
    transport = Transport(connection, bot.base_url, files)
    outbox = Outbox(database, transport, clock, Buckets(config.sends_per_second), metrics)
    jobs = Jobs(database, clock)
    channels = Channels.read(config.fallback.get_secret_value() if config.fallback else None)
    services = Services(
        database=database,
        catalog=Catalog(config.timezone, config.locale, clock.now),
        clock=clock,
        calendar=Calendar(config.timezone),
        sender=outbox,
        jobs=jobs,
        locale=config.locale,
        page=Address(config.public_url).link if config.public_url else None,
        channels=channels.marks,
    )
    application = ApplicationBuilder().bot(bot).updater(None).concurrent_updates(True).build()
    features.load()
    routes.register(application, serving.server(services))
    shelf = Shelf(bot, files, Partials(config.data_dir / "uploading"))
    _register_jobs(jobs, services, shelf)
    other = Fallback(services, channels)
    jobs.register(fallback.SEND, other.run, other.gave_up)
    worker = Worker(services, bot, application.process_update, metrics)
    return House(application, services, outbox, jobs, Ticks(services, outbox), worker, metrics, lock, shelf)


def _register_jobs(jobs: Jobs, services: Services, shelf: Shelf) -> None:
    async def fetch(args: Mapping[str, Any]) -> None:
        await uploads.fetch(services, shelf, args["attachment_id"])

    async def gave_up(args: Mapping[str, Any], _: str) -> None:
        await uploads.give_up(services, args["attachment_id"])

    async def forget(args: Mapping[str, Any]) -> None:
        await uploads.forget(services, shelf.files, args["sha256"])

    async def settle(args: Mapping[str, Any]) -> None:
        await incidents.settle(services, shelf.bot, args["incident_id"])

    async def settle_anyhow(args: Mapping[str, Any], _: str) -> None:
        await incidents.give_up(services, args["incident_id"])

    async def watch(args: Mapping[str, Any]) -> None:
        await deliveries.watch(services, args["announcement_id"])

    jobs.register(uploads.FETCH, fetch, gave_up)
    jobs.register(uploads.FORGET, forget)

    async def delete(args: Mapping[str, Any]) -> None:
        await incidents.delete(services, shelf.bot, args["chat_id"], args["message_id"])

    jobs.register(incidents.SETTLE, settle, settle_anyhow)
    jobs.register(incidents.DELETE, delete)
    jobs.register(announcements.WATCH, watch)
    jobs.register(reachability.GO_OVER, partial(reachability.go_over, services))
    jobs.register(supply_due.REMIND, partial(supply_due.remind, services))
    jobs.register(supply_due.END, partial(supply_due.end, services))
    _register_albums(jobs, services, shelf)
    _register_papers(jobs, services, shelf.files)
    _register_handovers(jobs, services, shelf.files)
    _register_exchanges(jobs, services, shelf.files)
    jobs.register(cases.STOP, partial(cases.see_stopped, services))
    jobs.register(
        case_publish.MAKE,
        partial(case_publish.make, services, shelf.files),
        partial(case_publish.give_up, services),
    )
    _register_privacy(jobs, services, shelf.files)
    _register_export(jobs, Exporter(services, shelf.files, shelf.files.root.parent / "exports"))
    _register_sheets(jobs, services, shelf)
    _register_board(jobs, services, shelf.files)
    _register_events(jobs, services, shelf.files)


def _register_albums(jobs: Jobs, services: Services, shelf: Shelf) -> None:
    async def decide(args: Mapping[str, Any]) -> None:
        await albums.decide(services, args["album_id"])

    async def fetch(args: Mapping[str, Any]) -> None:
        await albums.fetch(services, shelf, args["album_id"])

    async def not_decided(args: Mapping[str, Any], _: str) -> None:
        await albums.not_decided(services, args["album_id"])

    async def gave_up(args: Mapping[str, Any], _: str) -> None:
        await albums.give_up(services, args["album_id"])

    jobs.register(albums.DECIDE, decide, not_decided)
    jobs.register(albums.FETCH, fetch, gave_up)


def _register_export(jobs: Jobs, exporter: Exporter) -> None:
    async def gave_up(args: Mapping[str, Any], reference: str) -> None:
        await export.give_up(exporter.services, export.Asked(**args), reference)

    jobs.register(export.EXPORT, exporter.run, gave_up)


def _register_papers(jobs: Jobs, services: Services, files: FileStore) -> None:
    def job(run: Callable[[Services, FileStore, annual_papers.Args], Awaitable[None]]) -> Run:
        return lambda args: run(services, files, args)

    async def gave_up(args: Mapping[str, Any], reference: str) -> None:
        await annual_papers.give_up(services, args, reference)

    jobs.register(annual_papers.MAKE, job(annual_papers.make), gave_up)
    jobs.register(annual_papers.RECEIPT, job(annual_papers.send_receipt), gave_up)
    jobs.register(annual_papers.SEAL, job(annual_papers.send_to_seal), gave_up)


def _register_handovers(jobs: Jobs, services: Services, files: FileStore) -> None:
    async def gave_up(args: Mapping[str, Any], reference: str) -> None:
        await handover_papers.give_up(services, args, reference)

    for kind, make in handover_papers.JOBS.items():
        jobs.register(kind, partial(make, services, files), gave_up)


def _register_exchanges(jobs: Jobs, services: Services, files: FileStore) -> None:
    async def gave_up(args: Mapping[str, Any], reference: str) -> None:
        await exchanges_year.give_up(services, args, reference)

    jobs.register(exchanges_year.MAKE, partial(exchanges_year.make, services, files), gave_up)


def _register_privacy(jobs: Jobs, services: Services, files: FileStore) -> None:
    make = partial(privacy_export.make, services, files)
    jobs.register(privacy_export.EXPORT, make, partial(privacy_export.give_up, services))
    sheet = partial(privacy_sheet.make, services, files)
    jobs.register(privacy_sheet.SHEET, sheet, partial(privacy_sheet.give_up, services))
    jobs.register(privacy_leaving.ERASE, partial(privacy_leaving.see_through, services, files))


def _register_sheets(jobs: Jobs, services: Services, shelf: Shelf) -> None:
    async def make(args: Mapping[str, Any]) -> None:
        await annual_sheets.make(services, shelf, args["report_id"], args["person_id"])

    async def read(args: Mapping[str, Any]) -> None:
        await annual_sheets.read(services, shelf, args["attachment_id"])

    async def gave_up(args: Mapping[str, Any], _: str) -> None:
        await annual_sheets.give_up(services, args["attachment_id"])

    async def read_file(args: Mapping[str, Any]) -> None:
        await annual_files_read.read(services, shelf.files, **args)

    async def file_unread(args: Mapping[str, Any], _: str) -> None:
        await annual_files_read.give_up(services, **args)

    async def not_made(args: Mapping[str, Any], _: str) -> None:
        await annual_sheets.not_made(services, args["person_id"])

    jobs.register(annual_sheets.MAKE, make, not_made)
    jobs.register(annual_sheets.READ, read, gave_up)
    jobs.register(annual_files_read.READ, read_file, file_unread)


def _register_events(jobs: Jobs, services: Services, files: FileStore) -> None:
    for kind, run in {**event_due.JOBS, **event_sheets.JOBS}.items():
        jobs.register(kind, partial(run, services, files))


def _register_board(jobs: Jobs, services: Services, files: FileStore) -> None:
    async def draw(_: Mapping[str, Any]) -> None:
        await board.refresh(services)

    async def chart(args: Mapping[str, Any]) -> None:
        await board.send_chart(services, files, args)

    jobs.register(board.DRAW, draw)
    jobs.register(board.CHART, chart)


@asynccontextmanager
async def _telegram(application: AnyApplication) -> AsyncIterator[None]:
    await _introduce(application)
    try:
        await application.start()
        try:
            yield
        finally:
            await application.stop()
    finally:
        await application.shutdown()


async def _introduce(application: AnyApplication) -> None:
    """Ask Telegram who we are."""
    try:
        await _persist(application.initialize)
    except InvalidToken:
        raise Misconfigured("LIANLUO_TOKEN: Telegram does not know this token") from None


async def _persist(call: Callable[[], Awaitable[object]]) -> None:
    """Call Telegram again and again while it cannot be reached; once it is, a start goes on."""
    said = False
    while True:
        try:
            await call()
        except BadRequest:
            raise
        except (NetworkError, RetryAfter):
            if not said:
                log.warning("Telegram cannot be reached; trying on. Is LIANLUO_PROXY right?")
            said = True
            await asyncio.sleep(RETRY_S)
        else:
            return


def _keep_house(house: House) -> None:
    async def sweep(_: object) -> None:
        services, shelf = house.services, house.shelf
        keeping = Keeping(services.database, shelf.files, services.catalog, services.locale)
        await housekeeping.sweep(keeping, shelf.partials, services.clock.now())

    if house.application.job_queue is not None:
        house.application.job_queue.run_repeating(sweep, housekeeping.EVERY_S, first=60)


async def _open_intake(
    config: Config, clock: Clock, database: Database, house: House, stack: AsyncExitStack
) -> Poller | None:
    """By webhook where an address is set, else by polling; the web pages either way."""
    inbox = Inbox(database, clock, house.worker.feed)
    routes = _pages(config, clock, house)
    given = config.webhook_secret if config.webhook_url else None
    secret = given.get_secret_value() if given else None
    if secret is not None:
        routes.append(aiohttp.web.post("/webhook", webhook(inbox, secret)))
    if routes:
        site = web.Site(web.public(routes, MAX_BODY), config.public_listen or "")
        await site.start()
        stack.push_async_callback(site.stop)
    if secret is None:
        poller = Poller(house.bot, inbox)
        await _persist(house.bot.delete_webhook)
        poller.start()
        stack.push_async_callback(poller.stop)
        return poller
    address = f"{config.webhook_url}/webhook"
    await _persist(lambda: house.bot.set_webhook(address, secret_token=secret, allowed_updates=list(ALLOWED)))
    return None


def _pages(config: Config, clock: Clock, house: House) -> list[aiohttp.web.RouteDef]:
    """The upload page and its twin, where LIANLUO_PUBLIC_URL says how people reach them."""
    if not config.public_url:
        return []
    services, shelf = house.services, house.shelf
    pages, address = Pages(services.catalog, config.timezone), Address(config.public_url)
    upload = UploadPage(services.database, shelf.partials, pages, clock, address, Reception(services))
    download = DownloadPage(services.database, shelf.files, pages, clock, address, Counter(services))
    checkin = CheckinPage(services.database, pages, clock, address, Door(clock))
    return [*asset_routes(), *upload.routes(), *download.routes(), *checkin.routes()]


async def _open_inner_site(
    config: Config, house: House, poller: Poller | None, stack: AsyncExitStack
) -> None:
    checks = {
        "sending": lambda: "Telegram does not know the token" if house.outbox.halted else None,
        "intake": lambda: poller.trouble if poller else None,
        "database": lambda: house.worker.away or house.outbox.away,
    }

    async def scrape() -> bytes:
        services = house.services
        return await house.metrics.render(services.database, services.clock.now())

    site = web.Site(web.inner(checks, scrape), config.listen)
    await site.start()
    stack.push_async_callback(site.stop)
    log.info("health and metrics on port %d", site.port)


async def _take_lock(database: Database, stack: AsyncExitStack) -> RunLock:
    lock = run_lock(database)
    if not await lock.try_acquire():
        log.warning("another process runs on this database; waiting for it to end")
        await lock.acquire()
    stack.push_async_callback(lock.release)
    return lock


async def _remember_name(database: Database, bot: Bot) -> None:
    """For `lianluo invite`, which need not ask Telegram then."""
    async with database.tx() as tx:
        if await settings.bot_username(tx) != bot.username:
            await settings.save(tx, {"bot_username": bot.username})


def _make_private(config: Config) -> None:
    """The folders of the records, open to nobody else."""
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    scheme, _, path = config.database_url.partition(":///")
    if scheme == "sqlite":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _proxy(config: Config) -> str | None:
    return config.proxy.get_secret_value() if config.proxy else None
