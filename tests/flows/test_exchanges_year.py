"""The year's record of exchanges (Article 8), and what of them goes over with a change of liaison."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.rehearsal.seen import Seen
from handlers import handover_papers
from messages.catalog import Catalog
from storage import open_work
from tests.flows.autumn import Autumn
from tests.flows.conftest import BASE
from tests.flows.exchanging import FOLLOW_UP, PATIENCE, Talk, a_talk
from tests.flows.test_outstanding import having, pressed

chinese = pytest.mark.parametrize("autumn", ["zh-hans"], indirect=True)


def named(name: str) -> Callable[[Seen], bool]:
    return lambda m: m.document is not None and name in m.document["file_name"]


def data(talk: Talk, seen: Seen) -> bytes:
    assert seen.document is not None
    content = talk.autumn.house.server.world.state.files[seen.document["file_id"]].data
    assert isinstance(content, bytes)
    return content


def texts(docx: bytes) -> list[str]:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(one.text for one in document.paragraphs), *cells]


@chinese
async def test_the_years_record_of_a_base_comes_as_docx_and_xlsx(autumn: Autumn) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        officer, liaison, label = talk.officer, talk.liaison, talk.label
        await autumn.at("2026-09-02T10:00")
        page = await talk.listed(liaison)
        liaison.press(label("exchange_years"), page)
        await liaison.expect(where=having("2026"))
        liaison.press("2026")
        assert "未生成文件" in (await liaison.expect("2026 年度沟通记录", timeout=PATIENCE)).text
        await talk.note(liaison, "2026-09-01", "=讨论质押融资", due="2026-09-16")
        officer.press(label("exchange_confirm"), await officer.expect("请确认沟通记录"))
        await officer.expect(label("exchange_state_confirmed"))

        page = await talk.listed(liaison)
        liaison.press(label("exchange_years"), page)
        await liaison.expect(where=having("2026"))
        liaison.press("2026")
        word = await liaison.expect("共 1 次，其中定期 1 次", timeout=PATIENCE)
        sheet = await liaison.expect(where=named(".xlsx"), timeout=PATIENCE)
        assert named(f"2026年度沟通交流记录-{BASE.name}.docx")(word)
        text = "\n".join(texts(data(talk, word)))
        for said in ("讨论质押融资", "林知行、周明远", FOLLOW_UP, "已确认", "周明远（演示） 2026年9月2日"):
            assert said in text
        book = load_workbook(io.BytesIO(data(talk, sheet)))
        held, follow_ups = (list(one.iter_rows(values_only=True)) for one in book.worksheets)
        assert held[1][1:4] == ("2026-09-01", "定期", "电话")
        assert held[1][6] == "=讨论质押融资"
        assert book.worksheets[0]["G2"].data_type == "s"
        assert follow_ups[1][2:] == (FOLLOW_UP, "基地", "林知行", "2026-09-16", "否")


@chinese
async def test_what_is_planned_goes_over_with_a_change_of_liaison_and_stands_on_the_bases_card(
    autumn: Autumn,
) -> None:
    async with autumn.running():
        talk = await a_talk(autumn)
        await autumn.at("2026-09-02T10:00")
        await talk.plan("2026-09-30")
        async with autumn.house.database.tx() as tx:
            work = await open_work.of_base(tx, 1, autumn.clock.now())
        [moved] = work.as_facts()["exchanges"]
        assert moved == {"state": "planned", "way": "visit", "day": "2026-09-30"}
        assert "exchange" not in {row["kind"] for row in work.duties}
        lines = handover_papers.lines(Catalog(), work.as_facts())
        assert [one.what.zh for one in lines if one.kind == "exchanges"] == ["2026-09-30 走访"]

        talk.officer.send("/bases")
        await talk.officer.expect(where=having(BASE.short_name))
        card = await pressed(talk.officer, BASE.short_name, talk.label("exchanges_of"))
        assert "未了结的沟通：1 次" in card.text
