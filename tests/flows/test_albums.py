"""Several files sent at once arrive as one: one question, one answer of a step, one reply."""

import asyncio

import pytest

from bot.rehearsal.acting import Attachment
from bot.rehearsal.people import Person
from domain.people import Role
from storage import questions
from tests import papers
from tests.flows.conftest import House
from tests.flows.gate import at_the_desk, files_of, registered
from tests.flows.test_bad_input import begun
from tests.flows.test_killed import PATIENCE, Mortal

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
"""What is stored is tried on both by the flows without either."""

NAMES = ("合同.pdf", "登记簿.pdf", "证书.pdf")


def documents(*names: str) -> list[Attachment]:
    """Each with a content of its own."""
    return [Attachment(name, papers.pdf() + b"\n%" + name.encode()) for name in names]


def photos(count: int) -> list[Attachment]:
    picture = papers.picture("JPEG")
    return [Attachment("photo.jpg", picture + bytes([n]), kind="photo") for n in range(count)]


def received(person: Person) -> list[str]:
    """The names of the files that the bot has sent to the person, in order."""
    return [str((m.document or {}).get("file_name", "photo")) for m in files_of(person)]  # type: ignore[attr-defined]


async def had(person: Person, count: int) -> list[str]:
    async with asyncio.timeout(30):
        while len(received(person)) < count:  # noqa: ASYNC110  the chat rings no bell for a count
            await asyncio.sleep(0.02)
    return received(person)


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")


async def files_of_question(house: House) -> list[str]:
    async with house.database.read() as tx:
        return [one.name for one in await questions.files(tx, 1)]


def said(person: Person, since: int) -> list[str]:
    """The first lines of what the bot has said since the message, without its files."""
    new = [m for m in person.messages() if m.from_bot and m.message_id > since]
    return [m.text.splitlines()[0] for m in new if not (m.document or m.photo)]


async def test_an_album_is_one_question_with_its_files_in_order_and_one_reply(
    house: House, officer: Person, liaison: Person
) -> None:
    *_, last = liaison.send_album(documents(*NAMES), "这三份材料齐了吗？")
    receipt = await liaison.expect("已转对接人")
    assert "附件 3 个" in receipt.text
    new = await officer.expect("基地提问")
    assert "这三份材料齐了吗？" in new.text
    await liaison.expect("3 个文件未发现标志")
    assert await had(officer, 3) == list(NAMES)
    assert await files_of_question(house) == list(NAMES)
    assert said(liaison, last.message_id) == [
        "WT-2026-0001　已转对接人",
        "3 个文件未发现标志，不能代替保密审查。",
    ]

    *_, last = officer.send_album(documents("清单.pdf", "样表.pdf"), "齐了，另附两份。", reply_to=new)
    await officer.expect("已回复，提问人会收到")
    assert "附件 2 个" in (await liaison.expect("齐了，另附两份。")).text
    assert await had(liaison, 2) == ["清单.pdf", "样表.pdf"]
    assert sum("已回复" in line for line in said(officer, last.message_id)) == 1


@on_postgres
async def test_pictures_that_nobody_can_read_are_answered_for_at_once(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send_album(photos(3), "设备铭牌")
    await liaison.expect("已转对接人")
    ask = await liaison.expect("以下文件无法识别")
    assert received(officer) == []
    other = officer.press_data(ask.data("全部已核对"))
    await other.answered()
    assert received(officer) == []
    liaison.press("全部已核对", ask)
    await liaison.expect("3 个文件已由林知行（演示）核对")
    assert len(await had(officer, 3)) == 3
    assert "该文件已处理" in ((await liaison.press("全部已核对", ask).answered()).text or "")


async def test_an_album_answers_a_step_of_a_form_once(house: House) -> None:
    desk = await at_the_desk(house)
    *_, last = desk.liaison.send_album(documents(*NAMES))
    page = await desk.liaison.expect("已收到 3 项")
    await desk.liaison.expect("3 个文件未发现标志")
    assert len(said(desk.liaison, last.message_id)) == 2
    desk.liaison.press("完成", page)
    await desk.liaison.expect(where=lambda m: m.has("提交"))
    desk.liaison.press("提交")
    await desk.officer.expect("见附件")
    assert await had(desk.officer, 3) == list(NAMES)
    async with house.database.read() as tx:
        assert await questions.list_of_base(tx, 1, 5) == []


@on_sqlite
async def test_an_item_with_a_mark_is_stopped_and_the_others_go_on(
    house: House, officer: Person, liaison: Person
) -> None:
    marked = Attachment("鸿雁工程.docx", papers.letter("鸿雁工程二期。", header=papers.MARK))
    first, last = documents("合同.pdf", "证书.pdf")
    sent = liaison.send_album([first, marked, last], "请查收")
    assert "附件 3 个" in (await liaison.expect("已转对接人")).text
    await liaison.expect("文件未接收")
    await liaison.expect("2 个文件未发现标志")
    assert await had(officer, 2) == ["合同.pdf", "证书.pdf"]
    assert [liaison.refreshed(m).deleted for m in sent] == [False, True, False]
    assert len(await registered(house)) == 1


@on_sqlite
async def test_a_caption_with_a_mark_is_deleted_and_the_other_files_are_a_question(
    house: House, officer: Person, liaison: Person
) -> None:
    sent = liaison.send_album(documents(*NAMES), "鸿雁工程二期\n机密★10年")
    await liaison.expect("消息未接收")
    assert "附件 2 个" in (await liaison.expect("已转对接人")).text
    assert await had(officer, 2) == list(NAMES[1:])
    assert liaison.refreshed(sent[0]).deleted
    async with house.database.read() as tx:
        assert [one.words for one in await questions.thread(tx, 1)] == [""]


@on_sqlite
async def test_what_nobody_asked_for_is_said_once(house: House, officer: Person) -> None:
    *_, last = officer.send_album(documents(*NAMES))
    await officer.expect("目前没有需要附件的步骤")
    officer.send("/help")
    await officer.expect("使用说明")
    assert len(said(officer, last.message_id)) == 2


@on_sqlite
async def test_while_a_form_asks_for_something_else_a_file_is_no_question(
    house: House, liaison: Person
) -> None:
    await begun(house, liaison)
    liaison.send_document("合同.pdf", papers.pdf())
    await liaison.expect("目前没有需要附件的步骤")
    *_, last = liaison.send_album(documents(*NAMES))
    await liaison.expect("目前没有需要附件的步骤")
    liaison.send("H04L")
    await liaison.expect("拟定IPC")
    assert len(said(liaison, last.message_id)) == 2
    async with house.database.read() as tx:
        assert await questions.list_of_base(tx, 1, 5) == []


@on_sqlite
async def test_a_file_too_big_in_an_album_is_told_and_the_others_go_on(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send_album([*documents("合同.pdf"), Attachment("大图.pdf", size=30_000_000)], "请查收")
    await liaison.expect("文件超过 20 MB")
    assert "附件 1 个" in (await liaison.expect("已转对接人")).text


@on_postgres
async def test_what_comes_late_is_a_further_word_in_the_same_question(
    house: House, officer: Person, liaison: Person
) -> None:
    [first] = liaison.send_album(documents("合同.pdf"), "材料如下")
    await liaison.expect("已转对接人")
    house.server.world.post(
        house.server.world.state.chats[liaison.id],
        liaison.user,
        liaison._content(documents("证书.pdf")[0]),
        media_group_id=first.raw["media_group_id"],
    )
    await liaison.expect("已补充")
    assert await had(officer, 2) == ["合同.pdf", "证书.pdf"]
    assert await files_of_question(house) == ["合同.pdf", "证书.pdf"]


# --- a process that dies ----------------------------------------------------------------------------------


async def test_a_kill_in_the_middle_of_an_album_loses_none(mortal: Mortal) -> None:
    house, process = mortal
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    [first] = liaison.send_album(documents(NAMES[0]), "材料如下")
    await house.server.world.drained()
    await process.kill()
    for one in documents(*NAMES[1:]):
        house.server.world.post(
            house.server.world.state.chats[liaison.id],
            liaison.user,
            liaison._content(one),
            media_group_id=first.raw["media_group_id"],
        )
    await process.start()
    receipt = await liaison.expect("已转对接人", timeout=PATIENCE)
    assert "附件 3 个" in receipt.text
    await liaison.expect("3 个文件未发现标志", timeout=PATIENCE)
    assert await had(officer, 3) == list(NAMES)
    assert await files_of_question(house) == list(NAMES)


@on_sqlite
@pytest.mark.parametrize("after_s", [0.2, 1.9])
async def test_a_kill_at_any_moment_is_one_question_with_all_its_files(
    mortal: Mortal, after_s: float
) -> None:
    house, process = mortal
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    liaison.send_album(documents(*NAMES), "材料如下")
    await asyncio.sleep(after_s)
    await process.reborn()
    await liaison.expect("已转对接人", timeout=PATIENCE)
    await officer.expect("基地提问", timeout=PATIENCE)
    await house.server.world.drained()
    assert await files_of_question(house) == list(NAMES)
    assert sum("基地提问" in m.text for m in officer.messages()) == 1
    assert set(await had(officer, 3)) == set(NAMES)
