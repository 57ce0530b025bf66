"""A webhook answers 200 after the commit, and says no to whoever lacks the secret."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import aiohttp
import aiohttp.web
import pytest

from bot import web
from bot.clock import SystemClock
from bot.intake import MAX_BODY, SECRET_HEADER, Inbox, webhook
from storage import updates
from storage.engine import Database, Unavailable
from storage.updates import Entry

SECRET = "a-secret-of-the-tests"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 5}, "text": "你好"}}


@dataclass
class Stage:
    database: Database
    url: str
    fed: list[Entry] = field(default_factory=list)

    async def post(self, body: bytes, secret: bytes = SECRET.encode()) -> int:
        headers = {SECRET_HEADER: secret.decode("latin-1")}
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def stored(self) -> dict[str, int]:
        async with self.database.read() as tx:
            return await updates.counts(tx)


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    made = Stage(database, "")

    def feed(entries: Iterable[Entry]) -> None:
        made.fed += entries

    inbox = Inbox(database, SystemClock(), feed)
    site = web.Site(
        web.public([aiohttp.web.post("/webhook", webhook(inbox, SECRET))], MAX_BODY), "127.0.0.1:0"
    )
    await site.start()
    made.url = f"http://127.0.0.1:{site.port}/webhook"
    try:
        yield made
    finally:
        await site.stop()


async def test_an_update_is_stored_and_handed_on(stage: Stage) -> None:
    assert await stage.post(json.dumps(UPDATE).encode()) == 200
    assert await stage.stored() == {"stored": 1}
    assert [(entry.chat_id, json.loads(entry.payload)["update_id"]) for entry in stage.fed] == [(5, 7)]


@pytest.mark.parametrize("secret", [b"", b"wrong", "é".encode("latin-1")])
async def test_without_the_secret_nothing_comes_in(stage: Stage, secret: bytes) -> None:
    assert await stage.post(json.dumps(UPDATE).encode(), secret) == 403
    assert await stage.stored() == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"\xff"])
async def test_what_is_no_update_is_refused(stage: Stage, body: bytes) -> None:
    assert await stage.post(body) == 400
    assert await stage.stored() == {}


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(updates, "store", away)
    assert await stage.post(json.dumps(UPDATE).encode()) == 503
    assert stage.fed == []


async def test_an_update_that_was_kept_and_not_handled_is_handed_on_again(stage: Stage) -> None:
    for _ in range(2):
        assert await stage.post(json.dumps(UPDATE).encode()) == 200
    assert await stage.stored() == {"stored": 1}
    assert len({entry.id for entry in stage.fed}) == 1
    async with stage.database.tx() as tx:
        await updates.settle(tx, stage.fed[0].id, updates.State.DONE, 1)
    before = len(stage.fed)
    assert await stage.post(json.dumps(UPDATE).encode()) == 200
    assert len(stage.fed) == before
