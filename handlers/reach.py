"""Whom the centre writes to about a base, and that a base without a contact is noticed (Article 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.bases import Base
from domain.notices import Notice, Offer, Subject, To
from domain.obligations import State
from domain.people import BASE_ROLES, Role
from domain.privacy import Seen
from domain.reachability import CALL_WORKING_DAYS, CONTACTS, tells
from handlers import letters
from handlers.context import Services
from handlers.privacy_log import seen_by
from storage import bases, outbox, people, reachability
from storage.engine import Tx
from storage.outbox import Row

OFFICERS = To(roles=frozenset({Role.OFFICER}))


async def counterpart(tx: Tx, base: Base) -> To:
    """The base's own officer while they are one and can be written to; else all of them."""
    for holder in await people.holders(tx, [Role.OFFICER]):
        if holder.person.id == base.counterpart_id and holder.person.telegram_id is not None:
            return To(person_id=holder.person.id)
    return OFFICERS


# --- who hears it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """The ids of whom a notice reaches: liaison, deputy and head, and others whom it was meant for."""

    contacts: tuple[int, ...]
    others: tuple[int, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        return self.contacts + self.others


async def heard_by(services: Services, tx: Tx, base_id: int, told: Sequence[int], now: int) -> Heard:
    """Of those a notice for a base is meant for, or in their place.

    What is for no liaison or deputy goes over to nobody: a head or a reviewer answers for themselves.
    """
    contacts = (await reachability.contacts(tx, [base_id], services.calendar.today(now)))[base_id]
    if {one.person_id for one in contacts if one.role in CONTACTS}.isdisjoint(told):
        return Heard((), tuple(told))
    beside = {one.person_id for one in contacts}
    return Heard(tells(contacts, told), tuple(person for person in told if person not in beside))


# --- lost -------------------------------------------------------------------------------------------------


async def notice_lost(services: Services, tx: Tx) -> list[Row]:
    """The tick's: whatever it was that took the last contact away; the rows, stored."""
    now = services.clock.now()
    notices = await lost(services, tx, now)
    rows = await letters.addressed(tx, services.catalog, services.locale, notices, now)
    return await outbox.insert(tx, rows)


async def lost(services: Services, tx: Tx, now: int) -> list[Notice]:
    """To the officer of each base whose last contact has left or has blocked the bot, once each time.

    With it the officer has the duty to telephone; it ends by itself where somebody can be reached again.
    """
    newly, back = await bases.newly_unreached(tx, now)
    spared = await reachability.end_calls(tx, back, State.WAIVED, now)
    found = [await _found(tx, base_id) for base_id in spared]
    return [*found, *[await _lost(services, tx, base_id, now) for base_id in newly]]


async def _found(tx: Tx, base_id: int) -> Notice:
    """Nobody has to telephone any more."""
    base = await bases.get(tx, base_id)
    return Notice(
        await counterpart(tx, base), "bases/found", {"base": base.name}, subject=Subject("base", base.id)
    )


async def _lost(services: Services, tx: Tx, base_id: int, now: int) -> Notice:
    base = await bases.get(tx, base_id)
    to = await counterpart(tx, base)
    due_on = services.calendar.working_day_after(services.calendar.today(now), CALL_WORKING_DAYS)
    officers = [person.id for person in await people.recipients(tx, to)]
    await reachability.open_calls(tx, base_id, officers, due_on, now)
    for officer_id in officers:
        actor = await people.actor(tx, await people.get(tx, officer_id))
        await seen_by(tx, actor, Seen.CALL_LIST, now, base_id=base_id)
    facts = {"base": base.name, "people": await numbers(tx, base_id), "call_by": due_on}
    offers = ((Offer("call", base.id), Offer("base", base.id, label="base_page")),)
    return Notice(to, "bases/lost", facts, offers, subject=Subject("base", base.id))


async def numbers(tx: Tx, base_id: int) -> list[dict[str, object]]:
    """Whom to telephone, in the order in which it is best tried."""
    held = await people.holders(tx, BASE_ROLES, base_id)
    order = list(Role)
    return [
        {
            "name": one.person.name,
            "role": one.membership.role,
            "tel": one.person.office_phone or one.person.phone_shared or one.person.phone,
        }
        for one in sorted(held, key=lambda one: order.index(one.membership.role))
    ]
