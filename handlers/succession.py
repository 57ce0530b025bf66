"""A successor takes office: in one transaction everything of the base goes over (Article 8)."""

from domain import handover as rules
from domain.errors import Refused, Stale
from domain.handover import Handover
from domain.notices import Notice, Offer, Rows, To
from domain.people import BASE_ROLES, Invitation, Membership, Person, Role
from handlers import nudges
from handlers.context import Ctx
from handlers.findings import asked
from handlers.reach import counterpart
from storage import attachments, bases, handovers, open_work, people

SHEET = "handover_sheet"
"""The job that writes 移交清单."""

_TOLD = frozenset({Role.LIAISON, Role.DEPUTY, Role.HEAD})


async def take_office(ctx: Ctx, invitation: Invitation, person: Person) -> None:
    """Give the person the role of an invitation; where that was a change of liaison, complete it."""
    handover = (
        await handovers.registered_for(ctx.tx, invitation.base_id, invitation.role, invitation.person_id)
        if invitation.base_id is not None
        else None
    )
    if handover is not None:
        await complete(ctx, handover, person)
        return
    await _require_vacant(ctx, invitation, person)
    await people.appoint(ctx.tx, person.id, Membership(invitation.role, invitation.base_id), ctx.now)


async def _require_vacant(ctx: Ctx, invitation: Invitation, person: Person) -> None:
    """A base has one liaison and one deputy: who holds the office hands it over. Raises Refused."""
    if invitation.base_id is None or invitation.role not in rules.HANDED_OVER:
        return
    for one in await people.holders(ctx.tx, [invitation.role], invitation.base_id):
        if one.person.id != person.id and one.person.telegram_id is not None:
            raise Refused("handover/office_held", role=invitation.role)


async def complete(ctx: Ctx, handover: Handover, successor: Person) -> Handover:
    """The locked handover, completed. Raises Refused for somebody who holds an office of another base."""
    await _require_no_other_base(ctx, handover, successor)
    work = await open_work.of_base(ctx.tx, handover.base_id, ctx.now)
    done = rules.complete(handover, successor.id, ctx.now, work.as_facts())
    if not await handovers.save(ctx.tx, done):
        raise Stale("handover", handover.id)
    leavers = await _relieve(ctx, done, successor)
    await people.appoint(ctx.tx, successor.id, Membership(done.role, done.base_id), ctx.now)
    for leaver in leavers:
        await _move(ctx, done, leaver, successor)
    await nudges.plan_ahead(ctx.services, ctx.tx)
    await ctx.record("handed_over", done.subject, base=done.base_id, role=done.role, to=successor.id)
    await _tell(ctx, done, leavers, successor)
    await ctx.start_job(SHEET, handover_id=done.id)
    return done


async def _require_no_other_base(ctx: Ctx, handover: Handover, successor: Person) -> None:
    actor = await people.actor(ctx.tx, successor)
    if any(base_id != handover.base_id for base_id in actor.bases):
        raise Refused("handover/of_another_base", name=successor.name)


async def _relieve(ctx: Ctx, handover: Handover, successor: Person) -> list[Person]:
    """Whoever held the office leaves it; a successor who was the other contact leaves that one."""
    held = await people.holders(ctx.tx, rules.HANDED_OVER, handover.base_id)
    ended = [one for one in held if (one.membership.role is handover.role) != (one.person.id == successor.id)]
    await people.relieve_all(ctx.tx, [(one.person.id, one.membership) for one in ended], ctx.now)
    return [one.person for one in ended if one.person.id != successor.id]


async def _move(ctx: Ctx, handover: Handover, leaver: Person, successor: Person) -> None:
    await handovers.move_work(ctx.tx, handover.base_id, leaver.id, successor.id, ctx.now)
    if (await people.actor(ctx.tx, leaver)).memberships:
        return  # in another office still: files and links may be of that
    moved = await handovers.move_files(ctx.tx, leaver.id, successor.id, ctx.now)
    for file in await attachments.list_by(ctx.tx, moved):
        if file.findings:
            await ctx.tell([await asked(ctx.tx, file)])


async def _tell(ctx: Ctx, handover: Handover, leavers: list[Person], successor: Person) -> None:
    """The leaver, the successor, the others of the base, and the centre's officer."""
    base = await bases.get(ctx.tx, handover.base_id)
    facts: dict[str, object] = {
        "base": base.name,
        "role": handover.role,
        "leaver": leavers[0].name if leavers else None,
        "successor": successor.name,
    }
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
            *(Notice(To(person_id=one.id), "handover/left", facts) for one in leavers),
            Notice(To(person_id=successor.id), "handover/yours", facts | counts, subject=handover.subject),
            *(Notice(To(person_id=one), "handover/done", done, page) for one in dict.fromkeys(others)),
            Notice(await counterpart(ctx.tx, base), "handover/done", done, page, subject=handover.subject),
        ]
    )
