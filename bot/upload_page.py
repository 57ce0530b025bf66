"""The centre's own upload page: files of any length in pieces, past Telegram, into one examination.

GET    /u/{token}               the page; it changes nothing, since previews of links fetch it too
GET    /u/{token}/state         how this browser stands to the link, and its files
POST   /u/{token}/start         binds the link to this browser
POST   /u/{token}/files         {key, name, size}: begins a file, or finds it begun
PUT    /u/{token}/files/{id}    the piece at Upload-Offset; 409 with the file where that is not its end
DELETE /u/{token}/files/{id}    gives an unfinished file up
POST   /u/{token}/finish        ends the link
"""

import errno
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from aiohttp import web

from bot.clock import Clock
from bot.public_pages import Address, Problem, body_of, browser_of, html, object_of
from domain.upload_links import (
    CHUNK_BYTES,
    MAX_BYTES,
    MAX_FILES,
    MAX_TOTAL_BYTES,
    Link,
    Refusal,
    Standing,
    Upload,
    UploadState,
    Verdict,
    VerdictState,
    fits,
    refusal,
    standing,
)
from handlers.admit import safe_name
from messages.pages import Pages
from storage import people, settings, upload_links
from storage.engine import Database, Tx, durably
from storage.partials import Busy, Missing, Partials

LIMITS: Final = {"files": MAX_FILES, "each": MAX_BYTES, "total": MAX_TOTAL_BYTES, "chunk": CHUNK_BYTES}
SPARE_BYTES: Final = 256 * 1024 * 1024
"""What an upload leaves free on the disk: the database needs it."""
NOT_TAKEN: Final = (UploadState.OPEN, VerdictState.BLOCKED, VerdictState.REFUSED)
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
KEY: Final = re.compile(r"[0-9a-f-]{8,64}")
STATUS: Final = {Refusal.EMPTY: 400, Refusal.TOO_BIG: 413, Refusal.TOO_MANY: 409, Refusal.TOO_MUCH: 409}


class Reception(Protocol):
    """What becomes of the files. Inside a transaction only storage may be awaited."""

    async def wanted(self, tx: Tx, link: Link) -> bool:
        """Whether the person may still upload for this purpose."""

    async def completed(self, tx: Tx, link: Link, upload: Upload) -> int:
        """Take a file over, in the transaction that ends its upload; the id of its attachment."""

    async def finished(self, tx: Tx, link: Link) -> None:
        """The person pressed 完成."""

    def wake(self) -> None:
        """`completed` or `finished` was committed."""

    async def verdict(self, tx: Tx, attachment_id: int, locale: str) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class UploadPage:
    database: Database
    partials: Partials
    pages: Pages
    clock: Clock
    address: Address
    reception: Reception

    def routes(self) -> list[web.RouteDef]:
        guarded, file = self.address.guarded, "/u/{token}/files/{id:[0-9]{1,18}}"
        return [
            web.get("/u/{token}", guarded(self.page)),
            web.get("/u/{token}/state", guarded(self.state)),
            web.post("/u/{token}/start", guarded(self.start)),
            web.post("/u/{token}/files", guarded(self.begin)),
            web.put(file, guarded(self.piece)),
            web.delete(file, guarded(self.cancel)),
            web.post("/u/{token}/finish", guarded(self.finish)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        now = self.clock.now()
        async with self.database.read() as tx:
            centre = await settings.centre(tx)
            try:
                link = await self._link(tx, request)
            except Problem:
                locale = self.pages.preferred(request.headers.get("Accept-Language", ""))
                return html(self.pages.render("gone", locale, {"centre": centre}, now=now), 404)
            locale = await self._locale(tx, link)
        facts = {"centre": centre, "title": link.title, "expires_at": link.expires_at, "limits": LIMITS}
        return html(self.pages.render("upload", locale, facts, now=now))

    async def state(self, request: web.Request) -> web.Response:
        async with self.database.read() as tx:
            link = await self._link(tx, request)
            answer = web.json_response(await self._seen(tx, link, browser_of(request)))
        if link.browser is None:
            seconds = (link.expires_at - self.clock.now()) // 1000
            self.address.give_secret(request, answer, f"/u/{request.match_info['token']}", seconds)
        return answer

    async def start(self, request: web.Request) -> web.Response:
        browser = browser_of(request)
        if browser is None:
            raise Problem(400, "no_cookie")

        async def bind(tx: Tx) -> dict[str, Any]:
            link = await self._link(tx, request, upload_links.lock)
            if standing(link.browser, browser) is Standing.NEW:
                await upload_links.bind(tx, link.id, browser)
                link = replace(link, browser=browser)
            return await self._seen(tx, link, browser)

        return web.json_response(await durably(self.database, bind))

    async def begin(self, request: web.Request) -> web.Response:
        key, name, size = _asked(await object_of(request))

        async def begin(tx: Tx) -> dict[str, Any]:
            link = await self._own(tx, request)
            upload = await upload_links.begun(tx, link.id, key)
            if upload is None:
                self._room_for(size, await upload_links.uploads(tx, link.id))
                upload = await upload_links.begin(
                    tx, link.id, client_key=key, name=safe_name(name), size=size, now=self.clock.now()
                )
            return await self._shown(tx, upload, await self._locale(tx, link))

        return web.json_response(await durably(self.database, begin))

    async def piece(self, request: web.Request) -> web.Response:
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 18):
            raise Problem(400, "failed")
        data = await body_of(request, CHUNK_BYTES)
        upload_id = int(request.match_info["id"])
        # what is another's, or in disorder, makes no file
        await self._expect(request, upload_id, int(offset), len(data))
        try:
            async with self.partials.locked(upload_id) as part:
                await self._expect(request, upload_id, int(offset), len(data))
                await part.write(data, int(offset))
                shown = await self._record(request, upload_id, int(offset), len(data))
        except Busy:
            raise await self._conflict(request, upload_id) from None
        except Missing:
            await durably(self.database, lambda tx: upload_links.rewind(tx, upload_id))
            raise await self._conflict(request, upload_id) from None
        except OSError as error:
            if error.errno in FULL:
                raise Problem(507, "disk_full") from None
            raise
        return web.json_response(shown)

    async def cancel(self, request: web.Request) -> web.Response:
        upload_id = int(request.match_info["id"])

        async def cancel(tx: Tx) -> bool:
            link = await self._own(tx, request)
            return await upload_links.cancel(tx, link.id, upload_id)

        if await durably(self.database, cancel):
            await self.partials.remove(upload_id)
        return web.json_response({})

    async def finish(self, request: web.Request) -> web.Response:
        async def finish(tx: Tx) -> int:
            link = await self._own(tx, request)
            await upload_links.end(tx, link.id, self.clock.now())
            await self.reception.finished(tx, link)
            seen = await self._seen(tx, link, link.browser)
            return sum(file["state"] not in NOT_TAKEN for file in seen["files"])

        count = await durably(self.database, finish)
        self.reception.wake()
        return web.json_response({"files": count})

    async def _link(
        self,
        tx: Tx,
        request: web.Request,
        find: Callable[[Tx, str], Awaitable[Link | None]] = upload_links.get,
    ) -> Link:
        """The link, alive and wanted. Unknown, expired and used ones are answered alike."""
        link = await find(tx, request.match_info["token"])
        if link is None or not link.alive(self.clock.now()) or not await self.reception.wanted(tx, link):
            raise Problem(404, "gone")
        return link

    async def _own(self, tx: Tx, request: web.Request) -> Link:
        """The link, locked, for the browser to which it is bound."""
        link = await self._link(tx, request, upload_links.lock)
        if standing(link.browser, browser_of(request)) is not Standing.YOURS:
            raise Problem(403, "elsewhere")
        return link

    async def _expect(self, request: web.Request, upload_id: int, offset: int, length: int) -> None:
        """Raises Problem unless these bytes are the next ones of an upload of this browser."""
        async with self.database.read() as tx:
            shown, upload = await self._file(tx, request, upload_id)
        if not fits(upload, offset, length):
            raise Problem(409, "offset", file=shown)

    async def _conflict(self, request: web.Request, upload_id: int) -> Problem:
        async with self.database.read() as tx:
            shown, _ = await self._file(tx, request, upload_id)
        return Problem(409, "offset", file=shown)

    async def _file(self, tx: Tx, request: web.Request, upload_id: int) -> tuple[dict[str, Any], Upload]:
        link = await self._link(tx, request)
        if standing(link.browser, browser_of(request)) is not Standing.YOURS:
            raise Problem(403, "elsewhere")
        upload = await upload_links.upload(tx, link.id, upload_id)
        if upload is None:
            raise Problem(404, "no_file")
        return await self._shown(tx, upload, await self._locale(tx, link)), upload

    async def _record(self, request: web.Request, upload_id: int, offset: int, length: int) -> dict[str, Any]:
        """The bytes are on the disk: say so and, with the last of them, hand the file on."""

        async def record(tx: Tx) -> dict[str, Any]:
            link = await self._own(tx, request)
            upload = await upload_links.advance(tx, upload_id, offset, offset + length)
            if upload is None:
                raise Problem(409, "offset", file=(await self._file(tx, request, upload_id))[0])
            if upload.received == upload.size:
                upload = await self._hand_on(tx, link, upload)
            return await self._shown(tx, upload, await self._locale(tx, link))

        shown = await durably(self.database, record)
        if shown["state"] != UploadState.OPEN:
            self.reception.wake()
        return shown

    async def _hand_on(self, tx: Tx, link: Link, upload: Upload) -> Upload:
        attachment_id = await self.reception.completed(tx, link, upload)
        await upload_links.complete(tx, upload.id, attachment_id)
        return replace(upload, state=UploadState.COMPLETED, attachment_id=attachment_id)

    def _room_for(self, size: int, others: list[Upload]) -> None:
        if reason := refusal(size, others):
            raise Problem(STATUS[reason], reason)
        if self.partials.free_bytes() < size + SPARE_BYTES:
            raise Problem(507, "disk_full")

    async def _seen(self, tx: Tx, link: Link, browser: str | None) -> dict[str, Any]:
        stands = standing(link.browser, browser)
        if stands is not Standing.YOURS:
            return {"standing": stands, "files": []}
        locale = await self._locale(tx, link)
        files = await upload_links.uploads(tx, link.id)
        return {"standing": stands, "files": [await self._shown(tx, file, locale) for file in files]}

    async def _shown(self, tx: Tx, upload: Upload, locale: str) -> dict[str, Any]:
        """A file as the page gets it: `state` is open or that of its verdict, `text` the verdict's words."""
        shown = {"id": upload.id, "name": upload.name, "size": upload.size, "received": upload.received}
        if upload.attachment_id is None:
            return {**shown, "state": upload.state}
        verdict = await self.reception.verdict(tx, upload.attachment_id, locale)
        return {**shown, "state": verdict.state, "text": verdict.text}

    async def _locale(self, tx: Tx, link: Link) -> str:
        return self.pages.known((await people.get(tx, link.person_id)).locale)


def _asked(asked: Mapping[str, object]) -> tuple[str, str, int]:
    """The page's name for the content, the file's own name, its size. Raises Problem."""
    key, name, size = (asked.get(field) for field in ("key", "name", "size"))
    if isinstance(key, str) and KEY.fullmatch(key) and isinstance(name, str) and type(size) is int:
        return key, name, size
    raise Problem(400, "failed")
