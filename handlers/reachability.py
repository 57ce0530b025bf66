"""What found its person out of reach when it was sent goes over to somebody else of the base, once.

The sender stores a job for each such row with the result itself; who is next is decided here, by what is
known of the base then. Liaison, deputy, head; where nobody can be reached, another channel for what is
important.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.announcements import SUBJECT as ANNOUNCEMENT
from domain.notices import Kind, Lane, SendState, Subject
from domain.people import Person, Role
from domain.reachability import CHAIN, IMPORTANT, tells
from handlers import deliveries, nudges, reach, reachability_plain
from handlers.context import Services
from storage import announcements, audit, bases, outbox, people, reachability
from storage.engine import Tx, durably
from storage.outbox import Row

GO_OVER = reachability.GO_OVER
NOTICE = "announcements/notice"


async def go_over(services: Services, args: Mapping[str, Any]) -> None:
    """The job: done twice, it is done once."""
    rows = await durably(services.database, lambda tx: _go_over(services, tx, args["row_id"]))
    services.sender.send_now(rows)
    services.sender.wake()


async def _go_over(services: Services, tx: Tx, row_id: int) -> list[Row]:
    now = services.clock.now()
    row = await outbox.get(tx, row_id)
    if row is None or row.state is not SendState.FAILED:
        return []  # sent again meanwhile, by somebody's decision
    if row.kind is Kind.NUDGE:
        await nudges.go_over(services, tx, row, now)
        await _release(services, tx, now)
    elif row.kind is Kind.BROADCAST:
        await _announce(services, tx, row, now)
    else:
        await _notice(services, tx, row, now)
    return await reach.notice_lost(services, tx)


async def _release(services: Services, tx: Tx, now: int) -> None:
    """What has just gone over is written at once: it is late already."""
    for due in await outbox.planned(tx, now, 10):
        if "instead_of" in (due.facts or {}):
            await nudges.release(services, tx, due)


# --- a notice for the base --------------------------------------------------------------------------------


async def _notice(services: Services, tx: Tx, row: Row, now: int) -> None:
    """Only what was meant for the base: what was for the person themselves goes over to nobody."""
    facts = row.facts or {}
    if not facts.get("base"):
        return
    base_id, told = _int(facts["base"]), _ints(facts.get("told"))
    instead = await _instead(tx, base_id, told)
    if instead is None:
        return
    key = f"{row.template}:{base_id}:{row.subject_kind}:{row.subject_id}:{row.created_at}:person {instead.id}"
    told_now = {**facts, "told": [*told, instead.id]}
    await _store(services, tx, row, instead, key=key, facts=told_now, now=now)


async def _instead(tx: Tx, base_id: int, told: Sequence[int]) -> Person | None:
    """Who is next; None while another of those it was for has it, or nobody can be reached."""
    contacts = (await reachability.contacts(tx, [base_id]))[base_id]
    heard = tells(contacts, told)
    if not heard or not set(heard).isdisjoint(told):
        return None
    return await people.get(tx, heard[0])


async def _store(
    services: Services,
    tx: Tx,
    row: Row,
    person: Person,
    *,
    key: str,
    facts: Mapping[str, object] | None,
    now: int,
) -> None:
    """The same text for somebody else; a head gets no buttons but 收到."""
    payload = json.loads(row.payload)
    gone = await people.get(tx, row.person_id or 0)
    locale = person.locale or services.locale
    said = services.catalog.render("reachability/instead", locale, {"name": gone.name})
    payload |= {"chat_id": person.telegram_id, "text": f"{payload['text']}\n\n{said}"}
    if row.kind is not Kind.BROADCAST and not await _acts(tx, person):
        payload.pop("reply_markup", None)
    new = replace(
        row,
        id=0,
        chat_id=person.telegram_id or 0,
        person_id=person.id,
        lane=Lane.BULK,
        payload=json.dumps(payload, ensure_ascii=False),
        state=SendState.QUEUED,
        key=key,
        facts=facts,
        due_at=now,
        created_at=row.created_at,
        sending_at=None,
        attempts=0,
        doubts=0,
    )
    if await outbox.insert(tx, [new]):
        subject = Subject(row.subject_kind or "person", row.subject_id or gone.id)
        await audit.record(tx, now, None, "gone_over", subject, row=row.id, to=person.id)


async def _acts(tx: Tx, person: Person) -> bool:
    actor = await people.actor(tx, person)
    return any(held.role in (Role.LIAISON, Role.DEPUTY) for held in actor.memberships)


# --- an announcement --------------------------------------------------------------------------------------


async def _announce(services: Services, tx: Tx, row: Row, now: int) -> None:
    """By base: one of its people is enough. The head is added to those it was sent to."""
    announcement_id = row.subject_id or 0
    for base_id in await reachability.bases_of_recipient(tx, announcement_id, row.person_id or 0):
        told = await reachability.recipients_of_base(tx, announcement_id, base_id)
        instead = await _instead(tx, base_id, told)
        if instead is not None:
            key = f"{ANNOUNCEMENT}:{announcement_id}:person:{instead.id}"
            await reachability.add_recipient(tx, announcement_id, base_id, instead.id)
            await _store(services, tx, row, instead, key=key, facts=None, now=now)
        elif not await _anybody(tx, base_id):
            await announce_otherwise(services, tx, announcement_id, base_id, now)
    await announcements.watch(tx, announcement_id, deliveries.next_look(now), now)


async def _anybody(tx: Tx, base_id: int) -> bool:
    contacts = (await reachability.contacts(tx, [base_id]))[base_id]
    return any(one.reached and one.role in CHAIN for one in contacts)


async def announce_otherwise(
    services: Services, tx: Tx, announcement_id: int, base_id: int, now: int
) -> None:
    """Its text over another channel, for a base that Telegram does not reach."""
    found = await announcements.get(tx, announcement_id)
    if found is None or found.issued is None or NOTICE not in IMPORTANT:
        return
    said = {"title": found.title, "body": found.body, "reply_by": found.reply_by, **found.issued}
    text = services.catalog.text(NOTICE, services.locale, {**said, "received": []})
    base = await bases.get(tx, base_id)
    what = f"{ANNOUNCEMENT}:{announcement_id}"
    await reachability_plain.otherwise(
        services, tx, base, found.subject, what=what, title=found.title, text=text, now=now
    )


def _int(value: object) -> int:
    return int(str(value))


def _ints(value: object) -> list[int]:
    return [int(str(one)) for one in value] if isinstance(value, list) else []
