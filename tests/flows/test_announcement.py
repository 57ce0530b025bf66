"""An announcement from its draft to the last receipt, over real HTTP, with what may go wrong."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace

from bot.rehearsal import DropAfter, Failure
from bot.rehearsal.faults import Delay
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.announcements import Delivery
from domain.people import Membership, PhoneCheck, Role
from storage import announcements, bases, outbox, people
from tests.flows.conftest import BASE, BotProcess, House

PATIENCE = 30.0
"""Seconds: the live message is edited once in three, and the machine may be busy."""
STALE = "页面已更新，请按最新内容操作"
TITLE = "关于年末安全检查的提示"
BODY = "请各基地于月底前完成自查。\n\n<b>不是标签 & 不闭合 </i>"
OFFICER = "周明远（演示）"
SUPERVISOR = "何以宁（演示）"
LIAISON = "林知行（演示）"
DEPUTY = "苏小溪（演示）"


async def staff(house: House) -> tuple[Person, Person]:
    officer = await house.enrolled(Role.OFFICER, OFFICER, phone="+8610000000901")
    return officer, await house.enrolled(Role.SUPERVISOR, SUPERVISOR, phone="+8610000000902")


async def draft(person: Person, body: str = BODY, reply_by: str | None = "2030-12-10") -> None:
    """Through the form, up to the last press."""
    person.send("/announce")
    await person.expect("标题")
    person.send(TITLE)
    await person.expect("正文")
    person.send(body)
    await person.expect("反馈截止日期")
    if reply_by is None:
        person.press("跳过")
    else:
        person.send(reply_by)
    await person.expect(where=lambda m: m.has("提交"))
    person.press("提交")


async def test_the_story_of_an_announcement(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    deputy = await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", "+8610000000102")
    await house.invite(Role.LIAISON, "谭嘉禾（演示）", "YS02")

    await draft(officer)
    await officer.expect(SUPERVISOR)
    supervisor.press("查看通知稿", await supervisor.expect("通知待签发"))
    preview = await supervisor.expect("各示范基地")
    await supervisor.expect("将发送给", where=lambda m: LIAISON in m.text and DEPUTY in m.text)
    await supervisor.expect("需电话通知", where=lambda m: "谭嘉禾（演示）" in m.text)
    page = await supervisor.expect(where=lambda m: m.has("签发"))
    assert "2 人" in page.text

    supervisor.press("签发", page)
    got = await liaison.expect(TITLE)
    assert got.text == preview.text
    assert "<b>不是标签 & 不闭合 </i>" in got.text
    for one in (officer, supervisor):
        await one.expect(
            "发送完毕", where=lambda m: "2/2" in m.text and "已收到：0/2" in m.text, timeout=PATIENCE
        )

    liaison.press("收到", got)
    await liaison.expect("本单位一人反馈即可", where=lambda m: LIAISON in m.text and not m.has("收到"))
    await officer.expect("已收到：1/2", timeout=PATIENCE)
    deputy.press("收到", await deputy.expect(TITLE))
    await deputy.expect("本单位一人反馈即可", where=lambda m: LIAISON in m.text)
    async with house.database.read() as tx:
        [receipt] = await announcements.receipts(tx, 1)
    assert receipt.name == LIAISON

    deputy.send("/notices")
    listed = await deputy.expect("已收到", where=lambda m: m.has(TITLE))
    deputy.press(TITLE, listed)
    await deputy.expect("本单位一人反馈即可")


async def test_given_back_it_is_changed_and_signed(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    supervisor.press("请修改", page)
    await supervisor.expect("原因")
    supervisor.send("请补充反馈方式")
    await supervisor.expect(where=lambda m: m.has("提交"))
    supervisor.press("提交")
    await supervisor.expect("已退回修改")
    officer.press("修改后重报", await officer.expect("请补充反馈方式"))
    officer.press("继续填写", await officer.expect(where=lambda m: m.has("继续填写")))
    await officer.expect(TITLE, where=lambda m: m.has("修改"))
    officer.press("修改")
    await officer.expect(where=lambda m: m.has("正文"))
    officer.press("正文")
    await officer.expect("正文")
    officer.send("请以邮件反馈。")
    officer.press("提交", await officer.expect("请以邮件反馈", where=lambda m: m.has("提交")))
    supervisor.press("查看通知稿", await supervisor.expect("通知待签发"))
    supervisor.press("签发", await supervisor.expect(where=lambda m: m.has("签发")))
    await liaison.expect("请以邮件反馈。")


async def test_a_supervisor_drafts_and_signs_alone(house: House) -> None:
    supervisor = await house.enrolled(Role.SUPERVISOR, SUPERVISOR, phone="+8610000000902")
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    await draft(supervisor, reply_by=None)
    supervisor.press("签发", await supervisor.expect(where=lambda m: m.has("签发")))
    await liaison.expect("请阅知后点", where=lambda m: m.has("收到"))


async def test_the_live_message_is_edited_at_most_once_in_three_seconds(house: House) -> None:
    officer, supervisor = await staff(house)
    people_of_bases = [
        await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101"),
        await house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", "+8610000000201"),
    ]
    await sign(officer, supervisor)
    for n, one in enumerate(people_of_bases, 1):
        one.press("收到", await one.expect(TITLE, timeout=PATIENCE))
        await supervisor.expect(f"已收到：{n}/2", timeout=PATIENCE)
    async with house.database.read() as tx:
        rows = [row for i in range(1, 200) if (row := await outbox.get(tx, i)) is not None]
    panels = {row.target for row in rows if row.target is not None}
    assert len(panels) == 2
    for panel in panels:
        at = [row.created_at for row in rows if panel in (row.id, row.target)]
        assert len(at) >= 4
        assert [later - earlier for earlier, later in itertools.pairwise(at) if later - earlier < 3000] == []


# --- what may go wrong ------------------------------------------------------------------------------------


async def test_who_has_blocked_the_bot_is_named_and_never_retried(house: House) -> None:
    officer, supervisor = await staff(house)
    await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    deputy = await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", "+8610000000102")
    page = await to_sign(officer, supervisor)
    deputy.user.blocked = True  # and the bot has not been told
    supervisor.press("签发", page)
    panel = await supervisor.expect(f"无法送达，需电话通知：1 人（{DEPUTY}）", timeout=PATIENCE)
    assert "1/2" in panel.text
    assert not panel.has("重试未送达")


async def test_what_telegram_refused_is_retried_once_a_press(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    fault = house.server.world.faults.add("sendMessage", Failure(400, description="Bad Request: odd"))
    supervisor.press("签发", page)
    await until(house, lambda found: bool(found) and all(d.failed for d in found))
    house.server.world.faults.remove(fault)
    panel = await panel_of(supervisor)
    assert f"未送达，可重试：1 人（{LIAISON}）" in panel.text
    first, second = supervisor.press("重试未送达", panel), supervisor.press("重试未送达", panel)
    assert (await first.answered()).text == "已处理 1 人"
    assert (await second.answered()).text == STALE
    await supervisor.expect("1/1", timeout=PATIENCE)
    assert copies(liaison) == 1


async def test_the_uncertain_wait_for_a_person_and_are_sent_again_once(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    deputy = await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", "+8610000000102")
    panel = await lost_answers(house, officer, supervisor)
    assert f"不能确定是否送达：2 人（{LIAISON}、{DEPUTY}）" in panel.text
    again = f"再发一次 {LIAISON}"
    first, second = supervisor.press(again, panel), supervisor.press(again, panel)
    assert (await first.answered()).text == "已处理 1 人"
    assert (await second.answered()).text == STALE
    panel = await supervisor.expect("1/2", where=lambda m: m.has(f"视为已送达 {DEPUTY}"), timeout=PATIENCE)
    supervisor.press(f"视为已送达 {DEPUTY}", panel)
    panel = await supervisor.expect("2/2", timeout=PATIENCE)
    assert panel.labels == []
    assert (copies(liaison), copies(deputy)) == (2, 1)


async def test_all_that_are_uncertain_are_decided_at_once(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01", "+8610000000101")
    deputy = await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", "+8610000000102")
    panel = await lost_answers(house, officer, supervisor)
    taken = supervisor.press("全部视为送达", panel)
    assert (await taken.answered()).text == "已处理 2 人"
    assert (await supervisor.press_data(panel.data("全部再发一次"), panel).answered()).text == STALE
    await supervisor.expect("2/2", timeout=PATIENCE)
    assert (copies(liaison), copies(deputy)) == (1, 1)


async def test_another_officer_decides_nothing(house: House) -> None:
    officer, supervisor = await staff(house)
    await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    other = await house.enrolled(Role.OFFICER, "吴清越（演示）", phone="+8610000000903")
    panel = await lost_answers(house, officer, supervisor)
    for label in (f"再发一次 {LIAISON}", "全部再发一次", "全部视为送达"):
        await other.press_data(panel.data(label), other.last).answered()
    assert [d.uncertain for d in await deliveries(house)] == [True]


async def test_too_many_requests_lose_nobody(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    page = await to_sign(officer, supervisor)
    house.server.world.faults.add("sendMessage", Failure(429, retry_after=1), times=2)
    supervisor.press("签发", page)
    await liaison.expect(TITLE, timeout=PATIENCE)
    await supervisor.expect("1/1", timeout=PATIENCE)
    assert copies(liaison) == 1


async def test_a_kill_in_the_middle_sends_to_nobody_twice_unless_a_person_says_so(
    mortal: tuple[House, BotProcess],
) -> None:
    house, process = mortal
    supervisor = await house.enrolled(Role.SUPERVISOR, SUPERVISOR, phone="+8610000000902")
    crowd = await a_crowd(house, 60)
    await draft(supervisor)
    page = await supervisor.expect(where=lambda m: m.has("签发"))
    slow = house.server.world.faults.add("sendMessage", Delay(1500), fraction=0.5)
    supervisor.press("签发", page)
    assert await house.server.world.events.until(lambda: sum(map(copies, crowd)) >= 15, PATIENCE)
    await process.reborn()
    house.server.world.faults.remove(slow)
    found = await until(house, lambda found: not any(d.open for d in found))

    doubted = {d.name for d in found if d.uncertain}
    assert len(found) == 60
    assert doubted
    assert {one.user.first_name: copies(one) for one in crowd if copies(one) > 1} == {}
    assert {one.user.first_name for one in crowd if not copies(one)} <= doubted

    panel = await panel_of(supervisor)
    assert (await supervisor.press("全部再发一次", panel).answered()).text == f"已处理 {len(doubted)} 人"
    await supervisor.expect("60/60", timeout=PATIENCE)
    assert {one.user.first_name for one in crowd if copies(one) > 1} <= doubted
    assert [one.user.first_name for one in crowd if copies(one) == 0] == []


# --- how it is gone about ---------------------------------------------------------------------------------


async def to_sign(officer: Person, supervisor: Person) -> Seen:
    """Drafted, and seen by the supervisor: the page with 签发."""
    await draft(officer)
    supervisor.press("查看通知稿", await supervisor.expect("通知待签发"))
    return await supervisor.expect(where=lambda m: m.has("签发"))


async def sign(officer: Person, supervisor: Person) -> None:
    supervisor.press("签发", await to_sign(officer, supervisor))
    await supervisor.expect("发送完毕", timeout=PATIENCE)


async def lost_answers(house: House, officer: Person, supervisor: Person) -> Seen:
    """Everybody got it and Telegram's answers were lost: the live message that says so."""
    page = await to_sign(officer, supervisor)
    fault = house.server.world.faults.add("sendMessage", DropAfter())
    supervisor.press("签发", page)
    await until(house, lambda found: bool(found) and all(d.uncertain for d in found))
    house.server.world.faults.remove(fault)
    return await panel_of(supervisor)


async def panel_of(person: Person) -> Seen:
    """The live message, asked for anew."""
    person.send("/notices")
    person.press(TITLE, await person.expect(where=lambda m: m.has(TITLE), timeout=PATIENCE))
    await person.expect("已签发", where=lambda m: "发送情况见下一条消息" in m.text)
    return await person.expect("发送完毕", timeout=PATIENCE)


async def deliveries(house: House) -> list[Delivery]:
    async with house.database.read() as tx:
        return await announcements.deliveries(tx, 1)


async def until(
    house: House, wanted: Callable[[list[Delivery]], bool], seconds: float = PATIENCE
) -> list[Delivery]:
    async with asyncio.timeout(seconds):
        while True:
            found = await deliveries(house)
            if wanted(found):
                return found


def copies(person: Person) -> int:
    """How often the announcement is in somebody's chat."""
    return sum("各示范基地" in message.text for message in person.messages())


async def a_crowd(house: House, size: int) -> list[Person]:
    """Deputies, a base each, enrolled as the roster has them."""
    crowd = [house.newcomer(f"备岗{i:02}") for i in range(size)]
    async with house.database.tx() as tx:
        for n, one in enumerate(crowd):
            named = {"code": f"C{n:02}", "name": f"基地{n:02}", "short_name": f"基地{n:02}", "uscc": f"{n}"}
            await bases.add(tx, replace(BASE, **named))
            base = await bases.by_code(tx, named["code"])
            assert base is not None
            one.user.started = True
            person_id = await people.add(tx, one.user.first_name, 1)
            await people.appoint(tx, person_id, Membership(Role.DEPUTY, base.id), 1)
            await people.enrol(
                tx, person_id, telegram_id=one.id, phone="1", check=PhoneCheck.NONE, locale=None, now=1
            )
    return crowd
