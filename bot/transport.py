"""HTTP to the Bot API over one aiohttp session: for PTB's own calls, and a lean `post` for the outbox.

PTB's default backend sends a tenth as much a second. No exception and no log line holds a URL: the token
is in it.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import aiohttp
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot import multipart
from domain.attached import takes_along
from storage.files import FileStore

CONNECTIONS: Final = 256
CONNECT_S: Final = 10.0
POOL_S: Final = 30.0
READ_S: Final = 30.0
UPLOAD_S: Final = 300.0
"""For a whole call with files: 50 MB, the most that Telegram takes, at 1.4 Mbit/s."""
IDLE_S: Final = 15.0
"""A kept connection is closed before the other side does: a call written just then would be uncertain."""

OnWrite = Callable[[], None]
_ON_WRITE: ContextVar[OnWrite] = ContextVar("on_write", default=lambda: None)

_JSON: Final = {"Content-Type": "application/json"}


class Unreached(Exception):
    """No connection was made and nothing was written: it can be tried again."""


class Unanswered(Exception):
    """Something was written and no answer came: nobody knows whether it was done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Bot API said: `retry_after` in seconds, `migrated_to` the supergroup's id.

    `by_gateway`: it was not Telegram who spoke but somebody on the way, whose page this is.
    """

    ok: bool
    status: int = 200
    message_id: int | None = None
    error_code: int = 0
    description: str = ""
    retry_after: int | None = None
    migrated_to: int | None = None
    by_gateway: bool = False


class _Request(aiohttp.ClientRequest):
    """Says when a connection is there and writing begins; aiohttp's tracing costs a quarter of a send."""

    async def send(self, conn: Any) -> aiohttp.ClientResponse:
        _ON_WRITE.get()()
        return await super().send(conn)


class Connection:
    """The session that all calls share: made when it is first used, closed by `close`, then made anew."""

    def __init__(self, proxy: str | None = None) -> None:
        """`proxy`: http://…, or socks5://… (socks5h, socks4) through aiohttp-socks; with user:password@."""
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                proxy=None if self._socks else self._proxy,
                timeout=_timeout(READ_S),
                request_class=_Request,
            )
        return self._session

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @property
    def _socks(self) -> bool:
        return self._proxy is not None and self._proxy.startswith("socks")

    def _connector(self) -> aiohttp.BaseConnector:
        if self._proxy is None or not self._socks:
            return aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_S)
        from aiohttp_socks import ProxyConnector

        url = self._proxy.replace("socks5h://", "socks5://", 1)
        connector: aiohttp.BaseConnector = ProxyConnector.from_url(
            url, rdns=True, limit=CONNECTIONS, keepalive_timeout=IDLE_S
        )
        return connector

    async def call(
        self,
        method: str,
        url: URL,
        *,
        on_write: OnWrite = lambda: None,
        read_s: float | None = READ_S,
        total_s: float | None = None,
        **body: Any,
    ) -> tuple[int, bytes]:
        """Status and body. `on_write` is called when something is about to be handed to the socket."""
        token = _ON_WRITE.set(on_write)
        try:
            async with self.session.request(
                method, url, timeout=_timeout(read_s, total_s), allow_redirects=False, **body
            ) as response:
                return response.status, await response.read()
        finally:
            _ON_WRITE.reset(token)


class Transport:
    """Posts what the outbox has stored: as it is, or as a form where it takes files along."""

    def __init__(self, connection: Connection, base_url: str, files: FileStore | None = None) -> None:
        """`base_url` with the token: `bot.base_url`; `files` for those that payloads name."""
        self._connection = connection
        self._base_url = base_url
        self._files = files
        self._urls: dict[str, URL] = {}

    async def post(self, method: str, payload: str, on_write: OnWrite = lambda: None) -> Answer:
        """Raises Unreached or Unanswered; their words are the name of the reason. Or Missing, for a file."""
        if self._files is None or not takes_along(payload):
            return await self._post(method, on_write, data=payload.encode(), headers=_JSON)
        with multipart.opened(payload, self._files) as form:
            return await self._post(method, on_write, data=form, total_s=UPLOAD_S)

    async def _post(self, method: str, on_write: OnWrite, **body: Any) -> Answer:
        written = False

        def note() -> None:
            nonlocal written
            written = True
            on_write()

        try:
            status, answer = await self._connection.call("POST", self._url(method), on_write=note, **body)
        except Exception as error:  # noqa: BLE001  proxies raise errors of their own
            raise (Unanswered if written else Unreached)(type(error).__name__) from None
        return read(status, answer)

    def _url(self, method: str) -> URL:
        url = self._urls.get(method)
        if url is None:
            url = self._urls[method] = URL(f"{self._base_url}/{method}", encoded=True)
        return url


class AiohttpRequest(BaseRequest):
    """What PTB's Bot calls through."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def read_timeout(self) -> float:
        return READ_S

    async def initialize(self) -> None:
        """Nothing: the session is made when it is first used."""

    async def shutdown(self) -> None:
        await self._connection.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises TimedOut or NetworkError. Of the timeouts only `read_timeout`, in seconds, is heeded."""
        read_s = read_timeout if isinstance(read_timeout, int | float | None) else READ_S
        try:
            return await self._connection.call(
                method, URL(url, encoded=True), read_s=read_s, data=_form(request_data)
            )
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except Exception as error:  # noqa: BLE001  proxies raise errors of their own
            raise NetworkError(type(error).__name__) from None


def bot_of(api_url: str, token: str, connection: Connection) -> Bot:
    """PTB's Bot on the shared connection; `shutdown` closes it."""
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=AiohttpRequest(connection),
        get_updates_request=AiohttpRequest(connection),
    )


def read(status: int, body: bytes) -> Answer:
    """Only what the outbox needs. A success that can't be read counts as no answer: raises Unanswered."""
    try:
        said = json.loads(body)
        ok = bool(said["ok"])
    except (ValueError, TypeError, KeyError):
        if status < 400:
            raise Unanswered("unreadable") from None
        return Answer(ok=False, status=status, error_code=status, by_gateway=True)
    if ok:
        return Answer(ok=True, status=status, message_id=_message_id(said.get("result")))
    parameters = said.get("parameters") or {}
    return Answer(
        ok=False,
        status=status,
        error_code=said.get("error_code", status),
        description=said.get("description", ""),
        retry_after=parameters.get("retry_after"),
        migrated_to=parameters.get("migrate_to_chat_id"),
    )


def _message_id(result: Any) -> int | None:
    """Of an album the first message's; None where the result is `true`."""
    first = result[0] if isinstance(result, list) and result else result
    message_id: int | None = first.get("message_id") if isinstance(first, dict) else None
    return message_id


@cache
def _timeout(read_s: float | None, total_s: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total_s, connect=POOL_S, sock_connect=CONNECT_S, sock_read=read_s)


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    """Urlencoded, or multipart where files go along; names of files in UTF-8, since Telegram shows them."""
    if data is None:
        return None
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=data.contains_files)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form
