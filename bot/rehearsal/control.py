"""Acting as people over HTTP JSON, for what is not in the server's process. On loopback only.

    POST /control/people {"first_name": "张三", "phone": "+86…"}      a new person
    GET  /control/people/{id}                                       keyboard, typing, unread
    GET  /control/people/{id}/messages?chat=                        the chat as they see it
    POST /control/people/{id}/{act} {…}                             an act of Person, with its arguments
    POST /control/people/{id}/expect {"text": …, "timeout": 5}      waits for what the bot does; 408: in vain
    POST /control/groups {"title": …, "members": [id], "forum": true}
    POST /control/groups/{id}/{deed} {…}                            a deed of Group
    GET  /control/presses/{query_id}                                the answers to a press
    GET  /control/calls?method=                                     the log
    GET, POST, DELETE /control/faults {"method": …, "effect": "failure", "status": 429}
    POST /control/token {"valid": false}
    GET  /control/state                                             everything, as JSON
    GET  /control/events                                            what happens, live (server-sent events)

In arguments a chat, a person and a topic are ids, a message is its message_id, and bytes are `data_base64`.
What the page asks for besides is in `webpage.py`.
"""

import asyncio
import base64
import dataclasses
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.rehearsal import snapshot
from bot.rehearsal.acting import Attachment, CannotAct
from bot.rehearsal.groups import Group
from bot.rehearsal.guard import Handler, for_this_machine
from bot.rehearsal.journal import Event
from bot.rehearsal.people import NotSeen, Person
from bot.rehearsal.press import Press
from bot.rehearsal.refusal import Refusal
from bot.rehearsal.seen import seen
from bot.rehearsal.state import Json
from bot.rehearsal.webpage import Webpage
from bot.rehearsal.world import World

ACTS = frozenset(
    {
        "start",
        "send",
        "edit",
        "delete",
        "share_contact",
        "share_contact_of",
        "forward_contact",
        "press",
        "press_data",
        "tap",
        "send_document",
        "send_photo",
        "send_voice",
        "send_sticker",
        "send_album",
        "block",
        "unblock",
        "deactivate",
    }
)
DEEDS = frozenset({"add", "remove", "add_bot", "remove_bot", "topic", "migrate"})


def add_control(app: web.Application, world: World, webpage: Webpage) -> None:
    control = Control(world)
    inner = web.Application(middlewares=[for_this_machine, _explained])
    webpage.add_to(inner)
    inner.router.add_post("/people", control.add_person)
    inner.router.add_get("/people/{person}", control.look)
    inner.router.add_get("/people/{person}/messages", control.messages)
    inner.router.add_post("/people/{person}/expect", control.expect)
    inner.router.add_post("/people/{person}/{act}", control.act)
    inner.router.add_post("/groups", control.add_group)
    inner.router.add_post("/groups/{group}/{deed}", control.change_group)
    inner.router.add_get("/presses/{query}", control.press)
    inner.router.add_get("/calls", control.calls)
    inner.router.add_get("/faults", control.faults)
    inner.router.add_post("/faults", control.add_fault)
    inner.router.add_delete("/faults", control.clear_faults)
    inner.router.add_post("/token", control.set_token)
    inner.router.add_get("/state", control.state)
    inner.router.add_get("/events", control.events)
    app.add_subapp("/control", inner)


@web.middleware
async def _explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What cannot be done is told in a sentence."""
    try:
        return await handler(request)
    except NotSeen as missing:
        return web.json_response({"error": str(missing)}, status=408)
    except (CannotAct, Refusal, LookupError, TypeError, ValueError) as wrong:
        return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)


class Control:
    def __init__(self, world: World) -> None:
        self.world = world

    async def add_person(self, request: web.Request) -> web.Response:
        person = self.world.person(**await request.json())
        return _json(dataclasses.asdict(person.user))

    async def look(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return _json({"keyboard": person.keyboard, "typing": person.typing, "unread": person.unread()})

    async def messages(self, request: web.Request) -> web.Response:
        chat = request.query.get("chat")
        return _json(self._person(request).messages(self.world.groups[int(chat)] if chat else None))

    async def expect(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return _json(await person.expect(**self._arguments(await request.json(), person.id)))

    async def act(self, request: web.Request) -> web.Response:
        person, act = self._person(request), request.match_info["act"]
        if act not in ACTS:
            raise web.HTTPNotFound
        arguments = self._arguments(await _body(request), person.id)
        if act in ("edit", "delete"):
            arguments.pop("chat", None)  # it has told whose message that is
        return _json(getattr(person, act)(**arguments))

    async def add_group(self, request: web.Request) -> web.Response:
        terms = await request.json()
        terms["members"] = [self.world.people[number] for number in terms.get("members", [])]
        return _json(self.world.group(**terms))

    async def change_group(self, request: web.Request) -> web.Response:
        group, deed = self.world.groups[int(request.match_info["group"])], request.match_info["deed"]
        if deed not in DEEDS:
            raise web.HTTPNotFound
        return _json(getattr(group, deed)(**self._arguments(await _body(request), group.id)))

    async def press(self, request: web.Request) -> web.Response:
        return _json(Press(self.world, self.world.state.queries[request.match_info["query"]]))

    async def calls(self, request: web.Request) -> web.Response:
        method = request.query.get("method")
        return _json(self.world.calls.of(method) if method else self.world.calls.all)

    async def faults(self, request: web.Request) -> web.Response:
        return _json(self.world.faults.active)

    async def add_fault(self, request: web.Request) -> web.Response:
        return _json(self.world.faults.add_json(await request.json()))

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.world.faults.clear()
        return _json([])

    async def set_token(self, request: web.Request) -> web.Response:
        valid = (await request.json())["valid"]
        (self.world.restore if valid else self.world.revoke)()
        return _json({"valid": valid})

    async def state(self, request: web.Request) -> web.Response:
        return web.Response(text=snapshot.dump(self.world.state), content_type="application/json")

    async def events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        queue: asyncio.Queue[Event] = asyncio.Queue()
        stop = self.world.events.listen(queue.put_nowait)
        try:
            await stream.prepare(request)
            while True:
                event = await queue.get()
                await stream.write(f"data: {json.dumps(_plain(event), ensure_ascii=False)}\n\n".encode())
        finally:
            stop()

    def _person(self, request: web.Request) -> Person:
        return self.world.people[int(request.match_info["person"])]

    def _arguments(self, body: Json, chat_id: int) -> Json:
        """What the JSON stands for: people, groups, messages, files."""
        where = body.get("chat", chat_id)
        readers: dict[str, Callable[[Any], Any]] = {
            "chat": self.world.groups.__getitem__,
            "person": self.world.people.__getitem__,
            "by": self.world.people.__getitem__,
            "whom": lambda whom: whom if isinstance(whom, dict) else self.world.people[whom],
            "message": lambda number: seen(self.world.state, self.world.state.messages[where][number]),
            "attachments": lambda listed: [Attachment(**_with_bytes(one)) for one in listed],
        }
        given = _with_bytes(body)
        return {name: readers[name](value) if name in readers else value for name, value in given.items()}


async def _body(request: web.Request) -> Json:
    body: Json = await request.json() if request.can_read_body else {}
    return body


def _with_bytes(body: Json) -> Json:
    rest = {name: value for name, value in body.items() if name != "data_base64"}
    return rest | ({"data": base64.b64decode(body["data_base64"])} if "data_base64" in body else {})


def _plain(value: Any) -> Any:
    if isinstance(value, Press):
        return {"query_id": value.query.id, "answers": [_plain(one) for one in value.answers]}
    if isinstance(value, Group):
        return {"id": value.id, "title": value.chat.title}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return (
        dataclasses.asdict(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type)
        else value
    )


def _json(value: Any) -> web.Response:
    return web.json_response(_plain(value))
