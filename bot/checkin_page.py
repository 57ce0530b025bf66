"""签到 at the door: a badge's QR code leads here, and only the event's staff can do anything here.

GET  /e/{token}   of a staff link: begin, then who is there; of a badge: whose it is, to the staff's browsers
POST /e/{token}   of a staff link: binds it to this browser; of a badge: checks its bearer in

Links that are fetched change nothing. To anybody else a badge says what it is for, and nothing of its bearer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from bot.clock import Clock
from bot.public_pages import Address, browser_of, html
from domain.event_places import Entry, Standing
from domain.events import Event
from messages.pages import Pages
from storage import bases, event_desks, events, people, settings
from storage.engine import Database, Tx, durably
from storage.event_desks import Desk

PATH = "/e"
SHOWN = 50


class Door(Protocol):
    """Who may check in. Inside a transaction only storage may be awaited."""

    async def staff(self, tx: Tx, person_id: int, event: Event) -> bool: ...

    async def arrive(self, tx: Tx, entry: Entry, person_id: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Staff:
    """A desk that works: its event takes place, its person may check in."""

    desk: Desk
    event: Event


@dataclass(frozen=True, slots=True)
class CheckinPage:
    database: Database
    pages: Pages
    clock: Clock
    address: Address
    door: Door

    def routes(self) -> list[web.RouteDef]:
        guarded = self.address.guarded
        return [
            web.get(f"{PATH}/{{token}}", guarded(self.page)),
            web.post(f"{PATH}/{{token}}", guarded(self.press)),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        async with self.database.read() as tx:
            staff = await self._link(tx, request)
            if staff is not None:
                return await self._staff_page(tx, request, staff)
            return await self._badge_page(tx, request)

    async def press(self, request: web.Request) -> web.StreamResponse:
        return await durably(self.database, lambda tx: self._press(tx, request))

    # --- the staff's own page -----------------------------------------------------------------------------

    async def _staff_page(self, tx: Tx, request: web.Request, staff: Staff) -> web.Response:
        browser = browser_of(request)
        if staff.desk.browser is None:
            answer = await self._html(tx, request, "checkin_begin", {"event": staff.event.plan}, staff.desk)
            seconds = (staff.desk.expires_at - self.clock.now()) // 1000
            self.address.give_secret(request, answer, PATH, seconds)
            return answer
        if staff.desk.browser != browser:
            return await self._html(tx, request, "elsewhere", {}, staff.desk, 403)
        wanted = request.query.get("q", "").strip()
        roll = await events.roll(tx, staff.event)
        sure = roll.of(Standing.REGISTERED)
        facts = {
            "event": staff.event.plan,
            "wanted": wanted,
            "arrived": sum(one.arrived_at is not None for one in sure),
            "registered": len(sure),
            "rows": await self._rows(tx, sure, wanted),
            "shown": SHOWN,
        }
        return await self._html(tx, request, "checkin_desk", facts, staff.desk)

    async def _rows(self, tx: Tx, sure: Sequence[Entry], wanted: str) -> list[dict[str, object]]:
        """Those not there yet first; at most SHOWN, the search finds the others."""
        names = {one.id: one.short_name for one in await bases.listed(tx)}
        rows = [
            {
                "code": one.code,
                "name": one.attendee.name,
                "base": names[one.base_id],
                "arrived": one.arrived_at is not None,
            }
            for one in sure
            if wanted.casefold() in f"{one.attendee.name}{names[one.base_id]}".casefold()
        ]
        return sorted(rows, key=lambda row: bool(row["arrived"]))[:SHOWN]

    # --- a badge ------------------------------------------------------------------------------------------

    async def _badge_page(self, tx: Tx, request: web.Request) -> web.Response:
        entry = await events.of_code(tx, request.match_info["token"])
        staff = await self._at_desk(tx, request, entry) if entry is not None else None
        if entry is None or staff is None:
            status = 404 if entry is None else 200
            return await self._html(tx, request, "checkin_badge", {}, None, status)
        facts = {
            "event": staff.event.plan,
            "attendee": entry.attendee,
            "base": (await bases.get(tx, entry.base_id)).name,
            "registered": entry.standing is Standing.REGISTERED,
            "arrived_at": entry.arrived_at,
        }
        return await self._html(tx, request, "checkin_person", facts, staff.desk)

    # --- presses ------------------------------------------------------------------------------------------

    async def _press(self, tx: Tx, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        staff = await self._link(tx, request)
        if staff is not None:
            browser = browser_of(request)
            if browser is None or not await event_desks.bind(tx, staff.desk.id, browser):
                return await self._html(tx, request, "elsewhere", {}, staff.desk, 403)
            return _to(token)
        entry = await events.of_code(tx, token)
        staff = await self._at_desk(tx, request, entry) if entry is not None else None
        if entry is None or staff is None:
            return await self._html(tx, request, "checkin_badge", {}, None, 403)
        await self.door.arrive(tx, entry, staff.desk.person_id)
        return _to(token)

    # --- finding it ---------------------------------------------------------------------------------------

    async def _link(self, tx: Tx, request: web.Request) -> Staff | None:
        """The staff link, alive and still its person's to use."""
        desk = await event_desks.get(tx, request.match_info["token"])
        return await self._working(tx, desk)

    async def _at_desk(self, tx: Tx, request: web.Request, entry: Entry) -> Staff | None:
        """The desk that this browser is for the entry's event."""
        browser = browser_of(request)
        if browser is None:
            return None
        desk = await event_desks.of_browser(tx, browser, entry.event_id, self.clock.now())
        return await self._working(tx, desk)

    async def _working(self, tx: Tx, desk: Desk | None) -> Staff | None:
        if desk is None or desk.expires_at <= self.clock.now():
            return None
        event = await events.get(tx, desk.event_id)
        if event is None or not await self.door.staff(tx, desk.person_id, event):
            return None
        return Staff(desk, event)

    async def _html(
        self,
        tx: Tx,
        request: web.Request,
        page: str,
        facts: dict[str, object],
        desk: Desk | None,
        status: int = 200,
    ) -> web.Response:
        locale = (
            (await people.get(tx, desk.person_id)).locale
            if desk is not None
            else self.pages.preferred(request.headers.get("Accept-Language", ""))
        )
        told = {"centre": await settings.centre(tx), **facts}
        return html(self.pages.render(page, locale, told, now=self.clock.now()), status)


def _to(token: str) -> web.Response:
    """Back to the page by GET, so that it can be loaded again without a second press."""
    return web.Response(status=303, headers={"Location": quote(token)})
