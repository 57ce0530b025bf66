"""/privacy as people use it: see, put right, who has seen it, withdraw, agree anew (PIPL Article 44)."""

import io
from collections.abc import AsyncIterator, Callable

import pytest
from openpyxl import load_workbook

import domain.people
from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.people import Role
from storage import people
from tests.flows.conftest import House, _house
from tests.flows.leaving import PATIENCE, erased, rows_with
from tests.flows.test_erasure import NAME, PHONE, to_confirm

STRANGER = "只向各单位登记的联络人员开放"


@pytest.fixture
async def officer(house: House) -> Person:
    return await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")


@pytest.fixture
async def liaison(house: House, officer: Person) -> Person:
    return await house.enrolled(Role.LIAISON, NAME, "YS01", phone=PHONE)


async def privacy(person: Person) -> Seen:
    person.send("/privacy")
    return await person.expect("个人信息与隐私说明")


async def test_a_person_sees_their_data_and_puts_them_right(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send("/privacy")
    page = await liaison.expect("个人信息与隐私说明")
    for why in ("离任即删除", "7 天", "依规留存", "版本 2026-11"):
        assert why in page.text
    liaison.press("查看")
    own = await liaison.expect("我的个人信息")
    for kept in (NAME, PHONE, str(liaison.id), "蜀江理工大学（演示）", "职务：未登记"):
        assert kept in own.text

    for field, words in (("职务", "科长"), ("办公电话", "028-0000-1188"), ("姓名", "林知行二（演示）")):
        liaison.send("/privacy")
        await liaison.expect(where=lambda m: m.has("更正"))
        liaison.press("更正")
        await liaison.expect(where=lambda m, field=field: m.has(field))
        liaison.press(field)
        await liaison.expect("更正我的信息")
        liaison.send(words)
        await liaison.expect(where=lambda m: m.has("提交"))
        liaison.press("提交")
        assert words in (await liaison.expect("已更正")).text
        told = await officer.expect(f"{field}：{words}")
        assert "请一并更新" in told.text
    async with house.database.tx() as tx:
        person = await people.by_telegram(tx, liaison.id)
    assert person is not None
    assert (person.name, person.post, person.office_phone) == ("林知行二（演示）", "科长", "028-0000-1188")


async def test_what_a_person_cannot_put_right_is_a_task_that_ends_once(
    house: House, officer: Person, liaison: Person
) -> None:
    liaison.send("/privacy")
    await liaison.expect(where=lambda m: m.has("更正"))
    liaison.press("更正")
    await liaison.expect(where=lambda m: m.has("其他信息有误"))
    liaison.press("其他信息有误")
    await liaison.expect("有误的信息")
    liaison.send("责任处室应为科学技术处。")
    await liaison.expect(where=lambda m: m.has("提交"))
    liaison.press("提交")
    await liaison.expect("已转经办人核对")
    task = await officer.expect("责任处室应为科学技术处。")
    officer.press("待更正事项", task)
    assert NAME in (await officer.expect("1. ")).text
    done = task.data("已更正")
    refused = await liaison.press_data(done, liaison.last).answered()
    assert refused.text is not None  # not by the liaison's own hand
    answer = await officer.press_data(done, task).answered()
    assert answer.text == "已记录，并告知本人。"
    await liaison.expect("您申请更正的信息已处理")
    answer = await officer.press_data(done, task).answered()
    assert answer.text == "该事项已处理。"


async def test_consent_withdrawn_ends_the_channel_and_not_the_office(
    house: House, officer: Person, liaison: Person
) -> None:
    data = await to_confirm(liaison, "撤回同意")
    assert "您仍是单位登记的联系人" in liaison.last.text
    assert "这里将暂时联系不上：蜀江理工（演示）" in liaison.last.text
    liaison.press("确认")
    await liaison.expect("已撤回同意")
    told = await officer.expect("改以电话、邮箱或纸质联系")
    assert "目前没有可以送达的联系人" in told.text
    await erased(house.database)
    assert await rows_with(house.database, [str(liaison.id)]) == []
    liaison.press_data(data, liaison.last)  # pressed twice
    await liaison.expect(STRANGER)
    async with house.database.tx() as tx:
        [held] = await people.holders(tx, [Role.LIAISON], 1)
        assert (held.person.name, held.person.telegram_id) == (NAME, None)
        assert await people.consents(tx, held.person.id) == []
    back = await house.enrolled(Role.LIAISON, NAME, "YS01", phone=PHONE)
    assert "蜀江理工大学（演示）" in back.last.text


async def test_nobody_is_erased_by_another_and_the_last_of_a_kind_not_at_all(
    house: House, officer: Person, liaison: Person
) -> None:
    admin = await house.enrolled(Role.ADMIN, "何清（演示）", phone="+8610000000904")
    async with house.database.tx() as tx:
        ids = {
            one.id: found.id
            for one in (officer, liaison, admin)
            if (found := await people.by_telegram(tx, one.id)) is not None
        }
    for presser, whose in ((officer, liaison), (liaison, admin), (admin, officer)):
        page = await privacy(presser)
        for op in ("privacy_erase", "privacy_withdraw"):
            answer = await presser.press_data(f"{op}:{_base36(ids[whose.id])}:0", page).answered()
            assert answer.text is not None
    for last, role in ((admin, "系统管理员"), (officer, "经办人")):
        for way in ("删除我的信息", "撤回同意"):
            answer = await last.press(way, await privacy(last)).answered()
            assert answer.text == f"您是目前唯一的{role}。请先登记另一位，再撤回同意或删除信息。"
        data = f"privacy_erase:{_base36(ids[last.id])}:0"  # past the question
        answer = await last.press_data(data, last.last).answered()
        assert answer.text is not None
        assert "唯一" in answer.text
    async with house.database.tx() as tx:
        for one in (officer, liaison, admin):
            assert await people.by_telegram(tx, one.id) is not None
    await house.enrolled(Role.ADMIN, "何晏（演示）", phone="+8610000000905")
    await to_confirm(admin)
    admin.press("确认")
    await admin.expect("您的信息正在删除")
    await erased(house.database)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]


async def test_a_newer_notice_is_put_at_the_next_contact_and_holds_up_no_deadline(
    house: House, officer: Person, liaison: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain.people, "CONSENT_VERSION", "2027-01")
    liaison.send("/report")
    await liaison.expect(where=lambda m: "年度总结" in m.text and "说明已更新" not in m.text)
    asked = await liaison.expect("个人信息处理说明已更新（版本 2027-01）")
    assert "有期限的事项照常办理" in asked.text
    liaison.send("/report")
    await liaison.expect(where=lambda m: "年度总结" in m.text and "说明已更新" not in m.text)
    liaison.send("/request")  # waits, and is asked again although it was today
    again = await liaison.expect("个人信息处理说明已更新")
    assert again.message_id != asked.message_id
    liaison.press("不使用，改用电话/邮箱", again)
    assert (await liaison.expect("新的服务申请请通过电话或邮箱办理")).has("撤回同意")
    liaison.press("同意处理上述信息", asked)
    await liaison.expect(where=lambda m: m.has("单独同意"))
    liaison.press("单独同意")
    await liaison.expect("已记录您对版本 2027-01 的同意")
    liaison.send("/request")
    await liaison.expect(where=lambda m: m.has("专利预审"))
    async with house.database.tx() as tx:
        person = await people.by_telegram(tx, liaison.id)
        assert person is not None
        versions = [one.version for one in await people.consents(tx, person.id)]
    assert versions == ["2026-11", "2026-11", "2027-01", "2027-01"]
    assert not any("说明已更新" in m.text for m in officer.messages())  # until the officer's own next contact


async def test_who_saw_the_numbers_is_told_by_role_and_to_the_auditor_by_name(
    house: House, officer: Person, liaison: Person
) -> None:
    page = await privacy(liaison)
    liaison.press("谁查阅过", page)
    await liaison.expect("目前没有他人查阅")
    for _ in range(2):
        officer.send("/bases")
        await officer.expect("基地名录")
        officer.press("蜀江理工（演示）")
        await officer.expect("责任处室")
    officer.send("/contacts")
    await officer.expect(NAME)
    page = await privacy(liaison)
    liaison.press("谁查阅过", page)
    seen = await liaison.expect("经办人")
    assert "基地情况页　2 次" in seen.text
    assert "对接人名单" in seen.text
    assert "周明远" not in seen.text

    auditor = await house.enrolled(Role.AUDITOR, "程鉴（演示）", phone="+8610000000906")
    auditor.send("/access")
    log = await auditor.expect("查阅记录")
    assert log.text.count("周明远（演示）（经办人）") == 3
    auditor.press("对接人名单", log)
    narrowed = await auditor.expect(where=lambda m: m.has("全部记录"))
    assert narrowed.text.count("周明远（演示）") == 1
    auditor.press("按人员查", narrowed)
    await auditor.expect("姓名")
    auditor.send("查无此人")
    await auditor.expect("没有找到这个姓名")
    auditor.send(NAME)
    assert (await auditor.expect("三年")).text.count("周明远（演示）") == 3
    answer = await auditor.press_data("access_at.month_nothing:0:0", log).answered()
    assert answer.text is not None
    auditor.press("生成查阅表", log)
    sheet = await auditor.expect(where=lambda m: m.document is not None, timeout=PATIENCE)
    assert _rows(house, sheet)[0] == ("时间", "查阅人", "身份", "场合", "涉及人员或基地")
    assert [row[1:] for row in _rows(house, sheet)].count(
        ("周明远（演示）", "经办人", "基地情况页", "蜀江理工（演示）")
    ) == 2
    officer.send("/access")
    refused = await officer.expect(where=lambda m: "查阅记录" not in m.text)
    assert refused.text


def _rows(house: House, sheet: Seen) -> list[tuple[object, ...]]:
    assert sheet.document is not None
    data = house.server.world.state.files[str(sheet.document["file_id"])].data
    assert data is not None
    book = load_workbook(io.BytesIO(data))
    return list(book.worksheets[0].iter_rows(values_only=True))


@pytest.fixture
async def english(
    telegram: RehearsalServer, make_config: Callable[..., Config], sqlite_migrated_url: str
) -> AsyncIterator[House]:
    async with _house(telegram, make_config(sqlite_migrated_url), "en") as made:
        yield made


async def test_in_english_a_liaison_sees_puts_right_and_erases(english: House) -> None:
    officer = await english.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await english.enrolled(Role.LIAISON, NAME, "YS01", phone=PHONE)
    liaison.send("/privacy")
    page = await liaison.expect("Personal data and privacy")
    assert "deleted when you leave" in page.text
    liaison.press("See my data")
    assert PHONE in (await liaison.expect("Mobile that you shared")).text
    liaison.press("Put it right")
    await liaison.expect(where=lambda m: m.has("Post"))
    liaison.press("Post")
    await liaison.expect("Post")
    liaison.send("Section head")
    await liaison.expect(where=lambda m: m.has("Submit"))
    liaison.press("Submit")
    await liaison.expect("Corrected. Post: Section head")
    await officer.expect("Somebody has corrected their own data")
    liaison.send("/privacy")
    await liaison.expect(where=lambda m: m.has("Erase my data"))
    liaison.press("Erase my data")
    meaning = await liaison.expect("this cannot be undone")
    assert "this base is left without a contact" in meaning.text
    liaison.press("Confirm")
    await liaison.expect("Your data are being erased")
    await officer.expect("had their data erased and holds the office no more")
    await erased(english.database)
    assert await rows_with(english.database, [str(liaison.id), PHONE]) == []
