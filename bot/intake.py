"""How updates come in: stored first, confirmed to Telegram afterwards (I1)."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from telegram import Bot
from telegram._utils.types import JSONDict
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.logs import describe
from handlers.context import Clock
from storage import updates
from storage.engine import CommitFailed, Database, Unavailable, durably
from storage.updates import Entry, Incoming

log = logging.getLogger(__name__)

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
BATCH = 100
POLL_S = 30
ESTABLISHED_S = 10.0
"""Who has had the updates to itself for so long takes them back from another bot with this token."""
TAKES_BACK_S = 1.0
GIVES_WAY_S = 30.0
MAX_BODY = 1 << 20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name

Feed = Callable[[Iterable[Entry]], None]


@dataclass(slots=True)
class Inbox:
    """Stores a batch, and hands it on once that is durable."""

    database: Database
    clock: Clock
    feed: Feed

    async def take(self, raw: Sequence[JSONDict]) -> None:
        """Raises Unavailable or CommitFailed; then nothing may be confirmed."""
        batch = [Incoming(u["update_id"], _chat_of(u), _kept(u)) for u in raw]
        entries = await durably(self.database, lambda tx: updates.store(tx, batch, self.clock.now()))
        self.feed(entries)


class Poller:
    """Our own loop over getUpdates: PTB's Updater confirms a batch before it is handled."""

    def __init__(self, bot: Bot, inbox: Inbox) -> None:
        self._bot = bot
        self._inbox = inbox
        self._task: asyncio.Task[None] | None = None
        self._alone_since = 0.0
        self.trouble: str | None = None
        """Why nothing comes in, for /readyz; None while all is well."""

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        offset: int | None = None
        pause = 0.0
        self._alone_since = asyncio.get_running_loop().time()
        while True:
            try:
                raw = await self._fetch(offset)
                if raw:
                    await self._inbox.take(raw)
                    offset = raw[-1]["update_id"] + 1
                self._report(None)
                pause = 0.0
            except Conflict:
                await asyncio.sleep(self._seconds_to_the_other())
            except (TelegramError, Unavailable, CommitFailed) as error:
                pause = _pause(error, pause)
                self._report(_trouble(error))
                await asyncio.sleep(pause)
            except Exception as error:  # noqa: BLE001  the intake must not end while the process lives
                log.error("the intake stumbled\n%s", describe(error))
                await asyncio.sleep(1)

    async def _fetch(self, offset: int | None) -> list[JSONDict]:
        asked: dict[str, Any] = {"timeout": POLL_S, "limit": BATCH, "allowed_updates": list(ALLOWED)}
        if offset is not None:
            asked["offset"] = offset
        parameters = [RequestParameter.from_input(key, value) for key, value in asked.items()]
        answer = await self._bot.request.post(
            f"{self._bot.base_url}/getUpdates", RequestData(parameters), read_timeout=POLL_S + 10
        )
        return answer if isinstance(answer, list) else []

    def _seconds_to_the_other(self) -> float:
        """Two bots with one token take each other's updates: who came second waits until it is alone."""
        now = asyncio.get_running_loop().time()
        if now - self._alone_since >= ESTABLISHED_S:
            self._report("another bot is running with this token and takes updates; end it")
            return TAKES_BACK_S
        self._alone_since = now + GIVES_WAY_S
        self._report("another bot is running with this token; this one waits for it to end")
        return GIVES_WAY_S

    def _report(self, trouble: str | None) -> None:
        if trouble and trouble != self.trouble:
            log.warning("no updates come in: %s", trouble)
        self.trouble = trouble


def webhook(inbox: Inbox, secret: str) -> Callable[[web.Request], Any]:
    """The handler that answers 200 only after the commit; Telegram delivers again whatever else it hears."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            update["update_id"] + 0
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        try:
            await inbox.take([update])
        except (Unavailable, CommitFailed):
            return web.Response(status=503)
        return web.Response()

    return receive


def _kept(update: JSONDict) -> str:
    """As it is stored. Half a surrogate pair is no text to a database: it would stop all that comes after."""
    return json.dumps(update, ensure_ascii=False).encode(errors="replace").decode()


def _chat_of(update: JSONDict) -> int:
    """The chat whose order the update belongs to."""
    for kind in ALLOWED:
        part = update.get(kind)
        if part:
            chat = part.get("chat") or part.get("message", {}).get("chat") or part.get("from")
            return int(chat["id"])
    return 0


def _trouble(error: Exception) -> str:
    match error:
        case Unavailable() | CommitFailed():
            return f"the database: {error}"
        case InvalidToken():
            return "Telegram does not know the token"
    return "Telegram cannot be reached"


def _pause(error: Exception, before: float) -> float:
    """Seconds until the next try: what Telegram asks for, or twice the last, at most 30."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return float(after if isinstance(after, int) else after.total_seconds())
    return min(max(before * 2, 0.5), 30.0)
