"""A successor takes office: in one transaction everything of the base goes over (Article 8)."""

import json
from dataclasses import replace

from domain import handover as rules
from domain.bases import Base
from domain.errors import Refused, Stale
from domain.handover import Handover
from domain.notices import Notice, Offer, Rows, To
from domain.people import BASE_ROLES, Invitation, Membership, Person, Role
from domain.privacy import Reason
from domain.uploads import Attachment
from handlers import nudges
from handlers.context import Ctx
from handlers.findings import asked
from handlers.privacy_leaving import let_go
from handlers.reach import counterpart
from storage import attachments, bases, handovers, open_work, outbox, people
from storage.outbox import Row
from storage.people import Holder

SHEET = "handover_sheet"
"""The job that writes 移交清单."""

_TOLD = frozenset({Role.LIAISON, Role.DEPUTY, Role.HEAD})


async def take_office(ctx: Ctx, invitation: Invitation, person: Person) -> None:
    """Give the person the role of an invitation; where that was a change of liaison, complete it."""
    base_id, role = invitation.base_id, invitation.role
    if base_id is None:
        await people.appoint(ctx.tx, person.id, Membership(role, None), ctx.now)
        return
    handover = await handovers.registered_for(ctx.tx, base_id, role, invitation.person_id)
    if handover is not None:
        await complete(ctx, handover, person)
        return
    await _require_no_other_base(ctx, base_id, person)
    if role in rules.HANDED_OVER:
        ended = await _ended(ctx, base_id, role, person)
        _require_nobody_enrolled(ended, person, role)
        await people.relieve_all(ctx.tx, [(one.person.id, one.membership) for one in ended], ctx.now)
    await people.appoint(ctx.tx, person.id, Membership(role, base_id), ctx.now)


def _require_nobody_enrolled(ended: list[Holder], person: Person, role: Role) -> None:
    """Who is in office hands it over; who was only named makes room. Raises Refused."""
    if any(one.person.id != person.id and one.person.telegram_id is not None for one in ended):
        raise Refused("handover/office_held", role=role)


async def complete(ctx: Ctx, handover: Handover, successor: Person) -> Handover:
    """The locked handover, completed. Raises Refused for somebody in office elsewhere."""
    await bases.lock(ctx.tx, handover.base_id)  # its two offices change one after the other
    await _require_no_other_base(ctx, handover.base_id, successor)
    successor = await people.get(ctx.tx, successor.id)  # with the account that they have just enrolled
    work = await open_work.of_base(ctx.tx, handover.base_id, ctx.now)
    moved = work.as_facts() | {rules.LEFT_BY: await _leaver_name(ctx, handover)}
    done = rules.complete(handover, successor.id, ctx.now, moved)
    if not await handovers.save(ctx.tx, done):
        raise Stale("handover", handover.id)
    ended = await _ended(ctx, done.base_id, done.role, successor)
    leavers = [one.person for one in ended if one.person.id != successor.id]
    await _thank(ctx, done, leavers, successor)
    unsent = [row for leaver in leavers for row in await outbox.broadcasts_for(ctx.tx, leaver.id)]
    await people.relieve_all(ctx.tx, [(one.person.id, one.membership) for one in ended], ctx.now)
    await people.appoint(ctx.tx, successor.id, Membership(done.role, done.base_id), ctx.now)
    files = [file for leaver in leavers for file in await _move(ctx, done, leaver, successor)]
    ctx.rows += [readdressed(row, successor, ctx.now) for row in unsent]
    await nudges.plan_ahead(ctx.services, ctx.tx)
    await ctx.record("handed_over", done.subject, base=done.base_id, role=done.role, to=successor.id)
    await _tell(ctx, done, leavers, successor)
    await ctx.tell([await asked(ctx.tx, file) for file in files if file.findings])
    await _let_go(ctx, leavers)
    await ctx.start_job(SHEET, handover_id=done.id)
    return done


async def _leaver_name(ctx: Ctx, handover: Handover) -> str | None:
    return (await people.get(ctx.tx, handover.leaver_id)).name if handover.leaver_id else None


async def _let_go(ctx: Ctx, leavers: list[Person]) -> None:
    """Whoever is in no office now, and to succeed to none, is erased: the Telegram id and the numbers, not
    the base's records.
    """
    for leaver in leavers:
        in_office = (await people.actor(ctx.tx, leaver)).memberships
        if not in_office and not await handovers.is_named(ctx.tx, leaver.id):
            await let_go(ctx.tx, ctx.catalog, leaver, Reason.LEFT, ctx.now)


async def _require_no_other_base(ctx: Ctx, base_id: int, person: Person) -> None:
    actor = await people.actor(ctx.tx, person)
    if actor.of_centre or any(held != base_id for held in actor.bases):
        raise Refused("handover/of_another_base", name=person.name)


async def _ended(ctx: Ctx, base_id: int, role: Role, successor: Person) -> list[Holder]:
    """Whoever holds the office leaves it; a successor who is the other contact leaves that one."""
    held = await people.holders(ctx.tx, rules.HANDED_OVER, base_id)
    return [one for one in held if (one.membership.role is role) != (one.person.id == successor.id)]


def readdressed(row: Row, successor: Person, now: int) -> Row:
    """An announcement that had not reached the leaver, under a key of its own: one who has it has it once."""
    chat_id = successor.telegram_id or 0
    payload = json.dumps(json.loads(row.payload) | {"chat_id": chat_id}, ensure_ascii=False)
    key = f"{(row.key or '').rpartition(':')[0]}:{successor.id}"
    return replace(
        row, id=0, chat_id=chat_id, person_id=successor.id, payload=payload, key=key, created_at=now
    )


async def _move(ctx: Ctx, handover: Handover, leaver: Person, successor: Person) -> list[Attachment]:
    """What the leaver had in hand; the files that somebody has to answer for, or that are being read."""
    await handovers.move_work(ctx.tx, handover.base_id, leaver.id, successor.id, ctx.now)
    if (await people.actor(ctx.tx, leaver)).memberships:
        return []  # in another office still: files and links may be of that
    moved = await handovers.move_files(ctx.tx, leaver.id, successor.id, ctx.now)
    return await attachments.list_by(ctx.tx, moved)


def _who(base: Base, handover: Handover, leavers: list[Person], successor: Person) -> dict[str, object]:
    return {
        "base": base.name,
        "role": handover.role,
        "leaver": leavers[0].name if leavers else None,
        "successor": successor.name,
    }


async def _thank(ctx: Ctx, handover: Handover, leavers: list[Person], successor: Person) -> None:
    """The last that a leaver hears, rendered while they are in office: nothing reaches them afterwards."""
    facts = _who(await bases.get(ctx.tx, handover.base_id), handover, leavers, successor)
    await ctx.tell([Notice(To(person_id=one.id), "handover/left", facts) for one in leavers])


async def _tell(ctx: Ctx, handover: Handover, leavers: list[Person], successor: Person) -> None:
    """The successor, the others of the base, and the centre's officer."""
    base = await bases.get(ctx.tx, handover.base_id)
    facts = _who(base, handover, leavers, successor)
    moved = handover.moved or {}
    counts = {f"n_{key}": len(rows) for key, rows in moved.items() if isinstance(rows, list)}
    others = [
        one.person.id
        for one in await people.holders(ctx.tx, BASE_ROLES, base.id)
        if one.membership.role in _TOLD and one.person.id != successor.id
    ]
    held = {one.membership.role for one in await people.holders(ctx.tx, rules.HANDED_OVER, base.id)}
    due = handover.form_due_on.isoformat() if handover.form_awaited and handover.form_due_on else None
    done = facts | {"vacant": [role for role in rules.HANDED_OVER if role not in held], "form_due": due}
    page: Rows = ((Offer("handover", handover.id),),)
    await ctx.tell(
        [
            Notice(To(person_id=successor.id), "handover/yours", facts | counts, subject=handover.subject),
            *(Notice(To(person_id=one), "handover/done", done, page) for one in dict.fromkeys(others)),
            Notice(await counterpart(ctx.tx, base), "handover/done", done, page, subject=handover.subject),
        ]
    )
