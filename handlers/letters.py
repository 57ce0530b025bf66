"""Outgoing calls as rows of the outbox: what the bot will say, to whom, before it is said (I3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.forms import Words
from domain.notices import Kind, Lane, Notice, SendState, Subject, To
from domain.people import Person, Role
from domain.reachability import CONTACTS, tells
from handlers import keyboards
from messages.catalog import Catalog
from storage import people, reachability
from storage.engine import Tx
from storage.outbox import Row

Payload = dict[str, Any]


def row(
    method: str,
    payload: Payload,
    now: int,
    *,
    chat_id: int,
    kind: Kind = Kind.REPLY,
    lane: Lane = Lane.INTERACTIVE,
    person_id: int | None = None,
    subject: Subject | None = None,
) -> Row:
    """A call that is sent as soon as its transaction is durable; in the bulk lane it waits for its claim."""
    claimed = lane is not Lane.BULK
    return Row(
        chat_id=chat_id,
        person_id=person_id,
        lane=lane,
        kind=kind,
        method=method,
        payload=json.dumps(payload, ensure_ascii=False),
        state=SendState.SENDING if claimed else SendState.QUEUED,
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        due_at=now,
        created_at=now,
        sending_at=now if claimed else None,
    )


def message(chat_id: int, text: str, markup: keyboards.Markup | None = None) -> Payload:
    payload: Payload = {
        "chat_id": chat_id,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if markup:
        payload["reply_markup"] = markup
    return payload


async def addressed(
    tx: Tx, catalog: Catalog, default_locale: str, notices: Sequence[Notice], now: int
) -> list[Row]:
    """The notices as rows, one for each person they are for, in that person's language."""
    rows = []
    for notice in notices:
        whom, plain = await _whom(tx, notice.to)
        told = replace(notice, offers=()) if plain else notice
        facts = {"base": notice.to.base_id, "told": [person.id for person in whom]}
        for person in whom:
            row = _notice_row(catalog, told, person, person.locale or default_locale, now)
            if notice.to.base_id is not None:
                row = replace(row, template=notice.template, facts=facts)
            rows.append(row)
    return rows


async def _whom(tx: Tx, to: To) -> tuple[list[Person], bool]:
    """Whom the notice is written to, and whether without its buttons.

    A notice for the contacts of a base of whom none can be written to goes over to whoever can; a head reads
    it and does not act for the liaison. Who is away hears it nevertheless: it may answer what they asked.
    """
    found = await people.recipients(tx, to)
    if to.base_id is None:
        return found, False
    if reached := [one for one in found if one.reachable]:
        return reached, False
    if to.roles.isdisjoint(CONTACTS):
        return found, False
    contacts = (await reachability.contacts(tx, [to.base_id]))[to.base_id]
    instead = tells(contacts, [one.id for one in found])
    heads = {one.person_id for one in contacts if one.role is Role.HEAD}
    if not instead:
        return found, False
    return [await people.get(tx, person_id) for person_id in instead], heads.issuperset(instead)


def worded(value: Any, locale: str) -> Any:
    """The facts with every pair of words resolved to the reader's language."""
    if isinstance(value, Words):
        return value.pick(locale)
    if isinstance(value, Mapping):
        return {key: worded(inner, locale) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [worded(inner, locale) for inner in value]
    return value


def _notice_row(catalog: Catalog, notice: Notice, person: Person, locale: str, now: int) -> Row:
    chat_id = person.telegram_id or 0
    text = catalog.render(notice.template, locale, worded(notice.facts, locale))
    markup = keyboards.inline(notice.offers, catalog, locale) if notice.offers else None
    return row(
        "sendMessage",
        message(chat_id, text, markup),
        now,
        chat_id=chat_id,
        kind=notice.kind,
        person_id=person.id,
        subject=notice.subject,
    )
