"""Files of our own making on their way through the outbox, over real HTTP and on both databases."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import DropAfter, Failure
from bot.rehearsal.files import DOT
from domain.attached import Attached, taking_along
from domain.notices import Kind, Lane, SendState
from storage import outbox
from storage.engine import Database
from storage.outbox import Row
from tests.bot.outbox_house import (
    OutboxHouse,
    a_row,
    an_outbox_house,
    child_process,
    deaf_api,
    sending,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[OutboxHouse]:
    async with an_outbox_house(database, tmp_path) as running:
        yield running


async def put(house: OutboxHouse, content: bytes, name: str, media_type: str = XLSX) -> Attached:
    return Attached((await house.files.put(content)).sha256, name, media_type)


def calling(method: str, call: Mapping[str, Any], file: Attached, **changes: Any) -> Row:
    payload = json.dumps(taking_along(call, file), ensure_ascii=False)
    return a_row(call["chat_id"], method=method, payload=payload, **changes)


def a_document(chat_id: int, file: Attached, **changes: Any) -> Row:
    call = {"chat_id": chat_id, "document": file.address, "caption": file.name}
    return calling("sendDocument", call, file, **changes)


def a_picture(chat_id: int, file: Attached, **changes: Any) -> Row:
    return calling("sendPhoto", {"chat_id": chat_id, "photo": file.address}, file, **changes)


def another_picture(chat_id: int, file: Attached, **changes: Any) -> Row:
    media = {"type": "photo", "media": file.address, "caption": "<b>九月</b>", "parse_mode": "HTML"}
    call = {"chat_id": chat_id, "media": media}
    return calling("editMessageMedia", call, file, kind=Kind.EDIT, **changes)


async def test_a_document_arrives_with_its_caption_and_buttons(house: OutboxHouse) -> None:
    zhang, content = house.person(), bytes(range(256)) * 40_960  # 10 MB
    file = await put(house, content, "2026年度总结 终稿📊.xlsx")
    button = {"text": "收到", "callback_data": "received:1"}
    call = {
        "chat_id": zhang.id,
        "document": file.address,
        "caption": "<b>模板</b>",
        "parse_mode": "HTML",
        "disable_notification": True,
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    [row] = await house.say(calling("sendDocument", call, file))
    done = await house.until(row)
    [seen] = [message for message in zhang.messages() if message.from_bot]
    assert (done.state, done.message_id, done.attempts) == (SendState.SENT, seen.message_id, 1)
    assert (seen.html, seen.labels) == ("<b>模板</b>", ["收到"])
    assert seen.document is not None
    assert seen.document["file_name"] == "2026年度总结 终稿📊.xlsx"
    assert (seen.document["mime_type"], seen.document["file_size"]) == (XLSX, len(content))
    assert house.server.world.state.files[seen.document["file_id"]].data == content
    [logged] = house.calls.executed("sendDocument")
    assert "attached" not in logged.params
    assert logged.params["disable_notification"] is True


@pytest.mark.parametrize(
    ("name", "arrives"),
    [
        ('关于"知识产权"的函（1）.docx', "关于＂知识产权＂的函（1）.docx"),
        ("“引号”与‘引号’ & 100%.docx", "“引号”与‘引号’ & 100%.docx"),
        ("a;b\\c=d.docx", "a；b＼c=d.docx"),
        ("两\r\n行.docx", "两  行.docx"),
        ("👨‍👩‍👧 family.docx", "👨‍👩‍👧 family.docx"),
    ],
)
async def test_a_name_arrives_in_a_form_that_telegram_reads(
    house: OutboxHouse, name: str, arrives: str
) -> None:
    zhang = house.person()
    await house.say(a_document(zhang.id, await put(house, b"PK", name)))
    seen = await zhang.expect(".docx")
    assert seen.document is not None
    assert seen.document["file_name"] == arrives


async def test_order_is_kept_between_files_and_words(house: OutboxHouse) -> None:
    zhang = house.person()
    file = await put(house, bytes(3_000_000), "大.xlsx")
    rows = await house.say(a_row(zhang.id, "一"), a_document(zhang.id, file), a_row(zhang.id, "三"))
    await house.until(rows[-1])
    assert [message.text for message in zhang.messages() if message.from_bot] == ["一", "大.xlsx", "三"]


async def test_a_picture_takes_the_place_of_the_one_before(house: OutboxHouse) -> None:
    zhang = house.person()
    before = await put(house, DOT, "八月.png", "image/png")
    after = await put(house, DOT + b"9", "九月.png", "image/png")
    [first] = await house.say(a_picture(zhang.id, before))
    [second] = await house.say(another_picture(zhang.id, after, target=first.id))
    assert (await house.until(second)).state is SendState.SENT
    [seen] = [message for message in zhang.messages() if message.from_bot]
    assert seen.photo is not None
    assert (seen.html, seen.photo["file_size"]) == ("<b>九月</b>", len(DOT) + 1)


async def test_a_picture_whose_message_is_gone_comes_as_a_new_one(house: OutboxHouse) -> None:
    zhang = house.person()
    picture = await put(house, DOT, "九月.png", "image/png")
    [row] = await house.say(another_picture(zhang.id, picture, target=77_777))
    done = await house.until(row)
    assert (done.state, done.method) == (SendState.SENT, "sendPhoto")
    [seen] = [message for message in zhang.messages() if message.from_bot]
    assert seen.photo is not None
    assert seen.html == "<b>九月</b>"


async def test_a_file_that_is_no_longer_there_is_our_fault_and_the_chat_goes_on(
    house: OutboxHouse, caplog: pytest.LogCaptureFixture
) -> None:
    zhang = house.person()
    file = await put(house, b"PK", "秘.xlsx")
    await house.files.remove(file.sha256)
    with caplog.at_level(logging.DEBUG):
        lost, good = await house.say(a_document(zhang.id, file), a_row(zhang.id, "后面的"))
        assert (await house.until(lost)).state is SendState.FAILED
        assert (await house.until(good)).state is SendState.SENT
    async with house.database.read() as tx:
        [number] = await outbox.refused(tx, 0)
    assert number in caplog.text
    assert "秘" not in caplog.text
    assert house.calls.of("sendDocument") == []


async def test_a_429_holds_up_a_file_and_puts_nothing_in_doubt(house: OutboxHouse) -> None:
    zhang = house.person()
    house.server.world.faults.add("sendDocument", Failure(429, retry_after=3), times=1)
    [row] = await house.say(a_document(zhang.id, await put(house, b"PK", "a.xlsx")))
    await house.waits(row)
    house.clock.move(3_000)
    done = await house.until(row)
    assert (done.state, done.doubts) == (SendState.SENT, 0)
    assert len(house.calls.executed("sendDocument")) == 1


async def test_who_blocked_the_bot_gets_no_file(house: OutboxHouse) -> None:
    zhang = house.person()
    zhang.block()
    [row] = await house.say(a_document(zhang.id, await put(house, b"PK", "a.xlsx")))
    assert (await house.until(row)).state is SendState.FAILED


@pytest.mark.parametrize(
    ("kind", "state", "executed"),
    [(Kind.RECEIPT, SendState.SENT, 2), (Kind.BROADCAST, SendState.UNCERTAIN, 1)],
)
async def test_a_file_whose_answer_was_lost(
    house: OutboxHouse, kind: Kind, state: SendState, executed: int
) -> None:
    zhang = house.person()
    house.server.world.faults.add("sendDocument", DropAfter(), times=1)
    [row] = await house.say(a_document(zhang.id, await put(house, b"PK", "a.xlsx"), kind=kind))
    done = await house.until(row)
    assert (done.state, done.doubts) == (state, 1)
    assert len(house.calls.executed("sendDocument")) == executed


async def test_a_server_that_is_away_puts_no_file_in_doubt(house: OutboxHouse) -> None:
    zhang = house.person()
    await house.server.stop()
    [row] = await house.say(a_document(zhang.id, await put(house, b"PK", "a.xlsx")))
    assert (await house.waits(row)).doubts == 0
    await house.server.start()
    house.clock.move(60_000)
    assert (await house.until(row)).state is SendState.SENT


async def test_a_kill_while_a_file_is_on_its_way(house: OutboxHouse, database_url: str) -> None:
    """It is in doubt like any other: a receipt goes once more, a broadcast waits for a person."""
    await house.outbox.stop()
    zhang, li = house.person("张三"), house.person("李四")
    file = await put(house, bytes(20_000_000), "大.xlsx")
    [receipt, broadcast] = await house.say(
        a_document(zhang.id, file, state=SendState.QUEUED, lane=Lane.BULK, kind=Kind.RECEIPT),
        a_document(li.id, file, state=SendState.QUEUED, lane=Lane.BULK, kind=Kind.BROADCAST),
    )
    both, count = asyncio.Event(), 0

    def heard() -> None:
        nonlocal count
        count += 1
        if count == 2:
            both.set()

    async with deaf_api(heard, whole=False) as url:
        child = await child_process(database_url, url, house.files.root)
        async with asyncio.timeout(30):
            await both.wait()
        child.kill()
        await child.wait()
    assert (await house.row(receipt)).state is SendState.SENDING
    again = sending(house.database, house.server.base_url, house.clock, house.files, recover=True)
    async with again:
        assert (await house.until(receipt)).state is SendState.SENT
        assert (await house.until(broadcast)).state is SendState.UNCERTAIN
    assert len(house.calls.executed("sendDocument")) == 1
