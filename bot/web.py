"""Health, readiness and metrics on the inner address; the webhook on the public one."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from aiohttp import web

from bot.config import host_and_port

Check = Callable[[], str | None]
"""What stands in the way of work, in a few words; None while nothing does."""
Scrape = Callable[[], Awaitable[bytes]]


@dataclass(slots=True)
class Site:
    """An aiohttp server on one address."""

    application: web.Application
    address: str
    _runner: web.AppRunner | None = field(default=None, init=False)
    port: int = field(default=0, init=False)

    async def start(self) -> None:
        self._runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=5)
        await self._runner.setup()
        host, port = host_and_port(self.address)
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


def inner(checks: dict[str, Check], scrape: Scrape) -> web.Application:
    """/healthz: the process lives; /readyz: it can work, or 503 and why not; /metrics for Prometheus."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        troubles = {name: trouble for name, check in checks.items() if (trouble := check())}
        return web.json_response({"ready": not troubles, **troubles}, status=503 if troubles else 200)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await scrape(), headers={"Content-Type": "text/plain; version=0.0.4"})

    application = web.Application()
    application.add_routes(
        [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
    )
    return application


def public(routes: Iterable[web.RouteDef], max_body: int) -> web.Application:
    """The webhook and the pages; never the metrics, and no word of what serves them."""

    async def unnamed(_: web.Request, answer: web.StreamResponse) -> None:
        answer.headers.popall("Server", None)

    application = web.Application(client_max_size=max_body)
    application.on_response_prepare.append(unnamed)
    application.add_routes(routes)
    return application
