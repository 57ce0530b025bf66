"""From the badge in a chat to the door: its code is opened by a member of the staff, in a browser."""

import io
import re
from collections.abc import Callable

import zxingcpp
from PIL import Image

from bot.config import Config
from bot.rehearsal import RehearsalServer
from bot.rehearsal.people import Person
from domain.events import HOUR_MS, Kind, Plan, publish
from domain.people import Actor, Membership, Role
from storage import events, people
from tests.bot.upload_house import new_browser
from tests.flows.conftest import House, _house, free_port
from tests.flows.test_outstanding import having

LINK = re.compile(r"http://\S+/e/\S+")


async def published(house: House, officer: Person, liaison: Person) -> None:
    now = house.server.world.now()
    start = now + HOUR_MS
    plan = Plan(Kind.TRAINING, "专利培训", start, start + HOUR_MS, "一号会议室", start)
    async with house.database.tx() as tx:
        organiser = await people.by_telegram(tx, officer.id)
        guest = await people.by_telegram(tx, liaison.id)
        assert organiser is not None
        assert guest is not None
        actor = Actor(organiser.id, organiser.name, (Membership(Role.OFFICER, None),))
        draft = await events.add(tx, plan, organiser.id, now)
        await events.save(tx, publish(draft, actor, now, seen_rev=0, people=1))
        await events.invite(tx, draft.id, [(1, guest.id)])


async def test_a_badge_is_scanned_at_the_door(
    telegram: RehearsalServer, make_config: Callable[..., Config], sqlite_migrated_url: str
) -> None:
    port = free_port()
    config = make_config(
        sqlite_migrated_url, public_listen=f"127.0.0.1:{port}", public_url=f"http://127.0.0.1:{port}"
    )
    async with _house(telegram, config, "zh-hans") as house, new_browser() as browser:
        officer = await house.enrolled(Role.OFFICER, "周明远（演示）", phone="+8610000000901")
        liaison = await house.enrolled(Role.LIAISON, "林知行（演示）", "YS01")
        await published(house, officer, liaison)
        liaison.send("/events")
        liaison.press("专利培训", await liaison.expect(where=having("专利培训")))
        liaison.press("报名", await liaison.expect(where=having("报名")))
        await liaison.expect("参会人员")
        liaison.send("林知行，处长")
        liaison.press("提交", await liaison.expect(where=having("提交")))
        badge = await liaison.expect("参会证", where=lambda m: m.photo is not None)
        assert badge.photo is not None
        picture = house.server.world.state.files[badge.photo["file_id"]].data
        [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
        assert code.text.startswith(f"http://127.0.0.1:{port}/e/")

        officer.send("/events")
        officer.press("专利培训", await officer.expect(where=having("专利培训")))
        officer.press("签到", await officer.expect(where=having("签到")))
        officer.press("签到页", await officer.expect(where=having("签到页")))
        link = LINK.search((await officer.expect("有效至")).text)
        assert link is not None
        async with browser.get(link[0]) as page:
            assert "开始签到" in await page.text()
        async with browser.post(link[0]) as page:
            assert "0/1" in await page.text()
        async with browser.get(code.text) as page:
            assert "林知行" in await page.text()
        async with browser.post(code.text) as page:
            assert "已签到" in await page.text()
        officer.send("/events")
        officer.press("专利培训", await officer.expect(where=having("专利培训")))
        await officer.expect("已签到 1 人")
