"""Reminders: stored ahead under unique keys, checked again and written when their hour has come."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from domain.bases import Base, Status
from domain.ladders import Step, kind_of, ladder, ladders
from domain.notices import Kind, Lane, Notice, Offer, Rows, SendState, Subject
from domain.obligations import (
    Obligation,
    Owed,
    Planned,
    State,
    Why,
    hindrance,
    hindrance_by_hand,
    next_instant,
    plan,
)
from domain.people import BASE_ROLES, Person, Role
from domain.privacy import Seen
from handlers import keyboards, letters, reach, reachability_plain
from handlers.context import Services
from handlers.exchanges_duties import keep_cadences
from handlers.privacy_log import seen_by
from handlers.reminders import TELLS
from storage import annual, audit, bases, obligations, outbox, people, settings
from storage.engine import Tx
from storage.outbox import Row

REMEMBERED = timedelta(days=180)
"""How long after its day an obligation is still planned for: what was returned or is not sealed lasts."""
BY_HAND_MS = 8 * 60 * 60 * 1000
"""For so long a reminder that an officer asked for is good, should the bot be away."""
CALLS = "reports/calls"
CALLS_LISTED = 20

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder as it is said now: how far the work has come may have changed since it was planned."""

    template: str
    facts: Facts
    offers: Rows


Write = Callable[[Services, Tx, Row, Person, int], Awaitable[Letter | Why]]

WRITERS: dict[str, Write] = {}
"""How a planned row of this template is written, where it is no reminder of an obligation."""

Ahead = Callable[[Services, Tx], Awaitable[list[Planned]]]

PLANNERS: list[Ahead] = []
"""What else is planned ahead: every reminder that is open now, under keys of its own."""


# --- ahead ------------------------------------------------------------------------------------------------


async def plan_ahead(services: Services, tx: Tx) -> int:
    """Open the year's obligations and store the reminders that come; how many are new."""
    now = services.clock.now()
    for kind, one in ladders().items():
        if one.yearly is not None:
            await _open_year(tx, kind, one.next_due_on(services.calendar.today(now)), now)
    await keep_cadences(tx, services.calendar.today(now), now)
    planned = plan(await _owed(services, tx, now), now, services.calendar) + await _others(services, tx)
    known = await outbox.known(tx, [str(one.notice.key) for one in planned])
    new = [one for one in planned if one.notice.key not in known]
    return len(await outbox.insert(tx, [_row(one.notice, one.due_at, one.cutoff_at, now) for one in new]))


async def remind_now(tx: Tx, notices: list[Notice], now: int) -> list[Row]:
    """What an officer asked for, said at the next tick; whoever was reminded today is not again."""
    return await outbox.insert(tx, [_row(one, now, now + BY_HAND_MS, now) for one in notices])


async def _open_year(tx: Tx, kind: str, due_on: date, now: int) -> None:
    if opened := await obligations.open_year(tx, kind, due_on.year, due_on, now):
        subject = Subject("year", due_on.year)
        await audit.record(tx, now, None, "obligations_opened", subject, count=len(opened), kind=kind)


async def next_reminder(services: Services, tx: Tx, now: int) -> int | None:
    """When the next reminder falls due, planned or not yet."""
    owed = next_instant(await _owed(services, tx, now), now, services.calendar)
    others = [one.due_at for one in await _others(services, tx) if one.due_at > now]
    return min((*others, *((owed,) if owed is not None else ())), default=None)


async def _others(services: Services, tx: Tx) -> list[Planned]:
    return [one for planner in PLANNERS for one in await planner(services, tx)]


async def _owed(services: Services, tx: Tx, now: int) -> list[Owed]:
    owed = await obligations.owed(tx, services.calendar.today(now) - REMEMBERED)
    return await annual.with_standings(tx, owed)


def _row(notice: Notice, due_at: int, cutoff_at: int, now: int) -> Row:
    """Its chat is known when it is sent: the person may enrol, or take another account, until then."""
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
        due_at=due_at,
        cutoff_at=cutoff_at,
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
    locale = person.locale or services.locale
    text = services.catalog.render(letter.template, locale, letters.worded(letter.facts, locale))
    markup = keyboards.inline(letter.offers, services.catalog, locale)
    payload = letters.message(person.telegram_id or 0, text, markup)
    return await outbox.queue(tx, row.id, json.dumps(payload, ensure_ascii=False), person.telegram_id)


async def _letter(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    if row.cutoff_at is not None and now > row.cutoff_at:
        return Why.TOO_LATE
    usual = calls if row.template == CALLS else nudge
    write = WRITERS.get(row.template or "", usual)
    return await write(services, tx, row, person, now)


def _told(row: Row) -> Mapping[str, Any]:
    """What was stored with it: the kind and year, and its step and own day, or that it was asked for."""
    return row.facts or {}


def _step(row: Row) -> Step:
    return ladder(_told(row)["kind"]).step(_told(row)["step"])


def _reachable(person: Person) -> bool:
    return person.telegram_id is not None and person.reachable


# --- to the base ------------------------------------------------------------------------------------------


async def nudge(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    """In the words of the stage that the work has come to."""
    obligation = await obligations.get(tx, row.subject_id or 0)
    if obligation is None or obligation.base_id is None:
        return Why.NOT_IN_OFFICE
    [owed] = await annual.with_standings(tx, await obligations.with_people(tx, [obligation]))
    base = await bases.get(tx, obligation.base_id)
    why = _hindrance(services, row, owed, person, now, active=base.status is Status.ACTIVE)
    if why not in (None, Why.UNREACHABLE):
        return why
    step = _said_now(services, row, owed, now)
    if step is None:
        return Why.MOVED_ON
    if not await _hears(services, tx, row, owed, step, person, now):
        why = why or Why.AWAY
    if why is not None:
        return why
    facts, offers = await TELLS[kind_of(obligation.kind)](services, tx, owed, person, now)
    told = await facts_of(services, tx, obligation, base)
    told |= {"name": person.name, **_days(services, owed, now)}
    return Letter(step.template, {**told, **facts}, offers)


def _hindrance(
    services: Services, row: Row, owed: Owed, person: Person, now: int, *, active: bool
) -> Why | None:
    reachable = _reachable(person)
    if _by_hand(row):
        today = services.calendar.today(now)
        return hindrance_by_hand(
            owed, person.id, today, active=active, reachable=reachable, stands_in=_stands_in(row)
        )
    return hindrance(
        owed,
        _step(row),
        person.id,
        services.calendar,
        now,
        active=active,
        reachable=reachable,
        own_day=_told(row).get("own_day"),
        stands_in=_stands_in(row),
    )


def _stands_in(row: Row) -> bool:
    return "instead_of" in _told(row)


def _said_now(services: Services, row: Row, owed: Owed, now: int) -> Step | None:
    if _by_hand(row):
        return owed.by_hand(services.calendar.today(now))
    return owed.step(_step(row).name)


async def _hears(
    services: Services, tx: Tx, row: Row, owed: Owed, step: Step, person: Person, now: int
) -> bool:
    """Whether the person hears it today; if no contact does, it goes over to whoever is next."""
    base_id = owed.obligation.base_id or 0
    told = tuple(dict.fromkeys((*(_told(row).get("instead_of") or owed.told(step)), person.id)))
    heard = await reach.heard_by(services, tx, base_id, told, now)
    if instead := [one for one in heard.contacts if one not in told]:
        await _hand_on(tx, row, instead[0], told, now)
    if not heard.contacts and step.urgent and step.roles & BASE_ROLES:
        base = await bases.get(tx, base_id)
        facts = await facts_of(services, tx, owed.obligation, base)
        await reachability_plain.duty_otherwise(services, tx, owed, base, facts, step.name, now)
    return person.id in heard.all


async def _hand_on(tx: Tx, row: Row, to: int, told: Sequence[int], now: int) -> None:
    """The same reminder for somebody else: one row, whoever of those it was for could not be told."""
    new = replace(
        row,
        id=0,
        person_id=to,
        key=f"{(row.key or '').partition(':person ')[0]}:instead:person {to}",
        facts={**_told(row), "instead_of": list(dict.fromkeys(told))},
        state=SendState.PLANNED,
        payload="",
        due_at=now,
        attempts=0,
        doubts=0,
        created_at=now,
        sending_at=None,
    )
    if await outbox.insert(tx, [new]):
        subject = Subject(row.subject_kind or "", row.subject_id or 0)
        await audit.record(tx, now, None, "gone_over", subject, row=row.id, to=to)


async def go_over(services: Services, tx: Tx, row: Row, now: int) -> None:
    """A reminder that found its person out of reach when it was sent."""
    obligation = await obligations.get(tx, row.subject_id or 0)
    if row.template == CALLS or obligation is None or obligation.base_id is None:
        return
    [owed] = await annual.with_standings(tx, await obligations.with_people(tx, [obligation]))
    if (step := _said_now(services, row, owed, now)) is not None:
        await _hears(services, tx, row, owed, step, await people.get(tx, row.person_id or 0), now)


def _by_hand(row: Row) -> bool:
    return "by_hand" in _told(row)


def _days(services: Services, owed: Owed, now: int) -> Facts:
    """The days that count for this base now."""
    calendar, ladder = services.calendar, owed.obligation.ladder
    today = calendar.today(now)
    return {
        "due": owed.due_on,
        "aim": ladder.aim(owed.due_on, calendar),
        "suggested": ladder.suggested(owed.due_on, today, calendar),
        "days_left": (owed.due_on - today).days,
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


async def calls(services: Services, tx: Tx, row: Row, person: Person, now: int) -> Letter | Why:
    """One list for all bases of this officer: who is late, who cannot be told here, what is to be checked."""
    if not _reachable(person):
        return Why.UNREACHABLE
    step, told = _step(row), _told(row)
    mine = [one for one in await _owed(services, tx, now) if _is_on_list(services, one, person, step, told)]
    asked = [(one, await _call(services, tx, one, step, now)) for one in mine]
    found = [(one.obligation.base_id, call) for one, call in asked if call is not None]
    if not found:
        return Why.NOBODY_TO_CALL
    for base_id, _ in found[:CALLS_LISTED]:
        await seen_by(tx, await people.actor(tx, person), Seen.CALL_LIST, now, base_id=base_id)
    facts = {
        "kind": kind_of(told["kind"]),
        "year": told["year"],
        "due": mine[0].due_on,
        "late": step.after_lateness,
        "rows": [call for _, call in found[:CALLS_LISTED]],
        "more": max(len(found) - CALLS_LISTED, 0),
    }
    where = "exchanges" if told["kind"].startswith("exchange") else "reports"
    return Letter(CALLS, facts, ((Offer(f"go.{where}", label=where),),))


def _is_on_list(services: Services, owed: Owed, person: Person, step: Step, told: Mapping[str, Any]) -> bool:
    """Of the kind and year that were planned, and due on the same day still."""
    own = owed.own_day(step, services.calendar)
    return (
        person.id in owed.officers
        and (owed.obligation.kind, owed.obligation.year) == (told["kind"], told["year"])
        and (own.isoformat() if own else None) == told.get("own_day")
    )


async def _call(services: Services, tx: Tx, owed: Owed, step: Step, now: int) -> Facts | None:
    """The line about a base, if there is a reason to telephone it."""
    current = owed.step(step.name)
    told = [await people.get(tx, person_id) for person_id in owed.told(current or step)]
    if owed.obligation.state is State.CLAIMED:
        reason = "claimed"
    elif current is None:
        return None
    elif not await _reaches_base(services, tx, owed, told, now):
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


async def _reaches_base(services: Services, tx: Tx, owed: Owed, told: Sequence[Person], now: int) -> bool:
    ids = [person.id for person in told]
    heard = await reach.heard_by(services, tx, owed.obligation.base_id or 0, ids, now)
    return bool(heard.contacts) or any(_reachable(person) for person in told)
