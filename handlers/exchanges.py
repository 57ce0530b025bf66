"""沟通交流: an exchange's page, its steps on record, and who is told of them (Article 8)."""

from collections.abc import Mapping, Sequence

from domain.access import Action
from domain.bases import Base
from domain.errors import Forbidden, Stale
from domain.exchanges import (
    RULES,
    SUBJECT,
    Command,
    Exchange,
    Move,
    Record,
    Side,
    State,
    decide,
    moves,
    side_of,
)
from domain.forms import Draft
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.requests import Source
from handlers import exchanges_duties as duties
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.gated import REVIEWER
from handlers.reach import counterpart
from handlers.routes import press
from handlers.serving import redraws
from storage import exchanges, people

SAID = frozenset({Move.MOVE, Move.CANCEL, Move.DISPUTE, Move.WITHDRAW})
"""The steps whose words are shown on the page."""

Facts = dict[str, object]


# --- one exchange -----------------------------------------------------------------------------------------


async def locked(ctx: Ctx, exchange_id: int, action: Action = Action.EXCHANGES) -> Exchange:
    """One that the person may do this with; another does not exist for them. Raises Forbidden."""
    exchange = await exchanges.lock(ctx.tx, exchange_id)
    if exchange is None:
        raise Forbidden
    ctx.require(action, exchange.base_id)
    return exchange


async def seen(ctx: Ctx, pressed: Press, move: Move) -> Exchange:
    """One whose page shows it as it is, and that may make the move. Raises Forbidden or Stale."""
    exchange = await locked(ctx, pressed.id, Action.EXCHANGE_KEEP)
    if exchange.rev != pressed.rev or exchange.state not in RULES[move].before:
        raise Stale(SUBJECT, exchange.id)
    if move not in moves(exchange, ctx.require(Action.EXCHANGE_KEEP)):
        raise Forbidden
    return exchange


@press("exchange", Action.EXCHANGES)
async def open_page(ctx: Ctx, pressed: Press) -> None:
    await redraw(ctx, pressed.id)


@redraws(SUBJECT)
async def redraw(ctx: Ctx, exchange_id: int) -> None:
    await show(ctx, await locked(ctx, exchange_id))


async def show(ctx: Ctx, exchange: Exchange) -> None:
    tasks = (await exchanges.tasks(ctx.tx, [exchange.id])).get(exchange.id, [])
    offers = (*offers_of(ctx, exchange), *_ticks(ctx, tasks), *_ways(exchange))
    ctx.show("exchanges/page", await facts_of(ctx, exchange), offers, subject=exchange.subject)


def offers_of(ctx: Ctx, exchange: Exchange) -> Rows:
    """What the person may do with it now."""
    actor = ctx.require(Action.EXCHANGES)
    here = (exchange.id, exchange.rev)
    own = moves(exchange, actor)
    rows = tuple(
        tuple(Offer(f"exchange_{move}", *here) for move in row if move in own)
        for row in (
            (Move.CONFIRM, Move.DISPUTE),
            (Move.RECORD,),
            (Move.MOVE, Move.CANCEL),
            (Move.CORRECT, Move.WITHDRAW),
        )
    )
    for_base = exchange.waits_for is Side.BASE and exchange.state is State.RECORDED
    if for_base and ctx.may(Action.EXCHANGE_RECORD, exchange.base_id):
        rows = (*rows, (Offer("exchange_confirm_for", *here),))
    return tuple(row for row in rows if row)


def _ticks(ctx: Ctx, tasks: Sequence[exchanges.Task]) -> Rows:
    """Either side ticks what is done, or takes that back."""
    if not tasks or not ctx.may(Action.EXCHANGE_KEEP, tasks[0].base_id):
        return ()
    return tuple((tick(ctx, task),) for task in tasks)


def tick(ctx: Ctx, task: exchanges.Task) -> Offer:
    op = "exchange_undone" if task.done else "exchange_done"
    word = ctx.catalog.label(op, ctx.locale)
    return Offer(op, task.id, task.rev, text=f"{word} · {task.follow_up.what[:24]}")


def _ways(exchange: Exchange) -> Rows:
    history = (Offer("exchange_history", exchange.id),)
    return (history, (Offer("exchanges_of", exchange.base_id, label="home"),))


async def facts_of(ctx: Ctx, exchange: Exchange, record: Record | None = None) -> Facts:
    """What every text about an exchange may need; `record` where an earlier version is shown."""
    base = await base_of(ctx, exchange.base_id)
    told = record or exchange.record
    entries = (await exchanges.entries(ctx.tx, [exchange.id])).get(exchange.id, [])
    recorded = [one for one in entries if one.move in (Move.RECORD, Move.CORRECT)]
    said = [one for one in entries if one.words and one.move in SAID]
    confirmed = [one for one in entries if one.move is Move.CONFIRM]
    return {
        "base": base.name,
        "regular": exchange.regular,
        "state": exchange.state,
        "waits_for": exchange.waits_for,
        "version": exchange.version,
        "day": told.held_on if told else exchange.day,
        "way": told.way if told else exchange.way,
        "purpose": exchange.plan.purpose if exchange.plan else None,
        "people": told.people if told else None,
        "topics": told.topics if told else None,
        "conclusions": told.conclusions if told else None,
        "follow_ups": await _follow_ups(ctx, exchange, told),
        "recorded_side": recorded[-1].side if recorded else None,
        "recorded_by": recorded[-1].by_name if recorded else None,
        "confirmed_by": confirmed[-1].by_name if confirmed else None,
        "confirmed_at": confirmed[-1].at if confirmed else None,
        "confirmed_source": confirmed[-1].source if confirmed else None,
        "word": said[-1].words if said and said[-1].version == exchange.version else None,
        "word_by": said[-1].by_name if said else None,
        "actor": ctx.me.name,
        **await _contact(ctx, base),
    }


async def _follow_ups(ctx: Ctx, exchange: Exchange, told: Record | None) -> list[Facts]:
    """With who ticked them, as far as they are those of the last version."""
    tasks = (await exchanges.tasks(ctx.tx, [exchange.id])).get(exchange.id, [])
    done = {task.follow_up: task.done_by for task in tasks if task.done}
    return [
        {
            "what": one.what,
            "side": one.side,
            "owner": one.owner,
            "due": one.due_on,
            "done": one in done,
            "done_by": done.get(one),
        }
        for one in (told.follow_ups if told else ())
    ]


async def _contact(ctx: Ctx, base: Base) -> Facts:
    centre = await ctx.centre()
    officer = await people.get(ctx.tx, base.counterpart_id) if base.counterpart_id else None
    return {
        "contact": officer.name if officer else centre.centre,
        "tel": (officer.office_phone if officer else None) or centre.tel,
    }


# --- a step -----------------------------------------------------------------------------------------------


async def make(
    ctx: Ctx,
    exchange: Exchange,
    moved: Exchange,
    move: Move,
    *,
    side: Side | None = None,
    words: str | None = None,
    reviewer: str | None = None,
    source: Source | None = None,
    files: Sequence[int] = (),
) -> Exchange:
    """Keep an exchange that was moved, with the step on record and the duties that follow. Raises Stale."""
    if not await exchanges.save(ctx.tx, moved, exchange.version):
        raise Stale(SUBJECT, exchange.id)
    await entered(ctx, moved, move, side=side, words=words, reviewer=reviewer, source=source, files=files)
    return await duties.settle(ctx.tx, exchange, moved, ctx.today, ctx.now)


async def entered(
    ctx: Ctx,
    exchange: Exchange,
    move: Move,
    *,
    side: Side | None = None,
    words: str | None = None,
    reviewer: str | None = None,
    source: Source | None = None,
    files: Sequence[int] = (),
) -> None:
    """A step on record: in the exchange's own history by name, in the audit trail by id."""
    actor = ctx.require(Action.EXCHANGE_KEEP)
    await exchanges.add_entry(
        ctx.tx,
        exchange,
        move,
        side or side_of(actor),
        ctx.me.name,
        ctx.now,
        words=words,
        reviewer=reviewer,
        source=source,
        attachment_ids=files,
    )
    await ctx.record(f"exchange_{move}", exchange.subject, base=exchange.base_id, version=exchange.version)


def command(ctx: Ctx, move: Move, seen_rev: int, source: Source | None = None) -> Command:
    return Command(move, ctx.require(Action.EXCHANGE_KEEP), ctx.now, seen_rev, source)


async def simply(ctx: Ctx, exchange: Exchange, move: Move, draft: Draft, words: str | None) -> Exchange:
    """A step that changes nothing but the state, as a form asked for it."""
    moved = decide(exchange, command(ctx, move, exchange.rev), ctx.today)
    return await make(ctx, exchange, moved, move, words=words, reviewer=reviewer_of(draft))


def reviewer_of(draft: Draft) -> str | None:
    """Who answers for what the gate remarked on."""
    name = draft.answers.get(REVIEWER)
    return str(name) if name is not None else None


async def tell(ctx: Ctx, exchange: Exchange, template: str, told: Mapping[str, object]) -> None:
    """The base's contacts and its officer, whoever of them did not do it."""
    page: Rows = ((Offer("exchange", exchange.id, label="exchange_page"),),)
    by_side = await _by_side(ctx, exchange)
    whom = sorted(by_side[Side.BASE] | by_side[Side.CENTRE])
    await ctx.tell(
        [Notice(To(person_id=one), template, told, page, subject=exchange.subject) for one in whom]
    )


async def sides(ctx: Ctx, exchange: Exchange) -> tuple[list[int], list[int]]:
    """Those of the side whose turn it is, and the others; without the person who acts."""
    by_side = await _by_side(ctx, exchange)
    turn = exchange.waits_for or Side.CENTRE
    return sorted(by_side[turn]), sorted(by_side[turn.other])


async def _by_side(ctx: Ctx, exchange: Exchange) -> dict[Side, set[int]]:
    base = await base_of(ctx, exchange.base_id)
    contacts = To(base_id=base.id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    to = {Side.BASE: contacts, Side.CENTRE: await counterpart(ctx.tx, base)}
    return {
        side: {one.id for one in await people.recipients(ctx.tx, whom)} - {ctx.me.id}
        for side, whom in to.items()
    }
