"""`lianluo doctor`: what is as it should be and what is not, a line a check, each with what to do.

It changes nothing: it makes no folder, no database and no lock, and never migrates. Its lines hold no token,
no phone number and nothing that people wrote.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken
from yarl import URL

from bot.clock import Clock
from bot.config import Config, Misconfigured
from bot.fallback import Channels
from bot.logs import describe, redact
from bot.transport import Connection, bot_of
from domain.calendar import Calendar
from domain.centre import Centre
from storage import jobs, outbox, settings, updates
from storage.engine import Database, Tx, Unavailable, connect
from storage.lock import run_lock
from storage.migrate import Incompatible, pending

TIMEOUT_S: Final = 10.0
SKEW_S: Final = (5.0, 60.0)  # a warning from, an error from
FREE_BYTES: Final = (5_000_000_000, 500_000_000)  # a warning below, an error below
OVERDUE_MS: Final = 10 * 60 * 1000
RECENT_MS: Final = 60 * 60 * 1000
REMEMBERED_MS: Final = updates.KEPT_MS
REFERENCES: Final = 5
ENV_FILE: Final = Path(".env")
OTHERS, PASSAGE = 0o007, 0o001  # of a mode: all that others may do; that they may go into the folder
FACTS: Final = ("tel", "email", "storage_place", "privacy_contact", "secrecy_tel")


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # it works, but somebody should look at it
    ERROR = "error"  # it does not work, or records are in danger


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it."""

    level: Level
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    finding: Finding

    def __str__(self) -> str:
        said = "; ".join(text for text in (self.finding.found, self.finding.advice) if text)
        return f"{self.finding.level:7}  {self.name}: {redact(' '.join(said.split()))}"


class Unchecked(Exception):
    """The check rests on something that is not there, which another check tells."""


class Absent(Unavailable):
    """No database has been made yet."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the checks look at."""

    config: Config
    clock: Clock
    connection: Connection
    database: Database | Unavailable

    @property
    def bot(self) -> Bot:
        if self.config.token is None:
            raise Unchecked("LIANLUO_TOKEN is not set")
        return bot_of(self.config.api_url, self.config.bot_token, self.connection)

    @property
    def opened(self) -> Database:
        if isinstance(self.database, Unavailable):
            raise Unchecked("the database cannot be read")
        return self.database

    @asynccontextmanager
    async def records(self) -> AsyncIterator[Tx]:
        """A read of a database that is of this version."""
        if await pending(self.opened):
            raise Unchecked("the schema is not of this version")
        async with self.opened.read() as tx:
            yield tx


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Callable[[Visit], Awaitable[Finding]]
    advice: str  # when it could not even be checked


async def examine(config: Config, clock: Clock) -> list[Line]:
    """Every check's line. Without a token nothing needs Telegram yet: out of reach, it is a warning."""
    connection = Connection(config.proxy.get_secret_value() if config.proxy else None)
    database = await _connected(config)
    visit = Visit(config, clock, connection, database)
    try:
        # apart: a library that is loaded meanwhile would be counted as Telegram's slowness
        online = await _all(ONLINE, visit, Level.ERROR if config.token else Level.WARNING)
        return await _all(LOCAL, visit, Level.ERROR) + online
    finally:
        await connection.close()
        if not isinstance(database, Unavailable):
            await database.close()


async def _all(checks: Sequence[Check], visit: Visit, failing: Level) -> list[Line]:
    return await asyncio.gather(*(_line(check, visit, failing) for check in checks))


async def _line(check: Check, visit: Visit, failing: Level) -> Line:
    """The check's line, whatever happens to it; `failing` is its level when it could not be carried out."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            finding = await check.look(visit)
    except (Unchecked, Incompatible) as error:
        finding = Finding(Level.WARNING, f"not checked: {error}")
    except TimeoutError:
        finding = Finding(failing, f"no answer within {TIMEOUT_S:.0f} s", check.advice)
    except Exception as error:  # noqa: BLE001  one that fails does not stop the others
        finding = Finding(failing, f"failed: {describe(error).splitlines()[0]}", check.advice)
    return Line(check.name, finding)


async def _connected(config: Config) -> Database | Unavailable:
    file = _sqlite_file(config)
    try:
        if file is not None and not file.exists():
            return Absent("there is none yet")
        async with asyncio.timeout(TIMEOUT_S):
            return await connect(config.database_url)
    except Unavailable as error:
        return error
    except (OSError, TimeoutError) as error:
        return Unavailable(type(error).__name__)


def _sqlite_file(config: Config) -> Path | None:
    scheme, _, path = config.database_url.partition(":///")
    return Path(path) if scheme == "sqlite" else None


# The process and the machine


async def _configuration(visit: Visit) -> Finding:
    names = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE))}
    known = {f"LIANLUO_{field.upper()}" for field in Config.model_fields}
    strange = sorted(name for name in names - known if name.startswith("LIANLUO_"))
    if strange:
        return Finding(Level.WARNING, f"{', '.join(strange)} means nothing", "is it misspelt?")
    intake = "webhook" if visit.config.webhook_url else "polling"
    return Finding(Level.OK, f"read; {intake}, {visit.config.database_url.partition(':')[0]}")


async def _fallback(visit: Visit) -> Finding:
    given = visit.config.fallback
    try:
        channels = Channels.read(given.get_secret_value() if given else None)
    except Misconfigured as error:
        return Finding(Level.ERROR, "an address that Apprise does not know", str(error))
    if not channels.marks:
        advice = "set LIANLUO_FALLBACK, or telephone whom Telegram does not reach"
        return Finding(Level.OK, f"none; {advice}")
    return Finding(Level.OK, f"{len(channels.marks)} for what Telegram does not reach")


async def _clearance(visit: Visit) -> Finding:
    if visit.config.legal_clearance:
        return Finding(Level.OK, "its reference is set")
    advice = "Telegram's servers are abroad: get written clearance, then set LIANLUO_LEGAL_CLEARANCE"
    return Finding(Level.WARNING, "no reference", advice)


async def _zone(visit: Visit) -> Finding:
    now = datetime.fromtimestamp(visit.clock.now() / 1000, UTC)
    china = now.astimezone(ZoneInfo("Asia/Shanghai"))
    if china.utcoffset() != timedelta(hours=8):
        return Finding(Level.ERROR, f"this machine takes Asia/Shanghai for {china:UTC%z}", "reinstall tzdata")
    return Finding(
        Level.OK, f"{visit.config.timezone} is {now.astimezone(ZoneInfo(visit.config.timezone)):UTC%z}"
    )


async def _calendar(visit: Visit) -> Finding:
    """From November the next year counts too: its notice has usually been published by then."""
    calendar = Calendar(visit.config.timezone)
    today = calendar.today(visit.clock.now())
    years = (today.year, today.year + 1) if today.month >= 11 else (today.year,)
    unpublished = [str(year) for year in years if not calendar.day(date(year, 1, 1)).confirmed]
    if unpublished:
        found = f"{', '.join(unpublished)} is not in chinesecalendar {version('chinesecalendar')}"
        advice = "dates in it are provisional: upgrade chinesecalendar once the year is published"
        return Finding(Level.WARNING, found, advice)
    return Finding(Level.OK, f"{', '.join(map(str, years))} is published")


async def _disk(visit: Visit) -> Finding:
    file = _sqlite_file(visit.config)
    places = [_nearest(path) for path in (visit.config.data_dir, file) if path is not None]
    free, place = min((shutil.disk_usage(place).free, place) for place in places)
    level = room(free)
    advice = "" if level is Level.OK else "make room: files and records cannot be kept on a full disk"
    return Finding(level, f"{free / 1e9:.1f} GB free in {place}", advice)


def room(free: int) -> Level:
    """How so many free bytes are to be taken."""
    few, too_few = FREE_BYTES
    return Level.ERROR if free < too_few else Level.WARNING if free < few else Level.OK


async def _permissions(visit: Visit) -> Finding:
    """A file is open to others when they may go into its folder too."""
    file = _sqlite_file(visit.config)
    beside = [file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))] if file else []
    folders = [visit.config.data_dir, *([file.parent] if file else [])]
    bared = [path for path in folders if _may(path, OTHERS)]
    bared += [path for path in (*beside, ENV_FILE) if _may(path, OTHERS) and _may(path.parent, PASSAGE)]
    if bared:
        return Finding(Level.ERROR, f"open to others: {_names(bared)}", f"chmod o-rwx {_names(bared, ' ')}")
    return Finding(Level.OK, "folders, database and .env are closed to others")


async def _writing(visit: Visit) -> Finding:
    file = _sqlite_file(visit.config)
    needed = [visit.config.data_dir, *((file, file.parent) if file else ())]
    refused = [place for place in map(_nearest, needed) if not _writable(place)]
    if refused:
        advice = "give them to the user that runs lianluo (chown)"
        return Finding(Level.ERROR, f"not writable by this user: {_names(refused)}", advice)
    return Finding(Level.OK, "folders and database are writable by this user")


def _nearest(path: Path) -> Path:
    """The path, or the folder in which it would be made."""
    return next(place for place in (path, *path.absolute().parents) if place.exists())


def _writable(place: Path) -> bool:
    return os.access(place, os.W_OK, effective_ids=True)


def _may(path: Path, bits: int) -> bool:
    return path.exists() and bool(path.stat().st_mode & bits)


def _names(paths: Sequence[Path], separator: str = ", ") -> str:
    return separator.join(dict.fromkeys(map(str, paths)))


# The database


async def _database(visit: Visit) -> Finding:
    if isinstance(visit.database, Absent):
        return Finding(Level.WARNING, str(visit.database), "`lianluo migrate` makes it")
    if isinstance(visit.database, Unavailable):
        return Finding(Level.ERROR, str(visit.database), "does it run, and is LIANLUO_DATABASE_URL right?")
    began = time.monotonic()
    await pending(visit.database)
    return Finding(Level.OK, f"{visit.database.dialect.value} answers in {_ms_since(began)} ms")


async def _schema(visit: Visit) -> Finding:
    try:
        missing = await pending(visit.opened)
    except Incompatible as error:
        return Finding(Level.ERROR, str(error), "install the version of lianluo that made it")
    if missing:
        return Finding(Level.ERROR, f"not applied yet: {', '.join(missing)}", "run `lianluo migrate`")
    return Finding(Level.OK, "of this version")


async def _facts(visit: Visit) -> Finding:
    async with visit.records() as tx:
        centre = asdict(await settings.centre(tx))
    unset = [fact for fact in FACTS if centre[fact] in ("", asdict(Centre())[fact])]
    if unset:
        found = f"not set: {', '.join(unset)}"
        return Finding(
            Level.WARNING, found, "the notice of enrolment needs them: an admin sets them in /settings"
        )
    return Finding(Level.OK, "all are set")


async def _overdue(visit: Visit) -> Finding:
    now = visit.clock.now()
    async with visit.records() as tx:
        count, oldest = await outbox.overdue(tx, now - OVERDUE_MS)
    if oldest is None:
        return Finding(Level.OK, "none")
    found = f"{count}, the oldest due for {(now - oldest) // 60_000} min"
    return Finding(Level.ERROR, found, "is `lianluo run` at work, and does it reach Telegram?")


async def _uncertain(visit: Visit) -> Finding:
    async with visit.records() as tx:
        count = await outbox.uncertain(tx, visit.clock.now() - REMEMBERED_MS)
    if count:
        return Finding(
            Level.WARNING, f"{count} that nobody answered", "ask by telephone whether they arrived"
        )
    return Finding(Level.OK, "none")


def _failed(references: Callable[[Tx, int], Awaitable[list[str]]]) -> Callable[[Visit], Awaitable[Finding]]:
    """A check that names what was given up in the last 30 days, the newest first."""

    async def look(visit: Visit) -> Finding:
        async with visit.records() as tx:
            given_up = await references(tx, visit.clock.now() - REMEMBERED_MS)
        if not given_up:
            return Finding(Level.OK, "none")
        more = " …" if len(given_up) > REFERENCES else ""
        found = f"{len(given_up)}: {', '.join(given_up[:REFERENCES])}{more}"
        return Finding(Level.WARNING, found, "look for the reference numbers in the log")

    return look


async def _run(visit: Visit) -> Finding:
    if await run_lock(visit.opened).held():
        return Finding(Level.OK, "in progress")
    return Finding(Level.WARNING, "none is in progress", "`lianluo run` starts it")


# Telegram


async def _token(visit: Visit) -> Finding:
    if visit.config.token is None:
        return Finding(Level.WARNING, "none: `lianluo run` is the rehearsal", "BotFather gives one")
    try:
        me = await visit.bot.get_me()
    except InvalidToken:
        return Finding(Level.ERROR, "Telegram does not know it", "copy LIANLUO_TOKEN from BotFather again")
    return Finding(Level.OK, f"it is @{me.username}'s")


async def _reach(visit: Visit) -> Finding:
    answer = await _greet(visit)
    where = URL(visit.config.api_url).host
    through = " through LIANLUO_PROXY" if visit.config.proxy else ""
    if answer.status >= 500 or answer.status == 407:
        found = f"{where} answers{through} with {answer.status}"
        return Finding(Level.ERROR, found, "is LIANLUO_PROXY right, and does it let Telegram through?")
    return Finding(Level.OK, f"{where} answers{through} in {answer.ended - answer.began} ms")


async def _webhook(visit: Visit) -> Finding:
    info = await visit.bot.get_webhook_info()
    wanted = f"{visit.config.webhook_url}/webhook" if visit.config.webhook_url else ""
    found = (
        f"{'set' if info.url else 'not set'}, {info.pending_update_count} updates pending{_last_error(info)}"
    )
    if info.url != wanted:
        # not the address: another bot's may hold a secret
        return Finding(Level.WARNING, f"{found}: not as configured", "`lianluo run` mends it when it starts")
    if info.last_error_date and _ms(info.last_error_date) > visit.clock.now() - RECENT_MS:
        advice = "is LIANLUO_WEBHOOK_URL reachable from outside, with a valid certificate?"
        return Finding(Level.WARNING, found, advice)
    return Finding(Level.OK, f"{found}: as configured")


def _last_error(info: WebhookInfo) -> str:
    if info.last_error_date is None:
        return ""
    return f", last error {info.last_error_date:%Y-%m-%d %H:%M UTC} ({info.last_error_message})"


async def _pages(visit: Visit) -> Finding:
    """The upload page, as people's browsers reach it; without it, files go through the chat."""
    if visit.config.public_url is None:
        found = "no LIANLUO_PUBLIC_URL: files go through the chat, over servers abroad"
        return Finding(Level.WARNING, found, "set it and LIANLUO_PUBLIC_LISTEN, behind a proxy with TLS")
    url = URL(visit.config.public_url)
    request = visit.connection.session.get(url / "assets" / "page.css", allow_redirects=False)
    async with request as response:
        theirs = response.status != 200 or response.content_type != "text/css"
    if theirs:
        return Finding(
            Level.ERROR, f"{url.host} answers, but not as lianluo does", "does the proxy lead to it?"
        )
    if url.scheme != "https":
        return Finding(Level.WARNING, "reached, without TLS", "put a proxy with a certificate in front")
    return Finding(Level.OK, "reached")


async def _clock(visit: Visit) -> Finding:
    """The Date is of a whole second, somewhere between asking and hearing."""
    answer = await _greet(visit)
    if answer.date is None:
        raise Unchecked("the answer of the Bot API has no date")
    ahead = (answer.began + answer.ended) / 2 - (_ms(parsedate_to_datetime(answer.date)) + 500)
    seconds, (much, too_much) = abs(ahead) / 1000, SKEW_S
    if seconds < much:
        return Finding(Level.OK, "agrees with Telegram's")
    level = Level.ERROR if seconds >= too_much else Level.WARNING
    found = f"{seconds:.0f} s {'ahead of' if ahead > 0 else 'behind'} Telegram's"
    return Finding(level, found, "deadlines go by it: turn on NTP")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Bot API's host says to anybody; instants in ms UTC by our clock."""

    status: int
    date: str | None
    began: int
    ended: int


async def _greet(visit: Visit) -> Answer:
    began = visit.clock.now()
    request = visit.connection.session.get(URL(visit.config.api_url), allow_redirects=False)
    async with request as response:
        return Answer(response.status, response.headers.get("Date"), began, visit.clock.now())


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


_ASK: Final = "report it with this line"
_NETWORK: Final = "is the network up, and LIANLUO_PROXY right?"
_OWNER: Final = "run it as the user that runs lianluo"

LOCAL: Final = (
    Check("configuration", _configuration, "is .env a readable text file?"),
    Check("other channels", _fallback, "reinstall apprise"),
    Check("legal clearance", _clearance, _ASK),
    Check("time zone", _zone, "install tzdata"),
    Check("calendar", _calendar, "reinstall chinesecalendar"),
    Check("disk", _disk, _OWNER),
    Check("permissions", _permissions, _OWNER),
    Check("write access", _writing, _OWNER),
    Check("database", _database, _ASK),
    Check("schema", _schema, _ASK),
    Check("centre's facts", _facts, _ASK),
    Check("overdue sends", _overdue, _ASK),
    Check("uncertain sends", _uncertain, _ASK),
    Check("refused sends", _failed(outbox.refused), _ASK),
    Check("failed updates", _failed(updates.failed), _ASK),
    Check("failed jobs", _failed(jobs.failed), _ASK),
    Check("run", _run, _OWNER),
)
ONLINE: Final = (
    Check("token", _token, _NETWORK),
    Check("Bot API", _reach, _NETWORK),
    Check("webhook", _webhook, _NETWORK),
    Check("clock", _clock, _NETWORK),
    Check("upload page", _pages, "does `lianluo run` run, and is LIANLUO_PUBLIC_URL right?"),
)
