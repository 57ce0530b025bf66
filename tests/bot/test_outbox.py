"""The sender against a Bot API server over real HTTP, on both databases; time moves when a test moves it."""

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

import pytest

from bot.claims import AHEAD, IN_FLIGHT
from bot.line import SILENCES
from bot.rehearsal import ANY, Delay, DropAfter, Failure
from bot.rehearsal.people import Person
from bot.transport import Connection
from domain.notices import Kind, Lane, SendState
from domain.people import PhoneCheck
from storage import outbox, people
from storage.engine import CommitFailed, Database, Tx, Unavailable
from tests.bot.outbox_house import (
    NOON,
    TOKEN,
    OutboxHouse,
    a_row,
    an_edit,
    an_outbox_house,
    child_process,
    deaf_api,
    eventually,
    outbox_of,
    sending,
)

INTERACTIVE, BULK, PRESS = Lane.INTERACTIVE, Lane.BULK, Lane.PRESS


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[OutboxHouse]:
    async with an_outbox_house(database, tmp_path) as running:
        yield running


async def test_a_reply_is_sent_and_its_message_is_known(house: OutboxHouse) -> None:
    zhang = house.person()
    [row] = await house.say(a_row(zhang.id, "登记完成"))
    seen = await zhang.expect("登记完成")
    done = await house.until(row)
    assert (done.state, done.message_id, done.attempts, done.doubts) == (
        SendState.SENT,
        seen.message_id,
        1,
        0,
    )


async def test_replies_of_a_chat_keep_their_order_while_chats_overlap(house: OutboxHouse) -> None:
    people_ = [house.person(str(n)) for n in range(8)]
    house.server.world.faults.add("sendMessage", Delay(20), fraction=0.5)
    rows = [a_row(person.id, f"{n:02d}") for n in range(10) for person in people_]
    stored = await house.say(*rows)
    await house.outbox.idle()
    for person in people_:
        texts = [message.text for message in person.messages() if message.from_bot]
        assert texts == [f"{n:02d}" for n in range(10)]
    assert {(await house.row(row)).state for row in stored} == {SendState.SENT}


async def test_bulk_reaches_everybody_once_in_order(house: OutboxHouse) -> None:
    people_ = [house.person(str(n)) for n in range(150)]
    chance = random.Random(3)
    rows = [a_row(person.id, str(n), kind=Kind.BROADCAST) for n in range(2) for person in people_]
    chance.shuffle(people_)
    stored = await house.queue(*rows)
    await house.outbox.idle()
    assert len(house.calls.executed("sendMessage")) == 300
    assert all([m.text for m in p.messages() if m.from_bot] == ["0", "1"] for p in people_)
    assert {(await house.row(row)).state for row in stored[:5]} == {SendState.SENT}


async def test_two_claims_at_once_take_one_row_of_a_chat(house: OutboxHouse) -> None:
    await house.outbox.stop()
    zhang = house.person()
    rows = [a_row(zhang.id, str(n), state=SendState.QUEUED, lane=BULK) for n in range(2)]
    async with house.database.tx() as tx:
        await outbox.insert(tx, rows)
    connection = Connection()
    sender = outbox_of(house.database, house.server.base_url, house.clock, connection)
    try:
        assert sorted(await asyncio.gather(sender._claims.claim(), sender._claims.claim())) == [0, 1]
        await sender.idle()
        await sender.stop()
    finally:
        await connection.close()
    assert [message.text for message in zhang.messages() if message.from_bot] == ["0", "1"]


async def test_what_another_process_queued_is_found_without_being_told(house: OutboxHouse) -> None:
    zhang = house.person()
    async with house.database.tx() as tx:
        await outbox.insert(tx, [a_row(zhang.id, "来自命令行", state=SendState.QUEUED, lane=BULK)])
    await zhang.expect("来自命令行")


async def test_replies_that_another_process_queued_leave_room_for_bulk(house: OutboxHouse) -> None:
    replies = [a_row(house.person(str(n)).id, state=SendState.QUEUED) for n in range(130)]
    async with house.database.tx() as tx:
        await outbox.insert(tx, replies)
    await house.outbox.idle()
    [notice] = await house.queue(a_row(house.person().id, kind=Kind.BROADCAST))
    assert (await house.until(notice)).state is SendState.SENT


async def test_a_429_holds_up_that_chat_alone_and_puts_nothing_in_doubt(house: OutboxHouse) -> None:
    zhang, li = house.person("张三"), house.person("李四")
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=3), times=1)
    first, second = await house.say(a_row(zhang.id, "一"), a_row(zhang.id, "二"))
    assert (await house.waits(first)).doubts == 0
    await house.say(a_row(li.id, "别人的"))
    await li.expect("别人的")
    house.clock.move(2_999)
    assert len(house.calls.executed("sendMessage", chat_id=zhang.id)) == 0
    house.clock.move(1)
    await house.until(second)
    assert [message.text for message in zhang.messages() if message.from_bot] == ["一", "二"]


async def test_what_has_to_wait_for_its_time_is_not_waited_for(house: OutboxHouse) -> None:
    zhang, li = house.person("张三"), house.person("李四")
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=30), times=1)
    [held] = await house.say(a_row(zhang.id))
    await house.waits(held)
    [free] = await house.say(a_row(li.id))
    async with asyncio.timeout(10):
        await house.outbox.idle()
    states = [(await house.row(row)).state for row in (held, free)]
    assert states == [SendState.QUEUED, SendState.SENT]
    house.clock.move(30_000)
    await house.until(held)


async def test_what_waits_behind_a_429_is_queued_so_that_a_crash_puts_nothing_in_doubt(
    house: OutboxHouse,
) -> None:
    zhang = house.person()
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=30), times=1)
    rows = await house.say(a_row(zhang.id, "一"), a_row(zhang.id, "二"))
    await house.waits(rows[0])
    assert (await house.until(rows[1], SendState.QUEUED)).attempts == 0
    house.clock.move(30_000)
    await house.until(rows[1])
    assert [message.text for message in zhang.messages() if message.from_bot] == ["一", "二"]


async def test_three_429s_within_a_second_hold_up_everybody_but_presses(house: OutboxHouse) -> None:
    three = [house.person(str(n)) for n in range(3)]
    li = house.person("李四")
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=3), times=3)
    await house.say(*(a_row(person.id) for person in three))
    await house.server.world.expect_call("sendMessage", times=3)
    await house.outbox._settler.flushed()
    [held] = await house.say(a_row(li.id, "等一等"))
    payload = json.dumps({"callback_query_id": "1", "text": "好"})
    [press] = await house.say(
        a_row(li.id, lane=PRESS, kind=Kind.ANSWER, method="answerCallbackQuery", payload=payload)
    )
    assert (await house.until(press)).state is SendState.DROPPED
    assert house.calls.of("sendMessage", chat_id=li.id) == []
    house.clock.move(3_000)
    assert (await house.until(held)).state is SendState.SENT


@pytest.mark.parametrize(
    ("kind", "lane", "losses", "state", "executed"),
    [
        (Kind.REPLY, INTERACTIVE, 1, SendState.SENT, 2),
        (Kind.REPLY, INTERACTIVE, 2, SendState.UNCERTAIN, 2),
        (Kind.NUDGE, BULK, 1, SendState.SENT, 2),
        (Kind.NUDGE, BULK, 2, SendState.UNCERTAIN, 2),
        (Kind.BROADCAST, BULK, 1, SendState.UNCERTAIN, 1),
    ],
)
async def test_an_answer_that_was_lost(
    house: OutboxHouse, kind: Kind, lane: Lane, losses: int, state: SendState, executed: int
) -> None:
    zhang = house.person()
    house.server.world.faults.add("sendMessage", DropAfter(), times=losses)
    say = house.say if lane is INTERACTIVE else house.queue
    row, following = await say(a_row(zhang.id, "甲", kind=kind), a_row(zhang.id, "乙", kind=kind))
    done = await house.until(row)
    assert (done.state, done.doubts) == (state, losses)
    assert (await house.until(following)).state is SendState.SENT
    assert len(house.calls.executed("sendMessage", text="甲")) == executed


async def test_an_outage_puts_in_doubt_only_what_was_in_flight(house: OutboxHouse) -> None:
    zhang = house.person()
    outage = house.server.world.faults.add(ANY, DropAfter())
    rows = await house.say(*(a_row(zhang.id, str(n), kind=Kind.BROADCAST) for n in range(20)))
    await house.waits(rows[SILENCES])
    assert not house.outbox.halted
    outage.times = 0
    house.clock.move(10_000)
    states = [(await house.until(row)).state for row in rows]
    assert states == [SendState.UNCERTAIN] * SILENCES + [SendState.SENT] * (20 - SILENCES)
    assert len(house.calls.executed("sendMessage")) == 20


async def test_an_edit_whose_answer_was_lost_is_simply_repeated(house: OutboxHouse) -> None:
    zhang = house.person()
    [first] = await house.say(a_row(zhang.id))
    sent = await house.until(first)
    house.server.world.faults.add("editMessageText", DropAfter(), times=1)
    [edit] = await house.say(an_edit(zhang.id, sent.message_id))
    assert (await house.until(edit)).state is SendState.SENT
    assert len(house.calls.of("editMessageText")) == 2


async def test_a_connection_that_was_never_made_is_tried_again_without_doubt(house: OutboxHouse) -> None:
    zhang = house.person()
    await house.server.stop()
    [reply] = await house.say(a_row(zhang.id, "回复"))
    assert (await house.waits(reply)).doubts == 0
    [notice] = await house.queue(a_row(zhang.id, "通知", kind=Kind.BROADCAST))
    await house.server.start()
    house.clock.move(60_000)
    assert [(await house.until(row)).doubts for row in (reply, notice)] == [0, 0]
    assert len(house.calls.executed("sendMessage")) == 2


async def test_a_fault_of_telegrams_is_waited_out(house: OutboxHouse) -> None:
    zhang = house.person()
    house.server.world.faults.add("sendMessage", Failure(502), times=1)
    [row] = await house.say(a_row(zhang.id))
    await house.waits(row)
    house.clock.move(60_000)
    done = await house.until(row)
    assert (done.state, done.doubts, done.attempts) == (SendState.SENT, 0, 2)


async def enrolled(house: OutboxHouse, zhang: Person) -> int:
    async with house.database.tx() as tx:
        person_id = await people.add(tx, "张三", NOON)
        await people.enrol(
            tx,
            person_id,
            telegram_id=zhang.id,
            phone="",
            check=PhoneCheck.NONE,
            locale=None,
            now=NOON,
        )
    return person_id


async def is_reachable(house: OutboxHouse, person_id: int) -> bool:
    async with house.database.tx() as tx:
        return (await people.get(tx, person_id)).reachable


async def test_who_blocked_the_bot_is_unreachable_from_then_on(house: OutboxHouse) -> None:
    zhang = house.person()
    person_id = await enrolled(house, zhang)
    zhang.block()
    [row] = await house.say(a_row(zhang.id, person_id=person_id))
    assert (await house.until(row)).state is SendState.FAILED
    assert not await is_reachable(house, person_id)


async def test_who_is_in_a_group_that_put_the_bot_out_can_still_be_reached(house: OutboxHouse) -> None:
    person_id = await enrolled(house, house.person())
    kicked = Failure(403, description="Forbidden: bot was kicked from the supergroup chat")
    house.server.world.faults.add("sendMessage", kicked, times=1)
    [row] = await house.say(a_row(-1_001, person_id=person_id))
    assert (await house.until(row)).state is SendState.FAILED
    assert await is_reachable(house, person_id)


async def test_a_group_that_became_a_supergroup_is_followed(house: OutboxHouse) -> None:
    group = house.server.world.group("工作群", members=[house.person()])
    old = group.id
    group.migrate()
    first, second = await house.say(a_row(old, "一"), a_row(old, "二"))
    assert (await house.until(first)).chat_id == group.id
    assert (await house.until(second)).chat_id == group.id
    assert [call.params["text"] for call in house.calls.executed("sendMessage")] == ["一", "二"]


async def test_an_edit_takes_the_message_of_the_row_it_names(house: OutboxHouse) -> None:
    zhang = house.person()
    [first] = await house.say(a_row(zhang.id, "甲"))
    [edit] = await house.say(an_edit(zhang.id, text="乙", target=first.id))
    assert (await house.until(edit)).state is SendState.SENT
    assert [message.text for message in zhang.messages() if message.from_bot] == ["乙"]


async def test_an_edit_of_what_is_gone_becomes_a_new_message(house: OutboxHouse) -> None:
    zhang = house.person()
    gone, never = await house.say(an_edit(zhang.id, 9_999, "甲"), an_edit(zhang.id, text="乙", target=77_777))
    for row in (gone, never):
        done = await house.until(row)
        assert (done.state, done.method) == (SendState.SENT, "sendMessage")
    assert [message.text for message in zhang.messages() if message.from_bot] == ["甲", "乙"]


async def test_a_message_to_a_topic_that_is_gone_goes_to_the_group(house: OutboxHouse) -> None:
    group = house.server.world.group("群", members=[house.person()], forum=True)
    payload = json.dumps({"chat_id": group.id, "message_thread_id": 9_999, "text": "您好"})
    [row] = await house.say(a_row(group.id, payload=payload))
    assert (await house.until(row)).state is SendState.SENT


async def test_buttons_of_what_is_gone_are_dropped(house: OutboxHouse) -> None:
    zhang = house.person()
    payload = json.dumps({"chat_id": zhang.id, "message_id": 9_999, "reply_markup": {"inline_keyboard": []}})
    [row] = await house.say(a_row(zhang.id, kind=Kind.EDIT, method="editMessageReplyMarkup", payload=payload))
    assert (await house.until(row)).state is SendState.DROPPED


async def test_a_token_that_is_unknown_stops_all_and_loses_nothing(house: OutboxHouse) -> None:
    zhang = house.person()
    house.server.world.revoke()
    [row] = await house.say(a_row(zhang.id, "一"))
    await house.waits(row)
    assert house.outbox.halted
    [notice] = await house.queue(a_row(zhang.id, "二", kind=Kind.BROADCAST))
    house.server.world.restore()
    house.clock.move(10_000)
    assert (await house.until(row)).state is SendState.SENT
    assert (await house.until(notice)).state is SendState.SENT
    assert not house.outbox.halted


async def test_what_comes_too_late_is_dropped(house: OutboxHouse) -> None:
    zhang = house.person()
    late, in_time = await house.queue(
        a_row(zhang.id, "晚了", cutoff_at=NOON - 1), a_row(zhang.id, "正好", cutoff_at=NOON)
    )
    assert (await house.until(late)).state is SendState.DROPPED
    assert (await house.until(in_time)).state is SendState.SENT


async def test_our_fault_is_logged_by_a_number_and_without_a_word(
    house: OutboxHouse, caplog: pytest.LogCaptureFixture
) -> None:
    zhang = house.person()
    payload = json.dumps({"chat_id": zhang.id, "text": "<秘>", "parse_mode": "HTML"})
    with caplog.at_level(logging.DEBUG):
        bad, good = await house.say(a_row(zhang.id, payload=payload), a_row(zhang.id, "后面的"))
        assert (await house.until(bad)).state is SendState.FAILED
        assert (await house.until(good)).state is SendState.SENT
    assert "E-" in caplog.text
    assert "秘" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("kind", "doubts", "state"),
    [
        (Kind.REPLY, 0, SendState.SENT),
        (Kind.NUDGE, 0, SendState.SENT),
        (Kind.ANSWER, 7, SendState.SENT),
        (Kind.REPLY, 1, SendState.UNCERTAIN),
        (Kind.BROADCAST, 0, SendState.UNCERTAIN),
    ],
)
async def test_what_a_dead_process_was_sending(
    house: OutboxHouse, kind: Kind, doubts: int, state: SendState
) -> None:
    zhang = house.person()
    lane = BULK if kind is Kind.BROADCAST else INTERACTIVE
    async with house.database.tx() as tx:
        [row] = await outbox.insert(tx, [a_row(zhang.id, kind=kind, lane=lane)])
        await outbox.settle(tx, [outbox.Result(row.id, SendState.SENDING, 1, doubts)], NOON)
    async with sending(house.database, house.server.base_url, house.clock, recover=True):
        done = await house.until(row)
    assert (done.state, done.doubts) == (state, doubts + 1)
    assert len(house.calls.of("sendMessage")) == (state is SendState.SENT)


async def test_what_was_recovered_goes_before_what_is_new(house: OutboxHouse) -> None:
    zhang = house.person()
    async with house.database.tx() as tx:
        await outbox.insert(tx, [a_row(zhang.id, "旧一"), a_row(zhang.id, "旧二")])
    async with sending(house.database, house.server.base_url, house.clock, recover=True) as sender:
        async with house.database.tx() as tx:
            new = await outbox.insert(tx, [a_row(zhang.id, "新")])
        sender.send_now(new)
        await house.until(new[0])
    assert [m.text for m in zhang.messages() if m.from_bot] == ["旧一", "旧二", "新"]


async def test_what_is_in_nobodys_hands_is_sent_after_all_and_without_doubt(house: OutboxHouse) -> None:
    zhang, li = house.person("张三"), house.person("李四")
    async with house.database.tx() as tx:
        [stray] = await outbox.insert(tx, [a_row(zhang.id)])
    house.server.world.faults.add("sendMessage", Delay(300), times=1)
    [flying] = await house.say(a_row(li.id))
    await house.outbox._claims.sweep()
    assert (await house.row(stray)).state is SendState.SENDING
    await house.outbox._claims.sweep()
    assert (await house.row(flying)).state is SendState.SENDING
    assert (await house.until(stray)).doubts == 0
    assert (await house.until(flying)).state is SendState.SENT
    assert len(house.calls.executed("sendMessage")) == 2


async def test_stopping_hears_what_is_in_flight_and_queues_the_rest(house: OutboxHouse) -> None:
    zhang, li = house.person("张三"), house.person("李四")
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=9), times=1)
    [waiting] = await house.say(a_row(li.id, "三"))
    await house.waits(waiting)
    delay = house.server.world.faults.add("sendMessage", Delay(1_500), times=1)
    flying, behind = await house.say(a_row(zhang.id, "一"), a_row(zhang.id, "二"))

    async def in_flight() -> bool:
        return delay.times == 0

    await eventually(in_flight)
    await house.outbox.stop()
    states = [(await house.row(row)).state for row in (flying, behind, waiting)]
    assert states == [SendState.SENT, SendState.QUEUED, SendState.QUEUED]
    assert {(await house.row(row)).doubts for row in (flying, behind, waiting)} == {0}


async def test_no_more_are_in_flight_than_may_be_and_what_was_claimed_ahead_is_queued_again(
    house: OutboxHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.DRAIN_S", 0.05)
    late = house.server.world.faults.add("sendMessage", Delay(3_000), times=IN_FLIGHT + AHEAD + 8)
    people = [house.person(str(n)) for n in range(IN_FLIGHT + AHEAD + 8)]
    rows = await house.queue(*(a_row(person.id, kind=Kind.BROADCAST) for person in people))

    async def states() -> Counter[SendState]:
        async with house.database.tx() as tx:
            found = [await outbox.get(tx, row.id) for row in rows]
        return Counter(row.state for row in found if row is not None)

    async def all_claimed() -> bool:
        return late.times == AHEAD + 8 and (await states())[SendState.SENDING] == IN_FLIGHT + AHEAD

    await eventually(all_claimed)
    await house.outbox.stop()
    assert late.times == AHEAD + 8
    assert await states() == {SendState.SENDING: IN_FLIGHT, SendState.QUEUED: AHEAD + 8}


class Shaky:
    """A database that is away for the next so many transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        self.errors: list[Exception] = []

    def tx(self, *, alone: bool = False) -> AbstractAsyncContextManager[Tx]:
        if self.errors:
            raise self.errors.pop()
        return self._database.tx(alone=alone)

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self._database.read()

    async def close(self) -> None:
        await self._database.close()


@pytest.mark.parametrize(
    "errors", [[CommitFailed("")], [Unavailable("")], [Unavailable(""), CommitFailed("")]]
)
async def test_a_result_survives_a_database_that_is_away(house: OutboxHouse, errors: list[Exception]) -> None:
    zhang = house.person()
    async with house.database.tx() as tx:
        rows = await outbox.insert(tx, [a_row(zhang.id)])
    shaky = Shaky(house.database)
    connection = Connection()
    sender = outbox_of(cast("Database", shaky), house.server.base_url, house.clock, connection)
    try:
        shaky.errors = list(errors)
        sender.send_now(rows)
        assert (await house.until(rows[0])).state is SendState.SENT
        await sender.stop()
    finally:
        await connection.close()
    assert len(house.calls.executed("sendMessage")) == 1


async def test_a_kill_in_mid_flight(house: OutboxHouse, database_url: str) -> None:
    """What was in flight is in doubt: a nudge goes once more, a broadcast waits for a person."""
    await house.outbox.stop()
    zhang, li = house.person("张三"), house.person("李四")
    async with house.database.tx() as tx:
        [nudge, broadcast, later] = await outbox.insert(
            tx,
            [
                a_row(zhang.id, "提醒", state=SendState.QUEUED, lane=BULK, kind=Kind.NUDGE),
                a_row(li.id, "通知", state=SendState.QUEUED, lane=BULK, kind=Kind.BROADCAST),
                a_row(li.id, "后来的", state=SendState.QUEUED, lane=BULK, kind=Kind.BROADCAST),
            ],
        )
    both, count = asyncio.Event(), 0

    def heard() -> None:
        nonlocal count
        count += 1
        if count == 2:
            both.set()

    async with deaf_api(heard) as url:
        child = await child_process(database_url, url, house.files.root)
        async with asyncio.timeout(30):
            await both.wait()
        child.kill()
        await child.wait()
    assert (await house.row(nudge)).state is SendState.SENDING
    async with sending(house.database, house.server.base_url, house.clock, recover=True):
        assert (await house.until(nudge)).state is SendState.SENT
        assert (await house.until(broadcast)).state is SendState.UNCERTAIN
        assert (await house.until(later)).state is SendState.SENT
    assert len(house.calls.executed("sendMessage", text="提醒")) == 1
    assert len(house.calls.executed("sendMessage", text="通知")) == 0
