"""How long a file that the product made is kept, on both databases."""

import json
import os
import time
from pathlib import Path

import pytest

from domain.attached import Attached, taking_along
from domain.notices import Kind, Lane, SendState
from storage import attachments, download_links, made_files, outbox, people
from storage.engine import Database
from storage.files import FileStore, Stored
from storage.outbox import Result, Row

NOW = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


async def put(store: FileStore, content: bytes, *, old: bool = True) -> Stored:
    stored = await store.put(content)
    if old:
        age(store, stored)
    return stored


def age(store: FileStore, stored: Stored) -> None:
    past = time.time() - made_files.UNSENT_KEPT_S - 60
    os.utime(store.path(stored.sha256), (past, past))


def is_there(store: FileStore, stored: Stored) -> bool:
    return store.path(stored.sha256).exists()


async def sent(database: Database, stored: Stored, state: SendState = SendState.QUEUED) -> Row:
    file = Attached(stored.sha256, "模板.xlsx", "application/octet-stream")
    payload = json.dumps(taking_along({"chat_id": 1, "document": file.address}, file))
    row = Row(1, Lane.INTERACTIVE, Kind.RECEIPT, "sendDocument", payload, state, NOW, NOW)
    async with database.tx() as tx:
        [inserted] = await outbox.insert(tx, [row])
    return inserted


async def test_what_nobody_ever_sent_goes_after_a_day(database: Database, store: FileStore) -> None:
    old, new = await put(store, b"old"), await put(store, b"new", old=False)
    await made_files.sweep(database, store)
    assert (is_there(store, old), is_there(store, new)) == (False, True)


@pytest.mark.parametrize("state", SendState)
async def test_what_a_row_names_stays_until_the_row_is_forgotten(
    database: Database, store: FileStore, state: SendState
) -> None:
    made, other = await put(store, b"template"), await put(store, b"other")
    row = await sent(database, made, state)
    await made_files.sweep(database, store)
    assert (is_there(store, made), is_there(store, other)) == (True, False)
    async with database.tx() as tx:
        await outbox.settle(tx, [Result(row.id, SendState.FAILED, 1, 0)], NOW)
        await outbox.forget_texts(tx, NOW + 1)
    await made_files.sweep(database, store)
    assert not is_there(store, made)


async def test_what_is_on_record_stays(database: Database, store: FileStore) -> None:
    kept, linked = await put(store, b"kept"), await put(store, b"linked")
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", NOW)
        attachment_id = await attachments.add(
            tx, person_id=person_id, kind="document", name="a.txt", size=4, now=NOW
        )
        await attachments.keep(tx, attachment_id, kept, name="a.txt", media_type="text/plain", now=NOW)
        link = {"name": "b.txt", "media_type": "text/plain", "size": 6}
        await download_links.add(tx, person_id=person_id, sha256=linked.sha256, now=NOW, **link)  # type: ignore[arg-type]
    await made_files.sweep(database, store)
    assert (is_there(store, kept), is_there(store, linked)) == (True, True)


async def test_what_is_put_again_is_young_again(database: Database, store: FileStore) -> None:
    made = await put(store, b"template")
    await put(store, b"template", old=False)
    await made_files.sweep(database, store)
    assert is_there(store, made)


async def test_what_is_put_again_while_the_sweep_thinks_stays(store: FileStore) -> None:
    made = await put(store, b"template")
    assert await store.older(made_files.UNSENT_KEPT_S) == [made.sha256]
    await put(store, b"template", old=False)
    await store.remove_older(made.sha256, made_files.UNSENT_KEPT_S)
    assert is_there(store, made)
    age(store, made)
    await store.remove_older(made.sha256, made_files.UNSENT_KEPT_S)
    assert not is_there(store, made)
