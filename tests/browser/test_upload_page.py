"""The upload page and its twin in Chromium, on a phone."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from domain.upload_links import CHUNK_BYTES, LIFE_MS, Verdict, VerdictState
from storage import settings, upload_links
from storage.engine import connect
from storage.partials import Partials
from tests.bot.upload_house import UploadHouse
from tests.browser.conftest import NARROW, Contexts

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
CLEAN = Verdict(VerdictState.CLEAN, "未发现标志，不能代替保密审查。")
CONTENT = bytes(range(256)) * 4096 * 3 + b"end"  # a little over 3 MB: four pieces
GONE = "链接不可用"
CHAT = "http://chat.example/"

NewPhone = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="session")
async def house(sqlite_migrated_url: str, tmp_path: Path) -> AsyncIterator[UploadHouse]:
    database = await connect(sqlite_migrated_url)
    opened = UploadHouse(database, tmp_path)
    async with database.tx() as tx:
        await settings.save(tx, {"centre": "示例省知识产权中心（演示）", "tel": "010-00000101"})
    await opened.start()
    yield opened
    await opened.stop()
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_phone(contexts: Contexts, house: UploadHouse) -> AsyncIterator[NewPhone]:
    """Makes browsers of their own, the size of a phone. Whatever a page complains of fails the test."""
    made: list[BrowserContext] = []
    complaints: list[str] = []

    async def make(scheme: str = "light", locale: str = "zh-CN") -> BrowserContext:
        context = await contexts.browser.new_context(
            viewport=NARROW, has_touch=True, locale=locale, color_scheme=scheme
        )
        context.on("weberror", lambda error: complaints.append(f"{error.error}"))
        context.on("console", lambda said: complaints.extend(_complaint(said.type, said.text)))
        context.on("request", lambda asked: complaints.extend(_foreign(asked.url, house)))
        made.append(context)
        return context

    yield make
    for context in made:
        await context.close()
    assert complaints == []


def _complaint(kind: str, text: str) -> list[str]:
    """What Chromium itself says of an answer that is no 200 is no complaint of the page."""
    return [text] if kind in ("error", "warning") and "Failed to load resource" not in text else []


def _foreign(asked: str, house: UploadHouse) -> list[str]:
    return [] if asked.startswith((house.address.link("/"), CHAT)) else [f"asked for {asked}"]


class UploadTab:
    """What a person does with the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.files = page.get_by_role("list", name=re.compile("文件|Files")).get_by_role("listitem")

    @classmethod
    async def open(cls, phone: BrowserContext, link: str) -> "UploadTab":
        page = await phone.new_page()
        await page.goto(link)
        return cls(page)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def file(self, name: str) -> Locator:
        return self.files.filter(has_text=name)

    async def begin(self) -> "UploadTab":
        await self.button("开始上传").tap()
        await expect(self.button("选择文件")).to_be_visible()
        return self

    async def choose(self, *files: FilePayload | Path) -> None:
        async with self.page.expect_file_chooser() as chosen:
            await self.button("选择文件").tap()
        await (await chosen.value).set_files(list(files))  # type: ignore[arg-type]


def payload(name: str = "年度总结.pdf", content: bytes = CONTENT) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


async def kept(house: UploadHouse) -> list[bytes]:
    return [house.partials.path(handed["upload_id"]).read_bytes() for handed in await house.handed_on()]


async def test_a_file_is_uploaded_examined_and_the_link_finished(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    tab = await UploadTab.open(await new_phone(), await house.link(title="FW-2026-0001 专利预审"))
    await expect(tab.page.locator("header")).to_have_text("示例省知识产权中心（演示）")
    await expect(tab.page.get_by_text("FW-2026-0001 专利预审")).to_be_visible()
    warning = tab.page.get_by_text("涉及国家秘密、工作秘密、商业秘密的内容不得通过互联网传送。")
    await expect(warning.locator("visible=true")).to_have_count(1)
    await tab.begin()
    await expect(warning.locator("visible=true")).to_have_count(1)
    await tab.choose(payload(), payload("附件.txt", b"text"))
    await expect(tab.file("年度总结.pdf")).to_contain_text("正在检查")
    await expect(tab.file("附件.txt")).to_contain_text("正在检查")
    handed = await house.handed_on()
    assert [one["name"] for one in handed] == ["年度总结.pdf", "附件.txt"]
    assert house.partials.path(handed[0]["upload_id"]).read_bytes() == CONTENT
    house.desk.verdicts = {one["job_id"]: CLEAN for one in handed}
    await expect(tab.file("年度总结.pdf")).to_contain_text("未发现标志，不能代替保密审查")
    await tab.button("完成").tap()
    await expect(tab.page.get_by_text("共收到 2 个文件。")).to_be_visible()
    await tab.page.reload()
    await expect(tab.page.get_by_role("heading", name=GONE)).to_be_visible()


async def test_a_connection_that_breaks_in_the_middle_goes_on_by_itself(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    pieces = 0

    async def broken(route: Route) -> None:
        nonlocal pieces
        pieces += 1
        await (route.abort("connectionreset") if pieces == 2 else route.continue_())

    await tab.page.route("**/files/*", broken)
    await tab.choose(payload())
    await expect(tab.file("年度总结.pdf")).to_contain_text("连接中断，将自动继续")
    await expect(tab.file("年度总结.pdf").get_by_role("progressbar")).to_have_js_property("value", 33)
    await expect(tab.file("年度总结.pdf")).to_contain_text("正在检查")
    assert pieces == 5
    assert await kept(house) == [CONTENT]


async def test_a_server_that_stops_in_the_middle_is_waited_for(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    stopped = asyncio.Event()

    async def third_stops(route: Route) -> None:
        if int(route.request.headers["upload-offset"]) == 2 * CHUNK_BYTES and not stopped.is_set():
            stopped.set()
            await house.stop()
        await route.continue_()

    await tab.page.route("**/files/*", third_stops)
    await tab.choose(payload())
    await expect(tab.file("年度总结.pdf")).to_contain_text("连接中断，将自动继续")
    await house.restart()
    await tab.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(tab.file("年度总结.pdf")).to_contain_text("正在检查")
    assert stopped.is_set()
    assert await kept(house) == [CONTENT]


class Held:
    """Lets the first piece through and keeps the others waiting."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.free = asyncio.Event()
        self.offsets: list[int] = []

    async def __call__(self, route: Route) -> None:
        if route.request.method == "PUT":
            self.offsets.append(int(route.request.headers["upload-offset"]))
            if len(self.offsets) > 1:
                self.waiting.set()
                await self.free.wait()
        await route.continue_()


async def halfway(phone: BrowserContext, link: str, *files: FilePayload) -> tuple[UploadTab, Held]:
    """A page whose first file has one piece at the server and waits with the second."""
    tab = await (await UploadTab.open(phone, link)).begin()
    held = Held()
    await tab.page.route("**/files/*", held)
    await tab.choose(*(files or [payload()]))
    await asyncio.wait_for(held.waiting.wait(), 10)
    return tab, held


async def interrupted(phone: BrowserContext, link: str) -> UploadTab:
    """The page opened anew, after one piece of a file reached the server and then the connection broke."""
    tab = await (await UploadTab.open(phone, link)).begin()

    async def first_alone(route: Route) -> None:
        later = route.request.headers.get("upload-offset") != "0"
        await (route.abort("connectionreset") if later else route.continue_())

    await tab.page.route("**/files/*", first_alone)
    await tab.choose(payload())
    await expect(tab.file("年度总结.pdf")).to_contain_text("连接中断")
    await tab.page.close()
    return await UploadTab.open(phone, link)


async def test_after_a_reload_the_same_file_goes_on_where_it_stopped(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    phone, link = await new_phone(), await house.link()
    tab = await interrupted(phone, link)
    await expect(tab.file("年度总结.pdf")).to_contain_text("请再次选择同一文件，将从断点继续")
    await expect(tab.file("年度总结.pdf")).to_contain_text("33%")
    offsets: list[str] = []
    tab.page.on("request", lambda asked: offsets.append(asked.headers.get("upload-offset", "")))
    await tab.choose(payload())
    await expect(tab.file("年度总结.pdf")).to_contain_text("正在检查")
    assert [offset for offset in offsets if offset] == [str(n * CHUNK_BYTES) for n in (1, 2, 3)]
    await expect(tab.files).to_have_count(1)
    assert await kept(house) == [CONTENT]


async def test_another_file_of_the_same_name_and_size_does_not_go_on_with_it(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    phone, link = await new_phone(), await house.link()
    tab = await interrupted(phone, link)
    other = CONTENT[::-1]
    await tab.choose(payload(content=other))
    await expect(tab.files.filter(has_text="正在检查")).to_have_count(1)
    await expect(tab.files.filter(has_text="请再次选择同一文件")).to_have_count(1)
    assert await kept(house) == [other]


async def test_a_link_that_was_opened_elsewhere_says_so_and_what_to_do(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    link = await house.link()
    owner = await (await UploadTab.open(await new_phone(), link)).begin()
    stranger = await UploadTab.open(await new_phone(), link)
    await expect(stranger.page.get_by_role("heading", name="链接已在别处打开")).to_be_visible()
    await expect(
        stranger.page.get_by_text("请在与机器人的对话中重新获取链接").locator("visible=true")
    ).to_have_count(1)
    await expect(stranger.button("选择文件")).to_be_hidden()
    await expect(stranger.button("开始上传")).to_be_hidden()
    await expect(owner.button("选择文件")).to_be_visible()


async def test_who_looked_first_and_pressed_second_is_told(house: UploadHouse, new_phone: NewPhone) -> None:
    link = await house.link()
    late = await UploadTab.open(await new_phone(), link)
    await expect(late.button("开始上传")).to_be_visible()
    await (await UploadTab.open(await new_phone(), link)).begin()
    await late.button("开始上传").tap()
    await expect(late.page.get_by_role("heading", name="链接已在别处打开")).to_be_visible()


async def test_an_expired_link_says_what_to_do(house: UploadHouse, new_phone: NewPhone) -> None:
    phone, link = await new_phone(), await house.link()
    open_one = await (await UploadTab.open(phone, link)).begin()
    house.clock.ms += LIFE_MS
    late = await UploadTab.open(phone, link)
    await expect(late.page.get_by_role("heading", name=GONE)).to_be_visible()
    await expect(late.page.get_by_text("请在与机器人的对话中重新获取链接")).to_be_visible()
    await expect(open_one.page.get_by_role("heading", name=GONE)).to_be_visible()


async def test_a_file_of_201_mb_is_refused_at_once(
    house: UploadHouse, new_phone: NewPhone, tmp_path: Path
) -> None:
    big = tmp_path / "录像.mp4"
    with big.open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.method))
    await tab.choose(big)
    await expect(tab.file("录像.mp4")).to_contain_text("文件超过 200 MB")
    assert set(asked) <= {"GET"}
    await tab.button("移除录像.mp4").tap()
    await expect(tab.files).to_have_count(0)


async def test_two_tabs_see_the_same_files_and_double_none(house: UploadHouse, new_phone: NewPhone) -> None:
    phone, link = await new_phone(), await house.link()
    first, held = await halfway(phone, link)
    second = await UploadTab.open(phone, link)
    await expect(second.file("年度总结.pdf")).to_contain_text("33%")
    await second.choose(payload())
    await expect(second.file("年度总结.pdf")).to_contain_text("正在检查")
    held.free.set()
    await expect(first.file("年度总结.pdf")).to_contain_text("正在检查")
    await second.choose(payload("附件.txt", b"text"))
    for tab in (first, second):
        await expect(tab.file("附件.txt")).to_contain_text("正在检查")
        await expect(tab.files).to_have_count(2)
    assert await kept(house) == [CONTENT, b"text"]


async def test_a_file_chosen_twice_is_one(house: UploadHouse, new_phone: NewPhone) -> None:
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    await tab.choose(payload(), payload())
    await expect(tab.file("年度总结.pdf").first).to_contain_text("正在检查")
    await tab.choose(payload())
    await expect(tab.files).to_have_count(1)
    assert await kept(house) == [CONTENT]


async def test_an_upload_is_paused_gone_on_with_and_cancelled(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    tab, held = await halfway(
        await new_phone(), await house.link(), payload(), payload("第二个.pdf", CONTENT + b"2")
    )
    await expect(tab.file("第二个.pdf")).to_contain_text("等待上传")
    await tab.button("暂停上传年度总结.pdf").tap()
    await expect(tab.file("年度总结.pdf")).to_contain_text("已暂停")
    held.free.set()
    await expect(tab.file("第二个.pdf")).to_contain_text("正在检查")
    await expect(tab.file("年度总结.pdf")).to_contain_text("33%")
    await tab.button("继续上传年度总结.pdf").tap()
    await expect(tab.file("年度总结.pdf")).to_contain_text("正在检查")
    held.free.clear()
    await tab.choose(payload("第三个.pdf", CONTENT + b"3"))
    await tab.button("取消上传第三个.pdf").tap()
    await expect(tab.files).to_have_count(2)
    held.free.set()
    assert sorted(map(len, await kept(house))) == [len(CONTENT), len(CONTENT) + 1]


async def test_finishing_with_a_file_on_its_way_is_asked_about(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    await expect(tab.button("完成")).to_be_hidden()
    await tab.choose(payload("附件.txt", b"text"))
    await expect(tab.file("附件.txt")).to_contain_text("正在检查")
    held = Held()
    held.offsets.append(-1)
    await tab.page.route("**/files/*", held)
    await tab.choose(payload())
    await asyncio.wait_for(held.waiting.wait(), 10)
    await tab.button("完成").tap()
    asked = tab.page.get_by_role("dialog", name="还有 1 个文件未传完。现在完成，这些文件将不会提交。")
    await expect(asked).to_be_visible()
    await tab.button("继续上传").tap()
    await expect(asked).to_be_hidden()
    await tab.button("完成").tap()
    await tab.button("不再上传，完成").tap()
    await expect(tab.page.get_by_text("共收到 1 个文件。")).to_be_visible()
    held.free.set()
    assert await kept(house) == [b"text"]


async def test_a_blocked_file_has_no_name_on_the_page(house: UploadHouse, new_phone: NewPhone) -> None:
    phone, link = await new_phone(), await house.link()
    tab = await (await UploadTab.open(phone, link)).begin()
    await tab.choose(payload("机密.pdf", b"text"))
    await expect(tab.file("机密.pdf")).to_contain_text("正在检查")
    [handed] = await house.handed_on()
    house.desk.verdicts[handed["job_id"]] = Verdict(VerdictState.BLOCKED, "文件未接收。")
    async with house.database.tx() as tx:
        await upload_links.forget_name(tx, handed["job_id"])
    await expect(tab.file("文件未接收。")).to_contain_text("一个文件")
    await expect(tab.page.get_by_text("机密.pdf")).to_have_count(0)


async def test_a_link_opened_from_another_site_knows_its_browser(
    house: UploadHouse, new_phone: NewPhone
) -> None:
    phone, link = await new_phone(), await house.link()
    await (await UploadTab.open(phone, link)).begin()
    page = await phone.new_page()
    await page.route(
        CHAT, lambda route: route.fulfill(content_type="text/html", body=f'<a href="{link}">link</a>')
    )
    await page.goto(CHAT)
    await page.get_by_role("link").tap()
    await expect(UploadTab(page).button("选择文件")).to_be_visible()


async def test_a_download_is_pressed_once_by_one(house: UploadHouse, new_phone: NewPhone) -> None:
    link = await house.download(CONTENT, "年度总结（盖章）.pdf")
    page = await (await new_phone()).new_page()
    await page.goto(link)
    other = await (await new_phone()).new_page()
    await other.goto(link)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="下载").tap()
    download = await downloading.value
    assert download.suggested_filename == "年度总结（盖章）.pdf"
    assert (await download.path()).read_bytes() == CONTENT
    await other.get_by_role("button", name="下载").tap()
    await expect(other.get_by_role("heading", name="链接已在别处打开")).to_be_visible()


FAR_OUT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button')].filter(one => one.checkVisibility())
    .filter(one => one.getBoundingClientRect().height < 44).map(one => one.innerText)"""


async def look(page: Page) -> None:
    assert await page.evaluate(CONTRAST) == []
    assert await page.evaluate(SMALL) == []
    assert not await page.evaluate(FAR_OUT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_and_pressed_on_a_phone(
    house: UploadHouse, new_phone: NewPhone, scheme: str
) -> None:
    phone = await new_phone(scheme)
    tab = await UploadTab.open(phone, await house.link())
    await expect(tab.button("开始上传")).to_be_visible()
    await look(tab.page)
    await tab.begin()
    texts = {state: Verdict(state, f"结论：{state}") for state in VerdictState}
    for state in VerdictState:
        await tab.choose(payload(f"{state}{'长' * 60}.pdf", state.encode()))
    await expect(tab.files.filter(has_text="正在检查")).to_have_count(len(texts))
    for handed, verdict in zip(await house.handed_on(), texts.values(), strict=True):
        house.desk.verdicts[handed["job_id"]] = verdict
    await expect(tab.files.filter(has_text="结论")).to_have_count(len(texts))
    await tab.choose(payload("空.pdf", b""))
    await expect(tab.file("空.pdf")).to_contain_text("文件为空")
    await look(tab.page)
    waiting, held = await halfway(phone, await house.link())
    await look(waiting.page)
    held.free.set()
    await expect(waiting.file("年度总结.pdf")).to_contain_text("正在检查")
    for link in (await house.download(b"%PDF", "年报.pdf"), house.address.link("/u/unknown")):
        await waiting.page.goto(link)
        await look(waiting.page)


async def test_the_page_speaks_english_to_whom_it_should(house: UploadHouse, new_phone: NewPhone) -> None:
    tab = await UploadTab.open(await new_phone(), await house.link(locale="en"))
    await tab.button("Begin").tap()
    await expect(tab.button("Choose files")).to_be_visible()
    async with tab.page.expect_file_chooser() as chosen:
        await tab.button("Choose files").tap()
    await (await chosen.value).set_files([payload("report.pdf")])
    await expect(tab.file("report.pdf")).to_contain_text("being checked")
    await tab.button("Finish").tap()
    await expect(tab.page.get_by_text("Files received: 1.")).to_be_visible()


async def test_a_full_disk_is_said_plainly(
    house: UploadHouse, new_phone: NewPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Partials, "free_bytes", lambda _: 0)
    tab = await (await UploadTab.open(await new_phone(), await house.link())).begin()
    await tab.choose(payload())
    await expect(tab.file("年度总结.pdf")).to_contain_text("中心存储空间不足")
