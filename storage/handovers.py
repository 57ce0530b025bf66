"""Changes of liaison, and the rows that go from one person to another with them."""

import json
from dataclasses import replace
from datetime import date

from domain.handover import Handover, State, Via
from domain.ladders import HANDOVER_FORM
from domain.obligations import INCOMPLETE
from domain.obligations import State as Owing
from domain.people import Role
from storage import obligations, queries
from storage.engine import Row, Tx

q = queries.load("handovers")


async def propose(
    tx: Tx,
    *,
    base_id: int,
    role: Role,
    leaver_id: int | None,
    successor_id: int | None,
    successor_name: str,
    successor_tel: str | None,
    proposed_by: int | None,
    now: int,
) -> Handover | None:
    """A new one; None while another of this office is unsettled."""
    handover_id = await q.insert_handover(
        tx,
        base_id=base_id,
        role=role,
        leaver_id=leaver_id,
        successor_id=successor_id,
        successor_name=successor_name,
        successor_tel=successor_tel,
        proposed_by=proposed_by,
        proposed_at=now,
    )
    return await get(tx, int(handover_id)) if handover_id is not None else None


async def get(tx: Tx, handover_id: int) -> Handover | None:
    row = await q.handover(tx, id=handover_id)
    return _handover(row) if row else None


async def of_duty(tx: Tx, obligation_id: int) -> Handover | None:
    """The change whose stamped form the base owes."""
    row = await q.handover_of_duty(tx, form_duty_id=obligation_id)
    return _handover(row) if row else None


async def lock(tx: Tx, handover_id: int) -> Handover | None:
    row = await q.lock_handover(tx, id=handover_id)
    return _handover(row) if row else None


async def unsettled_of(tx: Tx, base_id: int) -> list[Handover]:
    return [_handover(row) for row in await q.unsettled_handovers(tx, base_id=base_id)]


async def unsettled_for(tx: Tx, successor_id: int) -> list[Handover]:
    """Those by which this person is to take an office."""
    return [_handover(row) for row in await q.unsettled_for(tx, successor_id=successor_id)]


async def registered_for(tx: Tx, base_id: int, role: Role, successor_id: int) -> Handover | None:
    """The one that this person's enrolment completes, locked."""
    row = await q.registered_for(tx, base_id=base_id, role=role, successor_id=successor_id)
    return _handover(row) if row else None


async def is_named(tx: Tx, person_id: int) -> bool:
    """Whether a change that is under way names this person as successor."""
    return bool(await q.count_named(tx, successor_id=person_id))


async def save(tx: Tx, handover: Handover) -> bool:
    """Keep one that was moved once; False when somebody else moved it meanwhile."""
    saved = await q.save_handover(
        tx,
        id=handover.id,
        seen_rev=handover.rev - 1,
        rev=handover.rev,
        state=handover.state,
        successor_id=handover.successor_id,
        confirmed_via=handover.confirmed_via,
        confirmed_by=handover.confirmed_by,
        confirmed_at=handover.confirmed_at,
        form_due_on=handover.form_due_on.isoformat() if handover.form_due_on else None,
        form_attachment_id=handover.form_attachment_id,
        form_duty_id=handover.form_duty_id,
        registered_by=handover.registered_by,
        registered_at=handover.registered_at,
        settled_at=handover.settled_at,
        moved=json.dumps(handover.moved, ensure_ascii=False) if handover.moved is not None else None,
    )
    return saved is not None


async def await_form(tx: Tx, handover: Handover, now: int) -> Handover:
    """With the duty of the base by which the stamped form is asked for, where it is awaited."""
    if not handover.form_awaited or handover.form_due_on is None:
        return handover
    owed = (HANDOVER_FORM, handover.base_id, handover.form_due_on)
    duty_id = await obligations.add(tx, *owed, None, now) or await obligations.add(tx, *owed, None, now)
    return replace(handover, form_duty_id=duty_id)


async def end_duty(tx: Tx, handover: Handover, now: int) -> None:
    """The form has come, or is not asked for any more."""
    duty = await obligations.lock(tx, handover.form_duty_id) if handover.form_duty_id is not None else None
    if duty is not None and duty.state in INCOMPLETE:
        state = Owing.RECEIVED if handover.confirmed else Owing.WAIVED
        await obligations.save(tx, replace(duty, state=state, rev=duty.rev + 1, changed_at=now))


async def move_work(tx: Tx, base_id: int, leaver_id: int, successor_id: int, now: int) -> None:
    """What the leaver had in hand for the base is the successor's: drafts; reminders are planned anew."""
    pair = {"base_id": base_id, "leaver_id": leaver_id, "successor_id": successor_id}
    await q.move_drafts(tx, **pair)
    await q.move_subject_drafts(tx, **pair)
    await q.leave_focus(tx, leaver_id=leaver_id)
    await q.drop_nudges(tx, base_id=base_id, leaver_id=leaver_id, now=now)


async def move_files(tx: Tx, leaver_id: int, successor_id: int, now: int) -> list[int]:
    """Files that are not passed on yet go over; the leaver's links open nothing any more. The files' ids."""
    await q.end_links(tx, leaver_id=leaver_id, now=now)
    await q.end_downloads(tx, leaver_id=leaver_id)
    return [row["id"] for row in await q.move_files(tx, leaver_id=leaver_id, successor_id=successor_id)]


def _handover(row: Row) -> Handover:
    values = dict(row)
    values["role"] = Role(row["role"])
    values["state"] = State(row["state"])
    values["confirmed_via"] = Via(row["confirmed_via"]) if row["confirmed_via"] else None
    values["form_due_on"] = date.fromisoformat(row["form_due_on"]) if row["form_due_on"] else None
    values["moved"] = json.loads(row["moved"]) if row["moved"] else None
    return Handover(**values)
