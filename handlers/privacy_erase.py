"""撤回同意 and 删除我的信息: what it means, confirmed, done at once (PIPL Articles 15, 16 and 47).

Withdrawn, the person stays the unit's contact, by telephone and post. Erased, the office ends with the name.
The base's records stay in both, and whoever has to act on it is told.
"""

from domain import handover as handover_rules
from domain import privacy as rules
from domain import requests as request_rules
from domain.access import Action
from domain.bases import Base
from domain.errors import Forbidden, Refused
from domain.notices import Notice, Offer, Subject, To
from domain.people import BASE_ROLES, Actor, Membership, Person, Role
from domain.privacy import Reason
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.privacy import OWN, units
from handlers.privacy_leaving import let_go
from handlers.reach import counterpart, lost
from handlers.routes import press
from storage import bases, handovers, people, privacy, requests

_WAYS = {Reason.WITHDRAWN: "privacy_withdraw", Reason.ASKED: "privacy_erase"}
_CONFIRM = {Reason.WITHDRAWN: "privacy/confirm_withdraw", Reason.ASKED: "privacy/confirm_erase"}
_FAREWELL = {Reason.WITHDRAWN: "privacy/withdrawn", Reason.ASKED: "privacy/erased"}
_RECORDED = {Reason.WITHDRAWN: "consent_withdrawn", Reason.ASKED: "erased"}


@press("withdraw_consent", Action.PRIVACY)
async def ask_withdraw(ctx: Ctx, _: Press) -> None:
    await _ask(ctx, Reason.WITHDRAWN)


@press("erase_me", Action.PRIVACY)
async def ask_erase(ctx: Ctx, _: Press) -> None:
    await _ask(ctx, Reason.ASKED)


@press("privacy_withdraw", Action.PRIVACY)
async def withdraw(ctx: Ctx, pressed: Press) -> None:
    await _depart(ctx, pressed, Reason.WITHDRAWN)


@press("privacy_erase", Action.PRIVACY)
async def erase(ctx: Ctx, pressed: Press) -> None:
    await _depart(ctx, pressed, Reason.ASKED)


async def _ask(ctx: Ctx, reason: Reason) -> None:
    """What would happen, before it does."""
    actor = ctx.require(Action.PRIVACY)
    await _require_successor(ctx, actor)
    facts = await _meaning(ctx, actor)
    ctx.show(_CONFIRM[reason], facts, ((Offer(_WAYS[reason], ctx.me.id, label="confirm"),), OWN))


async def _meaning(ctx: Ctx, actor: Actor) -> dict[str, object]:
    return {
        "units": await units(ctx, actor),
        "without_contact": [base.short_name for base in await _left_alone(ctx, actor)],
        "open_requests": await _open_requests(ctx, actor),
        "tel": (await ctx.centre()).tel,
    }


async def _depart(ctx: Ctx, pressed: Press, reason: Reason) -> None:
    """Nobody but oneself: whatever id the press bears is held against who pressed it."""
    if pressed.id != ctx.me.id:
        raise Forbidden
    person, actor = ctx.me, ctx.require(Action.PRIVACY)
    await _require_successor(ctx, actor)
    centre = await ctx.centre()
    ctx.show(_FAREWELL[reason], {"tel": centre.tel, "email": centre.email})
    await _release(ctx, person, actor, reason)


async def _release(ctx: Ctx, person: Person, actor: Actor, reason: Reason) -> None:
    """Everything in one transaction; whoever is to be told of it has been, or is at its end."""
    await ctx.record(_RECORDED[reason], Subject("person", person.id))
    returned = await privacy.release_requests(ctx.tx, person.id) if actor.of_centre else 0
    await _drop_succession(ctx, person)
    await let_go(ctx.tx, ctx.catalog, person, reason, ctx.now)
    ctx.job_added = True
    for held in actor.memberships:
        await ctx.tell(await _told(ctx, person.name, held, reason, returned))
    await ctx.tell(await lost(ctx.services, ctx.tx, ctx.now))


async def _require_successor(ctx: Ctx, actor: Actor) -> None:
    """Raises Refused for the last admin or officer."""
    held = {one.role for one in actor.memberships} & {Role.ADMIN, Role.OFFICER}
    rules.require_successor(actor, await privacy.others(ctx.tx, actor.person_id, held))


async def _drop_succession(ctx: Ctx, person: Person) -> None:
    """Whoever was to take over an office does not, and it can be proposed anew."""
    for one in await handovers.unsettled_for(ctx.tx, person.id):
        await handovers.save(ctx.tx, handover_rules.cancel(one, ctx.now))


# --- for somebody who asked by telephone or letter --------------------------------------------------------


@press("erase_for", Action.ERASE_FOR)
async def ask_for(ctx: Ctx, pressed: Press) -> None:
    """Heads and reviewers often have no Telegram: their request is as good (PIPL Article 50)."""
    person, actor = await _found(ctx, pressed)
    await _require_successor(ctx, actor)
    facts = {"name": person.name, **await _meaning(ctx, actor)}
    way = (Offer("privacy_erase_for", person.id, label="confirm"), Offer("go.access", label="home"))
    ctx.show("privacy/confirm_erase_for", facts, (way,))


@press("privacy_erase_for", Action.ERASE_FOR)
async def erase_for(ctx: Ctx, pressed: Press) -> None:
    person, actor = await _found(ctx, pressed)
    await _require_successor(ctx, actor)
    centre = await ctx.centre()
    told = {"tel": centre.tel, "email": centre.email}
    await ctx.tell([Notice(To(person_id=person.id), "privacy/erased", told)])
    await _release(ctx, person, actor, Reason.ASKED)
    ctx.show("privacy/erased_for", {"name": person.name}, () if person.id == ctx.me.id else BACK)


async def _found(ctx: Ctx, pressed: Press) -> tuple[Person, Actor]:
    """Somebody of whom there is something to erase. Raises Forbidden or Refused."""
    try:
        person = await people.get(ctx.tx, pressed.id)
    except LookupError:
        raise Forbidden from None
    if await privacy.is_erased(ctx.tx, person.id):
        raise Refused("privacy/erased_before")
    return person, await people.actor(ctx.tx, person)


# --- who is told ------------------------------------------------------------------------------------------


async def _told(ctx: Ctx, name: str, held: Membership, reason: Reason, returned: int) -> list[Notice]:
    """The base's head and its officer; of the centre's people, the admins and supervisors."""
    facts: dict[str, object] = {"name": name, "role": held.role, "withdrawn": reason is Reason.WITHDRAWN}
    if held.base_id is None:
        to = To(roles=frozenset({Role.ADMIN, Role.SUPERVISOR}))
        return [Notice(to, "privacy/staff_gone", facts | {"returned": returned})]
    base = await bases.get(ctx.tx, held.base_id)
    facts |= {
        "base": base.name,
        "reached": base.id in await bases.reached(ctx.tx),
        "open_requests": await requests.count_in(ctx.tx, request_rules.OPEN, base.id),
    }
    page = ((Offer("base", base.id, label="base_page"), Offer("handover_for", base.id)),)
    heads, officer = To(base_id=base.id, roles=frozenset({Role.HEAD})), await counterpart(ctx.tx, base)
    about = Subject("base", base.id)
    return [
        Notice(officer, "privacy/contact_gone", facts, page, subject=about),
        Notice(heads, "privacy/contact_gone", facts, subject=about),
    ]


async def _left_alone(ctx: Ctx, actor: Actor) -> list[Base]:
    """The bases that nobody else could be reached of."""
    found = []
    for base_id in actor.bases:
        held = await people.holders(ctx.tx, BASE_ROLES - {Role.REVIEWER}, base_id)
        if not any(one.person.reachable and one.person.id != actor.person_id for one in held):
            found.append(await bases.get(ctx.tx, base_id))
    return found


async def _open_requests(ctx: Ctx, actor: Actor) -> int:
    return sum([await requests.count_in(ctx.tx, request_rules.OPEN, base_id) for base_id in actor.bases])
