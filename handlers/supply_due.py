"""The end of a card on the list: its base is asked two weeks before, and told (Article 7(3))."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.notices import Kind, Notice, To
from domain.people import BASE_ROLES, Role
from domain.supply import REMIND_DAYS, Card, Move, State, decide, offers
from handlers import letters
from handlers.context import Services
from handlers.supply_facts import brief
from storage import jobs, outbox, supply
from storage.engine import Tx, durably
from storage.outbox import Row

REMIND, END = "supply_remind", "supply_end"
"""Kinds of jobs; each knows the end that it was planned for, so that a renewal overtakes it."""
Args = Mapping[str, Any]


async def plan_end(services: Services, tx: Tx, card: Card, now: int) -> None:
    """Both steps, each once for an end."""
    if card.expires_on is None:
        return
    opening = services.calendar.hours[0][0]
    for kind, day in ((REMIND, card.expires_on - timedelta(days=REMIND_DAYS)), (END, card.expires_on)):
        args = {"card_id": card.id, "expires_on": card.expires_on.isoformat()}
        await jobs.add(
            tx, kind, args, services.calendar.at(day, opening), f"{kind}:{card.id}:{card.expires_on}"
        )


async def remind(services: Services, args: Args) -> None:
    await _told(services, args, "supply/ends_soon", None)


async def end(services: Services, args: Args) -> None:
    await _told(services, args, "supply/ended", Move.EXPIRE)


async def _told(services: Services, args: Args, template: str, move: Move | None) -> None:
    """Tell the base, in the transaction in which the card ends; nothing where it ends on another day now."""

    async def body(tx: Tx) -> list[Row]:
        card = await supply.lock(tx, args["card_id"])
        if card is None or card.state is not State.LISTED or card.expires_on != _day(args):
            return []
        now = services.clock.now()
        if move is not None:
            card = decide(card, move, None, services.calendar.today(now))
            await supply.save(tx, card)
        to = To(base_id=card.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
        notice = Notice(to, template, brief(card), offers(card, BASE_ROLES), Kind.NUDGE, card.subject)
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        key = f"{template}:{card.id}:{_day(args)}"
        return await outbox.insert(tx, [replace(row, key=f"{key}:person {row.person_id}") for row in rows])

    services.sender.send_now(await durably(services.database, body))


def _day(args: Args) -> date:
    return date.fromisoformat(args["expires_on"])
