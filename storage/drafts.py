"""Forms being filled in, and which of them a person's next text answers."""

import json
from dataclasses import dataclass

from domain.forms import Draft
from storage import queries
from storage.engine import Row, Tx

q = queries.load("drafts")


@dataclass(frozen=True, slots=True)
class Focus:
    """`editing` is the key of the one answer being changed, if any; `rev` is what the person was shown."""

    draft_id: int
    editing: str | None
    rev: int | None


async def add(
    tx: Tx,
    form: str,
    version: int,
    *,
    person_id: int,
    base_id: int | None,
    subject_id: int | None,
    now: int,
    expires_at: int,
) -> Draft:
    draft_id = await q.insert_draft(
        tx,
        form=form,
        version=version,
        base_id=base_id,
        person_id=person_id,
        subject_id=subject_id,
        answers="{}",
        created_at=now,
        expires_at=expires_at,
    )
    return Draft(draft_id, form, version, base_id, person_id, subject_id, {}, 0, expires_at)


async def get(tx: Tx, draft_id: int) -> Draft | None:
    row = await q.draft(tx, id=draft_id)
    return _draft(row) if row else None


async def lock(tx: Tx, draft_id: int) -> Draft | None:
    row = await q.lock_draft(tx, id=draft_id)
    return _draft(row) if row else None


async def named(tx: Tx, form: str) -> Draft | None:
    """The newest of this name, whoever's it is."""
    row = await q.draft_named(tx, form=form)
    return _draft(row) if row else None


async def find(
    tx: Tx, form: str, *, person_id: int, base_id: int | None, subject_id: int | None
) -> Draft | None:
    """The newest open draft of this form: the person's own, or their base's."""
    row = await q.find_draft(tx, form=form, person_id=person_id, base_id=base_id, subject_id=subject_id)
    return _draft(row) if row else None


async def save(tx: Tx, draft: Draft, seen_rev: int) -> bool:
    """Compare and set on `rev`: False when somebody else was first."""
    saved = await q.save_draft(
        tx,
        id=draft.id,
        seen_rev=seen_rev,
        rev=draft.rev,
        answers=json.dumps(draft.answers, ensure_ascii=False),
        expires_at=draft.expires_at,
    )
    return saved is not None


async def delete(tx: Tx, draft_id: int) -> None:
    """The focus on it goes along."""
    await q.delete_draft(tx, id=draft_id)


async def give_up(tx: Tx, draft_id: int, now: int) -> None:
    """Delete one that will not be submitted; files that only it had are left, and go some days later."""
    row = await q.lock_draft(tx, id=draft_id)
    if row is None:
        return
    files = [one for value in json.loads(row["answers"]).values() for one in _numbers(value)]
    await q.leave_files(tx, ids=files, since=row["created_at"], now=now)
    await delete(tx, draft_id)


async def prune(tx: Tx, before: int, now: int) -> int:
    """Give up what has expired before the instant; how many."""
    expired = [row["id"] for row in await q.expired_drafts(tx, before=before)]
    for draft_id in expired:
        await give_up(tx, draft_id, now)
    return len(expired)


def _numbers(value: object) -> list[int]:
    """The answer of a step for files is a list of their ids."""
    return [one for one in value if type(one) is int] if isinstance(value, list) else []


async def focus(tx: Tx, person_id: int) -> Focus | None:
    row = await q.focus(tx, person_id=person_id)
    return Focus(row["draft_id"], row["editing"], row["rev"]) if row else None


async def set_focus(tx: Tx, person_id: int, draft_id: int, editing: str | None, rev: int) -> None:
    await q.set_focus(tx, person_id=person_id, draft_id=draft_id, editing=editing, rev=rev)


async def clear_focus(tx: Tx, person_id: int) -> None:
    await q.clear_focus(tx, person_id=person_id)


def _draft(row: Row) -> Draft:
    return Draft(
        id=row["id"],
        form=row["form"],
        version=row["version"],
        base_id=row["base_id"],
        person_id=row["person_id"],
        subject_id=row["subject_id"],
        answers=json.loads(row["answers"]),
        rev=row["rev"],
        expires_at=row["expires_at"],
    )
