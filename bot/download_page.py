"""The twin of the upload page: one stored file for one person of the centre, past Telegram.

GET  /d/{token}        the page; it changes nothing
POST /d/{token}        下载: from now on, for a quarter of an hour, this browser gets the file
GET  /d/{token}/file   the file, in ranges where a broken download goes on
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from bot.clock import Clock
from bot.public_pages import Address, browser_of, html
from domain.download_links import FETCH_MS, DownloadLink
from messages.pages import Pages
from storage import download_links, people, settings
from storage.engine import Database, Tx, durably
from storage.files import FileStore

MINUTES = FETCH_MS // 60_000


class Counter(Protocol):
    """Who may have a file. Inside a transaction only storage may be awaited."""

    async def allowed(self, tx: Tx, link: DownloadLink) -> bool:
        """Whether the person may still see the file."""

    async def pressed(self, tx: Tx, link: DownloadLink) -> None:
        """The person takes the file: for the access log."""


@dataclass(frozen=True, slots=True)
class DownloadPage:
    database: Database
    files: FileStore
    pages: Pages
    clock: Clock
    address: Address
    counter: Counter

    def routes(self) -> list[web.RouteDef]:
        guarded = self.address.guarded
        return [
            web.get("/d/{token}", guarded(self.page)),
            web.post("/d/{token}", guarded(self.press)),
            web.get("/d/{token}/file", guarded(self.file)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        async with self.database.read() as tx:
            link = await self._link(tx, request)
            if link is None:
                return await self._gone(tx, request)
            answer = await self._html(tx, "download", link)
        if link.browser is None:
            seconds = (link.expires_at - self.clock.now() + FETCH_MS) // 1000
            self.address.give_secret(request, answer, f"/d/{request.match_info['token']}", seconds)
        return answer

    async def press(self, request: web.Request) -> web.StreamResponse:
        return await durably(self.database, lambda tx: self._press(tx, request))

    async def _press(self, tx: Tx, request: web.Request) -> web.Response:
        link = await self._link(tx, request, download_links.lock)
        if link is None:
            return await self._gone(tx, request)
        browser = browser_of(request)
        if browser is None or link.browser not in (None, browser):
            return await self._html(tx, "elsewhere", link, 403)
        if link.browser is None:
            await download_links.press(tx, link.id, browser, self.clock.now())
            await self.counter.pressed(tx, link)
        return web.Response(status=303, headers={"Location": f"{request.match_info['token']}/file"})

    async def file(self, request: web.Request) -> web.StreamResponse:
        async with self.database.read() as tx:
            link = await self._link(tx, request)
            if link is None or not link.gives(browser_of(request), self.clock.now()):
                return await self._gone(tx, request)
        headers = {"Content-Type": link.media_type, "Content-Disposition": _attached(link.name)}
        return web.FileResponse(self.files.path(link.sha256), headers=headers)

    async def _link(
        self,
        tx: Tx,
        request: web.Request,
        find: Callable[[Tx, str], Awaitable[DownloadLink | None]] = download_links.get,
    ) -> DownloadLink | None:
        """The link, alive and allowed. Unknown, expired and used ones are answered alike."""
        link = await find(tx, request.match_info["token"])
        if link is None or not link.alive(self.clock.now()) or not await self.counter.allowed(tx, link):
            return None
        return link

    async def _html(self, tx: Tx, page: str, link: DownloadLink, status: int = 200) -> web.Response:
        locale = (await people.get(tx, link.person_id)).locale
        until = link.expires_at if link.pressed_at is None else link.pressed_at + FETCH_MS
        facts = {"centre": await settings.centre(tx), "link": link, "until": until, "minutes": MINUTES}
        return html(self.pages.render(page, locale, facts, now=self.clock.now()), status)

    async def _gone(self, tx: Tx, request: web.Request) -> web.Response:
        locale = self.pages.preferred(request.headers.get("Accept-Language", ""))
        facts = {"centre": await settings.centre(tx)}
        return html(self.pages.render("gone", locale, facts, now=self.clock.now()), 404)


def _attached(name: str) -> str:
    """RFC 6266: the name as it is, and one in ASCII for who does not read RFC 5987."""
    suffix = PurePosixPath(name).suffix
    plain = f"file{suffix}" if suffix.isascii() and suffix[1:].isalnum() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
