"""What an announcement is not: too long, empty, to nobody, signed twice, or by somebody who may not."""

import pytest

from bot.rehearsal.people import Person
from domain.announcements import State
from domain.people import Membership, Role
from storage import announcements, people
from tests.flows.conftest import House
from tests.flows.test_announcement import (
    BODY,
    DEPUTY,
    LIAISON,
    OFFICER,
    PATIENCE,
    STALE,
    TITLE,
    copies,
    deliveries,
    draft,
    sign,
    staff,
    to_sign,
)


async def test_signing_twice_sends_nothing_twice(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    first, second = supervisor.press("签发", page), supervisor.press("签发", page)
    await first.answered()
    assert (await second.answered()).text == STALE
    await supervisor.expect("发送完毕", timeout=PATIENCE)
    assert len(await deliveries(house)) == 1
    assert copies(liaison) == 1


async def test_who_lost_the_role_after_seeing_it_signs_nothing(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    async with house.database.tx() as tx:
        head = await people.by_telegram(tx, supervisor.id)
        assert head is not None
        await tx.script("UPDATE memberships SET until = 1 WHERE role = 'supervisor'")
        await people.appoint(tx, head.id, Membership(Role.OFFICER, None), 2)
    await supervisor.press("签发", page).answered()
    assert await deliveries(house) == []
    assert copies(liaison) == 0
    async with house.database.read() as tx:
        announcement = await announcements.get(tx, 1)
    assert announcement is not None
    assert announcement.state is State.SUBMITTED


async def test_who_lost_the_role_after_the_review_submits_nothing(house: House) -> None:
    officer, _ = await staff(house)
    officer.send("/announce")
    await officer.expect("标题")
    officer.send(TITLE)
    await officer.expect("正文")
    officer.send(BODY)
    await officer.expect("反馈截止日期")
    officer.press("跳过")
    page = await officer.expect(where=lambda m: m.has("提交"))
    async with house.database.tx() as tx:
        drafter = await people.by_telegram(tx, officer.id)
        assert drafter is not None
        await tx.script("UPDATE memberships SET until = 1 WHERE role = 'officer'")
        await people.appoint(tx, drafter.id, Membership(Role.AUDITOR, None), 2)
    await officer.press("提交", page).answered()
    async with house.database.read() as tx:
        assert await announcements.newest(tx, 1) == []


async def test_an_officer_and_a_liaison_sign_nothing_by_a_forged_press(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    for somebody in (officer, liaison):
        await somebody.press_data(page.data("签发"), somebody.last).answered()
    assert await deliveries(house) == []


async def test_who_is_to_get_it_changed_since_it_was_seen(house: House) -> None:
    officer, supervisor = await staff(house)
    await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    page = await to_sign(officer, supervisor)
    await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", "+8610000000102")
    assert (await supervisor.press("签发", page).answered()).text == STALE
    again = await supervisor.expect("2 人", where=lambda m: m.has("签发"))
    assert await deliveries(house) == []
    supervisor.press("签发", again)
    await supervisor.expect("2/2", timeout=PATIENCE)


async def test_to_nobody_is_refused(house: House) -> None:
    officer, supervisor = await staff(house)
    page = await to_sign(officer, supervisor)
    assert "没有可以送达" in (await supervisor.press("签发", page).answered()).text
    async with house.database.read() as tx:
        announcement = await announcements.get(tx, 1)
    assert announcement is not None
    assert announcement.state is State.SUBMITTED


async def test_a_text_that_does_not_fit_is_refused_where_it_is_typed(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, OFFICER, phone="+8610000000901")
    officer.send("/announce")
    await officer.expect("标题")
    officer.send("题" * 61)
    await officer.expect("60")
    officer.send(TITLE)
    await officer.expect("正文")
    for text, told in (("字" * 4096, "4000"), ("字" * 3001, "3000"), ("𠀀" * 1501, "3000")):
        officer.send(text)
        await officer.expect(told)
    as_no_client_sends_it(house, officer, {"text": "字" * 4097})
    await officer.expect("4097")
    officer.send("字" * 3000)
    await officer.expect("反馈截止日期")


async def test_the_longest_that_fits_arrives_whole(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    body = "&" * 1_500 + "𠀀" * 750
    await draft(officer, body)
    supervisor.press("查看通知稿", await supervisor.expect("通知待签发"))
    supervisor.press("签发", await supervisor.expect(where=lambda m: m.has("签发")))
    assert body in (await liaison.expect(TITLE, timeout=PATIENCE)).text


@pytest.mark.parametrize("nothing", [" \n\t ", "\u200b\u2060\ufeff", "\u202e", "\u3000", "\u3164\u2800"])
async def test_nothing_is_no_text(house: House, nothing: str) -> None:
    officer = await house.enrolled(Role.OFFICER, OFFICER, phone="+8610000000901")
    officer.send("/announce")
    page = await officer.expect("标题", where=lambda m: m.has("取消"))
    as_no_client_sends_it(house, officer, {"text": nothing})
    await officer.expect("标题", where=lambda m: m.has("取消"))
    officer.send_sticker("👍")
    await officer.expect("文字")
    _, draft_id, rev = page.data("取消").split(":")
    await officer.press_data(f"submit:{draft_id}:{rev}", page).answered()
    async with house.database.read() as tx:
        assert await announcements.newest(tx, 1) == []


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": 0, "length": 9_999},
        {"type": "text_link", "offset": -3, "length": 0, "url": "javascript:alert(1)"},
        {"type": "of tomorrow", "offset": 1, "length": 1},
    ],
)
async def test_broken_entities_change_nothing_of_the_text(house: House, entity: dict[str, object]) -> None:
    officer, supervisor = await staff(house)
    officer.send("/announce")
    await officer.expect("标题")
    officer.send(TITLE)
    await officer.expect("正文")
    as_no_client_sends_it(house, officer, {"text": BODY, "entities": [entity]})
    await officer.expect("反馈截止日期")
    officer.press("跳过")
    officer.press("提交", await officer.expect(BODY, where=lambda m: m.has("提交")))
    supervisor.press("查看通知稿", await supervisor.expect("通知待签发"))
    await supervisor.expect(BODY)


async def test_another_base_can_neither_read_nor_receipt_it(house: House) -> None:
    officer, supervisor = await staff(house)
    await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    async with house.database.tx() as tx:
        await tx.script("UPDATE bases SET status = 'left' WHERE code = 'YS02'")
    await sign(officer, supervisor)
    other = await house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", "+8610000000201")
    for op in ("received", "notice"):
        await other.press_data(f"{op}:1:0", other.last).answered()
    assert copies(other) == 0
    async with house.database.read() as tx:
        assert await announcements.receipts(tx, 1) == []


def as_no_client_sends_it(house: House, person: Person, content: dict[str, object]) -> None:
    """A message that the rehearsal's own checks would refuse."""
    world = house.server.world
    world.post(world.state.chats[person.id], person.user, content)
