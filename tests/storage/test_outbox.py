"""The outbox's rows, on both databases."""

from dataclasses import replace
from typing import Any

from domain.notices import Kind, Lane, SendState
from storage import outbox
from storage.engine import Database
from storage.outbox import Result, Row

NOW = 1_000_000


def a_row(chat_id: int = 1, **changes: Any) -> Row:
    row = Row(
        chat_id=chat_id,
        lane=Lane.BULK,
        kind=Kind.BROADCAST,
        method="sendMessage",
        payload='{"text": "您好"}',
        state=SendState.QUEUED,
        due_at=NOW,
        created_at=NOW,
    )
    return replace(row, **changes)


async def insert(database: Database, *rows: Row) -> list[Row]:
    async with database.tx() as tx:
        return await outbox.insert(tx, rows)


async def stored(database: Database, row_id: int) -> Row:
    async with database.tx() as tx:
        row = await outbox.get(tx, row_id)
    assert row is not None
    return row


async def test_a_row_comes_back_as_it_was_stored(database: Database) -> None:
    full = a_row(
        person_id=3,
        subject_kind="request",
        subject_id=7,
        sending_at=NOW,
        target=9,
        key="T-7:3",
        template="requests/accepted",
        facts={"number": "FW-2026-0001"},
        cutoff_at=NOW + 5,
    )
    [row] = await insert(database, full)
    assert row == replace(full, id=row.id)
    assert await stored(database, row.id) == row


async def test_a_batch_keeps_its_order_and_nothing_is_a_batch_too(database: Database) -> None:
    rows = await insert(database, *(a_row(chat) for chat in range(50)))
    assert [row.chat_id for row in rows] == list(range(50))
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert (await stored(database, rows[20].id)).chat_id == 20
    assert await insert(database) == []


async def test_what_is_planned_twice_under_one_key_is_there_once(database: Database) -> None:
    [first] = await insert(database, a_row(1, key="a"))
    rows = await insert(database, a_row(1, key="a"), a_row(2, key="b"), a_row(3), a_row(4, key="b"))
    assert [row.chat_id for row in rows] == [2, 3]
    assert (await stored(database, rows[1].id)).chat_id == 3
    assert (await stored(database, first.id)).key == "a"


async def test_a_sent_message_is_found_by_its_id_in_the_chat(database: Database) -> None:
    [row] = await insert(database, a_row(5, subject_kind="request", subject_id=7))
    async with database.tx() as tx:
        await outbox.settle(tx, [Result(row.id, SendState.SENT, 1, 0, message_id=88)], NOW)
        found = await outbox.find(tx, 5, 88)
        assert await outbox.find(tx, 6, 88) is None
    assert found is not None
    assert (found.id, found.subject_kind, found.subject_id) == (row.id, "request", 7)


async def test_a_claim_takes_of_each_free_chat_the_first_that_is_due(database: Database) -> None:
    await insert(
        database,
        a_row(1, payload="1a"),
        a_row(1, payload="1b"),
        a_row(2, payload="2a"),
        a_row(3, payload="3a"),
        a_row(4, payload="4a", due_at=NOW + 1),
        a_row(5, payload="5a", state=SendState.PLANNED),
        a_row(6, payload="6a", due_at=NOW - 1),
    )
    async with database.tx() as tx:
        claimed = await outbox.claim(tx, NOW, 100, busy=[3])
    assert [row.payload for row in claimed] == ["6a", "1a", "2a"]
    assert {(row.state, row.sending_at) for row in claimed} == {(SendState.SENDING, NOW)}
    async with database.tx() as tx:
        assert [row.payload for row in await outbox.claim(tx, NOW, 1)] == ["1b"]


async def test_one_row_is_taken_once(database: Database) -> None:
    [row] = await insert(database, a_row())
    async with database.tx() as tx:
        assert await outbox.take(tx, row.id, NOW)
        assert not await outbox.take(tx, row.id, NOW)


async def test_a_batch_of_results_is_recorded(database: Database) -> None:
    rows = await insert(database, *(a_row(chat, state=SendState.SENDING) for chat in range(3)))
    results = [
        Result(rows[0].id, SendState.SENT, 1, 0, message_id=5),
        Result(rows[1].id, SendState.FAILED, 2, 1, error="blocked", reference="E-1"),
        Result(rows[2].id, SendState.QUEUED, 3, 1),
    ]
    async with database.tx() as tx:
        await outbox.settle(tx, results, NOW + 9)
        assert await outbox.orphans(tx) == []
    for row, result in zip(rows, results, strict=True):
        after = await stored(database, row.id)
        assert (after.state, after.attempts, after.doubts, after.message_id) == (
            result.state,
            result.attempts,
            result.doubts,
            result.message_id,
        )


async def test_orphans_and_waiting_replies_come_in_the_order_they_were_made(database: Database) -> None:
    lane = Lane.INTERACTIVE
    rows = await insert(
        database,
        a_row(2, state=SendState.SENDING),
        a_row(1, lane=lane, due_at=NOW - 1),
        a_row(1, state=SendState.SENDING),
        a_row(1, lane=lane, due_at=NOW - 2),
        a_row(1, lane=lane, due_at=NOW + 1),
    )
    async with database.tx() as tx:
        assert [row.id for row in await outbox.orphans(tx)] == [rows[0].id, rows[2].id]
        assert [row.id for row in await outbox.interactive(tx, NOW)] == [rows[1].id, rows[3].id]


async def test_a_chat_that_moved_takes_along_only_what_is_open(database: Database) -> None:
    rows = await insert(database, a_row(-5), a_row(-5, state=SendState.SENT), a_row(-6))
    async with database.tx() as tx:
        await outbox.move(tx, -5, -1005)
    assert [(await stored(database, row.id)).chat_id for row in rows] == [-1005, -5, -6]


async def test_how_deep_the_queue_is_and_how_old(database: Database) -> None:
    async with database.tx() as tx:
        assert set((await outbox.depths(tx, NOW)).values()) == {0}
        assert await outbox.oldest(tx, NOW) == 0
    reply = a_row(4, lane=Lane.INTERACTIVE)
    await insert(database, a_row(1, due_at=NOW - 500), a_row(2), a_row(3, due_at=NOW + 1), reply)
    async with database.tx() as tx:
        assert await outbox.depths(tx, NOW) == {Lane.BULK: 2, Lane.INTERACTIVE: 1, Lane.PRESS: 0}
        assert await outbox.oldest(tx, NOW) == 500
        assert await outbox.next_due(tx, NOW) == NOW + 1
        assert await outbox.next_due(tx, NOW + 1) is None


async def test_the_sends_about_a_subject_are_counted_and_named(database: Database) -> None:
    about: dict[str, Any] = {"subject_kind": "notice", "subject_id": 4}
    rows = await insert(
        database,
        a_row(1, person_id=11, state=SendState.UNCERTAIN, **about),
        a_row(2, person_id=12, state=SendState.SENT, **about),
        a_row(3, person_id=13, state=SendState.SENT, **about),
        a_row(4, state=SendState.SENT, subject_kind="request", subject_id=4),
    )
    async with database.tx() as tx:
        assert await outbox.counts(tx, "notice", 4) == {SendState.UNCERTAIN: 1, SendState.SENT: 2}
        doubtful = await outbox.list_of_subject(tx, "notice", 4, [SendState.UNCERTAIN])
        assert [row.id for row in await outbox.list_of_subject(tx, "notice", 4)] == [r.id for r in rows[:3]]
    assert [row.person_id for row in doubtful] == [11]


async def test_a_planned_row_gets_its_text_when_its_time_has_come(database: Database) -> None:
    [row, later] = await insert(
        database,
        a_row(1, state=SendState.PLANNED, payload=""),
        a_row(1, state=SendState.PLANNED, due_at=NOW + 1),
    )
    async with database.tx() as tx:
        assert [due.id for due in await outbox.planned(tx, NOW, 10)] == [row.id]
        assert await outbox.queue(tx, row.id, "text")
        assert not await outbox.queue(tx, row.id, "again")
        assert await outbox.drop(tx, later.id, "no longer wanted", NOW)
        assert not await outbox.drop(tx, later.id, "again", NOW)
    assert (await stored(database, row.id)).payload == "text"
    assert (await stored(database, later.id)).state is SendState.DROPPED


async def test_a_person_may_have_sent_once_more_what_is_uncertain_or_failed(database: Database) -> None:
    final = [SendState.UNCERTAIN, SendState.FAILED, SendState.SENT, SendState.DROPPED]
    rows = await insert(database, *(a_row(chat, cutoff_at=NOW) for chat in range(5)))
    async with database.tx() as tx:
        results = [Result(row.id, state, 1, 1) for row, state in zip(rows, [*final, final[0]], strict=True)]
        await outbox.settle(tx, results, NOW)
        assert await outbox.requeue(tx, [row.id for row in rows[:4]], NOW + 9) == [rows[0].id, rows[1].id]
    again = await stored(database, rows[0].id)
    assert (again.state, again.due_at, again.cutoff_at) == (SendState.QUEUED, NOW + 9, None)
    assert (again.attempts, again.doubts) == (1, 1)


async def test_a_row_is_queued_again_as_another_call(database: Database) -> None:
    [row] = await insert(
        database, a_row(kind=Kind.EDIT, method="editMessageText", target=3, state=SendState.SENDING)
    )
    async with database.tx() as tx:
        await outbox.remake(tx, replace(row, kind=Kind.REPLY, method="sendMessage", payload="new"))
    after = await stored(database, row.id)
    assert (after.kind, after.method, after.payload) == (Kind.REPLY, "sendMessage", "new")
    assert (after.state, after.target) == (SendState.QUEUED, None)


async def test_texts_settled_long_ago_are_forgotten(database: Database) -> None:
    rows = await insert(database, a_row(1, facts={"a": 1}), a_row(2), a_row(3))
    async with database.tx() as tx:
        await outbox.settle(tx, [Result(rows[0].id, SendState.SENT, 1, 0)], NOW)
        await outbox.settle(tx, [Result(rows[1].id, SendState.SENT, 1, 0)], NOW + 10)
        assert await outbox.forget_texts(tx, NOW + 10) == 1
    first = await stored(database, rows[0].id)
    assert (first.payload, first.facts) == ("", None)
    assert (await stored(database, rows[1].id)).payload
    assert (await stored(database, rows[2].id)).payload
