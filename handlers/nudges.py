"""Reminders: stored ahead under unique keys, checked again and written when their hour has come."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from domain.bases import Base, Status
from domain.ladders import ANNUAL_REPORT, Step, ladder
from domain.notices import Kind, Lane, Offer, Rows, SendState, Subject
from domain.obligations import (
    Obligation,
    Owed,
    Planned,
    State,
    Why,
    hindrance,
    next_instant,
    plan,
    report_due,
)
from domain.people import Person, Role
from handlers import keyboards, letters
from handlers.context import Services
from storage import audit, bases, obligations, outbox, people, settings
from storage.engine import Tx
from storage.outbox import Row

REMEMBERED = timedelta(days=60)
"""How long after its day an obligation is still planned for: a reminder of it may be as old as that."""
CALLS_LISTED = 20

Facts = Mapping[str, object]
Letter = tuple[Facts, Rows]
Writer = Callable[[Services, Tx, Row, Person, int], Awaitable[Letter | Why]]

WRITERS: dict[str, Writer] = {}


def writes(*templates: str) -> Callable[[Writer], Writer]:
    """What gives a planned row of these templates its facts and buttons, or the reason why it is dropped."""

    def register_writer(writer: Writer) -> Writer:
        WRITERS.update(dict.fromkeys(templates, writer))
        return writer

    return register_writer


# --- ahead ------------------------------------------------------------------------------------------------


async def plan_ahead(services: Services, tx: Tx) -> int:
    """Open the year's obligations and store the reminders that come; how many are new."""
    now = services.clock.now()
    due_on = report_due(services.calendar.today(now))
    opened = await obligations.open_year(tx, ANNUAL_REPORT, due_on.year, due_on, now)
    if opened:
        await audit.record(
            tx, now, None, "obligations_opened", Subject("year", due_on.year), count=len(opened)
        )
    planned = plan(await _owed(services, tx, now), now, services.calendar)
    known = await outbox.known(tx, [str(one.notice.key) for one in planned])
    new = [one for one in planned if one.notice.key not in known]
    return len(await outbox.insert(tx, [_row(one, now) for one in new]))


async def next_reminder(services: Services, tx: Tx, now: int) -> int | None:
    """When the next reminder falls due, planned or not yet."""
    return next_instant(await _owed(services, tx, now), now, services.calendar)


async def _owed(services: Services, tx: Tx, now: int) -> list[Owed]:
    return await obligations.owed(tx, services.calendar.today(now) - REMEMBERED)


def _row(planned: Planned, now: int) -> Row:
    """Its chat is known when it is sent: the person may enrol, or take another account, until then."""
    notice = planned.notice
    return Row(
        chat_id=0,
        person_id=notice.to.person_id,
        lane=Lane.BULK,
        kind=Kind.NUDGE,
        method="sendMessage",
        payload="",
        state=SendState.PLANNED,
        subject_kind=notice.subject.kind if notice.subject else None,
        subject_id=notice.subject.id if notice.subject else None,
        key=notice.key,
        template=notice.template,
        facts=notice.facts,
        due_at=planned.due_at,
        cutoff_at=planned.cutoff_at,
        created_at=now,
    )


# --- when its hour has come -------------------------------------------------------------------------------


async def release(services: Services, tx: Tx, row: Row) -> bool:
    """Queue a planned row, or drop it with the reason; False when another process was first."""
    now = services.clock.now()
    person = await people.get(tx, row.person_id or 0)
    letter = await _letter(services, tx, row, person, now)
    if isinstance(letter, Why):
        return await outbox.drop(tx, row.id, letter.value, now)
    facts, offers = letter
    locale = person.locale or services.locale
    text = services.catalog.render(row.template or "", locale, letters.worded(facts, locale))
    markup = keyboards.inline(offers, services.catalog, locale)
    payload = letters.message(person.telegram_id or 0, text, markup)
    return await outbox.queue(tx, row.id, json.dumps(payload, ensure_ascii=False), person.telegram_id)


async def _letter(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    if row.cutoff_at is not None and now > row.cutoff_at:
        return Why.TOO_LATE
    return await WRITERS[row.template or ""](services, tx, row, person, now)


def _step(row: Row) -> Step:
    facts: Mapping[str, Any] = row.facts or {}
    return ladder(facts["kind"]).step(facts["step"])


def _reachable(person: Person) -> bool:
    return person.telegram_id is not None and person.reachable


# --- to the base ------------------------------------------------------------------------------------------


@writes("reports/nudge", "reports/nudge_last", "reports/overdue")
async def nudge(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    obligation = await obligations.get(tx, row.subject_id or 0)
    if obligation is None or obligation.base_id is None:
        return Why.NOT_IN_OFFICE
    [owed] = await obligations.with_people(tx, [obligation])
    base = await bases.get(tx, obligation.base_id)
    why = hindrance(
        owed,
        _step(row),
        person.id,
        services.calendar,
        now,
        active=base.status is Status.ACTIVE,
        reachable=_reachable(person),
    )
    if why is not None:
        return why
    facts = {"name": person.name, **await _told(services, tx, obligation, base, now)}
    return facts, nudge_offers(obligation)


def nudge_offers(obligation: Obligation) -> Rows:
    """What a base can answer while nothing has arrived."""
    return (
        (
            Offer("report_claim", obligation.id, obligation.rev),
            Offer("report_expect", obligation.id, obligation.rev),
        ),
    )


async def _told(services: Services, tx: Tx, obligation: Obligation, base: Base, now: int) -> Facts:
    calendar = services.calendar
    today = calendar.today(now)
    return {
        **await facts_of(services, tx, obligation, base),
        "days_left": (obligation.due_on - today).days,
        "as_of": now,
        "call_by": calendar.working_day_after(today, 1),
    }


async def facts_of(services: Services, tx: Tx, obligation: Obligation, base: Base) -> dict[str, object]:
    """What every text about a report may need."""
    centre = await settings.centre(tx)
    officer = await _contact(tx, base)
    return {
        "base": base.name,
        "year": obligation.year,
        "due": obligation.due_on,
        "aim": obligation.ladder.aim(obligation.due_on, services.calendar),
        "state": obligation.state,
        "changed_at": obligation.changed_at,
        "expected": obligation.expected_on,
        "contact": officer.name if officer else centre.centre,
        "tel": (officer.office_phone if officer else None) or centre.tel,
        "email": centre.email,
    }


async def _contact(tx: Tx, base: Base) -> Person | None:
    """The base's counterpart, else the first officer who is enrolled."""
    if base.counterpart_id is not None:
        return await people.get(tx, base.counterpart_id)
    officers = await people.holders(tx, [Role.OFFICER])
    return next((held.person for held in officers if held.person.enrolled_at is not None), None)


# --- to the officer: whom to telephone --------------------------------------------------------------------


@writes("reports/calls")
async def calls(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    """One list for all bases of this officer: who is late, who cannot be told here, what is to be checked."""
    if not _reachable(person):
        return Why.UNREACHABLE
    step = _step(row)
    year = (row.facts or {})["year"]
    owed = [o for o in await _owed(services, tx, now) if o.obligation.year == year]
    mine = [o for o in owed if person.id in o.officers]
    found = [call for one in mine if (call := await _call(tx, one, step)) is not None]
    if not found:
        return Why.NOBODY_TO_CALL
    facts = {
        "year": year,
        "due": mine[0].obligation.due_on,
        "late": step.after_lateness,
        "rows": found[:CALLS_LISTED],
        "more": max(len(found) - CALLS_LISTED, 0),
    }
    return facts, ((Offer("go.reports", label="reports"),),)


async def _call(tx: Tx, owed: Owed, step: Step) -> Facts | None:
    """The line about a base, if there is a reason to telephone it."""
    told = [await people.get(tx, person_id) for person_id in owed.told(step)]
    if owed.obligation.state is State.CLAIMED:
        reason = "claimed"
    elif not any(_reachable(person) for person in told):
        reason = "unreachable"
    elif step.after_lateness:
        reason = "late"
    else:
        return None
    base = await bases.get(tx, owed.obligation.base_id or 0)
    first = next(iter(told), None)
    return {
        "base": base.short_name,
        "reason": reason,
        "name": first.name if first else None,
        "tel": (first.office_phone or first.phone) if first else None,
        "expected": owed.obligation.expected_on,
    }
