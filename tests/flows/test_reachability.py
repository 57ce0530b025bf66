"""A base that cannot be reached: notices go over, staff telephones, and it comes back (Article 8)."""

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.notices import Subject
from domain.obligations import State
from domain.people import Role
from domain.reachability import Reach, call_kind
from storage import audit, calls, outbox, reachability
from storage.dialect import prepare
from tests.flows.autumn import Autumn
from tests.flows.conftest import House

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
