"""The page itself, and what it asks for besides acting (`control.py`).

GET  /                                         the page; its parts under /page/
GET  /control/live                             everything, then what happens (see `live.py`)
GET  /control/chats/{id}/messages?before=&topic=   older messages of a chat
GET  /control/files/{file_id}                  a file's bytes
POST /control/people/{id}/upload               multipart: files, and kind, caption, chat, topic, reply_to
GET  /control/clock                            {now, to, next_due}; 404 when it cannot be moved
POST /control/clock {"by": ms} | {"to": ms}    moves it, in the background
DELETE /control/clock                          stops at the next due instant
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.rehearsal import view
from bot.rehearsal.acting import Attachment
from bot.rehearsal.clock import Winding
from bot.rehearsal.live import Live
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from bot.rehearsal.world import World

FOLDER = Path(__file__).with_name("page")
OLDER = 60  # messages a page
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}  # whatever this machine thinks of them
Fields = dict[str, str]


def add_page(app: web.Application) -> None:
    """What lies in the folder at the start, and nothing else."""
    app.router.add_get("/", _serving(FOLDER / "index.html"))
    for path in FOLDER.iterdir():
        app.router.add_get(f"/page/{path.name}", _serving(path))


def _serving(path: Path) -> Any:
    kind = {"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"}

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers=PAGE_HEADERS | kind)

    return serve


class Webpage:
    def __init__(self, world: World, winding: Winding | None, zone: str) -> None:
        self.world = world
        self.winding = winding
        self.zone = zone

    def add_to(self, control: web.Application) -> None:
        control.router.add_get("/live", self.live)
        control.router.add_get("/chats/{chat}/messages", self.older)
        control.router.add_get("/files/{file}", self.file)
        control.router.add_post("/people/{person}/upload", self.upload)
        if self.winding:
            Clock(self.winding).add_to(control)

    async def live(self, request: web.Request) -> web.StreamResponse:
        return await Live(self.world, self.winding, self.zone).run(request)

    async def older(self, request: web.Request) -> web.Response:
        chat = self.world.state.chats[int(request.match_info["chat"])]
        topic, before = (_number(request.query.get(name)) for name in ("topic", "before"))
        return web.json_response(view.history(self.world, chat, topic, limit=OLDER, before=before))

    async def file(self, request: web.Request) -> web.Response:
        """Pictures are shown, everything else is downloaded: nothing that someone sent may run here."""
        stored = self.world.state.files[request.match_info["file"]]
        data = stored.data if stored.data is not None else bytes(stored.size)
        kind = _picture(data)
        name = quote(stored.described.get("file_name") or stored.path.rpartition("/")[2], safe="")
        way = "inline" if kind and stored.kind in ("photo", "sticker") else "attachment"
        headers = {"Content-Disposition": f"{way}; filename*=UTF-8''{name}"}
        return web.Response(
            body=data, content_type=kind or "application/octet-stream", headers=FILE_HEADERS | headers
        )

    async def upload(self, request: web.Request) -> web.Response:
        person = self.world.people[int(request.match_info["person"])]
        fields, attachments = await _read_upload(request)
        sent = _send(person, attachments, fields.get("caption") or None, self._place(fields))
        return web.json_response([one.message_id for one in sent])

    def _place(self, fields: Fields) -> dict[str, Any]:
        chat = _number(fields.get("chat"))
        return {
            "chat": self.world.groups.get(chat) if chat else None,
            "topic": _number(fields.get("topic")),
            "reply_to": _number(fields.get("reply_to")),
        }


class Clock:
    """The clock in the header of the page."""

    def __init__(self, winding: Winding) -> None:
        self.winding = winding

    def add_to(self, control: web.Application) -> None:
        control.router.add_get("/clock", self.look)
        control.router.add_post("/clock", self.move)
        control.router.add_delete("/clock", self.stop)

    async def look(self, _: web.Request) -> web.Response:
        next_due = await self.winding.control.next_due()
        return web.json_response(self.winding.json() | {"next_due": next_due})

    async def move(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.winding.start(asked["to"] if "to" in asked else self.winding.control.now() + asked["by"])
        return web.json_response(self.winding.json())

    async def stop(self, _: web.Request) -> web.Response:
        self.winding.stop()
        return web.json_response(self.winding.json())


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _picture(data: bytes) -> str | None:
    """The type of a picture by its first bytes, whatever its name says."""
    starts = {b"\x89PNG": SHOWN[0], b"\xff\xd8\xff": SHOWN[1], b"GIF8": SHOWN[2]}
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return SHOWN[3]
    return next((kind for start, kind in starts.items() if data.startswith(start)), None)


async def _read_upload(request: web.Request) -> tuple[Fields, list[Attachment]]:
    fields: Fields = {}
    parts: list[tuple[str, bytes, str | None]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=False))
        if part.filename is None:
            fields[part.name] = data.decode()
        else:
            parts.append((part.filename, data, part.headers.get("Content-Type")))
    kind = "photo" if fields.get("kind") == "photo" else "document"
    return fields, [Attachment(name, data, mime_type=mime, kind=kind) for name, data, mime in parts]


def _send(
    person: Person, attachments: list[Attachment], caption: str | None, place: dict[str, Any]
) -> list[Seen]:
    """One alone by itself, several as an album."""
    if len(attachments) != 1:
        return person.send_album(attachments, caption, **place)
    one = attachments[0]
    if one.kind == "photo":
        return [person.send_photo(one.data or b"", caption=caption, **place)]
    return [person.send_document(one.name, one.data, mime_type=one.mime_type, caption=caption, **place)]
