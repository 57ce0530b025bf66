"""What people are reminded of: the day arranged, follow-ups, the cadence of a base (Article 8)."""

from dataclasses import replace
from datetime import date

from domain import exchange_cadence as rules
from domain.errors import Stale
from domain.exchange_cadence import Cadence, Change
from domain.exchanges import SUBJECT, Exchange, FollowUp, Side, State
from domain.ladders import EXCHANGE, EXCHANGE_CADENCE, EXCHANGE_OFFICE_TASK, EXCHANGE_TASK
from domain.obligations import INCOMPLETE
from domain.obligations import State as Standing
from storage import exchange_cadences, exchanges, obligations
from storage.engine import Tx

TITLE_CHARS = 60
_KINDS = {Side.BASE: EXCHANGE_TASK, Side.CENTRE: EXCHANGE_OFFICE_TASK}
_ENDED = {Change.MET: Standing.RECEIVED, Change.REPLACED: Standing.WAIVED}


async def settle(tx: Tx, before: Exchange, moved: Exchange, today: date, now: int) -> Exchange:
    """Bring the duties of an exchange, and the cadence of its base, to what it is now."""
    if moved.plan != before.plan or moved.state is not before.state:
        moved = await _remind(tx, before, moved, now)
    if moved.state is State.CANCELLED:
        await keep_tasks(tx, replace(moved, record=None), now)
    elif moved.version != before.version:
        await keep_tasks(tx, moved, now)
    await keep_cadences(tx, today, now, moved.base_id)
    return moved


async def begin(tx: Tx, added: Exchange, today: date, now: int) -> Exchange:
    """The duties of a new one."""
    added = await _arranged(tx, added, now) if added.state is State.PLANNED else added
    await keep_tasks(tx, added, now)
    await keep_cadences(tx, today, now, added.base_id)
    return added


async def _remind(tx: Tx, before: Exchange, moved: Exchange, now: int) -> Exchange:
    """Another day is another duty: what was said of the first is said again."""
    held = moved.record is not None
    await end(tx, before.obligation_id, Standing.RECEIVED if held else Standing.WAIVED, now)
    return await _arranged(tx, moved, now) if moved.state is State.PLANNED else moved


async def _arranged(tx: Tx, exchange: Exchange, now: int) -> Exchange:
    if exchange.plan is None:
        return exchange
    plan = exchange.plan
    obligation_id = await _owe(tx, EXCHANGE, exchange, plan.planned_on, plan.purpose, now)
    await exchanges.remind_by(tx, exchange.id, obligation_id)
    return replace(exchange, obligation_id=obligation_id)


async def keep_tasks(tx: Tx, exchange: Exchange, now: int) -> None:
    """Those of the record as it is now: one that is still in it stands, done or not."""
    wanted = list(exchange.record.follow_ups) if exchange.record else []
    dropped = []
    for task in (await exchanges.tasks(tx, [exchange.id])).get(exchange.id, []):
        if task.follow_up in wanted:
            wanted.remove(task.follow_up)
            continue
        await end(tx, task.obligation_id, Standing.WAIVED, now)
        dropped.append(task.id)
    await exchanges.drop_tasks(tx, dropped)
    for one in wanted:
        await _add_task(tx, exchange, one, now)


async def _add_task(tx: Tx, exchange: Exchange, one: FollowUp, now: int) -> None:
    obligation_id = await _owe(tx, _KINDS[one.side], exchange, one.due_on, one.what, now)
    await exchanges.add_follow_up(tx, exchange.id, obligation_id, one)


async def _owe(tx: Tx, kind: str, exchange: Exchange, due_on: date, title: str, now: int) -> int:
    obligation_id = await obligations.add(tx, kind, exchange.base_id, due_on, title[:TITLE_CHARS], now)
    if obligation_id is None:  # somebody else has just added one for the base
        raise Stale(SUBJECT, exchange.id)
    return obligation_id


async def end(tx: Tx, obligation_id: int | None, state: Standing, now: int) -> None:
    """Nobody is reminded of it any more; what is over stays as it is."""
    found = await obligations.lock(tx, obligation_id) if obligation_id is not None else None
    if found is not None and found.state in INCOMPLETE:
        await obligations.save(tx, replace(found, state=state, rev=found.rev + 1, changed_at=now))


async def keep_cadences(tx: Tx, today: date, now: int, base_id: int | None = None) -> None:
    """Of every active base, or of one: the duty that stands is that of its cadence today."""
    await exchange_cadences.begin(tx, today)
    for one in await exchange_cadences.of_active(tx, today, base_id):
        await _keep_cadence(tx, one, now)


async def _keep_cadence(tx: Tx, one: Cadence, now: int) -> None:
    changed = rules.change(one)
    if changed is not Change.NOTHING:
        await end(tx, one.open_id, _ENDED[changed], now)
    if one.due_on is not None and one.due_on != one.open_due_on:
        await obligations.add(tx, EXCHANGE_CADENCE, one.base_id, one.due_on, "", now)
