"""/exchanges: what is planned, what waits for one's word, what was held; of a base, or of all for staff."""

from collections.abc import Sequence
from datetime import date

from domain.access import Action
from domain.bases import Base
from domain.exchanges import Exchange, Side, State, side_of
from domain.notices import Offer, Rows
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.exchanges import tick
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from storage import bases, exchange_cadences, exchanges

SHOWN = 6
"""Of each kind on a page; the rest is counted."""
NEWEST = 5


@command("exchanges", Action.EXCHANGES)
async def begin(ctx: Ctx) -> None:
    """A base's people see their base, staff all of them."""
    actor = ctx.require(Action.EXCHANGES)
    if actor.of_centre:
        await _show_all(ctx)
    else:
        await show_base(ctx, await bases.get(ctx.tx, actor.bases[0]))


@press("exchanges_of", Action.EXCHANGES)
async def open_base(ctx: Ctx, pressed: Press) -> None:
    await redraw_base(ctx, pressed.id)


@redraws("exchanges")
async def redraw_base(ctx: Ctx, base_id: int) -> None:
    ctx.require(Action.EXCHANGES, base_id)
    await show_base(ctx, await base_of(ctx, base_id))


# --- of a base --------------------------------------------------------------------------------------------


async def show_base(ctx: Ctx, base: Base) -> None:
    side = side_of(ctx.require(Action.EXCHANGES, base.id))
    open_ones = await exchanges.open_ones(ctx.tx, base.id)
    planned = [one for one in open_ones if one.state is State.PLANNED]
    mine = [one for one in open_ones if one.waits_for is side]
    theirs = [one for one in open_ones if one.waits_for is side.other]
    held = await exchanges.confirmed(ctx.tx, base.id, NEWEST)
    tasks = await exchanges.open_tasks(ctx.tx, base.id)
    cadence = await exchange_cadences.of_base(ctx.tx, ctx.today, base.id)
    facts = {
        "base": base.name,
        "months": cadence.months if cadence else None,
        "due": cadence.due_on if cadence else None,
        "late": bool(cadence and cadence.due_on and cadence.due_on < ctx.today),
        **{
            key: [_row(one) for one in found[:SHOWN]]
            for key, found in (("planned", planned), ("mine", mine), ("theirs", theirs), ("held", held))
        },
        "tasks": [_task(ctx.today, one) for one in tasks[:SHOWN]],
        "more_tasks": max(len(tasks) - SHOWN, 0),
        "more": sum(max(len(found) - SHOWN, 0) for found in (planned, mine, theirs)),
    }
    links = _links(ctx, [*mine[:SHOWN], *planned[:SHOWN], *theirs[:SHOWN], *held])
    offers = (*links, *_ticks(ctx, base, tasks), *_ways(ctx, base))
    ctx.show("exchanges/base", facts, offers)


def _row(one: Exchange) -> dict[str, object]:
    return {
        "day": one.day,
        "way": one.way,
        "about": one.record.topics if one.record else (one.plan.purpose if one.plan else None),
        "state": one.state,
    }


def _task(today: date, task: exchanges.Task) -> dict[str, object]:
    one = task.follow_up
    late = one.due_on < today
    return {"what": one.what, "side": one.side, "owner": one.owner, "due": one.due_on, "late": late}


def _links(ctx: Ctx, found: Sequence[Exchange]) -> Rows:
    links = [Offer("exchange", one.id, text=_worded(ctx, one)) for one in found]
    return tuple(tuple(links[i : i + 2]) for i in range(0, len(links), 2))


def _worded(ctx: Ctx, one: Exchange, base: str = "") -> str:
    word = ctx.catalog.label(f"exchange_way_{one.way}", ctx.locale)
    return " ".join(filter(None, (base, f"{one.day}", word)))


def _ticks(ctx: Ctx, base: Base, tasks: Sequence[exchanges.Task]) -> Rows:
    if not ctx.may(Action.EXCHANGE_KEEP, base.id):
        return ()
    return tuple((tick(ctx, task),) for task in tasks[:SHOWN])


def _ways(ctx: Ctx, base: Base) -> Rows:
    rows: list[tuple[Offer, ...]] = []
    if ctx.may(Action.EXCHANGE_KEEP, base.id):
        rows.append((Offer("exchange_plan", base.id), Offer("exchange_note", base.id)))
    if ctx.may(Action.BASE_KEEP, base.id):
        rows.append((Offer("exchange_every", base.id), Offer("exchange_years", base.id)))
    else:
        rows.append((Offer("exchange_years", base.id),))
    if ctx.may(Action.BASES):
        return (*rows, (Offer("base", base.id, label="base_page"), Offer("go.exchanges", label="home")))
    return (*rows, *BACK)


# --- of all -----------------------------------------------------------------------------------------------


async def _show_all(ctx: Ctx) -> None:
    """The bases that one looks after come first; what is late of the cadences is counted by base."""
    names = {base.id: base for base in await bases.listed(ctx.tx)}

    def order(one: Exchange) -> tuple[bool, str]:
        return names[one.base_id].counterpart_id != ctx.me.id, str(one.day)

    open_ones = sorted(await exchanges.open_ones(ctx.tx), key=order)
    mine = [one for one in open_ones if one.waits_for is Side.CENTRE]
    planned = [one for one in open_ones if one.state is State.PLANNED]
    theirs = [one for one in open_ones if one.waits_for is Side.BASE]
    held = await exchanges.confirmed(ctx.tx, None, NEWEST)
    cadences = await exchange_cadences.of_active(ctx.tx, ctx.today)
    late = [one.base_id for one in cadences if one.due_on is not None and one.due_on < ctx.today]
    facts = {
        key: [_row(one) | {"base": names[one.base_id].short_name} for one in found[:SHOWN]]
        for key, found in (("planned", planned), ("mine", mine), ("theirs", theirs), ("held", held))
    } | {
        "late": [names[base_id].short_name for base_id in late[:SHOWN]],
        "n_late": len(late),
        "n_planned": len(planned),
        "n_mine": len(mine),
        "n_theirs": len(theirs),
    }
    shown = [*mine[:SHOWN], *planned[:SHOWN], *theirs[:SHOWN], *held]
    links = tuple(
        (Offer("exchange", one.id, text=_worded(ctx, one, names[one.base_id].short_name)),) for one in shown
    )
    to_late = tuple((Offer("exchanges_of", one, text=names[one].short_name),) for one in late[:SHOWN])
    ctx.show("exchanges/list", facts, (*links, *to_late, (Offer("go.bases", label="bases"),), *BACK))
