"""后续事项: what was agreed in an exchange is ticked done by either side (Article 8)."""

from dataclasses import replace

from domain.access import Action
from domain.errors import Forbidden, Stale
from domain.exchanges import SUBJECT, Exchange
from domain.obligations import State
from handlers import exchanges as ground
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from storage import exchanges, obligations
from storage.exchanges import Task


@press("exchange_done", Action.EXCHANGE_KEEP)
async def done(ctx: Ctx, pressed: Press) -> None:
    task, exchange = await _seen(ctx, pressed)
    await _set(ctx, task, State.OPEN, State.RECEIVED, ctx.me.name)
    await ground.show(ctx, exchange)
    one = task.follow_up
    facts = await ground.facts_of(ctx, exchange)
    told = {key: facts[key] for key in ("base", "actor", "contact", "tel")}
    told |= {"what": one.what, "owner": one.owner, "side": one.side, "due": one.due_on}
    await ground.tell(ctx, exchange, "exchanges/task_done", told)


@press("exchange_undone", Action.EXCHANGE_KEEP)
async def undone(ctx: Ctx, pressed: Press) -> None:
    """A tick is taken back: it is reminded of again."""
    task, exchange = await _seen(ctx, pressed)
    await _set(ctx, task, State.RECEIVED, State.OPEN, None)
    await ground.show(ctx, exchange)


async def _seen(ctx: Ctx, pressed: Press) -> tuple[Task, Exchange]:
    """Raises Forbidden, or Stale where somebody has ticked it meanwhile or a correction has dropped it."""
    task = await exchanges.task(ctx.tx, pressed.id)
    if task is None:
        raise Forbidden
    exchange = await ground.locked(ctx, task.exchange_id, Action.EXCHANGE_KEEP)
    if task.rev != pressed.rev:
        raise Stale(SUBJECT, exchange.id)
    return task, exchange


async def _set(ctx: Ctx, task: Task, before: State, after: State, by: str | None) -> None:
    found = await obligations.lock(ctx.tx, task.obligation_id)
    if found is None or found.state is not before or found.rev != task.rev:
        raise Stale(SUBJECT, task.exchange_id)
    await obligations.save(ctx.tx, replace(found, state=after, rev=found.rev + 1, changed_at=ctx.now))
    await exchanges.set_done_by(ctx.tx, task.id, by)
    await ctx.record(f"exchange_task_{after}", found.subject, base=task.base_id)
