"""What reminders say of an exchange, a cadence or a follow-up, and what can be answered (Article 8)."""

from collections.abc import Mapping

from domain.exchanges import State
from domain.ladders import EXCHANGE, EXCHANGE_CADENCE, EXCHANGE_OFFICE_TASK, EXCHANGE_TASK
from domain.notices import Offer, Rows
from domain.obligations import Owed
from domain.people import Person
from handlers.context import Services
from storage import exchange_cadences, exchanges
from storage.engine import Tx

Told = tuple[Mapping[str, object], Rows]


async def _arranged(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> Told:
    exchange = await exchanges.of_duty(tx, owed.obligation.id)
    if exchange is None or exchange.plan is None:
        raise LookupError(f"obligation {owed.obligation.id} reminds of no exchange")
    plan, here = exchange.plan, (exchange.id, exchange.rev)
    facts = {"way": plan.way, "purpose": plan.purpose, "regular": plan.regular}
    later = (Offer("exchange_move", *here), Offer("exchange_cancel", *here))
    ahead = plan.planned_on >= services.calendar.today(now)
    if ahead or exchange.state is not State.PLANNED:
        return facts, ((Offer("exchange", exchange.id, label="exchange_page"),), later)
    return facts, ((Offer("exchange_record", *here),), later)


async def _cadence(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> Told:
    base_id = owed.obligation.base_id or 0
    found = await exchange_cadences.of_base(tx, services.calendar.today(now), base_id)
    facts = {"months": found.months if found else None, "held_on": found.held_on if found else None}
    return facts, ((Offer("exchange_plan", base_id), Offer("exchange_note", base_id)),)


async def _task(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> Told:
    task = await exchanges.task_of_duty(tx, owed.obligation.id)
    if task is None:
        raise LookupError(f"obligation {owed.obligation.id} reminds of no follow-up")
    facts = {"what": task.follow_up.what, "owner": task.follow_up.owner, "side": task.follow_up.side}
    page = Offer("exchange", task.exchange_id, label="exchange_page")
    return facts, ((Offer("exchange_done", task.id, task.rev), page),)


TELLS = {
    EXCHANGE: _arranged,
    EXCHANGE_CADENCE: _cadence,
    EXCHANGE_TASK: _task,
    EXCHANGE_OFFICE_TASK: _task,
}
