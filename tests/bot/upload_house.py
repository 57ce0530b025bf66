"""The pages on a real server with a real database and folder, and browsers that speak HTTP."""

import io
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from bot.download_page import DownloadPage
from bot.public_pages import Address, asset_routes
from bot.upload_page import UploadPage
from domain.download_links import DownloadLink
from domain.upload_links import Link, Upload, Verdict, VerdictState
from messages import Catalog
from messages.pages import Pages
from storage import download_links, jobs, people, upload_links
from storage.engine import Database, Tx
from storage.files import FileStore
from storage.partials import Partials

MORNING = 1_795_395_600_000  # Monday, 2026-11-23 09:00 in Shanghai
EXAMINE = "examine"


@dataclass
class Clock:
    ms: int = MORNING

    def now(self) -> int:
        return self.ms

    async def until(self, instant: int) -> None:
        self.ms = max(self.ms, instant)


@dataclass
class Desk:
    """Takes the files over as jobs; what becomes of them is what a test says."""

    over: set[int] = field(default_factory=set)  # subjects
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    finished_links: list[Link] = field(default_factory=list)
    taken: list[DownloadLink] = field(default_factory=list)
    barred: bool = False
    woken: int = 0

    async def wanted(self, _: Tx, link: Link) -> bool:
        return link.subject_id not in self.over

    async def completed(self, tx: Tx, link: Link, upload: Upload) -> int:
        args = {"upload_id": upload.id, "name": upload.name, "person_id": link.person_id}
        job_id = await jobs.add(tx, EXAMINE, args, 0, key=f"{EXAMINE}:{upload.id}")
        assert job_id is not None, "a file was handed on twice"
        return job_id

    async def finished(self, _: Tx, link: Link) -> None:
        self.finished_links.append(link)

    def wake(self) -> None:
        self.woken += 1

    async def verdict(self, _: Tx, attachment_id: int, locale: str) -> Verdict:
        words = {"zh_CN": "已上传，正在检查。", "en": "Uploaded; being checked."}
        return self.verdicts.get(attachment_id, Verdict(VerdictState.EXAMINING, words[locale]))

    async def allowed(self, _: Tx, link: DownloadLink) -> bool:
        return not self.barred

    async def pressed(self, _: Tx, link: DownloadLink) -> None:
        self.taken.append(link)


class UploadHouse:
    """One server; `stop` and `start` keep its address."""

    def __init__(
        self, database: Database, folder: Path, public_url: str | None = None, port: int = 0
    ) -> None:
        self.database = database
        self.partials = Partials(folder / "partials")
        self.files = FileStore(folder / "files")
        self.clock = Clock()
        self.desk = Desk()
        self._runner: web.AppRunner | None = None
        self._socket = _bound(port)
        self.port = self._socket.getsockname()[1]
        self.address = Address(public_url or f"http://127.0.0.1:{self.port}")

    async def start(self) -> None:
        pages = Pages(Catalog())
        parts = (pages, self.clock, self.address, self.desk)
        application = web.Application()
        application.add_routes(UploadPage(self.database, self.partials, *parts).routes())
        application.add_routes(DownloadPage(self.database, self.files, *parts).routes())
        application.add_routes(asset_routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self._socket.close()

    async def restart(self) -> None:
        self._socket = _bound(self.port)
        await self.start()

    async def link(self, *, locale: str | None = None, subject_id: int = 7, title: str = "补充材料") -> str:
        """A new link's address, for a person of its own."""
        async with self.database.tx() as tx:
            person_id = await people.add(tx, "林知行（演示）", 1)
            if locale is not None:
                await people.set_locale(tx, person_id, locale)
            token = await upload_links.add(
                tx,
                person_id=person_id,
                purpose="request",
                subject_id=subject_id,
                title=title,
                now=self.clock.now(),
            )
        return self.address.link(f"/u/{token}")

    async def download(self, content: bytes, name: str) -> str:
        stored = await self.files.put(content)
        async with self.database.tx() as tx:
            person_id = await people.add(tx, "周明远（演示）", 1)
            token = await download_links.add(
                tx,
                person_id=person_id,
                sha256=stored.sha256,
                name=name,
                media_type="application/pdf",
                size=stored.size,
                now=self.clock.now(),
            )
        return self.address.link(f"/d/{token}")

    async def handed_on(self) -> list[Mapping[str, Any]]:
        """What was handed on, in order."""
        async with self.database.tx() as tx:
            return [
                {"job_id": job.id, **job.args}
                for job in await jobs.claim(tx, self.clock.now(), self.clock.now(), 100)
            ]


class Visitor:
    """A browser at a link, as far as HTTP goes."""

    def __init__(self, session: aiohttp.ClientSession, link: str) -> None:
        self.session = session
        self.link = link

    @property
    def secret(self) -> str:
        [cookie] = self.session.cookie_jar.filter_cookies(URL(self.link)).values()
        return cookie.value

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.request(method, self.link + path, **more) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str = "") -> tuple[int, str]:
        async with self.session.get(self.link + path) as answer:
            return answer.status, await answer.text()

    async def state(self) -> tuple[int, dict[str, Any]]:
        return await self.ask("GET", "/state")

    async def started(self) -> "Visitor":
        await self.state()
        assert await self.ask("POST", "/start") == (200, {"standing": "yours", "files": []})
        return self

    async def begin(
        self, size: int, key: str = "0000-0001", name: str = "年报.pdf"
    ) -> tuple[int, dict[str, Any]]:
        return await self.ask("POST", "/files", json={"key": key, "name": name, "size": size})

    async def put(self, file_id: int, offset: int, data: bytes) -> tuple[int, dict[str, Any]]:
        return await self.ask(
            "PUT", f"/files/{file_id}", data=io.BytesIO(data), headers={"Upload-Offset": str(offset)}
        )


def new_browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


def _bound(port: int) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", port))
    return one
