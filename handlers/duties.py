"""What the pages about any duty of a base share: the obligation, its facts, who is told of it."""

from collections.abc import Mapping

from domain.access import Action
from domain.errors import Forbidden, Stale
from domain.ladders import kind_of
from domain.notices import Notice, Rows, To
from domain.obligations import Obligation, State
from domain.people import Role
from handlers.context import Ctx
from handlers.nudges import facts_of
from storage import annual, bases, obligations


async def locked(ctx: Ctx, obligation_id: int, action: Action, *kinds: str) -> Obligation:
    """A base's, that the actor may do this with; another does not exist for them. Raises Forbidden."""
    obligation = await obligations.lock(ctx.tx, obligation_id)
    if obligation is None or obligation.base_id is None:
        raise Forbidden
    if kinds and kind_of(obligation.kind) not in kinds:
        raise Forbidden
    ctx.require(action, obligation.base_id)
    return obligation


async def open_one(ctx: Ctx, obligation_id: int, action: Action, *kinds: str) -> Obligation:
    """The same, as long as the base still owes it. Raises Stale."""
    obligation = await locked(ctx, obligation_id, action, *kinds)
    if obligation.state is not State.OPEN:
        raise Stale(page_of(obligation), obligation.id)
    return obligation


def page_of(obligation: Obligation) -> str:
    """What `redraws` knows its page by."""
    kind = kind_of(obligation.kind)
    return "obligation" if kind == "annual_report" else kind


async def facts(ctx: Ctx, obligation: Obligation) -> dict[str, object]:
    """What every text about a duty may need; the day is the one that holds now."""
    base = await bases.get(ctx.tx, obligation.base_id or 0)
    [owed] = await annual.with_standings(ctx.tx, await obligations.with_people(ctx.tx, [obligation]))
    return {
        **await facts_of(ctx.services, ctx.tx, obligation, base),
        "kind": kind_of(obligation.kind),
        "title": await obligations.title(ctx.tx, obligation.id),
        "due": owed.due_on,
        "actor": ctx.me.name,
    }


async def tell_officers(
    ctx: Ctx, obligation: Obligation, template: str, told: Mapping[str, object], offers: Rows
) -> None:
    """Whoever of the centre looks after the base."""
    [owed] = await obligations.with_people(ctx.tx, [obligation])
    await ctx.tell(
        [
            Notice(To(person_id=officer), template, told, offers, subject=obligation.subject)
            for officer in owed.officers
        ]
    )


async def tell_base(
    ctx: Ctx, obligation: Obligation, template: str, told: Mapping[str, object], offers: Rows = ()
) -> None:
    to = To(base_id=obligation.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    await ctx.tell([Notice(to, template, told, offers, subject=obligation.subject)])
