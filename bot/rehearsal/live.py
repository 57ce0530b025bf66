"""What happens, live, for a page: everything at first, then what changes (server-sent events).

Every event is a JSON object with `kind` and `now`, the world's time:

    snapshot  frame, histories, zone, clock ({now, to}, or null when it cannot be moved)
    frame     frame: people, groups, topics or what the bot says of itself changed
    sent, edited  message (and the private chat's reply keyboard, when the message has to do with one)
    deleted   chat, id (and keyboard)
    read      chat, id: the bot has confirmed the message
    action    chat, action: typing and its like
    answered  query, text, show_alert, url: the answer to a press
    clock     now, to, error
    beat      nothing happened for a while
"""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.rehearsal import view
from bot.rehearsal.clock import Winding
from bot.rehearsal.journal import Event
from bot.rehearsal.state import Json
from bot.rehearsal.world import World

BEAT = 15  # seconds
BACKLOG = 20_000  # events; a page that is further behind begins again
RECENT = 60  # messages of a chat at first
RETRY = 1_000  # ms after which a page asks again


class Live:
    """One page that listens."""

    def __init__(self, world: World, winding: Winding | None, zone: str) -> None:
        self.world = world
        self.winding = winding
        self.zone = zone
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    async def run(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        self._stream = web.StreamResponse(headers=headers)
        stop = self.world.events.listen(self._queue.put_nowait)
        try:
            await self._stream.prepare(request)
            await self._stream.write(f"retry: {RETRY}\n\n".encode())
            await self._write(self._snapshot())
            while self._queue.qsize() < BACKLOG:
                await self._pass_on()
        finally:
            stop()
        return self._stream

    async def _pass_on(self) -> None:
        try:
            event = await asyncio.wait_for(self._queue.get(), BEAT)
        except TimeoutError:
            await self._write({"kind": "beat"})
            return
        told = TOLD.get(event.kind, _nothing)(self, event)
        if told:
            await self._write(told)

    async def _write(self, what: Json) -> None:
        line = json.dumps(what | {"now": self.world.now()}, ensure_ascii=False)
        await self._stream.write(f"data: {line}\n\n".encode())

    def _snapshot(self) -> Json:
        self._frame = view.frame(self.world)
        return {
            "kind": "snapshot",
            "frame": self._frame,
            "histories": view.histories(self.world, RECENT),
            "zone": self.zone,
            "clock": self.winding.json() if self.winding else None,
        }

    def told_frame(self, _: Event) -> Json | None:
        before, self._frame = self._frame, view.frame(self.world)
        return {"kind": "frame", "frame": self._frame} if self._frame != before else None

    def told_message(self, event: Event) -> Json | None:
        found = self.world.state.message(*_place(event))
        if found is None:  # deleted by now; that comes next
            return None
        own = found.sender_id == self.world.bot.id
        read = own or _place(event) not in view.unconfirmed(self.world)
        kind = "sent" if event.kind == "sent" else "edited"
        return {"kind": kind, "message": view.message(self.world.state, found, read=read)} | self._keyboard(
            event
        )

    def told_deleted(self, event: Event) -> Json:
        chat, number = _place(event)
        return {"kind": "deleted", "chat": chat, "id": number} | self._keyboard(event)

    def _keyboard(self, event: Event) -> Json:
        chat, number = _place(event)
        markup = self.world.state.messages[chat][number].markup or {}
        concerned = "keyboard" in markup or "remove_keyboard" in markup
        return {"keyboard": view.keyboard(self.world, self.world.state.chats[chat])} if concerned else {}

    def told_confirmed(self, event: Event) -> Json | None:
        return {"kind": "read", "chat": event.chat_id, "id": event.message_id} if event.message_id else None

    def told_action(self, event: Event) -> Json:
        return {"kind": "action", "chat": event.chat_id, "action": event.about["action"]}

    def told_answer(self, event: Event) -> Json:
        query = self.world.state.queries[event.about["query"]]
        return {"kind": "answered", "query": query.id, **query.answers[-1]}

    def told_clock(self, event: Event) -> Json:
        return {"kind": "clock", **event.about}


def _place(event: Event) -> tuple[int, int]:
    return event.chat_id or 0, event.message_id or 0


def _nothing(_: Live, __: Event) -> None:
    return


TOLD: dict[str, Any] = {
    "changed": Live.told_frame,
    "poll": Live.told_frame,
    "sent": Live.told_message,
    "edited": Live.told_message,
    "reaction": Live.told_message,
    "deleted": Live.told_deleted,
    "confirmed": Live.told_confirmed,
    "action": Live.told_action,
    "answered": Live.told_answer,
    "clock": Live.told_clock,
}
