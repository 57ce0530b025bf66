"""Two hundred people press 报名 at once for fifty places: the whole way, over HTTP, on both databases."""

import asyncio
import re

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.event_places import Standing
from domain.events import HOUR_MS, Kind, Plan, publish
from domain.people import Actor, Membership, PhoneCheck, Role
from storage import bases, events, people
from storage.engine import Tx
from tests.flows.conftest import House
from tests.flows.test_outstanding import having
from tests.storage.test_obligations import a_base

CROWD, PLACES = 200, 50
TITLE = "路演"
AHEAD = re.compile(r"前面还有 ([0-9]+) 人")


async def an_event(tx: Tx, crowd: list[Person], now: int) -> int:
    """Published to the crowd, who are enrolled as liaisons of the two bases."""
    officer = await people.add(tx, "周明远（演示）", now)
    actor = Actor(officer, "周明远（演示）", (Membership(Role.OFFICER, None),))
    start = now + 48 * HOUR_MS
    plan = Plan(Kind.ROADSHOW, TITLE, start, start + HOUR_MS, "一号会议室", start - HOUR_MS, quota=PLACES)
    draft = await events.add(tx, plan, officer, now)
    await events.save(tx, publish(draft, actor, now, seen_rev=0, people=len(crowd)))
    made = await bases.add_all(tx, [a_base(f"B{n}") for n in range(CROWD // 2)])
    offices = [(base_id, role) for base_id in made.values() for role in (Role.LIAISON, Role.DEPUTY)]
    ids = []
    for person, (base_id, role) in zip(crowd, offices, strict=True):
        person_id = await people.add(tx, person.user.first_name, now)
        await people.appoint(tx, person_id, Membership(role, base_id), now)
        await people.enrol(
            tx, person_id, telegram_id=person.id, phone="1", check=PhoneCheck.NONE, locale="zh_CN", now=now
        )
        ids.append((base_id, person_id))
    await events.invite(tx, draft.id, ids)
    return draft.id


async def to_the_last_press(person: Person) -> None:
    person.send("/events")
    person.press(TITLE, await person.expect(where=having(TITLE)))
    person.press("报名", await person.expect(where=having("报名")))
    await person.expect("参会人员")
    person.send(f"{person.user.first_name}，处长")
    await person.expect(where=having("提交"))


async def test_of_200_who_press_at_once_50_are_in_and_the_rest_wait_in_order(house: House) -> None:
    crowd = [house.server.world.person(f"人{n:03}", phone=f"+86100000{n:05}") for n in range(CROWD)]
    async with house.database.tx() as tx:
        event_id = await an_event(tx, crowd, house.server.world.now())
    await asyncio.gather(*(to_the_last_press(person) for person in crowd))
    for person in crowd:
        person.press("提交")
        person.press("提交")  # an impatient hand
    receipts = await asyncio.gather(
        *(person.expect("路演", where=having("查看活动"), timeout=30) for person in crowd)
    )
    async with house.database.read() as tx:
        event = await events.get(tx, event_id)
        assert event is not None
        roll = await events.roll(tx, event)
    standings = [entry.standing for entry in roll.entries]
    assert standings == [Standing.REGISTERED] * PLACES + [Standing.WAITING] * (CROWD - PLACES)
    assert sorted(one.attendee.name for one in roll.entries) == sorted(p.user.first_name for p in crowd)
    assert sum("已报名" in receipt.text for receipt in receipts) == PLACES
    ahead = {name_of(receipt): int(found[1]) for receipt in receipts if (found := AHEAD.search(receipt.text))}
    assert ahead == {entry.attendee.name: n for n, entry in enumerate(roll.entries[PLACES:])}


def name_of(receipt: Seen) -> str:
    return re.findall(r"人[0-9]{3}", receipt.text)[0]
