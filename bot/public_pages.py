"""What the web pages have in common: whence a request comes, whose browser it is, what every answer says."""

import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from messages.pages import ASSETS, FOLDER
from storage.engine import CommitFailed, Unavailable
from storage.upload_links import hashed, new_secret

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE: Final = "lianluo"
SMALL_BODY: Final = 4096
POLICY: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Problem(Exception):
    """Answered as {"error": key, …}; the page has a sentence for each key."""

    def __init__(self, status: int, key: str, **more: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.more = more

    def answer(self) -> web.Response:
        return web.json_response({"error": self.key, **self.more}, status=self.status)


class Address:
    """Where people reach the pages: LIANLUO_PUBLIC_URL."""

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        usual = {"https": ":443", "http": ":80"}[parts.scheme]
        self._origin = f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"
        self._path = parts.path.rstrip("/")
        self._secure = parts.scheme == "https"

    def link(self, path: str) -> str:
        return f"{self._origin}{self._path}{path}"

    def own(self, request: web.Request) -> bool:
        """Whether a page of ours sent it. A form of a page without referrer says `Origin: null`."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        return request.headers.get("Origin", "null") in (self._origin, "null")

    def give_secret(
        self, request: web.Request, answer: web.StreamResponse, path: str, max_age_s: int
    ) -> None:
        """Give a browser that has none a secret of its own for the path, before it binds anything.

        So a press whose answer is lost can be repeated by the same browser.
        """
        if browser_of(request) is None:
            answer.set_cookie(
                COOKIE,
                new_secret(),
                path=f"{self._path}{path}",
                max_age=max_age_s,
                httponly=True,
                samesite="Strict",
                secure=self._secure,
            )

    def guarded(self, handler: Handler) -> Handler:
        """The handler for a page of ours alone, with what every answer says."""

        @functools.wraps(handler)
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                if request.method not in ("GET", "HEAD") and not self.own(request):
                    raise Problem(403, "cross_site")
                answer = await handler(request)
            except Problem as problem:
                answer = problem.answer()
            except (Unavailable, CommitFailed):
                answer = Problem(503, "unavailable").answer()
            answer.headers.update(HEADERS)
            return answer

        return handle


def browser_of(request: web.Request) -> str | None:
    """The SHA-256 of the browser's secret for this link."""
    secret = request.cookies.get(COOKIE)
    return hashed(secret) if secret else None


def html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, content_type="text/html", status=status)


async def body_of(request: web.Request, most: int = SMALL_BODY) -> bytes:
    """The whole body. Raises Problem when it is longer than `most` bytes or the connection breaks."""
    data = bytearray()
    try:
        async for piece in request.content.iter_any():
            data += piece
            if len(data) > most:
                raise Problem(413, "failed")
    except (ConnectionError, web.RequestPayloadError):
        raise Problem(400, "failed") from None
    return bytes(data)


async def object_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body. Raises Problem."""
    try:
        found = json.loads(await body_of(request))
    except (ValueError, RecursionError):
        raise Problem(400, "failed") from None
    if not isinstance(found, dict):
        raise Problem(400, "failed")
    return found


def asset_routes() -> list[web.RouteDef]:
    """The styles and scripts of all pages."""
    return [web.get(f"/assets/{name}", _serving(name, kind)) for name, kind in ASSETS.items()]


def _serving(name: str, kind: str) -> Handler:
    headers = {**HEADERS, "Cache-Control": "no-cache", "Content-Type": f"{kind}; charset=utf-8"}

    async def serve(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / name, headers=headers)

    return serve
