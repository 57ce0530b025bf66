"""The audit trail: who did what when, by internal ids, never texts, names or numbers (I6)."""

import json

from domain.notices import Subject
from storage import queries
from storage.engine import Row, Tx

q = queries.load("audit")


async def record(
    tx: Tx, now: int, actor_id: int | None, action: str, subject: Subject, **facts: int | str | bool | None
) -> None:
    """Append a line. `facts` are ids, states and counts."""
    await q.insert_audit(
        tx,
        at=now,
        actor_id=actor_id,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        facts=json.dumps(facts),
    )


async def trail(tx: Tx, subject: Subject) -> list[Row]:
    """Rows of at, actor_id, action, facts; the oldest first."""
    rows: list[Row] = await q.audit_of(tx, subject_kind=subject.kind, subject_id=subject.id)
    return rows
