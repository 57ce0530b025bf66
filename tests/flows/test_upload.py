"""Files over the centre's own page: a link out of a form, the examination, the form that goes on."""

import io
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from PIL import Image

from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.notices import Subject
from domain.people import Membership, Role
from domain.uploads import Attachment, State
from storage import attachments, audit, bases, incidents, people, settings
from storage.engine import Database, connect
from tests.bot.upload_house import Visitor, new_browser
from tests.flows.conftest import BASE, BotProcess, House, _house, free_port
from tests.flows.test_bad_input import at_files
from tests.handlers.extraction import making

CLEAN = making.docx(making.paragraph(making.run("供需对接材料说明。")))
MARKED = making.docx(making.paragraph(making.run(making.MARK)))
NAME = "对接说明.docx"
PAGE = "安全上传页"
LINK = re.compile(r"http://\S+/[ud]/\S+")
PATIENCE = 30.0


@dataclass
class Desk:
    """A base and the centre, at the step of a form that asks for files."""

    house: House
    liaison: Person
    officer: Person

    async def link(self) -> str:
        """As the liaison gets it by the press."""
        self.liaison.press(PAGE)
        return link_in(await self.liaison.expect("本人使用"))

    async def submit(self) -> None:
        self.liaison.press("完成")
        await self.liaison.expect(where=lambda m: m.has("提交"))
        self.liaison.press("提交")

    async def files(self) -> list[Attachment]:
        async with self.house.database.read() as tx:
            return await attachments.list_by(tx, range(1, 9))


def link_in(seen: Seen) -> str:
    found = LINK.search(seen.text)
    assert found is not None, seen.text
    return found[0]


@pytest.fixture
def paged(make_config: Callable[..., Config], database_url: str) -> Config:
    """With pages that people can reach."""
    port = free_port()
    return make_config(database_url, public_listen=f"127.0.0.1:{port}", public_url=f"http://127.0.0.1:{port}")


@pytest.fixture
async def desk(telegram: RehearsalServer, paged: Config) -> AsyncIterator[Desk]:
    async with _house(telegram, paged, "zh-hans") as house:
        yield await asked(house)


async def asked(house: House) -> Desk:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
    await at_files(house, liaison)
    return Desk(house, liaison, officer)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_browser() as session:
        yield session


async def sent(visitor: Visitor, data: bytes, name: str = NAME, key: str = "0000-0001") -> None:
    """In two pieces, as a long file is."""
    status, file = await visitor.begin(len(data), key, name)
    assert status == 200
    half = len(data) // 2
    assert (await visitor.put(file["id"], 0, data[:half]))[0] == 200
    status, file = await visitor.put(file["id"], half, data[half:])
    assert (status, file["state"]) == (200, "examining")


async def verdicts(visitor: Visitor) -> list[tuple[str, str]]:
    status, answer = await visitor.state()
    assert status == 200
    return [(file["state"], file["text"]) for file in answer["files"]]


async def finished(visitor: Visitor, files: int) -> None:
    assert await visitor.ask("POST", "/finish") == (200, {"files": files})


async def fetched(browser: aiohttp.ClientSession, link: str) -> tuple[int, bytes]:
    async with browser.get(link) as page:
        assert page.status == 200
    async with browser.post(link) as answer:
        return answer.status, await answer.read()


async def test_a_file_goes_from_the_page_to_the_officer_past_telegram(
    desk: Desk, browser: aiohttp.ClientSession
) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, CLEAN)
    await desk.liaison.expect("未发现标志")
    assert await verdicts(visitor) == [("clean", "未发现标志，不能代替保密审查")]
    await finished(visitor, 1)
    page = await desk.liaison.expect("已收到 1 项", where=lambda m: m.has("完成"))
    assert f"1. {NAME}" in page.text
    await desk.submit()

    came = await desk.officer.expect("安全上传页", where=lambda m: m.has("获取下载链接"))
    assert "FW-" in came.text
    desk.officer.press("获取下载链接", came)
    link = link_in(await desk.officer.expect("每次打开都会记录"))
    assert await fetched(browser, link) == (200, CLEAN)
    calls = desk.house.server.world.calls
    assert calls.executed("sendDocument") == calls.executed("getFile") == []

    [file] = await desk.files()
    assert (file.state, file.kind, file.telegram_file_id) == (State.KEPT, "upload", "")
    async with desk.house.database.read() as tx:
        trail = await audit.trail(tx, Subject("attachment", file.id))
        officer = await people.by_telegram(tx, desk.officer.id)
    assert officer is not None
    assert [(row["actor_id"], row["action"]) for row in trail] == [(officer.id, "file_opened")]


async def test_the_button_gives_nothing_to_another_base(desk: Desk, browser: aiohttp.ClientSession) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, CLEAN)
    await desk.liaison.expect("未发现标志")
    await finished(visitor, 1)
    await desk.liaison.expect("已收到 1 项")
    await desk.submit()
    came = await desk.officer.expect("安全上传页", where=lambda m: m.has("获取下载链接"))
    other = await desk.house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", phone="+8610000000201")
    other.send("/menu")
    page = await other.expect(where=lambda m: bool(m.buttons))
    missing = await other.press_data("download:zz:0", page).answered()
    assert (await other.press_data(came.data("获取下载链接"), page).answered()).text == missing.text
    assert not any(LINK.search(m.text) for m in other.messages())


async def test_a_download_link_is_dead_for_whoever_lost_the_role(
    desk: Desk, browser: aiohttp.ClientSession
) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, CLEAN)
    await desk.liaison.expect("未发现标志")
    await finished(visitor, 1)
    await desk.liaison.expect("已收到 1 项")
    await desk.submit()
    came = await desk.officer.expect("安全上传页", where=lambda m: m.has("获取下载链接"))
    deputy = await desk.house.enrolled(Role.DEPUTY, "谭嘉禾（演示）", "YS01", phone="+8610000000102")
    deputy.press_data(came.data("获取下载链接"))
    link = link_in(await deputy.expect("每次打开都会记录"))
    async with browser.get(link) as page:
        assert page.status == 200
    await relieved(desk.house.database, deputy, Membership(Role.DEPUTY, 1))
    async with browser.get(link) as page:
        assert page.status == 404


async def test_a_mark_is_blocked_and_nothing_of_the_file_stays(
    desk: Desk, browser: aiohttp.ClientSession
) -> None:
    secrecy = await desk.house.enrolled(Role.SECRECY, "何谨言（演示）", phone="+8610000000909")
    officer_read = len(desk.officer.messages())
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, MARKED)
    told = await desk.liaison.expect("文件未接收")
    [(state, words)] = await verdicts(visitor)
    assert (state, words) == ("blocked", told.text)
    assert "未经过 Telegram" in words
    assert NAME not in words
    assert "机密" not in words

    reported = await secrecy.expect("登记")
    assert NAME not in reported.text
    assert len(desk.officer.messages()) == officer_read
    [file] = await desk.files()
    assert (file.state, file.name, file.sha256) == (State.BLOCKED, "", None)
    _, answer = await visitor.state()
    assert [one["name"] for one in answer["files"]] == [""]
    folder = desk.house.config.data_dir
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    async with desk.house.database.read() as tx:
        [incident] = await incidents.newest(tx, 5)
    assert incident.number in told.text
    await finished(visitor, 0)
    page = await desk.liaison.expect("附件", where=lambda m: m.has("完成"))
    assert NAME not in page.text
    assert "已收到" not in page.text
    await desk.submit()
    assert "附件" not in (await desk.officer.expect("见附件")).text.replace("见附件", "")


async def test_a_picture_waits_for_a_person_and_says_so_in_the_words_of_the_chat(
    desk: Desk, browser: aiohttp.ClientSession
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "PNG")
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, out.getvalue(), "盖章页.png")
    asks = await desk.liaison.expect("请核对后再使用")
    assert await verdicts(visitor) == [("held", asks.text)]
    await finished(visitor, 1)
    await desk.liaison.expect("盖章页.png · 待核对")
    await desk.submit()
    desk.liaison.press("本人已核对", asks)
    came = await desk.officer.expect("盖章页.png", where=lambda m: m.has("获取下载链接"))
    assert "安全上传页" in came.text


async def test_why_a_file_is_not_taken_is_said_in_the_same_words_on_the_page_and_in_the_chat(
    desk: Desk, browser: aiohttp.ClientSession
) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    await sent(visitor, making.zipped({"年报.docx": CLEAN}), "材料.zip")
    await desk.liaison.expect("不接收压缩包")
    assert await verdicts(visitor) == [("refused", "不接收压缩包，请直接发送其中的文件。")]


async def test_the_link_dies_with_the_form(desk: Desk, browser: aiohttp.ClientSession) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    _, file = await visitor.begin(len(CLEAN), name=NAME)
    desk.liaison.send("/cancel")
    asks = await desk.liaison.expect(where=lambda m: len(m.labels) == 2)
    await desk.liaison.press(asks.labels[0], asks).answered()
    assert (await visitor.get())[0] == 404
    assert (await visitor.put(file["id"], 0, CLEAN))[0] == 404
    assert await desk.files() == []


async def test_the_link_dies_with_the_role(desk: Desk, browser: aiohttp.ClientSession) -> None:
    visitor = await Visitor(browser, await desk.link()).started()
    _, file = await visitor.begin(len(CLEAN), name=NAME)
    await relieved(desk.house.database, desk.liaison, Membership(Role.LIAISON, 1))
    assert (await visitor.get())[0] == 404
    assert (await visitor.put(file["id"], 0, CLEAN))[0] == 404
    assert await desk.files() == []


async def relieved(database: Database, whom: Person, of: Membership) -> None:
    async with database.tx() as tx:
        person = await people.by_telegram(tx, whom.id)
        assert person is not None
        await people.relieve_all(tx, [(person.id, of)], SystemClock().now())


async def test_a_file_in_the_chat_is_not_fetched_where_the_centre_wants_the_page(desk: Desk) -> None:
    async with desk.house.database.tx() as tx:
        await settings.save(tx, {"chat_files": "no"})
    desk.liaison.send_document("年报.pdf", b"%PDF-1.7 x")
    page = await desk.liaison.expect("请点下方“安全上传页”", where=lambda m: m.has(PAGE))
    assert "年报" not in page.text
    await desk.house.server.world.drained()
    assert desk.house.server.world.calls.executed("getFile") == []
    assert await desk.files() == []


async def test_the_question_for_files_points_to_the_page_where_the_centre_wants_it(desk: Desk) -> None:
    async with desk.house.database.tx() as tx:
        await settings.save(tx, {"chat_files": "no"})
    desk.liaison.press("上一步")
    await desk.liaison.expect("请用文字说明")
    desk.liaison.send("见附件")
    await desk.liaison.expect("请点下方“安全上传页”", where=lambda m: m.has(PAGE))


async def test_the_admin_says_whether_files_may_go_through_the_chat(desk: Desk) -> None:
    admin = await desk.house.enrolled(Role.ADMIN, "沈砚（演示）", phone="+8610000000903")
    admin.send("/settings")
    admin.press("可在对话中发送文件", await admin.expect(where=lambda m: m.has("可在对话中发送文件")))
    admin.press("否", await admin.expect(where=lambda m: m.has("否")))
    admin.press("提交", await admin.expect(where=lambda m: m.has("提交")))
    await admin.expect("否", where=lambda m: not m.has("提交"))
    async with desk.house.database.read() as tx:
        assert not (await settings.centre(tx)).takes_in_chat


async def test_without_an_address_there_is_no_button_and_the_chat_takes_files(house: House) -> None:
    desk = await asked(house)
    async with house.database.tx() as tx:
        await settings.save(tx, {"chat_files": "no"})
    assert not desk.liaison.messages()[-1].has(PAGE)
    desk.liaison.send_document(NAME, CLEAN)
    await desk.liaison.expect("已收到 1 项", where=lambda m: m.has("完成") and not m.has(PAGE))


async def test_a_press_for_a_step_that_takes_no_files_gives_no_link(desk: Desk) -> None:
    desk.liaison.press("上一步")
    page = await desk.liaison.expect("说明", where=lambda m: m.has("取消"))
    forged = page.data("取消").replace("cancel", "upload_page.text", 1)
    await desk.liaison.press_data(forged, page).answered()
    desk.liaison.send("/help")
    await desk.liaison.expect("您正在填写")
    assert not any(LINK.search(m.text) for m in desk.liaison.messages())


@pytest.mark.parametrize("delay", [0, 1])
async def test_a_kill_after_the_last_piece_loses_and_doubles_nothing(
    telegram: RehearsalServer, paged: Config, browser: aiohttp.ClientSession, delay: int
) -> None:
    """The job is in the transaction of the last piece; killed before or while it runs, it runs again."""
    process, beside = BotProcess(paged), await connect(paged.database_url)
    try:
        async with beside.tx() as tx:
            await bases.add(tx, BASE)
        await process.start()
        desk = await asked(House(telegram, beside, paged))
        visitor = await Visitor(browser, await desk.link()).started()
        await sent(visitor, CLEAN)
        if delay:
            await telegram.world.drained()
        await process.reborn()
        await desk.liaison.expect("未发现标志", timeout=PATIENCE)
        assert [state for state, _ in await verdicts(visitor)] == ["clean"]
        await finished(visitor, 1)
        await desk.liaison.expect("已收到 1 项", timeout=PATIENCE)
        assert [file.state for file in await desk.files()] == [State.KEPT]
        assert sum("未发现标志，" in m.text and NAME in m.text for m in desk.liaison.messages()) == 2
        uploading = paged.data_dir / "uploading"
        assert list(uploading.iterdir()) == []
    finally:
        await process.stop()
        await beside.close()
