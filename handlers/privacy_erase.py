"""撤回同意 and 删除我的信息: what it means, confirmed, done at once (PIPL Articles 15, 16 and 47).

Withdrawn, the person stays the unit's contact, by telephone and post. Erased, the office ends with the name.
The base's records stay in both, and whoever has to act on it is told.
"""

from domain import handover as handover_rules
from domain import privacy as rules
from domain import requests as request_rules
from domain.access import Action
from domain.bases import Base
from domain.errors import Forbidden
from domain.notices import Notice, Offer, Subject, To
from domain.people import BASE_ROLES, Membership, Role
from domain.privacy import Reason
from handlers.callbacks import Press
from handlers.context import Ctx
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
    await _require_successor(ctx)
    facts = {
        "units": await units(ctx),
        "without_contact": [base.short_name for base in await _left_alone(ctx)],
        "open_requests": await _open_requests(ctx),
        "tel": (await ctx.centre()).tel,
    }
    ctx.show(_CONFIRM[reason], facts, ((Offer(_WAYS[reason], ctx.me.id, label="confirm"),), OWN))


async def _depart(ctx: Ctx, pressed: Press, reason: Reason) -> None:
    """Nobody but oneself: whatever id the press bears is held against who pressed it."""
    if pressed.id != ctx.me.id:
        raise Forbidden
    await _require_successor(ctx)
    person, actor = ctx.me, ctx.require(Action.PRIVACY)
    centre = await ctx.centre()
    await ctx.record(_RECORDED[reason], Subject("person", person.id))
    ctx.show(_FAREWELL[reason], {"tel": centre.tel, "email": centre.email})
    returned = await privacy.release_requests(ctx.tx, person.id) if actor.of_centre else 0
    await _drop_succession(ctx)
    await let_go(ctx.tx, ctx.catalog, person, reason, ctx.now)
    ctx.job_added = True
    for held in actor.memberships:
        await ctx.tell(await _told(ctx, person.name, held, reason, returned))
    await ctx.tell(await lost(ctx.services, ctx.tx, ctx.now))


async def _require_successor(ctx: Ctx) -> None:
    """Raises Refused for the last admin or officer."""
    actor = ctx.require(Action.PRIVACY)
    held = {one.role for one in actor.memberships} & {Role.ADMIN, Role.OFFICER}
    rules.require_successor(actor, await privacy.others(ctx.tx, actor.person_id, held))


async def _drop_succession(ctx: Ctx) -> None:
    """Whoever was to take over an office does not, and it can be proposed anew."""
    for one in await handovers.unsettled_for(ctx.tx, ctx.me.id):
        await handovers.save(ctx.tx, handover_rules.cancel(one, ctx.now))


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


async def _left_alone(ctx: Ctx) -> list[Base]:
    """The bases that nobody else could be reached of."""
    found = []
    for base_id in ctx.require(Action.PRIVACY).bases:
        held = await people.holders(ctx.tx, BASE_ROLES - {Role.REVIEWER}, base_id)
        if not any(one.person.reachable and one.person.id != ctx.me.id for one in held):
            found.append(await bases.get(ctx.tx, base_id))
    return found


async def _open_requests(ctx: Ctx) -> int:
    actor = ctx.require(Action.PRIVACY)
    return sum([await requests.count_in(ctx.tx, request_rules.OPEN, base_id) for base_id in actor.bases])
