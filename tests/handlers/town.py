"""Two bases and their people on a real SQLite file; what they do goes through the handlers, without HTTP."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from telegram import Update

from bot import invitations
from domain.calendar import Calendar
from domain.people import Membership, Role
from handlers import features, serving
from handlers.callbacks import unpack
from handlers.context import Services
from handlers.routes import REGISTRY, Route
from handlers.serving import INBOUND, Inbound
from messages.catalog import Catalog
from storage import bases, outbox, people, updates
from storage.dialect import prepare
from storage.engine import connect
from storage.migrate import migrate
from storage.outbox import Row
from storage.updates import Incoming
from tests.flows.conftest import BASE, OTHER_BASE

MORNING = 1_795_395_600_000  # Monday, 2026-11-23 09:00 in Shanghai
MINUTE = 60_000
OFFICER = 900
prepared = cache(prepare)
_SENT = prepare(
    "UPDATE outbox SET state = 'sent', message_id = id, settled_at = :now WHERE state = 'sending'"
)


class Quiet:
    """Stands for the outbox and the jobs: what is sent lies in the table, and is looked at there."""

    def send_now(self, rows: Sequence[Row]) -> None: ...

    def wake(self) -> None: ...


class Ticking:
    """Each act has its own minute."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> int:
        return self.at


class Town:
    def __init__(self, path: Path) -> None:
        features.load()
        self.loop = asyncio.Runner()
        self.clock = Ticking()
        self.database = self.loop.run(self._open(path))
        self.services = Services(
            database=self.database,
            catalog=Catalog(now=self.clock.now),
            clock=self.clock,
            calendar=Calendar(),
            sender=Quiet(),
            jobs=Quiet(),
            locale="zh_CN",
        )
        self._numbers = itertools.count(1)
        self.clock.at += self.rows("SELECT count(*) AS n FROM updates")[0]["n"] * MINUTE
        self._serve = serving.server(self.services)
        if not self.rows("SELECT id FROM persons"):
            self.enrol(OFFICER, "周明远", self.invited(Role.OFFICER, "周明远", None))

    async def _open(self, path: Path) -> Any:
        fresh = not path.exists()
        database = await connect(f"sqlite:///{path}")
        if fresh:
            await migrate(database)
        async with database.tx() as tx:
            for base in (BASE, OTHER_BASE):
                if await bases.by_code(tx, base.code) is None:
                    await bases.add(tx, base)
        return database

    def close(self) -> None:
        self.loop.run(self.database.close())
        self.loop.close()

    # --- what people do -----------------------------------------------------------------------------------

    def invited(self, role: Role, name: str, code: str | None) -> str | None:
        """From the command line; None where it is refused."""
        try:
            return self._run(invitations.invite(self.database, role, name, code, self.clock.now()))
        except invitations.Unfit:
            return None

    def handed_over(self, role: Role, name: str, code: str) -> str | None:
        now = self.clock.now()
        try:
            return self._run(invitations.hand_over(self.database, Calendar(), role, name, code, now))
        except invitations.Unfit:
            return None

    def enrol(self, account: int, name: str, code: str | None) -> None:
        """By the link, through both consents and the contact."""
        self.say(account, name, f"/start {code}")
        self.press(account, name, "agree_processing:0:0")
        self.press(account, name, "agree_cross_border:0:0")
        phone = f"8610000000{account}"
        contact = {"phone_number": phone, "first_name": name, "user_id": account}
        self._message(account, name, _contact(), {"contact": contact})

    def say(self, account: int, name: str, text: str) -> None:
        command = text.removeprefix("/").split()[0]
        self._message(account, name, REGISTRY.commands[command], {"text": text})

    def press(self, account: int, name: str, data: str) -> None:
        pressed = unpack(data)
        assert pressed is not None, data
        found = REGISTRY.presses[pressed.op]

        async def handle(ctx: Any) -> None:
            await found.handle(ctx, pressed)

        message = self._told(account, name) | {"from": {"id": 1, "is_bot": True, "first_name": "b"}}
        query = {
            "id": "1",
            "from": _user(account, name),
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        self._update(
            account, Route(found.name, found.action, handle, found.private), {"callback_query": query}
        )

    def block(self, account: int, name: str, *, blocked: bool) -> None:
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        bot = {"id": 1, "is_bot": True, "first_name": "b"}

        def member(status: str) -> dict[str, Any]:
            return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        body = {
            "chat": {"id": account, "type": "private"},
            "from": _user(account, name),
            "date": 1,
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        [route] = REGISTRY.memberships
        self._update(account, route, {"my_chat_member": body})

    def relieve(self, person_id: int, role: Role, base_id: int) -> None:
        """The office ends with nobody to succeed."""

        async def end() -> None:
            async with self.database.tx() as tx:
                await people.relieve_all(tx, [(person_id, Membership(role, base_id))], self.clock.now())

        self._run(end())

    def deliver(self) -> None:
        """Whatever is being sent has arrived."""

        async def settle() -> None:
            async with self.database.tx() as tx:
                await tx.touch(_SENT, {"now": self.clock.now()})

        self._run(settle())

    # --- looking ------------------------------------------------------------------------------------------

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        async def read() -> list[dict[str, Any]]:
            async with self.database.read() as tx:
                return [dict(row) for row in await tx.rows(prepared(sql), parameters)]

        return self._run(read(), tick=False)

    def store(self, rows: Sequence[Row]) -> None:
        async def insert() -> None:
            async with self.database.tx() as tx:
                await outbox.insert(tx, rows)

        self._run(insert())

    # --- how ----------------------------------------------------------------------------------------------

    def _message(self, account: int, name: str, route: Route, content: dict[str, Any]) -> None:
        sent = self._told(account, name) | {"from": _user(account, name)} | content
        self._update(account, route, {"message": sent})

    def _told(self, account: int, name: str) -> dict[str, Any]:
        return {"message_id": 5, "date": 1, "chat": {"id": account, "type": "private", "first_name": name}}

    def _update(self, account: int, route: Route, body: dict[str, Any]) -> None:
        number = next(self._numbers) + self.clock.at
        payload = {"update_id": number} | body

        async def serve() -> None:
            async with self.database.tx() as tx:
                incoming = Incoming(number, account, json.dumps(payload))
                [entry] = await updates.store(tx, [incoming], self.clock.now())
            inbound = Inbound(entry)
            token = INBOUND.set(inbound)
            try:
                await self._serve(route, _parsed(payload))
            finally:
                INBOUND.reset(token)
            if inbound.error is not None:
                raise inbound.error

        self._run(serve())

    def _run(self, work: Any, *, tick: bool = True) -> Any:
        self.clock.at += MINUTE if tick else 0
        return self.loop.run(work)


def _parsed(payload: dict[str, Any]) -> Update:
    update = Update.de_json(payload, None)
    assert update is not None
    return update


def _user(account: int, name: str) -> dict[str, Any]:
    return {"id": account, "is_bot": False, "first_name": name}


def _contact() -> Route:
    return next(route for _, route in REGISTRY.messages if route.name == "message:contact")
