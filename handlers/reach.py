"""Whom the centre writes to about a base, and that a base without a contact is noticed (Article 8)."""

from domain.bases import Base
from domain.notices import Notice, Offer, Subject, To
from domain.people import BASE_ROLES, Role
from handlers import letters
from handlers.context import Services
from storage import bases, outbox, people
from storage.engine import Tx
from storage.outbox import Row

OFFICERS = To(roles=frozenset({Role.OFFICER}))


async def counterpart(tx: Tx, base: Base) -> To:
    """The base's own officer while they are one and can be written to; else all of them."""
    for holder in await people.holders(tx, [Role.OFFICER]):
        if holder.person.id == base.counterpart_id and holder.person.telegram_id is not None:
            return To(person_id=holder.person.id)
    return OFFICERS


async def notice_lost(services: Services, tx: Tx) -> list[Row]:
    """The tick's: whatever it was that took the last contact away; the rows, stored."""
    now = services.clock.now()
    notices = await lost(tx, now)
    rows = await letters.addressed(tx, services.catalog, services.locale, notices, now)
    return await outbox.insert(tx, rows)


async def lost(tx: Tx, now: int) -> list[Notice]:
    """To the officer of each base whose last contact has left or has blocked the bot, once each time."""
    return [await _lost(tx, base_id) for base_id in await bases.newly_unreached(tx, now)]


async def _lost(tx: Tx, base_id: int) -> Notice:
    base = await bases.get(tx, base_id)
    named = [
        {
            "name": one.person.name,
            "role": one.membership.role,
            "tel": one.person.office_phone or one.person.phone_shared or one.person.phone,
        }
        for one in await people.holders(tx, BASE_ROLES, base.id)
    ]
    return Notice(
        await counterpart(tx, base),
        "bases/lost",
        {"base": base.name, "people": named},
        offers=((Offer("call", base.id), Offer("base", base.id, label="base_page")),),
        subject=Subject("base", base.id),
    )
