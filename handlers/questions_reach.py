"""Who hears of a question at either side: by the office that somebody holds now (Article 8)."""

from collections.abc import Mapping

from domain.access import Action, may
from domain.bases import Base
from domain.calendar import Calendar
from domain.notices import To
from domain.obligations import season
from domain.people import Person, Role
from domain.questions import Question
from domain.uploads import Attachment
from handlers.context import Ctx, Services
from handlers.enclosures import delivered, on_arrival
from handlers.reach import counterpart
from storage import annual, bases, open_work, people, questions
from storage.engine import Tx
from storage.outbox import Row

_CONTACTS = frozenset({Role.LIAISON, Role.DEPUTY})
REQUESTS_SHOWN = 3


async def to_desk(tx: Tx, question: Question) -> To:
    """Whoever has answered it, while they are in office; before that the base's counterpart."""
    if question.answered_by is not None:
        officer = await people.get(tx, question.answered_by)
        actor = await people.actor(tx, officer)
        if may(actor, Action.QUESTION_ANSWER) and _can_be_written_to(officer):
            return To(person_id=officer.id)
    return await of_base(tx, await bases.get(tx, question.base_id))


async def of_base(tx: Tx, base: Base) -> To:
    """The base's counterpart; where no officer can be written to, the supervisors."""
    to = await counterpart(tx, base)
    return to if await people.recipients(tx, to) else To(roles=frozenset({Role.SUPERVISOR}))


async def to_asker(tx: Tx, question: Question) -> To:
    """Whoever asked, while they are in office and can be written to; else the base's liaison and deputy."""
    asker = await people.get(tx, question.asked_by)
    actor = await people.actor(tx, asker)
    if may(actor, Action.QUESTION_ASK, question.base_id) and _can_be_written_to(asker):
        return To(person_id=asker.id)
    return To(base_id=question.base_id, roles=_CONTACTS)


async def asker_roles(tx: Tx, question: Question) -> frozenset[Role]:
    """What the buttons of a notice to the base go by."""
    asker = await people.actor(tx, await people.get(tx, question.asked_by))
    return asker.roles(question.base_id) or _CONTACTS


def _can_be_written_to(person: Person) -> bool:
    return person.telegram_id is not None and person.reachable


async def desk_facts(ctx: Ctx, base: Base) -> Mapping[str, object]:
    """Who of the centre will read it, how to telephone them, and when: for the receipt."""
    centre = await ctx.centre()
    heard = await people.recipients(ctx.tx, await of_base(ctx.tx, base))
    officer = heard[0] if len(heard) == 1 else None
    return {
        "heard": bool(heard),
        "officer": officer.name if officer else None,
        "centre": centre.centre,
        "tel": (officer.office_phone if officer else None) or centre.tel,
        "hours": office_hours(ctx.services.calendar),
    }


def office_hours(calendar: Calendar) -> list[str]:
    return [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in calendar.hours]


async def base_facts(ctx: Ctx, base: Base) -> Mapping[str, object]:
    """What is known of the base, for whoever is to answer."""
    work = await open_work.of_base(ctx.tx, base.id, ctx.now)
    report = await annual.of_base(ctx.tx, base.id, season(ctx.today))
    return {
        "base": base.name,
        "requests": [str(row["number"]) for row in work.requests[:REQUESTS_SHOWN]],
        "open_requests": len(work.requests),
        "year": season(ctx.today),
        "report": report.read_as if report else "none",
    }


@on_arrival
async def arrived(services: Services, tx: Tx, attachment: Attachment) -> list[Row]:
    question = await questions.with_file(tx, attachment.id)
    return await passed_on(services, tx, attachment, question) if question else []


async def passed_on(services: Services, tx: Tx, attachment: Attachment, question: Question) -> list[Row]:
    """A file of a question for its other side."""
    sender = await people.actor(tx, await people.get(tx, attachment.person_id))
    to = await (to_asker if sender.of_centre else to_desk)(tx, question)
    return await delivered(services, tx, attachment, to, question.number, question.subject)
