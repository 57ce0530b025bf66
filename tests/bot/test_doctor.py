"""What `lianluo doctor` finds, on real files, real databases and real HTTP."""

import logging
import os
import socket
import subprocess
import sys
import tempfile
import zoneinfo
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import SecretStr

from bot import app, doctor
from bot.clock import SystemClock
from bot.config import Config
from bot.doctor import Finding, Level
from bot.rehearsal import RehearsalServer
from domain.notices import Kind, Lane, SendState
from storage import jobs, outbox, settings, updates
from storage.dialect import prepare
from storage.engine import Database, Tx
from storage.lock import run_lock

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "42:TEST-TOKEN-OF-THE-DOCTOR"
NOW = 1_795_579_200_000  # 2026-11-25 12:00 in China
MINUTE_MS = 60_000
OFFLINE = {"token", "Bot API", "webhook", "clock"}


class Standing(SystemClock):
    def __init__(self, ms: int) -> None:
        self._ms = ms

    def now(self) -> int:
        return self._ms


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LIANLUO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(TOKEN) as running:
        yield running


def configured(**values: object) -> Config:
    """With no token, and no Bot API to be reached, unless told otherwise."""
    return Config(**{"api_url": "http://127.0.0.1:1", **values})  # type: ignore[arg-type]


def on(server: RehearsalServer, **values: object) -> Config:
    return configured(**{"api_url": server.url, "token": SecretStr(server.token), **values})


async def found(config: Config, now: int | None = None) -> dict[str, Finding]:
    clock = SystemClock() if now is None else Standing(now)
    return {line.name: line.finding for line in await doctor.examine(config, clock)}


@asynccontextmanager
async def answering(**answer: object) -> AsyncIterator[str]:
    """A host that gives everybody the same answer; its address."""

    @web.middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(**answer)  # type: ignore[arg-type]

    runner = web.AppRunner(web.Application(middlewares=[handle]), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


# The command


def command(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LIANLUO_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "LIANLUO_API_URL": "http://127.0.0.1:1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_new_folder_is_examined_and_left_as_it_was(tmp_path: Path) -> None:
    done = command(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "warning  token: none: `lianluo run` is the rehearsal; BotFather gives one" in done.stdout
    assert "warning  database: there is none yet; `lianluo migrate` makes it" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_error_makes_the_exit_code_1_and_a_wrong_configuration_2(tmp_path: Path) -> None:
    assert command(tmp_path, LIANLUO_TOKEN=TOKEN).returncode == 1
    wrong = command(tmp_path, LIANLUO_PROXY="gopher://x")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("lianluo: LIANLUO_PROXY: ")


def test_no_secret_is_printed(tmp_path: Path) -> None:
    secrets = {
        "LIANLUO_TOKEN": TOKEN,
        "LIANLUO_PROXY": "http://user:proxy-word@127.0.0.1:1",
        "LIANLUO_DATABASE_URL": "postgresql://user:database-word@127.0.0.1:1/lianluo",
    }
    done = command(tmp_path, **secrets)
    assert "error    database: PostgreSQL: " in done.stdout
    for secret in ("TEST-TOKEN", "proxy-word", "database-word"):
        assert secret not in done.stdout + done.stderr


def test_a_line_is_one_line_without_tokens_and_phones() -> None:
    line = doctor.Line("webhook", Finding(Level.ERROR, "502 of\n13800001234", f"not 4{TOKEN}"))
    assert str(line) == "error    webhook: 502 of 138****1234; not <token>"


# The process and the machine


async def test_a_variable_that_means_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANLUO_TOKN", "x")
    (tmp_path / ".env").write_text("LIANLUO_LOCAL=en\nOTHER=1\n")
    finding = (await found(configured()))["configuration"]
    assert finding == Finding(Level.WARNING, "LIANLUO_LOCAL, LIANLUO_TOKN means nothing", "is it misspelt?")


async def test_the_clearance_is_looked_for(server: RehearsalServer) -> None:
    assert (await found(configured()))["legal clearance"].level == Level.WARNING
    given = await found(configured(legal_clearance="川知函〔2026〕1号"))
    assert given["legal clearance"] == Finding(Level.OK, "its reference is set")


@pytest.mark.parametrize(("clearance", "warnings"), [(None, 1), ("川知函〔2026〕1号", 0)])
async def test_a_start_without_clearance_says_so_once(
    server: RehearsalServer,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    clearance: str | None,
    warnings: int,
) -> None:
    async def at_once(*_: object) -> int:
        return 0

    monkeypatch.setattr(app, "until_stopped", at_once)
    config = on(server, database_url=sqlite_url, listen="127.0.0.1:0", legal_clearance=clearance)
    with caplog.at_level(logging.WARNING):
        await app.run(config)
    assert caplog.text.count("LIANLUO_LEGAL_CLEARANCE") == warnings


@pytest.fixture
def wrong_zones(tmp_path: Path) -> Iterator[None]:
    """A machine on which Asia/Shanghai is UTC."""
    (tmp_path / "zones/Asia").mkdir(parents=True)
    utc = (files("tzdata") / "zoneinfo/UTC").read_bytes()
    (tmp_path / "zones/Asia/Shanghai").write_bytes(utc)
    zoneinfo.reset_tzpath([str(tmp_path / "zones")])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


async def test_the_time_zone_is_what_it_is_in_china() -> None:
    finding = (await found(configured(timezone="Asia/Urumqi")))["time zone"]
    assert finding == Finding(Level.OK, "Asia/Urumqi is UTC+0600")


@pytest.mark.usefixtures("wrong_zones")
async def test_wrong_time_zone_data_is_an_error() -> None:
    finding = (await found(configured()))["time zone"]
    assert finding == Finding(
        Level.ERROR, "this machine takes Asia/Shanghai for UTC+0000", "reinstall tzdata"
    )


@pytest.mark.parametrize(
    ("day", "level", "says"),
    [
        ((2026, 10, 31), Level.OK, "2026 is published"),
        ((2025, 12, 1), Level.OK, "2025, 2026 is published"),
        ((2090, 10, 31), Level.WARNING, "2090 is not in chinesecalendar "),
        ((2090, 11, 1), Level.WARNING, "2090, 2091 is not in chinesecalendar "),
    ],
)
async def test_a_year_that_is_not_published_is_provisional(
    day: tuple[int, int, int], level: Level, says: str
) -> None:
    now = round(datetime(*day, tzinfo=UTC).timestamp() * 1000)
    finding = (await found(configured(), now))["calendar"]
    assert finding.level == level
    assert finding.found.startswith(says)


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (5_000_000_000, Level.OK),
        (4_999_999_999, Level.WARNING),
        (500_000_000, Level.WARNING),
        (499_999_999, Level.ERROR),
    ],
)
def test_room_on_the_disk(free: int, level: Level) -> None:
    assert doctor.room(free) == level


async def test_the_disk_is_that_of_the_folders(tmp_path: Path) -> None:
    finding = (await found(configured(data_dir=tmp_path / "not/yet")))["disk"]
    assert finding.found.endswith(f" GB free in {tmp_path}")


def kept(folder: Path, folder_mode: int, file_mode: int, env_mode: int) -> None:
    """Records and `.env` with these modes, in a folder that is open to all."""
    folder.chmod(0o755)
    (folder / "var").mkdir()
    for path, mode in (("var/lianluo.db", file_mode), (".env", env_mode)):
        (folder / path).touch()
        (folder / path).chmod(mode)
    (folder / "var").chmod(folder_mode)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "env_mode", "opened"),
    [
        (0o700, 0o600, 0o600, ""),
        (0o750, 0o640, 0o640, ""),
        (0o700, 0o644, 0o600, ""),  # nobody comes as far as the file
        (0o755, 0o600, 0o600, "var"),
        (0o711, 0o644, 0o600, "var, var/lianluo.db"),
        (0o700, 0o600, 0o644, ".env"),
    ],
)
async def test_what_others_may_read_is_an_error(
    tmp_path: Path, folder_mode: int, file_mode: int, env_mode: int, opened: str
) -> None:
    kept(tmp_path, folder_mode, file_mode, env_mode)
    finding = (await found(configured()))["permissions"]
    expected = Finding(Level.ERROR, f"open to others: {opened}", f"chmod o-rwx {opened.replace(',', '')}")
    closed = Finding(Level.OK, "folders, database and .env are closed to others")
    assert finding == (expected if opened else closed)


@pytest.fixture
def foreign_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where we are, and may not write, even where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        monkeypatch.chdir(folder)
        we = os.geteuid()
        if we == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(we)


async def test_a_folder_in_which_we_may_not_write_is_an_error(foreign_folder: Path) -> None:
    finding = (await found(configured()))["write access"]
    assert (finding.level, finding.found) == (Level.ERROR, f"not writable by this user: {foreign_folder}")


# The database


async def test_a_database_of_this_version_is_all_right(database_url: str) -> None:
    lines = await found(configured(database_url=database_url))
    assert lines["database"].level == Level.OK
    assert lines["schema"] == Finding(Level.OK, "of this version")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    url = str(request.getfixturevalue(f"{request.param}_url"))
    if request.param == "sqlite":
        Path(url.removeprefix("sqlite:///")).touch()
    return url


async def test_an_empty_database_is_not_migrated(empty_url: str) -> None:
    for _ in range(2):
        lines = await found(configured(database_url=empty_url))
        assert lines["schema"].found.startswith("not applied yet: 0001_core, ")
        assert lines["failed jobs"] == Finding(
            Level.WARNING, "not checked: the schema is not of this version"
        )


async def test_a_newer_database_is_an_error_and_nothing_else_stops(
    database: Database, database_url: str
) -> None:
    async with database.tx() as tx:
        newer = prepare("INSERT INTO migrations (name, sha256) VALUES ('9999_later', '')")
        await tx.touch(newer, {})
    lines = await found(configured(database_url=database_url))
    says = "the database is newer than this version: it has 9999_later"
    assert (lines["schema"].level, lines["schema"].found) == (Level.ERROR, says)
    assert lines["overdue sends"] == Finding(Level.WARNING, f"not checked: {says}")
    assert lines["disk"].level == Level.OK


async def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "lianluo.db").write_text("not a database, but long enough to be looked at" * 100)
    lines = await found(configured(database_url="sqlite:///lianluo.db"))
    assert lines["database"].level == Level.ERROR
    assert lines["centre's facts"] == Finding(Level.WARNING, "not checked: the database cannot be read")


async def test_the_facts_of_the_notice_are_named_until_they_are_set(
    database: Database, database_url: str
) -> None:
    async with database.tx() as tx:
        await settings.save(tx, {"tel": "028-00000000", "email": "ip@example.cn"})
    lines = await found(configured(database_url=database_url))
    assert lines["centre's facts"].found == "not set: storage_place, privacy_contact, secrecy_tel"
    async with database.tx() as tx:
        await settings.save(
            tx, {"storage_place": "成都", "privacy_contact": "028-00000001", "secrecy_tel": "028-2"}
        )
    lines = await found(configured(database_url=database_url))
    assert lines["centre's facts"] == Finding(Level.OK, "all are set")


async def send(tx: Tx, state: SendState, due_at: int) -> int:
    row = outbox.Row(
        chat_id=1,
        lane=Lane.BULK,
        kind=Kind.BROADCAST,
        method="sendMessage",
        payload="{}",
        state=state,
        due_at=due_at,
        created_at=due_at,
    )
    return (await outbox.insert(tx, [row]))[0].id


async def test_what_is_due_for_over_ten_minutes_is_an_error(database: Database, database_url: str) -> None:
    async with database.tx() as tx:
        await send(tx, SendState.QUEUED, NOW - 10 * MINUTE_MS)
    lines = await found(configured(database_url=database_url), NOW)
    assert lines["overdue sends"] == Finding(Level.OK, "none")
    async with database.tx() as tx:
        await send(tx, SendState.PLANNED, NOW - 11 * MINUTE_MS)
        await send(tx, SendState.SENDING, NOW - 43 * MINUTE_MS)
        await send(tx, SendState.SENT, NOW - 99 * MINUTE_MS)
    lines = await found(configured(database_url=database_url), NOW)
    assert lines["overdue sends"].level == Level.ERROR
    assert lines["overdue sends"].found == "2, the oldest due for 43 min"


async def test_uncertain_and_refused_sends_are_told_for_thirty_days(
    database: Database, database_url: str
) -> None:
    async with database.tx() as tx:
        unsure, refused = [await send(tx, SendState.SENDING, NOW) for _ in range(2)]
        results = [
            outbox.Result(unsure, SendState.UNCERTAIN, attempts=1, doubts=1),
            outbox.Result(refused, SendState.FAILED, attempts=1, doubts=0, reference="E-AAAA-2222"),
        ]
        await outbox.settle(tx, results, NOW)
    lines = await found(configured(database_url=database_url), NOW + updates.KEPT_MS)
    assert lines["uncertain sends"].found == "1 that nobody answered"
    assert lines["refused sends"].found == "1: E-AAAA-2222"
    later = await found(configured(database_url=database_url), NOW + updates.KEPT_MS + 1)
    assert later["uncertain sends"] == later["refused sends"] == Finding(Level.OK, "none")


async def test_failed_updates_and_jobs_have_their_reference_numbers(
    database: Database, database_url: str
) -> None:
    async with database.tx() as tx:
        for n in range(6):
            (entry,) = await updates.store(tx, [updates.Incoming(n, 1, "{}")], NOW)
            await updates.settle(tx, entry.id, updates.State.FAILED, NOW, reference=f"E-{n}")
        job = await jobs.add(tx, "fetch", {}, NOW)
        assert job is not None
        await jobs.fail(tx, job, NOW, "TimedOut", "E-JJJJ-2222")
    lines = await found(configured(database_url=database_url), NOW)
    advice = "look for the reference numbers in the log"
    assert lines["failed updates"] == Finding(Level.WARNING, "6: E-5, E-4, E-3, E-2, E-1 …", advice)
    assert lines["failed jobs"] == Finding(Level.WARNING, "1: E-JJJJ-2222", advice)


async def test_a_run_in_progress_is_seen_and_not_disturbed(database: Database, database_url: str) -> None:
    config = configured(database_url=database_url)
    assert (await found(config))["run"].level == Level.WARNING
    lock = run_lock(database)
    assert await lock.try_acquire()
    assert (await found(config))["run"] == Finding(Level.OK, "in progress")
    await lock.release()
    assert (await found(config))["run"].found == "none is in progress"


# Telegram


async def test_a_bot_that_telegram_knows(server: RehearsalServer) -> None:
    lines = await found(on(server))
    assert lines["token"] == Finding(Level.OK, "it is @lianluo_bot's")
    assert lines["Bot API"].level == Level.OK
    assert lines["Bot API"].found.startswith("127.0.0.1 answers in ")
    assert lines["clock"] == Finding(Level.OK, "agrees with Telegram's")
    assert lines["webhook"] == Finding(Level.OK, "not set, 0 updates pending: as configured")


async def test_a_token_that_telegram_does_not_know(server: RehearsalServer) -> None:
    lines = await found(on(server, token=SecretStr("43:ANOTHER-TOKEN")))
    assert lines["token"].level == Level.ERROR
    assert lines["token"].found == "Telegram does not know it"


async def test_out_of_reach_is_an_error_once_there_is_a_token() -> None:
    for token, level in ((None, Level.WARNING), (SecretStr(TOKEN), Level.ERROR)):
        lines = await found(configured(token=token))
        assert lines["Bot API"].level == lines["clock"].level == level
        assert lines["Bot API"].found.startswith("failed: ClientConnectorError")


async def test_silence_ends_after_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        lines = await found(configured(api_url=url, token=SecretStr(TOKEN)))
    assert {
        name for name, finding in lines.items() if finding.found.startswith("no answer within")
    } == OFFLINE


async def test_the_proxy_is_the_way(server: RehearsalServer) -> None:
    async with answering(status=502) as proxy:
        lines = await found(on(server, proxy=SecretStr(proxy)))
        refused = await found(on(server, proxy=SecretStr(proxy), api_url="https://api.telegram.org"))
    assert lines["Bot API"].level == refused["Bot API"].level == Level.ERROR
    assert lines["Bot API"].found == "127.0.0.1 answers through LIANLUO_PROXY with 502"
    assert refused["Bot API"].found == "failed: ClientHttpProxyError"


@pytest.mark.parametrize(
    ("seconds", "expected", "says"),
    [
        (0, Level.OK, "agrees with Telegram's"),
        (-4, Level.OK, "agrees with Telegram's"),
        (-10, Level.WARNING, "10 s ahead of Telegram's"),
        (10, Level.WARNING, "10 s behind Telegram's"),
        (61, Level.ERROR, "61 s behind Telegram's"),
        (-86_400, Level.ERROR, "86400 s ahead of Telegram's"),
    ],
)
async def test_the_clock_is_compared_with_the_date_of_the_answer(
    seconds: int, expected: Level, says: str
) -> None:
    date = format_datetime(datetime.fromtimestamp(NOW / 1000 + seconds, UTC), usegmt=True)
    async with answering(headers={"Date": date}) as url:
        finding = (await found(configured(api_url=url), NOW + 500))["clock"]
    assert (finding.level, finding.found) == (expected, says)


WEBHOOK = {
    "webhook_url": "https://bot.example",
    "webhook_secret": SecretStr("s3cret"),
    "public_listen": "127.0.0.1:0",
}


async def set_webhook(server: RehearsalServer, url: str) -> None:
    async with aiohttp.ClientSession() as session:
        await session.post(f"{server.base_url}{TOKEN}/setWebhook", json={"url": url})


async def test_a_webhook_that_is_set_otherwise_than_configured(server: RehearsalServer) -> None:
    lines = await found(on(server, **WEBHOOK))
    assert lines["webhook"].found == "not set, 0 updates pending: not as configured"
    await set_webhook(server, "https://other.example/secret-path")
    for config in (on(server), on(server, **WEBHOOK)):
        lines = await found(config)
        assert lines["webhook"].found == "set, 0 updates pending: not as configured"


async def test_the_last_error_of_a_webhook_counts_for_an_hour(server: RehearsalServer) -> None:
    await set_webhook(server, "https://bot.example/webhook")
    webhook = server.world.state.webhook
    webhook.last_error, webhook.last_error_at = "Wrong response from the webhook: 502 Bad Gateway", NOW
    finding = (await found(on(server, **WEBHOOK), NOW + 59 * MINUTE_MS))["webhook"]
    error = "last error 2026-11-25 04:00 UTC (Wrong response from the webhook: 502 Bad Gateway)"
    assert (finding.level, finding.found) == (Level.WARNING, f"set, 0 updates pending, {error}")
    finding = (await found(on(server, **WEBHOOK), NOW + 61 * MINUTE_MS))["webhook"]
    assert finding == Finding(Level.OK, f"set, 0 updates pending, {error}: as configured")


# The upload page


async def test_without_an_address_files_go_through_the_chat(server: RehearsalServer) -> None:
    assert (await found(on(server)))["upload page"].level is Level.WARNING


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ({"text": "body {}", "content_type": "text/css"}, Level.WARNING),  # without TLS
        ({"text": "another house", "content_type": "text/html"}, Level.ERROR),
        ({"status": 502}, Level.ERROR),
    ],
)
async def test_the_upload_page_is_asked_for_where_people_reach_it(
    server: RehearsalServer, answer: dict[str, object], level: Level
) -> None:
    async with answering(**answer) as address:
        config = on(server, public_url=address, public_listen="127.0.0.1:0")
        assert (await found(config))["upload page"].level is level


async def test_an_upload_page_out_of_reach_is_an_error(server: RehearsalServer) -> None:
    config = on(server, public_url="http://127.0.0.1:1", public_listen="127.0.0.1:0")
    assert (await found(config))["upload page"].level is Level.ERROR
