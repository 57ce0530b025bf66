"""A file's way through the gate, on both databases: kept, held, confirmed, taken back or blocked."""

import asyncio

import pytest

from domain.confidential.findings import Finding, Part, Place, Rule
from domain.uploads import Attachment, State
from storage import attachments, people
from storage.engine import Database, Tx
from storage.files import Stored

NOW = 1_000_000
STORED = Stored("ab" * 32, 4)
FINDINGS = (Finding(Rule.MOBILE, Place(Part.CELL, (1, 3, 2)), "138****8000"),)


@pytest.fixture
async def announced(database: Database) -> int:
    """A file of a person's, in a chat."""
    async with database.tx() as tx:
        return await announce(tx)


async def announce(tx: Tx) -> int:
    person_id = await people.add(tx, "林知行", 1)
    return await attachments.add(
        tx, person_id=person_id, kind="document", name="名单.xlsx", size=None,
        telegram_file_id="BQAC", chat_id=7, message_id=11, now=NOW,
    )  # fmt: skip


async def keep(tx: Tx, attachment_id: int, *, held: bool = True) -> None:
    await attachments.keep(
        tx,
        attachment_id,
        STORED,
        name="名单.xlsx",
        media_type="text/csv",
        findings=FINDINGS,
        held=held,
        now=NOW,
    )


async def get(database: Database, attachment_id: int) -> Attachment:
    async with database.tx() as tx:
        return await attachments.lock(tx, attachment_id)


async def test_an_announced_file_is_pending(database: Database, announced: int) -> None:
    file = await get(database, announced)
    assert (file.state, file.name, file.telegram_file_id) == (State.PENDING, "名单.xlsx", "BQAC")
    assert (file.chat_id, file.message_id, file.received_at) == (7, 11, NOW)
    with pytest.raises(LookupError):
        await get(database, announced + 1)


async def test_findings_are_read_as_they_were_written(database: Database, announced: int) -> None:
    async with database.tx() as tx:
        await keep(tx, announced)
    file = await get(database, announced)
    assert (file.state, file.findings, file.sha256, file.size) == (State.HELD, FINDINGS, STORED.sha256, 4)


async def test_a_held_file_is_confirmed_once_and_a_kept_one_never(database: Database, announced: int) -> None:
    async with database.tx() as tx:
        other = await announce(tx)
        await keep(tx, announced)
        await keep(tx, other, held=False)
        said = [
            await attachments.confirm(tx, one, name, NOW)
            for one, name in ((announced, "严守正"), (announced, "谭慎"), (other, "谭慎"))
        ]
    assert said == [True, False, False]
    assert [(await get(database, one)).confirmed_by for one in (announced, other)] == ["严守正", None]


async def test_reviewers_are_asked_once(database: Database, announced: int) -> None:
    async with database.tx() as tx:
        assert [await attachments.ask(tx, announced, NOW) for _ in range(2)] == [True, False]


async def test_a_blocked_file_leaves_no_name_and_no_way_to_it(database: Database, announced: int) -> None:
    async with database.tx() as tx:
        await attachments.block(tx, announced)
    file = await get(database, announced)
    assert (file.state, file.name, file.telegram_file_id) == (State.BLOCKED, "", "")
    assert (file.size, file.chat_id, file.message_id, file.sha256) == (None, None, None, None)


async def test_a_content_goes_with_the_last_file_that_has_it(database: Database, announced: int) -> None:
    async with database.tx() as tx:
        other = await announce(tx)
        for one in (announced, other):
            await keep(tx, one)
        assert not await attachments.forget_unused(tx, STORED.sha256)
        await attachments.refuse(tx, announced, "gate/dropped")
        assert not await attachments.forget_unused(tx, STORED.sha256)
        await attachments.refuse(tx, other, "gate/dropped")
        assert await attachments.forget_unused(tx, STORED.sha256)
        assert await attachments.forget_unused(tx, STORED.sha256)
    file = await get(database, announced)
    assert (file.state, file.error, file.findings) == (State.REFUSED, "gate/dropped", ())


@pytest.mark.parametrize("first", ["keep", "forget"])
async def test_a_content_is_not_erased_while_another_file_takes_it(
    database: Database, announced: int, first: str
) -> None:
    """What each does to the disk, it does before its transaction ends: the second sees the first's end."""
    async with database.tx() as tx:
        old = await announce(tx)
        await keep(tx, old)
        await attachments.refuse(tx, old, "gate/dropped")
    on_disk, begun = [True], asyncio.Event()

    async def keeping() -> None:
        async with database.tx() as tx:
            await keep(tx, announced)
            await other_waits()
            on_disk[0] = True

    async def forgetting() -> None:
        async with database.tx() as tx:
            unused = await attachments.forget_unused(tx, STORED.sha256)
            await other_waits()
            on_disk[0] = on_disk[0] and not unused

    async def other_waits() -> None:
        """The first to come here lets the other run into it."""
        if not begun.is_set():
            begun.set()
            await asyncio.sleep(0.05)

    one, two = (keeping, forgetting) if first == "keep" else (forgetting, keeping)
    running = asyncio.create_task(one())
    await begun.wait()
    await two()
    await running
    assert on_disk == [True]
    assert (await get(database, announced)).sha256 == STORED.sha256
