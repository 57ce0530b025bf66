"""What is no longer needed is not kept."""

import os
import time
from pathlib import Path

from bot import housekeeping
from bot.retention import Keeping
from domain.notices import Kind, Lane, SendState
from domain.people import ConsentKind
from domain.retention import DAY_MS
from messages.catalog import Catalog
from storage import drafts, made_files, outbox, people, updates
from storage.engine import Database
from storage.files import FileStore
from storage.outbox import Result, Row
from storage.partials import Partials
from storage.updates import Incoming, State

DAY = DAY_MS


def keeping(database: Database, files: FileStore) -> Keeping:
    return Keeping(database, files, Catalog(), "zh_CN")


async def test_the_sweep_forgets_what_is_old_and_keeps_what_is_not(
    database: Database, tmp_path: Path
) -> None:
    now = 100 * DAY
    async with database.tx() as tx:
        person_id = await people.add(tx, "林知行", 1)
        await people.consent(tx, person_id, ConsentKind.PROCESSING, "2026-11", 1)
        for at in (1, now):
            [entry] = await updates.store(tx, [Incoming(at, 7, "{}")], at)
            await updates.settle(tx, entry.id, State.DONE, at)
            await people.add_guess(tx, 7, at)
            await drafts.add(
                tx, "say", 1, person_id=person_id, base_id=None, subject_id=None, now=at, expires_at=at
            )
            [row] = await outbox.insert(
                tx,
                [
                    Row(
                        7,
                        Lane.INTERACTIVE,
                        Kind.REPLY,
                        "sendMessage",
                        '{"text":"x"}',
                        SendState.SENDING,
                        at,
                        at,
                        person_id=person_id,
                    )
                ],
            )
            await outbox.settle(tx, [Result(row.id, SendState.SENT, 1, 0, at)], at)
    await housekeeping.sweep(
        keeping(database, FileStore(tmp_path / "files")), Partials(tmp_path / "partials"), now
    )
    async with database.tx() as tx:
        assert await updates.counts(tx) == {"done": 1}
        assert (await people.count_guesses(tx, 7, -1))[0] == 1
        assert await drafts.lock(tx, 1) is None
        assert await drafts.lock(tx, 2) is not None
        old, new = await outbox.find(tx, 7, 1), await outbox.find(tx, 7, now)
        assert old is not None
        assert new is not None
        assert (old.payload, new.payload) == ("", '{"text":"x"}')


async def test_the_sweep_erases_a_made_file_that_nobody_is_sent(database: Database, tmp_path: Path) -> None:
    files = FileStore(tmp_path / "files")
    made = files.path((await files.put(b"made")).sha256)
    past = time.time() - made_files.UNSENT_KEPT_S - 60
    os.utime(made, (past, past))
    await housekeeping.sweep(keeping(database, files), Partials(tmp_path / "partials"), 100 * DAY)
    assert not made.exists()
