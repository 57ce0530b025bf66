"""PIPL Article 47: after an erasure phone and Telegram id are found nowhere; the records of the base stay."""

import json
import logging
from pathlib import Path

import pytest

from bot.rehearsal.people import Person
from domain.people import Membership, Role
from storage import drafts, people, requests
from storage.dialect import Dialect
from tests.flows.conftest import House
from tests.flows.leaving import PATIENCE, bytes_with, erased, integer, rows_with
from tests.flows.test_bad_input import begun
from tests.flows.test_killed import Mortal
from tests.flows.test_story import ANSWERS, fill_in
from tests.messages.attachments.test_papers import said

NAME, PHONE = "林知行（演示）", "+8610000000177"
WRITTEN = "100-0000-0177"


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def head(house: House) -> Person:
    return await house.enrolled(Role.HEAD, "秦望舒（演示）", "YS01", phone="+8610000000103")


@pytest.fixture
async def liaison(house: House, officer: Person, head: Person) -> Person:
    return await house.enrolled(Role.LIAISON, NAME, "YS01", phone=PHONE)


def needles(person: Person) -> list[str]:
    return [str(person.id), PHONE.removeprefix("+86"), WRITTEN]


async def filed_with_a_number(house: House, liaison: Person) -> None:
    """A request whose contact field has the number, as people write it."""
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await fill_in(house, liaison, ANSWERS | {"contact": f"林知行 {WRITTEN}"})
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await liaison.expect("申请已收到")


async def to_confirm(person: Person, way: str = "删除我的信息") -> str:
    """The callback data of the button that would do it."""
    person.send("/privacy")
    await person.expect(where=lambda m: m.has(way))
    person.press(way)
    page = await person.expect(where=lambda m: m.has("确认"))
    return page.data("确认")


async def test_a_liaison_erases_amid_a_form_and_an_open_request_and_nothing_of_them_is_left(
    house: House,
    officer: Person,
    head: Person,
    liaison: Person,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await filed_with_a_number(house, liaison)
    new = await officer.expect("新申请")
    liaison.send("/privacy")
    await liaison.expect(where=lambda m: m.has("导出"))
    liaison.press("导出")
    await liaison.expect("个人信息副本", timeout=PATIENCE)
    await liaison.expect(where=lambda m: m.document is not None and _named(m.document, "json"))
    await begun(house, liaison)
    assert await rows_with(house.database, needles(liaison)) != []
    assert bytes_with(house.config.data_dir, needles(liaison)) != []  # the export's JSON

    data = await to_confirm(liaison)
    meaning = liaison.last.text
    assert "在办申请 1 件留在单位" in meaning
    assert "显示为“（已离任）”" in meaning
    liaison.press("确认")
    assert "您的信息正在删除" in (await liaison.expect("您的信息正在删除")).text
    for told in (await officer.expect("删除个人信息，不再担任"), await head.expect("删除个人信息，不再担任")):
        assert NAME in told.text
        assert "在办申请 1 件留在本单位" in told.text
    await erased(house.database)

    assert await rows_with(house.database, needles(liaison)) == []
    assert bytes_with(house.config.data_dir, needles(liaison)) == []
    if house.database.dialect is Dialect.SQLITE:
        assert bytes_with(tmp_path, needles(liaison)) == []
        kept_by_sqlite = [one.encode("latin-1") for one in (integer(liaison.id),)]
        file = Path(house.config.database_url.removeprefix("sqlite:///"))
        assert not any(one in file.read_bytes() for one in kept_by_sqlite)
    assert not any(needle in caplog.text for needle in needles(liaison))

    # pressed a second time, or anything else: somebody whom nobody knows
    liaison.press_data(data, liaison.last)
    stranger = await liaison.expect("省知识产权中心")
    assert stranger.buttons == []
    async with house.database.tx() as tx:
        [request] = await requests.list_of_base(tx, 1, 10)
        assert request.answers["contact"] == "林知行 ***"
        [left] = await drafts_of_base(tx)
        assert left.base_id == 1
        assert (await people.get(tx, request.submitted_by)).name == "联络员（已离任）"
    officer.press("受理", new)
    await officer.expect("已受理")
    officer.send("/bases")


async def drafts_of_base(tx: object) -> list[drafts.Draft]:
    found = await drafts.named(tx, "service:S301")  # type: ignore[arg-type]
    return [found] if found is not None else []


def _named(document: dict[str, object], suffix: str) -> bool:
    return str(document.get("file_name", "")).endswith(suffix)


async def test_the_copy_that_is_taken_along_holds_all_of_the_person(
    house: House, officer: Person, liaison: Person
) -> None:
    await filed_with_a_number(house, liaison)
    liaison.send("/privacy")
    await liaison.expect(where=lambda m: m.has("导出"))
    liaison.press("导出")
    await liaison.expect("个人信息副本", timeout=PATIENCE)
    await liaison.expect(where=lambda m: m.document is not None and _named(m.document, "json"))
    files = {str(m.document["file_name"]): m.document for m in liaison.messages() if m.document}
    copy = json.loads(_content(house, files["我的个人信息.json"]))
    assert copy["person"]["telegram_id"] == liaison.id
    assert copy["person"]["phone_shared"] == PHONE
    assert [(one["role"], one["unit"]) for one in copy["offices"]] == [("liaison", "蜀江理工大学（演示）")]
    assert [one["kind"] for one in copy["consents"]] == ["processing", "cross_border"]
    assert copy["requests"][0]["answers"]["contact"] == f"林知行 {WRITTEN}"
    paper = said(_content(house, files["我的个人信息.docx"]))
    for words in (NAME, PHONE, "服务申请", "FW-2026-0001", "同意记录"):
        assert words in paper
    assert not any(m.document for m in officer.messages())


def _content(house: House, document: dict[str, object]) -> bytes:
    data = house.server.world.state.files[str(document["file_id"])].data
    assert data is not None
    return bytes(data)


async def test_a_head_without_telegram_who_wrote_a_letter_is_erased_by_the_admin_and_by_nobody_else(
    house: House, officer: Person
) -> None:
    async with house.database.tx() as tx:
        head = await people.add(tx, "秦望舒（演示）", 1, phone=PHONE)
        await people.appoint(tx, head, Membership(Role.HEAD, 1), 1)
    admin = await house.enrolled(Role.ADMIN, "何清（演示）", phone="+8610000000904")
    auditor = await house.enrolled(Role.AUDITOR, "程鉴（演示）", phone="+8610000000906")
    for person in (auditor, admin):
        person.send("/access")
        await person.expect(where=lambda m: m.has("按人员查"))
        person.press("按人员查")
        await person.expect("姓名")
        person.send("秦望舒（演示）")
        await person.expect(where=lambda m: m.has("全部记录"))
    assert not auditor.last.has("代为删除")
    way = admin.last.data("代为删除")
    for data in (way, way.replace("erase_for", "privacy_erase_for")):
        for other in (auditor, officer):
            assert (await other.press_data(data, other.last).answered()).text is not None
    admin.press("代为删除")
    meaning = await admin.expect("核实确为本人提出")
    assert "责任处室负责人" in meaning.text
    confirm = meaning.data("确认")
    admin.press("确认", meaning)
    await admin.expect("正在删除，数分钟内完成")
    await officer.expect("责任处室负责人秦望舒（演示）已删除个人信息，不再担任")
    await erased(house.database)
    assert await rows_with(house.database, [PHONE.removeprefix("+86")]) == []
    answer = await admin.press_data(confirm, admin.last).answered()
    assert answer.text == "该人员的个人信息已删除。"


async def test_an_erasure_that_a_kill_interrupts_is_seen_through_by_the_next_process(mortal: Mortal) -> None:
    house, process = mortal
    await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, NAME, "YS01", phone=PHONE)
    await to_confirm(liaison)
    liaison.press("确认")
    await liaison.expect("您的信息正在删除")
    await process.reborn()
    await erased(house.database)
    assert await rows_with(house.database, needles(liaison)) == []
    assert bytes_with(house.config.data_dir, needles(liaison)) == []
