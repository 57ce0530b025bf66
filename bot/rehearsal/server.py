"""The server: Telegram's envelope over HTTP, with the faults and the log around every call."""

import asyncio
import inspect
import time
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from bot.rehearsal import files, keeping
from bot.rehearsal.clock import ClockControl, Winding
from bot.rehearsal.control import add_control
from bot.rehearsal.faults import Delay, DropAfter, DropBefore, Effect, Failure
from bot.rehearsal.journal import Call, Outcome
from bot.rehearsal.limits import Limits
from bot.rehearsal.methods import METHODS, Method
from bot.rehearsal.params import UPLOAD_LIMIT, Params, read_params
from bot.rehearsal.refusal import Refusal, not_found, too_many_requests, unauthorized
from bot.rehearsal.state import State, User
from bot.rehearsal.webhook import WebhookDelivery
from bot.rehearsal.webpage import Webpage, add_page
from bot.rehearsal.world import Clock, World


def system_clock() -> int:
    return time.time_ns() // 1_000_000


class RehearsalServer:
    """A Bot API server for one bot, on this machine only. It may be stopped and started; the world stays."""

    def __init__(
        self,
        token: str = "42:REHEARSAL",  # noqa: S107 # no secret: it opens this server only
        *,
        clock: Clock = system_clock,
        host: str = "127.0.0.1",
        port: int = 0,
        username: str = "lianluo_bot",
        name: str = "联络",
        limits: Limits | None = None,
        seed: int = 0,
        state: State | None = None,
        kept_at: Path | None = None,
        clock_control: ClockControl | None = None,
        zone: str = "Asia/Shanghai",
    ) -> None:
        """`kept_at` names the file in which the world outlives a restart; a clock control lets the page move
        the clock; the page shows times of the zone."""
        self.token = token
        self.host = host
        self.port = port
        bot_id = int(token.partition(":")[0])
        state = (
            state
            or (keeping.read(kept_at) if kept_at else None)
            or State(bot=User(bot_id, name, username=username, is_bot=True))
        )
        self.world = World(state, clock, limits=limits, seed=seed)
        self.webhook = WebhookDelivery(state, self.world.updates, clock)
        self.keeper = keeping.Keeper(self.world, kept_at) if kept_at else None
        self.winding = Winding(clock_control, self.world.events) if clock_control else None
        self.zone = zone
        self._runner: web.AppRunner | None = None
        self._count = 0
        self._executions: set[asyncio.Task[web.Response]] = set()

    @property
    def url(self) -> str:
        """LIANLUO_API_URL for the bot."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    @property
    def control_url(self) -> str:
        return f"{self.url}/control"

    def app(self) -> web.Application:
        """The application, to which more can be added before the start."""
        app = web.Application(client_max_size=UPLOAD_LIMIT + 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        add_control(app, self.world, Webpage(self.world, self.winding, self.zone))
        add_page(app)
        return app

    async def start(self, app: web.Application | None = None) -> None:
        """Listens; a port of 0 becomes a free one and stays the same at the next start."""
        self._runner = web.AppRunner(
            app or self.app(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        self.webhook.start()
        if self.keeper:
            self.keeper.start()

    async def stop(self) -> None:
        await self.webhook.stop()
        if self.winding:
            await self.winding.close()
        self.world.updates.stop()
        for execution in self._executions:
            execution.cancel()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
            if self.keeper:
                self.keeper.stop()

    async def __aenter__(self) -> "RehearsalServer":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _admits(self, request: web.Request) -> bool:
        return request.match_info["token"] == self.token and not self.world.revoked

    async def _file(self, request: web.Request) -> web.Response:
        if not self._admits(request):
            return _refused(unauthorized())
        data = files.fetch(self.world.state, request.match_info["path"])
        return web.Response(body=data) if data is not None else _refused(not_found())

    async def _call(self, request: web.Request) -> web.Response:
        method = METHODS.get(request.match_info["method"].lower())
        try:
            if not self._admits(request):
                raise unauthorized()
            if method is None:
                raise not_found()
            params = await read_params(request)
        except Refusal as refusal:
            name = method.name if method else request.match_info["method"]
            self._settle(self._opened(name, Params()), refusal)
            return _refused(refusal)
        execution = asyncio.create_task(self._execute(request, method, params))
        if method.name == "getUpdates":  # ends with its client; all else is executed once it has arrived
            return await execution
        self._executions.add(execution)
        execution.add_done_callback(self._executions.discard)
        return await asyncio.shield(execution)

    async def _execute(self, request: web.Request, method: Method, params: Params) -> web.Response:
        call = self._opened(method.name, params)
        effects = self.world.faults.strike(method.name)
        await _delay(effects)
        if DropBefore() in effects:
            call.outcome = Outcome.DROPPED
            self.world.record(call)
            return _cut(request)
        try:
            _fail(effects)
            call.result = await _result(method, self.world, params)
            # a poll that has waited; what has been done is never refused
            if method.name == "getUpdates" and not self._admits(request):
                raise unauthorized()
        except Refusal as refusal:
            self._settle(call, refusal)
            return _refused(refusal)
        unheard = DropAfter() in effects or request.transport is None
        call.outcome = Outcome.UNHEARD if unheard else Outcome.EXECUTED
        self._settle(call, None)
        return _cut(request) if unheard else web.json_response({"ok": True, "result": call.result})

    def _opened(self, method: str, params: Params) -> Call:
        self._count += 1
        uploads = {name: f"attach://{name}" for name in params.uploads if name not in params.values}
        return Call(self._count, method, params.values | uploads, self.world.now())

    def _settle(self, call: Call, refusal: Refusal | None) -> None:
        if refusal:
            call.outcome, call.error_code = Outcome.REFUSED, refusal.status
            call.description = refusal.description
        self.world.record(call)


async def _result(method: Method, world: World, params: Params) -> Any:
    result = method.run(world, params)
    return await result if inspect.isawaitable(result) else result


async def _delay(effects: list[Effect]) -> None:
    for effect in effects:
        if isinstance(effect, Delay):
            await asyncio.sleep(effect.ms / 1000)


def _fail(effects: list[Effect]) -> None:
    for effect in effects:
        if isinstance(effect, Failure):
            raise _failed(effect)


def _failed(failure: Failure) -> Refusal:
    if failure.status == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many_requests(failure.retry_after or 1)
    return Refusal(failure.status, failure.description or HTTPStatus(failure.status).phrase)


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.envelope(), status=refusal.status)


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()
