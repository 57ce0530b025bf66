"""The papers of an annual report come by themselves or on press, once; a year is taken along in the chat."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from bot.clock import SystemClock
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.annual_report import Move
from domain.notices import Offer
from domain.people import Role
from handlers.callbacks import pack
from storage import annual, download_links, jobs, people
from tests.bot.upload_house import new_browser
from tests.flows.conftest import House, _house, free_port
from tests.flows.test_annual_desk import PATIENCE, PERIOD, YEAR, Hand, Unit
from tests.flows.test_upload import fetched, link_in

SUBMITTED = (Move.SEND, Move.REVIEW, Move.APPROVE)


STAFF = (
    (Role.LIAISON, "林知行（演示）", "YS01"),
    (Role.REVIEWER, "何守正（演示）", "YS01"),
    (Role.HEAD, "高文博（演示）", "YS01"),
    (Role.OFFICER, "周明远（演示）", None),
)


@pytest.fixture
async def unit(house: House) -> Unit:
    return await gathered(house)


async def gathered(house: House) -> Unit:
    hands = [
        Hand(await house.enrolled(role, name, base, phone=f"+861000000{n:04}"))
        for n, (role, name, base) in enumerate(STAFF, 101)
    ]
    async with house.database.tx() as tx:
        await annual.fix_period(tx, YEAR, PERIOD, 1, 0)
    return Unit(house, *hands)


async def paper(person: Person, name: str) -> Seen:
    """The document whose name or caption has these words."""

    def is_it(one: Seen) -> bool:
        return one.document is not None and name in one.document["file_name"] + one.text

    return await person.expect(where=is_it, timeout=PATIENCE)


def papers_of(person: Person) -> list[str]:
    return [m.document["file_name"] for m in person.messages() if m.document and m.from_bot]


def text_of(house: House, seen: Seen) -> str:
    assert seen.document is not None
    document = Document(io.BytesIO(house.server.world.state.files[seen.document["file_id"]].data))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


async def presses(person: Person, offer: Offer) -> None:
    person.press_data(pack(offer))


async def done(house: House) -> None:
    """Until no job waits any more."""
    for _ in range(600):
        async with house.database.read() as tx:
            counts = await jobs.counts(tx)
        if not counts.get("waiting") and not counts.get("running"):
            break
        await asyncio.sleep(0.05)
    await house.server.world.drained()


async def test_a_receipt_comes_once_to_the_base_and_its_head(house: House, unit: Unit) -> None:
    await unit.fills_in()
    await unit.moved(*SUBMITTED)
    await unit.submits()
    receipt = await paper(unit.liaison.person, "报送回执（第1版）.docx")
    await paper(unit.head.person, "报送回执（第1版）.docx")
    report = await unit.report()
    text = text_of(house, receipt)
    assert report.versions[0].receipt is not None
    assert f"回执编号：{report.versions[0].receipt}" in text
    assert "蜀江理工大学（演示）" in text
    async with house.database.tx() as tx:
        await jobs.add(tx, "annual_receipt", {"report_id": report.id, "version": 1}, SystemClock().now())
    await done(house)
    assert [len(papers_of(one.person)) for one in (unit.liaison, unit.head, unit.reviewer)] == [1, 1, 0]


async def test_what_is_to_be_sealed_comes_when_the_pre_check_is_passed(house: House, unit: Unit) -> None:
    await unit.fills_in()
    await unit.moved(*SUBMITTED, Move.SUBMIT)
    report = await unit.report()
    await presses(unit.officer.person, Offer("annual_do.pass", report.id, report.rev))
    asked = await paper(unit.liaison.person, "请打印、签字、盖章")
    assert (await unit.report()).seal_due_on is not None
    await paper(unit.liaison.person, "数据表（第1版）.docx")
    names = papers_of(unit.liaison.person)
    assert [name.partition(str(YEAR))[2] for name in names] == [
        "年度工作总结（第1版）.docx",
        "年度报送函.docx",
        "年度数据表（第1版）.docx",
    ]
    text = text_of(house, asked)
    for said in ("保密审查人：甲", "责任处室负责人：甲", "（第 1 版）", "（盖章）"):
        assert said in text
    assert papers_of(unit.head.person) == []


async def test_returned_meanwhile_nothing_is_sent_to_be_sealed(house: House, unit: Unit) -> None:
    await unit.fills_in()
    await unit.moved(*SUBMITTED, Move.SUBMIT)
    async with house.database.tx() as tx:
        report = await unit.report()
        await jobs.add(tx, "annual_to_seal", {"report_id": report.id, "version": 1}, SystemClock().now())
    await done(house)
    assert papers_of(unit.liaison.person) == []


@pytest.mark.parametrize("kind", ["report", "letter", "tables"])
async def test_a_paper_is_made_on_press_of_what_is_there_now(house: House, unit: Unit, kind: str) -> None:
    names = {"report": "草稿-", "letter": "报送函", "tables": "数据表"}
    await unit.fills_in()
    report = await unit.report()
    await presses(unit.liaison.person, Offer(f"annual_paper.{kind}", report.id))
    made = await paper(unit.liaison.person, names[kind])
    assert "请勿用印" in made.text
    assert str(YEAR) in text_of(house, made)


async def test_a_receipt_can_be_had_again_but_not_before_there_is_one(house: House, unit: Unit) -> None:
    await unit.fills_in()
    report = await unit.moved(*SUBMITTED)
    refused = unit.liaison.person.press_data(pack(Offer("annual_paper.receipt", report.id)))
    assert "不能办理" in (await refused.answered(PATIENCE)).text
    await unit.moved(Move.SUBMIT)
    await presses(unit.liaison.person, Offer("annual_paper.receipt", report.id))
    await paper(unit.liaison.person, "报送回执（第1版）.docx")


async def test_another_bases_paper_does_not_exist(house: House, unit: Unit) -> None:
    await unit.fills_in()
    stranger = await house.enrolled(Role.LIAISON, "外人（演示）", "YS02", phone="+8610000000777")
    report = await unit.report()
    pressed = stranger.press_data(pack(Offer("annual_paper.report", report.id)))
    assert "不能办理" in (await pressed.answered(PATIENCE)).text
    assert papers_of(stranger) == []


async def test_without_a_period_the_press_says_so(house: House, unit: Unit) -> None:
    async with house.database.tx() as tx:
        report = await annual.open_report(tx, 1, YEAR - 3, SystemClock().now())
    pressed = unit.liaison.person.press_data(pack(Offer("annual_paper.report", report.id)))
    assert "统计期尚未确定" in (await pressed.answered(PATIENCE)).text


@pytest.fixture
def paged(make_config: Callable[..., Config], database_url: str) -> Config:
    """With web pages."""
    port = free_port()
    return make_config(database_url, public_listen=f"127.0.0.1:{port}", public_url=f"http://127.0.0.1:{port}")


# --- a year taken along -----------------------------------------------------------------------------------


async def test_a_year_is_left_on_the_server_where_there_is_no_page(house: House, unit: Unit) -> None:
    await unit.fills_in()
    await unit.moved(*SUBMITTED, Move.SUBMIT)
    await unit.officer.say("/export", "导出年度汇总", str(YEAR))
    await unit.officer.press(str(YEAR), "正在导出")
    told = await unit.officer.sees("年度汇总已导出")
    edits = [
        call.params.get("text", "")
        for call in house.server.world.calls.all
        if call.method == "editMessageText"
    ]
    shown = [text.splitlines()[1] for text in edits if "已汇总" in text]
    assert shown
    assert "/2 家" in shown[0]
    assert [text for text in edits if "见下一条消息" in text]
    place = Path(told.text.strip().splitlines()[-1])
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["bases"] == 2
    assert all((place / one["path"]).stat().st_size == one["size"] for one in manifest["files"])
    assert [path.name for path in place.parent.iterdir()] == [place.name]


async def test_a_year_is_fetched_over_the_page_by_whoever_asked(
    telegram: RehearsalServer, paged: Config
) -> None:
    async with _house(telegram, paged, "zh-hans") as house, new_browser() as browser:
        unit = await gathered(house)
        await unit.fills_in()
        await unit.moved(*SUBMITTED, Move.SUBMIT)
        await unit.officer.say("/export", "导出年度汇总", str(YEAR))
        await unit.officer.press(str(YEAR), "正在导出")
        link = link_in(await unit.officer.sees("年度汇总已导出"))
        status, content = await fetched(browser, link)
        assert status == 200
        package = zipfile.ZipFile(io.BytesIO(content))
        assert package.testzip() is None
        manifest = json.loads(package.read("manifest.json"))
        for one in manifest["files"]:
            assert hashlib.sha256(package.read(one["path"])).hexdigest() == one["sha256"]
        assert list((paged.data_dir / "exports").iterdir()) == []
        async with browser.get(await not_theirs(house, unit.liaison.person, content)) as page:
            assert page.status == 404


async def not_theirs(house: House, person: Person, content: bytes) -> str:
    """A link to the archive for somebody who may not have it."""
    async with house.database.tx() as tx:
        found = await people.by_telegram(tx, person.id)
        assert found is not None
        token = await download_links.add(
            tx,
            person_id=found.id,
            sha256=hashlib.sha256(content).hexdigest(),
            name="a.zip",
            media_type="application/zip",
            size=len(content),
            now=SystemClock().now(),
        )
    return f"{house.config.public_url}/d/{token}"


async def test_a_year_without_anything_says_so(house: House, unit: Unit) -> None:
    await unit.officer.say("/export", "导出年度汇总", str(YEAR - 1))
    await unit.officer.press(str(YEAR - 1), "正在导出")
    await unit.officer.sees("没有可导出的内容")


async def test_the_base_cannot_take_a_year_along(house: House, unit: Unit) -> None:
    await unit.liaison.say("/export", "不能办理")
    pressed = unit.liaison.person.press_data(pack(Offer("export_year", YEAR)))
    assert "不能办理" in (await pressed.answered(PATIENCE)).text
