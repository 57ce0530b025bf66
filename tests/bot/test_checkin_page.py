"""Check-in over the page: real HTTP, both databases, three members of staff at once."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot import web
from bot.checkin_page import CheckinPage
from bot.public_pages import Address
from domain.event_places import Attendee, Entry, Registration, Roll, register, withdraw
from domain.events import HOUR_MS, Event, cancel
from domain.people import Membership, Role
from handlers.event_desk import Door
from messages import Catalog
from messages.pages import Pages
from storage import audit, event_desks, events, people
from storage.engine import Database
from tests.bot.upload_house import Clock, new_browser
from tests.flows.conftest import free_port
from tests.storage.test_events import NOW, OFFICER, START, an_event, liaison

GUESTS, STAFF, SECONDS = 300, 3, 60


@dataclass
class Hall:
    """The page of an event with its guests, and members of the staff with a browser each."""

    database: Database
    url: str
    event: Event
    clock: Clock

    async def guests(self, n: int) -> list[Entry]:
        async with self.database.tx() as tx:
            before = await events.locked_roll(tx, self.event.id)
            assert before is not None
            after: Roll = before
            for first in range(0, n, 20):
                asked = Registration(
                    1, [Attendee(f"人{i}", "处长") for i in range(first, min(first + 20, n))]
                )
                after = register(after, asked, liaison(1), NOW, events.new_code)
            return list((await events.save_roll(tx, before, after, NOW)).entries)

    async def staff(self, name: str) -> int:
        async with self.database.tx() as tx:
            person_id = await people.add(tx, name, NOW)
            await people.appoint(tx, person_id, Membership(Role.OFFICER, None), NOW)
            return person_id

    async def link(self, person_id: int) -> str:
        async with self.database.tx() as tx:
            token = await event_desks.add(
                tx, event_id=self.event.id, person_id=person_id, expires_at=START + 24 * HOUR_MS
            )
        return f"{self.url}/e/{token}"

    async def at_desk(self, browser: aiohttp.ClientSession, person_id: int) -> str:
        """Begun: the link is bound to this browser."""
        link = await self.link(person_id)
        await seen(browser, link)
        assert (await pressed(browser, link))[0] == 200
        return link

    async def arrived(self) -> list[Entry]:
        async with self.database.read() as tx:
            roll = await events.roll(tx, self.event)
        return [one for one in roll.entries if one.arrived_at is not None]


async def seen(browser: aiohttp.ClientSession, link: str) -> tuple[int, str]:
    async with browser.get(link) as answer:
        return answer.status, await answer.text()


async def pressed(browser: aiohttp.ClientSession, link: str, **headers: str) -> tuple[int, str]:
    async with browser.post(link, headers=headers) as answer:
        return answer.status, await answer.text()


@pytest.fixture
async def hall(database: Database) -> AsyncIterator[Hall]:
    event = await an_event(database, None)
    async with database.tx() as tx:
        await people.appoint(tx, OFFICER.person_id, Membership(Role.OFFICER, None), NOW)
    clock, port = Clock(START), free_port()
    url = f"http://127.0.0.1:{port}"
    page = CheckinPage(database, Pages(Catalog()), clock, Address(url), Door(clock))
    site = web.Site(web.public(page.routes(), 4096), f"127.0.0.1:{port}")
    await site.start()
    try:
        yield Hall(database, url, event, clock)
    finally:
        await site.stop()


async def test_300_are_checked_in_by_three_at_once_without_a_double_or_a_loss(hall: Hall) -> None:
    """Each badge is scanned by one and, every tenth, by a second at the same moment."""
    guests = await hall.guests(GUESTS)
    ids = [await hall.staff(f"经办 {n}") for n in range(STAFF)]
    browsers = [new_browser() for _ in ids]
    try:
        for browser, person_id in zip(browsers, ids, strict=True):
            await hall.at_desk(browser, person_id)
        began = time.monotonic()

        async def works(n: int) -> None:
            for place, guest in enumerate(guests):
                if place % STAFF == n or (place % 10 == 0 and (place + 1) % STAFF == n):
                    link = f"{hall.url}/e/{guest.code}"
                    assert guest.attendee.name in (await seen(browsers[n], link))[1]
                    assert "已签到" in (await pressed(browsers[n], link))[1]

        await asyncio.gather(*(works(n) for n in range(STAFF)))
        assert time.monotonic() - began < SECONDS
    finally:
        for browser in browsers:
            await browser.close()
    arrived = await hall.arrived()
    assert len(arrived) == GUESTS
    assert set(Counter(one.arrived_by for one in arrived)) == set(ids)
    async with hall.database.read() as tx:
        trail = await audit.trail(tx, hall.event.subject)
    assert sum(row["action"] == "event_arrived" for row in trail) == GUESTS


async def test_a_badge_tells_a_stranger_nothing_and_checks_nobody_in(hall: Hall) -> None:
    [guest] = await hall.guests(1)
    link = f"{hall.url}/e/{guest.code}"
    async with new_browser() as stranger:
        status, page = await seen(stranger, link)
        assert (status, guest.attendee.name in page) == (200, False)
        assert (await pressed(stranger, link))[0] == 403
        assert (await seen(stranger, f"{hall.url}/e/{'0' * 24}"))[0] == 404
    assert await hall.arrived() == []


async def test_a_staff_link_serves_one_browser_and_a_look_binds_nothing(hall: Hall) -> None:
    link = await hall.link(OFFICER.person_id)
    async with new_browser() as preview, new_browser() as mine, new_browser() as theirs:
        await seen(preview, link)
        await seen(mine, link)
        assert (await pressed(mine, link))[0] == 200
        await seen(theirs, link)
        assert (await pressed(theirs, link))[0] == 403
        assert (await seen(theirs, link))[0] == 403
        [guest] = await hall.guests(1)
        assert (await pressed(theirs, f"{hall.url}/e/{guest.code}"))[0] == 403
    assert await hall.arrived() == []


async def test_a_page_of_another_site_checks_nobody_in(hall: Hall) -> None:
    [guest] = await hall.guests(1)
    async with new_browser() as mine:
        await hall.at_desk(mine, OFFICER.person_id)
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await pressed(mine, f"{hall.url}/e/{guest.code}", **foreign))[0] == 403
    assert await hall.arrived() == []


async def test_the_list_finds_by_name_and_checks_in_by_its_button(hall: Hall) -> None:
    await hall.guests(60)
    async with new_browser() as mine:
        link = await hall.at_desk(mine, OFFICER.person_id)
        page = (await seen(mine, f"{link}?q=人59"))[1]
        [code] = re.findall(r'action="(\w+)"', page)
        await pressed(mine, f"{hall.url}/e/{code}")
        assert "1/60" in (await seen(mine, link))[1]
    assert [one.attendee.name for one in await hall.arrived()] == ["人59"]


async def test_who_has_cancelled_is_not_checked_in(hall: Hall) -> None:
    [guest] = await hall.guests(1)
    async with hall.database.tx() as tx:
        roll = await events.locked_roll(tx, hall.event.id)
        assert roll is not None
        await events.save_roll(tx, roll, withdraw(roll, guest.id, liaison(1), NOW), NOW)
    async with new_browser() as mine:
        await hall.at_desk(mine, OFFICER.person_id)
        page = (await pressed(mine, f"{hall.url}/e/{guest.code}"))[1]
    assert "没有名额" in page
    assert await hall.arrived() == []


async def test_who_has_left_the_centre_or_comes_too_late_checks_nobody_in(hall: Hall) -> None:
    [guest] = await hall.guests(1)
    person_id = await hall.staff("将离任")
    async with new_browser() as leaver, new_browser() as late:
        await hall.at_desk(leaver, person_id)
        await hall.at_desk(late, OFFICER.person_id)
        async with hall.database.tx() as tx:
            await people.relieve_all(tx, [(person_id, Membership(Role.OFFICER, None))], NOW)
        hall.clock.ms = START + 24 * HOUR_MS
        for browser in (leaver, late):
            assert (await pressed(browser, f"{hall.url}/e/{guest.code}"))[0] == 403
    assert await hall.arrived() == []


async def test_at_a_cancelled_event_nobody_is_checked_in(hall: Hall) -> None:
    [guest] = await hall.guests(1)
    async with new_browser() as mine:
        await hall.at_desk(mine, OFFICER.person_id)
        async with hall.database.tx() as tx:
            moved = cancel(hall.event, OFFICER, NOW, seen_rev=hall.event.rev, reason="停电")
            assert await events.save(tx, moved)
        assert (await pressed(mine, f"{hall.url}/e/{guest.code}"))[0] == 403
    assert await hall.arrived() == []
