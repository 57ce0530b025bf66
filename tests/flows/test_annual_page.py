"""Files of the annual report go over the centre's own page by default, past Telegram."""

import io
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from docx import Document

from bot.config import Config
from bot.rehearsal import RehearsalServer
from domain.annual_content import Part, Purpose, Source
from domain.annual_report import Move
from domain.notices import Offer
from storage import settings
from tests.bot.upload_house import Visitor, new_browser
from tests.flows.conftest import House, _house, free_port
from tests.flows.test_annual_fill import PATIENCE, Liaison, begun, filled_in
from tests.flows.test_annual_papers import SUBMITTED, gathered, presses
from tests.flows.test_upload import CLEAN, NAME, PAGE, fetched, finished, link_in, sent


@pytest.fixture
async def paged_house(
    telegram: RehearsalServer, make_config: Callable[..., Config], database_url: str
) -> AsyncIterator[House]:
    """With pages that people can reach."""
    port = free_port()
    address = {"public_listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}"}
    async with _house(telegram, make_config(database_url, **address), "zh-hans") as house:
        yield house


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_browser() as session:
        yield session


async def the_form(house: House, liaison: Liaison) -> bytes:
    """Fetched over the page: it has figures in it."""
    liaison.person.press("下载填报表")
    link = link_in(await liaison.sees("仅供您本人使用"))
    async with new_browser() as another:
        status, data = await fetched(another, link)
    assert status == 200
    assert [m for m in liaison.person.messages() if m.document] == []
    return data


async def in_chat(house: House, liaison: Liaison) -> bytes:
    liaison.person.press("下载填报表")
    form = await liaison.person.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    assert form.document is not None
    data = house.server.world.state.files[form.document["file_id"]].data
    assert data is not None
    return data


async def over_the_page(liaison: Liaison, browser: aiohttp.ClientSession, data: bytes, name: str) -> None:
    liaison.person.press(PAGE)
    visitor = await Visitor(browser, link_in(await liaison.sees("本人使用"))).started()
    await sent(visitor, data, name)
    await liaison.sees("未发现标志")
    await finished(visitor, 1)
    await liaison.sees("已收到 1 项", "完成")


async def test_a_form_comes_back_over_the_page_and_not_in_the_chat(
    paged_house: House, browser: aiohttp.ClientSession
) -> None:
    liaison = await begun(paged_house)
    await liaison.open_figures()
    form = filled_in(await the_form(paged_house, liaison), {"I26": 3, "I27": 200})
    liaison.person.send_document("填报表.xlsx", form)
    await liaison.sees("安全上传页")
    await paged_house.server.world.drained()
    assert paged_house.server.world.calls.executed("getFile") == []

    await liaison.open_figures()
    await liaison.press("发回填报表", "填报表", PAGE)
    await over_the_page(liaison, browser, form, "填报表.xlsx")
    await liaison.press("完成", "填报表已收到")
    await liaison.sees("I26 质押融资笔数：3", "确认")
    await liaison.press("确认", "金融：2/2")
    assert (await liaison.report()).entries[Part.FIGURE, "I27"].source is Source.SHEET


async def test_evidence_comes_over_the_page_and_is_taken_away_again(
    paged_house: House, browser: aiohttp.ClientSession
) -> None:
    liaison = await begun(paged_house)
    await liaison.home()
    await liaison.press("文字部分", "未写")
    await liaison.press("上传整份文档", "docx", PAGE)
    await over_the_page(liaison, browser, CLEAN, NAME)
    await liaison.press("完成", "已附 1 个", "提交")
    await liaison.press("提交", f"总结正文：{NAME}", "移除 1")
    [file] = (await liaison.report()).files
    assert (file.purpose, file.name) == (Purpose.NARRATIVE, NAME)
    await liaison.press("移除 1", "还没有文件")
    assert (await liaison.report()).files == ()


async def test_where_the_centre_allows_it_the_chat_takes_them_too(paged_house: House) -> None:
    liaison = await begun(paged_house)
    async with paged_house.database.tx() as tx:
        await settings.save(tx, {"chat_reports": "yes"})
    await liaison.open_figures()
    form = filled_in(await in_chat(paged_house, liaison), {"I26": 3})
    liaison.person.send_document("填报表.xlsx", form)
    await liaison.sees("I26 质押融资笔数：3", "确认")


async def test_the_papers_come_over_the_page_and_what_is_to_be_sealed_as_buttons(paged_house: House) -> None:
    unit = await gathered(paged_house)
    await unit.fills_in()
    await unit.moved(*SUBMITTED, Move.SUBMIT)
    report = await unit.report()
    await presses(unit.officer.person, Offer("annual_do.pass", report.id, report.rev))
    asked = await unit.liaison.sees("请打印、签字、盖章", "数据表")
    assert {"总结文稿", "报送函", "数据表"} <= set(asked.labels)
    unit.liaison.person.press("数据表", asked)
    link = link_in(await unit.liaison.sees("24 小时内有效"))
    async with new_browser() as another:
        status, data = await fetched(another, link)
    assert status == 200
    assert "国内专利申请量" in text_of_cells(data)
    assert [m for m in unit.liaison.person.messages() if m.document] == []


def text_of_cells(data: bytes) -> str:
    return "\n".join(
        cell.text for table in Document(io.BytesIO(data)).tables for row in table.rows for cell in row.cells
    )
