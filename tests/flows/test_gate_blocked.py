"""A mark stops what bears it: nothing is kept or passed on; it is deleted, registered, told to two."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.rehearsal.faults import DropBefore, Failure
from bot.rehearsal.people import Person
from domain.incidents import Carrier, Deletion
from domain.notices import Subject
from domain.people import Role
from storage import audit, settings
from tests import papers
from tests.flows.conftest import House
from tests.flows.gate import Desk, at_the_desk, dumped, kept_files, registered
from tests.flows.test_bad_input import begun, filed
from tests.handlers.extraction.making import zipped

NAME = "鸿雁工程总结.docx"
MARKED = papers.letter("鸿雁工程二期。", header=papers.MARK)
WORDS = "鸿雁工程二期\n机密★10年"
SENT = ("鸿雁", "★10年", "机密", "机*")
TEL = "028-0000-0009"


@pytest.fixture
async def desk(house: House) -> Desk:
    async with house.database.tx() as tx:
        await settings.save(tx, {"secrecy_tel": TEL})
    return await at_the_desk(house)


@pytest.fixture
async def secrecy(house: House) -> Person:
    return await house.enrolled(Role.SECRECY, "何谨言（演示）", phone="+8610000000909")


async def is_nowhere(desk: Desk, caplog: pytest.LogCaptureFixture, *more: str) -> None:
    """Neither name nor words are on the disk, in the database, in the log or in anybody's chat."""
    await desk.house.server.world.drained()
    everything = await dumped(desk.house.database) + caplog.text
    for person in (desk.liaison, desk.officer):
        everything += "".join(m.text for m in person.messages() if m.from_bot)
    assert [word for word in (*SENT, *more) if word in everything] == []
    assert kept_files(desk.house) == []
    if desk.house.config.database_url.startswith("sqlite"):
        assert on_disk(Path(desk.house.config.database_url.removeprefix("sqlite:///"))) == []


def on_disk(database: Path) -> list[tuple[str, str]]:
    """Which of the words are in the files of an SQLite database, written out or escaped as in JSON."""
    contents = {file.name: file.read_bytes() for file in database.parent.glob(f"{database.name}*")}
    return [
        (name, word)
        for name, content in contents.items()
        for word in SENT
        if word.encode() in content or word.encode("unicode_escape") in content
    ]


async def test_a_file_with_a_mark_is_deleted_and_registered(
    desk: Desk, secrecy: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sent = desk.liaison.send_document(NAME, MARKED)
    file_id = desk.liaison.refreshed(sent).document
    told = await desk.liaison.expect("文件未接收")
    for said in (
        "1 个文件",
        "位置：页眉",
        "未保存，未转发",
        "原件保持原状",
        "立即电话联系本单位保密办",
        "24 小时",
    ):
        assert said in told.text, said
    assert "系统已从本对话中删除" in told.text
    assert TEL in told.text
    assert "BM-2026-0001" in told.text
    assert desk.liaison.refreshed(sent).deleted
    reported = await secrecy.expect("BM-2026-0001")
    for said in ("国家秘密", "页眉", "林知行（演示）", "蜀江理工大学（演示）", "内容已删除"):
        assert said in reported.text, said
    assert not [word for word in SENT if word in reported.text]
    assert file_id is not None
    await is_nowhere(desk, caplog, str(file_id["file_id"]))
    [incident] = await registered(desk.house)
    assert (incident.kind, incident.deletion) == (Carrier.FILE, Deletion.DONE)
    async with desk.house.database.read() as tx:
        assert [row["action"] for row in await audit.trail(tx, Subject("incident", incident.id))] == [
            "incident"
        ]


async def test_a_blocked_file_reaches_nobody_and_no_page_names_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.liaison.send_document(NAME, MARKED)
    await desk.liaison.expect("文件未接收")
    await desk.submit()
    word = await desk.officer.expect("见附件")
    desk.officer.press("查看进度", word)
    page = await desk.officer.expect("办理经过")
    assert not page.has("查看附件")
    assert desk.given_to_officer() == []
    await is_nowhere(desk, caplog)


async def test_without_a_secrecy_office_the_admins_hear_and_can_name_somebody(house: House) -> None:
    admin = await house.enrolled(Role.ADMIN, "方正（演示）", phone="+8610000000907")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    officer.send(WORDS)
    told = await officer.expect("消息未接收")
    assert "1 条消息" in told.text
    reported = await admin.expect("BM-2026-0001")
    assert "--role secrecy" in reported.text
    assert not [word for word in SENT if word in reported.text]


async def test_what_telegram_will_not_delete_is_said_to_be_there(desk: Desk, secrecy: Person) -> None:
    refusal = Failure(400, description="Bad Request: message can't be deleted for everyone")
    desk.house.server.world.faults.add("deleteMessage", refusal)
    desk.liaison.send_document(NAME, MARKED)
    told = await desk.liaison.expect("系统未能从本对话中删除")
    assert "系统已从本对话中删除" not in told.text
    await secrecy.expect("未能删除")
    [incident] = await registered(desk.house)
    assert incident.deletion is Deletion.FAILED


@pytest.mark.parametrize("trouble", [Failure(429, retry_after=1), Failure(502), DropBefore()])
async def test_deleting_is_tried_again_while_telegram_is_away(
    desk: Desk, trouble: Failure | DropBefore
) -> None:
    desk.house.server.world.faults.add("deleteMessage", trouble, times=1)
    sent = desk.liaison.send(WORDS)
    await desk.liaison.expect("系统已从本对话中删除")
    assert desk.liaison.refreshed(sent).deleted
    assert len(await registered(desk.house)) == 1


async def test_what_the_sender_deleted_meanwhile_is_deleted(desk: Desk) -> None:
    desk.house.server.world.faults.add("deleteMessage", Failure(502), times=1)
    sent = desk.liaison.send(WORDS)
    await desk.house.server.world.expect_call("deleteMessage")
    desk.liaison.delete(sent)
    await desk.liaison.expect("系统已从本对话中删除")


async def test_the_sender_says_that_it_is_understood(desk: Desk, secrecy: Person) -> None:
    desk.liaison.send_document(NAME, MARKED)
    told = await desk.liaison.expect("文件未接收")
    other = desk.officer.press_data(told.data("我已知悉"))
    await other.answered()
    secrecy.send("/incidents")
    await secrecy.expect("尚未确认知悉")
    for _ in range(2):
        assert "电话" in ((await desk.liaison.press("我已知悉", told).answered()).text or "")
    secrecy.send("/incidents")
    page = await secrecy.expect("发送人已知悉")
    assert "尚未" not in page.text
    desk.officer.send("/incidents")
    assert "BM-" not in (await desk.officer.expect()).text


async def test_the_officers_own_file_is_treated_alike(
    desk: Desk, secrecy: Person, caplog: pytest.LogCaptureFixture
) -> None:
    desk.officer.press("受理", await desk.officer.expect("新申请"))
    await desk.officer.expect(where=lambda m: m.has("回复"))
    desk.officer.press("回复")
    await desk.officer.expect("回复内容")
    desk.officer.send("清单见附件。")
    await desk.officer.expect("附件")
    desk.officer.send_document(NAME, MARKED)
    await desk.officer.expect("文件未接收")
    await secrecy.expect("BM-2026-0001")
    await is_nowhere(desk, caplog)


@pytest.mark.parametrize("content", [zipped({"a.docx": "x"}), MARKED])
async def test_a_mark_in_the_name_stops_a_file_before_it_is_fetched(
    desk: Desk, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    sent = desk.liaison.send_document("鸿雁工程 机密★10年.zip", content)
    told = await desk.liaison.expect("文件未接收")
    assert "位置：文件名" in told.text
    assert desk.liaison.refreshed(sent).deleted
    assert desk.house.server.world.calls.executed("getFile") == []
    await is_nowhere(desk, caplog)


async def test_a_mark_in_the_name_of_a_file_too_big_to_fetch(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.liaison.send_document("鸿雁工程 机密★10年.pdf", size=30_000_000)
    await desk.liaison.expect("文件未接收")
    await is_nowhere(desk, caplog)


# --- words ------------------------------------------------------------------------------------------------


async def test_words_with_a_mark_are_no_answer_of_a_form(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await begun(house, liaison)
    sent = liaison.send(WORDS)
    await liaison.expect("消息未接收")
    assert liaison.refreshed(sent).deleted
    liaison.send("H04L")
    await liaison.expect("拟定IPC")
    await is_nowhere(Desk(house, liaison, liaison), caplog)


async def test_words_with_a_mark_are_no_word_in_a_request(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    await filed(house, liaison)
    receipt = liaison.last
    desk = Desk(house, liaison, officer)
    liaison.send(WORDS, reply_to=receipt)
    await liaison.expect("消息未接收")
    liaison.send_document("年报.pdf", papers.pdf(), caption=WORDS, reply_to=receipt)
    await liaison.expect("消息未接收")
    assert house.server.world.calls.executed("getFile") == []
    await is_nowhere(desk, caplog)


async def test_plain_captioned_and_edited_words_are_deleted_alike(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    liaison = desk.liaison
    plain = liaison.send(WORDS)
    await liaison.expect("BM-2026-0001")
    command = liaison.send(f"/note {WORDS}")
    await liaison.expect("BM-2026-0002")
    photo = liaison.send_photo(papers.picture("JPEG"), caption=WORDS)
    await liaison.expect("BM-2026-0003")
    changed = liaison.send("在吗")
    await liaison.expect("附件")
    liaison.edit(changed, WORDS)
    await liaison.expect("BM-2026-0004")
    assert [liaison.refreshed(m).deleted for m in (plain, command, photo, changed)] == [True] * 4
    await is_nowhere(desk, caplog)


async def test_the_same_words_twice_are_two_incidents(desk: Desk) -> None:
    for number in ("BM-2026-0001", "BM-2026-0002"):
        desk.liaison.send(WORDS)
        await desk.liaison.expect(number)
    later, earlier = await registered(desk.house)
    assert later.sha256 == earlier.sha256
    assert later.message_id != earlier.message_id


async def test_words_with_a_mark_behind_a_command_are_deleted_and_kept_nowhere(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    sent = desk.officer.send(f"/bases {WORDS}")
    await desk.officer.expect("消息未接收")
    assert desk.officer.refreshed(sent).deleted
    desk.officer.send("/bases 蜀江")
    await desk.officer.expect("蜀江理工")
    await is_nowhere(desk, caplog)


async def test_what_somebody_who_is_not_enrolled_sends_with_a_mark_is_deleted(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = desk.house.newcomer("路人", "+8610000000777")
    sent = [stranger.start(), stranger.send(WORDS)]
    await stranger.expect("疑似保密标志")
    sent.append(stranger.send_document(NAME, MARKED, caption=WORDS))
    await stranger.expect("疑似保密标志")
    sent.append(stranger.send(f"/start {WORDS}"))
    await stranger.expect("疑似保密标志")
    async with asyncio.timeout(10):
        while not all(stranger.refreshed(one).deleted for one in sent[1:]):  # noqa: ASYNC110  nothing rings
            await asyncio.sleep(0.02)
    assert await registered(desk.house) == []
    await is_nowhere(desk, caplog)
    stranger.send("想咨询业务")
    await stranger.expect("只向各单位登记的联络人员开放")
