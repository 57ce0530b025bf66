"""What a reminder says of each kind of duty, and what can be answered to it (Articles 4, 6 and 9)."""

from collections.abc import Awaitable, Callable, Mapping

from domain.access import Action, may
from domain.annual import SEAL_WORKING_DAYS
from domain.annual_progress import progress
from domain.annual_report import Report, State
from domain.ladders import ANNUAL_REPORT, FUNDS, HANDOVER_FORM, MILESTONE, SELF_CHECK
from domain.notices import Offer, Rows
from domain.obligations import Owed
from domain.people import Person, Role
from handlers import annual as ground
from handlers import exchanges_told
from handlers.context import Services
from handlers.missing import content_of, named
from storage import annual, handovers, obligations, people
from storage.engine import Tx

NAMED = 6
RESUBMIT_WORKING_DAYS = 5

Facts = Mapping[str, object]
Tell = Callable[[Services, Tx, Owed, Person, int], Awaitable[tuple[Facts, Rows]]]


async def _annual(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> tuple[Facts, Rows]:
    """How far it has come and what is missing, by name."""
    obligation = owed.obligation
    report = await annual.open_report(tx, obligation.base_id or 0, obligation.year, now)
    reached = progress(report, await ground.findings(tx, report))
    missing = named(services.catalog, content_of(reached.missing), report.year)
    remarks = list(report.remarks[-1].items) if report.remarks else []
    facts = {
        "done": reached.done,
        "total": reached.total,
        "missing": missing[:NAMED],
        "more": max(len(missing) - NAMED, 0),
        **await _waiting(tx, owed, report),
        "remarks": named(services.catalog, remarks[:NAMED], report.year),
        "remarks_total": len(remarks),
        "resubmit_by": services.calendar.of_base(owed.vacations).working_day_after(
            services.calendar.today(now), RESUBMIT_WORKING_DAYS
        ),
        "seal_due": report.seal_due_on,
        "seal_days": SEAL_WORKING_DAYS,
    }
    actor = await people.actor(tx, person)
    if not may(actor, Action.REPORT_CLAIM, obligation.base_id):
        return facts, ((Offer("annual", report.id, label="annual_look"),),)
    return facts, ((Offer("annual", report.id, label="annual_go_on"),), *answers(owed, services, now))


async def _waiting(tx: Tx, owed: Owed, report: Report) -> Facts:
    """With whom of the unit it lies."""
    role = Role.REVIEWER if report.state is State.REVIEWING else Role.HEAD
    names = [(await people.get(tx, holder)).name for held, holder in owed.people if held is role]
    return {"waits_for": role, "waiting": names[:3]}


def answers(owed: Owed, services: Services, now: int) -> Rows:
    """What a base can answer to whatever it is reminded of; a day to expect it by once it is late."""
    id_, rev = owed.obligation.id, owed.obligation.rev
    late = services.calendar.today(now) >= owed.obligation.ladder.late_on(owed.due_on)
    call_me = Offer("call_me", id_, rev)
    return (
        (Offer("extension_ask", id_, rev), Offer("report_claim", id_, rev)),
        (Offer("report_expect", id_, rev), call_me) if late else (call_me,),
    )


async def _self_check(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> tuple[Facts, Rows]:
    id_, rev = owed.obligation.id, owed.obligation.rev
    return {}, (
        (Offer("self_check", id_, rev),),
        (Offer("extension_ask", id_, rev), Offer("call_me", id_, rev)),
    )


async def _project(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> tuple[Facts, Rows]:
    id_, rev = owed.obligation.id, owed.obligation.rev
    title = await obligations.title(tx, id_)
    actor = await people.actor(tx, person)
    if not may(actor, Action.REPORT_CLAIM, owed.obligation.base_id):
        return {"title": title}, ()
    return {"title": title}, ((Offer("extension_ask", id_, rev), Offer("call_me", id_, rev)),)


async def _form(services: Services, tx: Tx, owed: Owed, person: Person, now: int) -> tuple[Facts, Rows]:
    """The stamped 登记表 of a change that was registered before it came (Article 8)."""
    handover = await handovers.of_duty(tx, owed.obligation.id)
    if handover is None:
        raise LookupError(f"obligation {owed.obligation.id} is of no change of liaison")
    leaver = await people.get(tx, handover.leaver_id) if handover.leaver_id else None
    facts = {
        "role": handover.role,
        "leaver": leaver.name if leaver else None,
        "successor": handover.successor_name,
    }
    return facts, ((Offer("handover", handover.id),),)


TELLS: dict[str, Tell] = {
    ANNUAL_REPORT: _annual,
    SELF_CHECK: _self_check,
    MILESTONE: _project,
    FUNDS: _project,
    HANDOVER_FORM: _form,
    **exchanges_told.TELLS,
}
