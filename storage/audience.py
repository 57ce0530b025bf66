"""Whom notices and events are for, as somebody has picked it."""

import json
from collections.abc import Mapping

from domain.audience import USUAL, By, Office, Picked
from domain.notices import Subject
from domain.people import BASE_ROLES
from storage import bases, people, queries
from storage.engine import Row, Tx

q = queries.load("audience")


async def offices(tx: Tx) -> list[Office]:
    """Everybody in office at a base, in the order of the directory."""
    known = {base.id: base for base in await bases.listed(tx)}
    held = await people.holders(tx, BASE_ROLES)
    found = [
        Office(known[one.membership.base_id], one.membership.role, one.person)
        for one in held
        if one.membership.base_id is not None
    ]
    return sorted(found, key=lambda office: office.base.id)


async def of_subject(tx: Tx, subject: Subject) -> Picked:
    """What is picked for it; the usual where nobody has picked anything yet."""
    usual = _dumped(USUAL)
    await q.open(tx, subject_kind=subject.kind, subject_id=subject.id, picked=usual)
    row = await q.of_subject(tx, subject_kind=subject.kind, subject_id=subject.id)
    if row is None:
        raise LookupError(f"no audience of {subject}")
    return _picked(row)


async def lock(tx: Tx, audience_id: int) -> Picked | None:
    row = await q.lock_audience(tx, id=audience_id)
    return _picked(row) if row else None


async def save(tx: Tx, picked: Picked) -> None:
    await q.save_audience(tx, id=picked.id, picked=_dumped(picked.words), rev=picked.rev)


def _picked(row: Row) -> Picked:
    words = {By(by): tuple(told) for by, told in json.loads(row["picked"]).items()}
    return Picked(row["id"], row["subject_kind"], row["subject_id"], words, row["rev"])


def _dumped(words: Mapping[By, tuple[str, ...]]) -> str:
    return json.dumps({by.value: list(told) for by, told in words.items()}, ensure_ascii=False)
