"""Whatever comes in gets a clear answer; nothing is lost, nothing leaks, no traceback."""

import asyncio
import logging

import pytest

from bot.clock import SystemClock
from bot.rehearsal.people import Person
from domain.people import Role
from domain.uploads import MAX_BYTES
from storage import requests
from tests import papers
from tests.flows.conftest import House
from tests.flows.test_story import ANSWERS, fill_in

STALE = "页面已更新，请按最新内容操作"


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> object:
    """Bad input is no error of ours."""
    caplog.set_level(logging.ERROR)
    yield
    assert [record.getMessage() for record in caplog.records] == []


@pytest.fixture
async def liaison(house: House) -> Person:
    return await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


async def filed(house: House, liaison: Person) -> int:
    """A request, filed as a person files it; its id."""
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await fill_in(house, liaison)
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await liaison.expect("申请已收到")
    async with house.database.read() as tx:
        return (await requests.list_of_base(tx, 1, 1))[0].id


async def begun(house: House, liaison: Person) -> None:
    """The form of S301, at its first question with a text to type."""
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    for word in ("尚未取得申请号", "跳过", "发明", "新一代信息技术"):
        await liaison.expect(where=lambda m, word=word: m.has(word))
        liaison.press(word)
    await liaison.expect("技术领域")


async def test_an_unknown_command(liaison: Person) -> None:
    liaison.send("/abracadabra")
    await liaison.expect("命令")


async def test_a_text_that_nothing_asks_for_is_a_question_unless_it_asks_nothing(liaison: Person) -> None:
    liaison.send("在吗")
    await liaison.expect("已转对接人")
    liaison.send("……")
    await liaison.expect("菜单")


async def test_a_typed_label_is_the_button(liaison: Person) -> None:
    liaison.send("我的申请")
    await liaison.expect("我的申请")
    liaison.send("服务申请")
    await liaison.expect(where=lambda m: m.has("专利预审"))


async def test_a_sticker_and_a_voice_message(house: House, liaison: Person) -> None:
    await begun(house, liaison)
    liaison.send_sticker("👍")
    await liaison.expect("文字")
    liaison.send_voice(b"voice")
    await liaison.expect("文字")
    liaison.send("H04L")
    await liaison.expect("IPC")


async def test_as_many_characters_as_telegram_carries(house: House, liaison: Person) -> None:
    await begun(house, liaison)
    liaison.send("字" * 4096)
    await liaison.expect("4096")
    liaison.send("H04L")
    await liaison.expect("拟定IPC")


async def test_an_edited_message_changes_nothing_that_was_answered(house: House, liaison: Person) -> None:
    await begun(house, liaison)
    said = liaison.send("H04L")
    await liaison.expect("拟定IPC")
    liaison.edit(said, "G06F")
    await liaison.expect("修改")


@pytest.mark.parametrize(
    "data", ["", "accept", "accept:1:0:0", "🙂" * 16, "nothing:1:0", "go.nothing:0:0", "x" * 64]
)
async def test_a_press_that_is_on_no_button(house: House, liaison: Person, data: str) -> None:
    liaison.send("/menu")
    page = await liaison.expect(where=lambda m: bool(m.buttons))
    press = liaison.press_data(data, page)
    assert (await press.answered()).text


async def test_a_forged_press_on_another_bases_request(house: House, liaison: Person) -> None:
    request_id = await filed(house, liaison)
    other = await house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", phone="+8610000000201")
    other.send("/menu")
    page = await other.expect(where=lambda m: bool(m.buttons))
    missing = await other.press_data("show:zz:0", page).answered()
    for op in ("show", "say", "withdraw", "accept", "answer", "close", "files"):
        answer = await other.press_data(f"{op}:{request_id:x}:0", page).answered()
        assert answer.text == missing.text, op
    assert not any("FW-" in m.text or "代号甲" in m.text for m in other.messages())


async def test_an_old_page_is_said_to_be_old_and_drawn_anew(
    house: House, liaison: Person, officer: Person
) -> None:
    await filed(house, liaison)
    new = await officer.expect("新申请")
    old = officer.press("受理", new)
    await old.answered()
    await officer.expect(where=lambda m: m.has("办结"))
    again = officer.press_data(new.data("受理"), officer.refreshed(new))
    assert (await again.answered()).text == STALE


async def test_two_presses_at_once_do_one_thing(house: House, liaison: Person, officer: Person) -> None:
    await filed(house, liaison)
    new = await officer.expect("新申请")
    answers = await asyncio.gather(*(p.answered() for p in [officer.press("受理", new) for _ in range(2)]))
    assert sorted(a.text == STALE for a in answers) == [False, True]
    async with house.database.read() as tx:
        [request] = await requests.list_of_base(tx, 1, 5)
        said = await requests.thread(tx, request.id)
    assert [s.kind for s in said] == ["accept"]


async def test_submitting_twice_files_once(house: House, liaison: Person) -> None:
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    liaison.press("专利预审")
    await fill_in(house, liaison)
    review = await liaison.expect(where=lambda m: m.has("提交"))
    for press in [liaison.press("提交", review), liaison.press("提交", review)]:
        await press.answered()
    async with house.database.read() as tx:
        assert len(await requests.list_of_base(tx, 1, 5)) == 1


async def test_html_and_jinja_in_a_name_are_only_words(house: House) -> None:
    name = "<b>林</b>{{ 7*7 }}{% raw %}&"
    person = await house.enrolled(Role.LIAISON, name, "YS01")
    person.send("/profile")
    assert name in (await person.expect("我的信息")).text


async def test_a_file_over_twenty_megabytes(house: House, liaison: Person) -> None:
    await at_files(house, liaison)
    liaison.send_document("大.pdf", size=MAX_BYTES + 1)
    await liaison.expect("20 MB")


async def test_a_file_name_with_a_path_and_a_file_of_no_kind(house: House, liaison: Person) -> None:
    await at_files(house, liaison)
    liaison.send_document("../../etc/passwd.pdf", papers.pdf())
    seen = await liaison.expect("passwd.pdf")
    assert ".." not in seen.text
    liaison.send_document("年报.pdf", b"MZ\x90\x00\x03 not what it says")
    await liaison.expect("未接收")


async def at_files(house: House, liaison: Person) -> None:
    await filed(house, liaison)
    liaison.press("补充材料")
    await liaison.expect("说明")
    liaison.send("见附件")
    await liaison.expect("附件")


async def test_the_press_of_the_day_before_yesterday(house: House, liaison: Person) -> None:
    liaison.send("/menu")
    page = await liaison.expect(where=lambda m: m.has("我的申请"))
    for n in range(3):
        liaison.send(f"/help{n}")
        await liaison.expect()
    liaison.press("我的申请", page)
    await liaison.expect("我的申请")


async def test_a_deleted_page_is_made_again(house: House, liaison: Person) -> None:
    liaison.send("/menu")
    page = await liaison.expect(where=lambda m: m.has("我的申请"))
    liaison.delete(page)
    liaison.press_data(page.data("我的申请"), page)
    await liaison.expect("我的申请", where=lambda m: m.message_id != page.message_id)


async def test_a_group_is_told_that_this_works_alone(house: House, liaison: Person) -> None:
    group = house.server.world.group("工作群", members=[liaison], with_bot=True)
    liaison.send("/requests", chat=group)
    seen = await liaison.expect(chat=group)
    assert "FW-" not in seen.text
    assert SystemClock().now() > 0


def test_the_answers_fit_the_form() -> None:
    from domain import catalogue

    assert set(ANSWERS) == {s.key for s in catalogue.form(catalogue.service("S301")).steps}
