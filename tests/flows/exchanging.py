"""Exchanges as people have them: arranged, recorded, confirmed."""

from dataclasses import dataclass
from datetime import date

from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen
from domain.exchange_cadence import DEFAULT_MONTHS
from domain.people import Role
from storage import exchange_cadences
from tests.flows.autumn import Autumn

PATIENCE = 20.0
FOLLOW_UP = "补充三年合同清单"


@dataclass
class Talk:
    """An officer, the liaison of the first base, and how they speak of their exchanges."""

    autumn: Autumn
    officer: Person
    liaison: Person

    def label(self, key: str) -> str:
        return self.autumn.house.label(key)

    async def submit(self, person: Person) -> Seen:
        """The review's button; the exchange's page is what comes."""
        await person.expect(where=lambda m: m.has(self.label("submit")), timeout=PATIENCE)
        person.press(self.label("submit"))
        return await person.expect(where=lambda m: m.has(self.label("exchange_history")), timeout=PATIENCE)

    async def asked(self, person: Person, key: str) -> Seen:
        return await person.expect(self.label(key), timeout=PATIENCE)

    async def option(self, person: Person, field: str, option: str) -> None:
        word = self.label(option)
        await person.expect(self.label(field), where=lambda m: m.has(word), timeout=PATIENCE)
        person.press(word)

    async def listed(self, person: Person) -> Seen:
        """The base's list, as its own person has it."""
        person.send("/exchanges")
        return await person.expect(where=lambda m: m.has(self.label("exchange_years")), timeout=PATIENCE)

    async def plan(self, day: str, kind: str = "regular") -> Seen:
        """By the liaison."""
        await self.listed(self.liaison)
        self.liaison.press(self.label("exchange_plan"))
        await self.option(self.liaison, "field_exchange_kind", f"exchange_kind_{kind}")
        await self.asked(self.liaison, "field_exchange_planned")
        self.liaison.send(day)
        await self.option(self.liaison, "field_exchange_way", "exchange_way_visit")
        await self.asked(self.liaison, "field_exchange_purpose")
        self.liaison.send("高价值专利育成中心建设进度")
        return await self.submit(self.liaison)

    async def tell(self, person: Person, topics: str, *, follow_up_due: str | None = None) -> Seen:
        """From who was there to the end of the record."""
        await self.asked(person, "field_exchange_people")
        person.send("林知行、周明远")
        await self.asked(person, "field_exchange_topics")
        person.send(topics)
        await self.asked(person, "field_exchange_conclusions")
        person.send("年内完成首批入库")
        await self.asked(person, "field_follow_up")
        if follow_up_due is not None:
            person.send(FOLLOW_UP)
            await self.option(person, "field_follow_up_side", "exchange_side_base")
            await self.asked(person, "field_follow_up_owner")
            person.send("林知行")
            await self.asked(person, "field_follow_up_due")
            person.send(follow_up_due)
            await person.expect(f"{self.label('field_follow_up')} 2", timeout=PATIENCE)
        person.press(self.label("skip"))
        return await self.submit(person)

    async def note(self, person: Person, day: str, topics: str, *, due: str | None = None) -> Seen:
        """Recorded afterwards, by the liaison's own list."""
        await self.listed(person)
        person.press(self.label("exchange_note"))
        await self.option(person, "field_exchange_kind", "exchange_kind_regular")
        await self.asked(person, "field_exchange_held")
        person.send(day)
        await self.option(person, "field_exchange_way", "exchange_way_call")
        return await self.tell(person, topics, follow_up_due=due)


async def a_talk(autumn: Autumn) -> Talk:
    house = autumn.house
    async with house.database.tx() as tx:
        for base_id in (1, 2):
            await exchange_cadences.set_months(tx, base_id, DEFAULT_MONTHS, date(2026, 9, 1))
    officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
    return Talk(autumn, officer, await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01"))
