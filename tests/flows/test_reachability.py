"""A base that cannot be reached: notices go over, staff telephones, and it comes back (Article 8)."""

import asyncio

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.notices import Subject
from domain.obligations import State
from domain.people import Role
from domain.reachability import Reach, call_kind
from storage import audit, calls, jobs, outbox, reachability
from storage.dialect import prepare
from tests.flows.autumn import Autumn
from tests.flows.conftest import House
from tests.flows.test_announcement import PATIENCE, TITLE, staff, to_sign
from tests.flows.test_bad_input import filed

LIAISON, DEPUTY, HEAD = "林知行（演示）", "苏小溪（演示）", "秦望舒（演示）"
DUTY = prepare("SELECT state FROM obligations WHERE kind = :kind")


async def of_base(house: House) -> tuple[Person, Person, Person]:
    return (
        await house.enrolled(Role.LIAISON, LIAISON, "YS01", phone="+8610000000101"),
        await house.enrolled(Role.DEPUTY, DEPUTY, "YS01", phone="+8610000000102"),
        await house.enrolled(Role.HEAD, HEAD, "YS01", phone="+8610000000103"),
    )


async def reading(house: House) -> Reach:
    async with house.database.read() as tx:
        return (await reachability.readings(tx, [1]))[1]


async def comes_to(house: House, wanted: Reach) -> None:
    """Until the base reads so, and what followed from that is done."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with house.database.read() as tx:
                busy = (await jobs.counts(tx)).keys() & {"waiting", "running"}
            if not busy and await reading(house) is wanted:
                return


async def duty(house: House) -> list[str]:
    async with house.database.tx() as tx:
        return [row["state"] for row in await tx.rows(DUTY, {"kind": call_kind(1)})]


async def record_call(house: House, officer: Person, notice: Seen) -> None:
    """电话记录, through its form."""
    officer.press(house.label("call"), notice)
    for label, said in (
        ("field_spoke_with", "林知行"),
        ("field_called_on", "2026-11-16"),
        ("field_called_at", "10:20"),
        ("field_result", "已告知，稍后重新启用"),
    ):
        await officer.expect(house.label(label))
        officer.send(said)
    for label in ("field_promise", "field_promised_on"):
        officer.press(house.label("skip"), await officer.expect(house.label(label)))
    officer.press(house.label("submit"), await officer.expect(where=lambda m: m.has(house.label("submit"))))
    await officer.expect("已告知，稍后重新启用")


async def test_reminders_go_over_until_the_officer_telephones_and_it_comes_back(autumn: Autumn) -> None:
    house = autumn.house
    reminder = autumn.say("年度总结报送提醒", "Annual summary: a reminder")
    async with autumn.running():
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison, deputy, head = await of_base(house)
        await autumn.at("2026-11-12T10:00")
        assert await reading(house) is Reach.OPEN

        liaison.block()
        await house.server.world.drained()
        await autumn.at("2026-11-13T09:00")
        nudge = await deputy.expect(reminder)
        assert DEPUTY in nudge.text  # in their own name
        assert await reading(house) is Reach.PARTIAL

        deputy.user.blocked = True  # and the bot has not been told: it learns of it when it sends
        await autumn.at("2026-12-08T09:00")
        told = await head.expect(reminder)
        assert HEAD in told.text
        assert len([m for m in head.messages() if reminder in m.text]) == 1  # for both, once
        lost = await officer.expect(autumn.say("基地暂未联系上", "A base is out of reach"))
        assert [house.label("call") in lost.labels, await duty(house)] == [True, ["open"]]
        assert await reading(house) is Reach.PARTIAL

        head.block()
        await house.server.world.drained()
        await autumn.at("2026-12-14T10:00")
        assert await reading(house) is Reach.NONE
        heading = autumn.say("基地暂未联系上", "A base is out of reach")
        assert len([m for m in officer.messages() if heading in m.text]) == 1  # nobody is nagged twice

        officer.send("/bases")
        page = await officer.expect(autumn.say("暂未联系上", "out of reach"))
        officer.press(house.label("call_duties"), page)
        listed = await officer.expect(autumn.say("需电话联系", "To telephone"))
        assert all(name in listed.text for name in (LIAISON, DEPUTY, HEAD))
        await record_call(house, officer, lost)
        assert await duty(house) == [State.RECEIVED]
        async with house.database.read() as tx:
            [call] = await calls.list_of_base(tx, 1, 5)
        assert call.spoke_with == "林知行"

        liaison.unblock()
        deputy.start()
        await house.server.world.drained()
        await autumn.winder.advance(autumn.clock.now() + 60_000)
        assert await reading(house) is Reach.OPEN
        officer.send("/bases YS01")
        await officer.expect(autumn.say("蜀江理工（演示）　畅通", "蜀江理工（演示）: reachable"))
    async with house.database.read() as tx:
        [first] = [
            row for n in range(1, 80) if (row := await outbox.get(tx, n)) and "instead" in str(row.key)
        ][:1]
        trail = await audit.trail(tx, Subject("obligation", first.subject_id or 0))
    assert "gone_over" in [row["action"] for row in trail]


# --- notices ----------------------------------------------------------------------------------------------


async def test_an_answer_that_finds_nobody_goes_to_the_head_without_the_liaisons_buttons(
    house: House,
) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison, deputy, head = await of_base(house)
    await filed(house, liaison)
    new = await officer.expect("新申请")
    liaison.user.blocked = deputy.user.blocked = True  # and the bot has not been told
    officer.press("受理", new)
    told = await head.expect("已受理")
    assert told.buttons == []
    assert "目前收不到消息，转请您知悉" in told.text
    await officer.expect("基地暂未联系上")
    assert len([m for m in head.messages() if "已受理" in m.text]) == 1

    officer.press("办结", officer.refreshed(new))
    officer.press("跳过", await officer.expect(where=lambda m: m.has("跳过")))
    officer.press("提交", await officer.expect(where=lambda m: m.has("提交")))
    told = await head.expect("已办结")  # known by now: it is written to the head at once
    assert told.buttons == []


async def test_what_is_for_the_liaison_alone_goes_over_to_nobody(house: House) -> None:
    await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison, deputy, _ = await of_base(house)
    deputy.user.blocked = True
    liaison.send("/profile")
    liaison.press("暂离", await liaison.expect("我的信息"))
    await liaison.expect("开始日期")
    liaison.send("2030-01-02")
    await liaison.expect("结束日期")
    liaison.send("2030-01-05")
    liaison.press("提交", await liaison.expect(where=lambda m: m.has("提交")))
    await liaison.expect("已登记暂离")
    await comes_to(house, Reach.PARTIAL)
    assert [m for m in liaison.messages() if "请代为办理" in m.text] == []


async def test_an_account_that_was_gone_comes_back_with_a_start(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    await filed(house, liaison)
    liaison.user.deactivated = True
    officer.press("受理", await officer.expect("新申请"))
    await officer.expect("基地暂未联系上")
    assert await reading(house) is Reach.NONE
    liaison.user.deactivated = False
    liaison.start()
    await liaison.expect(where=lambda m: m.has("我的信息"))
    assert await reading(house) is Reach.OPEN


# --- announcements ----------------------------------------------------------------------------------------


async def test_an_announcement_is_counted_by_base_and_goes_to_the_head_in_the_end(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison, deputy, head = await of_base(house)
    other = await house.enrolled(Role.LIAISON, "谭嘉禾（演示）", "YS02", "+8610000000201")
    page = await to_sign(officer, supervisor)
    for one in (liaison, deputy, other):
        one.user.blocked = True  # and the bot has not been told
    supervisor.press("签发", page)
    got = await head.expect(TITLE, timeout=PATIENCE)
    panel = await supervisor.expect(
        "1/2 家基地已送达", where=lambda m: "发送完毕" in m.text, timeout=PATIENCE
    )
    assert "尚未送达的基地：1 家（涪川材料院（演示））" in panel.text
    head.press("收到", got)
    await head.expect("本单位一人反馈即可")
    await supervisor.expect("已收到：1/2", timeout=PATIENCE)
    for person in (liaison, deputy, head, other):
        assert all("家基地已送达" not in m.text for m in person.messages())  # to staff only


async def test_an_announcement_is_copied_as_plain_text_without_names_or_states(house: House) -> None:
    officer, supervisor = await staff(house)
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    supervisor.press("签发", await to_sign(officer, supervisor))
    await liaison.expect(TITLE)
    officer.send("/notices")
    officer.press(TITLE, await officer.expect(where=lambda m: m.has(TITLE)))
    officer.press("复制文字版", await officer.expect(where=lambda m: m.has("复制文字版")))
    copied = await officer.expect("文字版")
    assert copied.html.count("<pre>") == 1
    assert "<b>不是标签 & 不闭合 </i>" in copied.text
    assert "蜀江" not in copied.text
    assert LIAISON not in copied.text


async def test_a_reminder_is_copied_from_the_page_of_those_who_are_missing(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    officer.send("/outstanding")
    page = await officer.expect(where=lambda m: m.has("复制文字版"))
    officer.press("复制文字版", page)
    copied = await officer.expect("各示范基地：")
    assert "周明远（演示）" in copied.text
    assert "蜀江" not in copied.text
    for data in (page.data("复制文字版"), "copy_text:1:0", "call_duties:0:0"):
        await liaison.press_data(data, liaison.last).answered()
    assert all("各示范基地：" not in m.text for m in liaison.messages())


# --- the people -------------------------------------------------------------------------------------------


async def test_people_are_listed_with_who_cannot_be_written_to_first(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison, _, _ = await of_base(house)
    await house.invite(Role.LIAISON, "谭嘉禾（演示）", "YS02")
    officer.send("/people")
    page = await officer.expect("畅通 1 家，部分畅通 0 家，暂未联系上 1 家")
    assert page.text.index("谭嘉禾（演示）　联络员　未登记使用") < page.text.index(LIAISON)
    assert f"{LIAISON}　联络员　可收到消息" in page.text
    liaison.block()
    await comes_to(house, Reach.PARTIAL)
    officer.send("/people 林知行")
    page = await officer.expect("查找：林知行")
    assert f"{LIAISON}　联络员　收不到消息" in page.text
    assert DEPUTY not in page.text
    officer.press("蜀江理工（演示）", page)
    await officer.expect("联系状态：部分畅通")
    liaison.unblock()
    liaison.send("/people")
    await liaison.expect(where=lambda m: "人员" not in m.text)
    assert all("查找：林知行" not in m.text for m in liaison.messages())


async def test_a_base_that_is_back_before_the_call_spares_it(house: House) -> None:
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    liaison = await house.enrolled(Role.LIAISON, LIAISON, "YS01")
    liaison.block()
    await officer.expect("基地暂未联系上")
    liaison.start()
    await officer.expect("基地已恢复联系")
    assert await duty(house) == [State.WAIVED]
    liaison.block()
    await officer.expect("基地暂未联系上")
    assert await duty(house) == [State.OPEN]
