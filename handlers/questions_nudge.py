"""The reminder of a question that waits, on the engine of all reminders (handlers/nudges)."""

from domain.notices import Offer
from domain.obligations import Planned, Why
from domain.people import Person, Role
from domain.questions import NUDGE, State, nudges, offers
from handlers.context import Services
from handlers.nudges import PLANNERS, WRITERS, Letter
from handlers.questions_reach import to_desk
from storage import bases, people, questions
from storage.engine import Tx
from storage.outbox import Row

AT_ONCE = 500
"""The longest waiting: those below them are planned as these are answered."""


async def planned(services: Services, tx: Tx) -> list[Planned]:
    """Every reminder of a question that waits, for whoever looks after its base now."""
    return [
        planned
        for question in await questions.waiting(tx, AT_ONCE)
        for planned in nudges(
            question,
            [one.id for one in await people.recipients(tx, await to_desk(tx, question))],
            services.calendar,
        )
    ]


async def letter(_: Services, tx: Tx, row: Row, person: Person, __: int) -> Letter | Why:
    """What it says now, or why it is not said."""
    question = await questions.get(tx, row.subject_id or 0)
    told = row.facts or {}
    if question is None or question.state is not State.OPEN or question.waiting_since != told.get("since"):
        return Why.MOVED_ON
    if person.id not in {one.id for one in await people.recipients(tx, await to_desk(tx, question))}:
        return Why.NOT_IN_OFFICE
    if not person.reachable:
        return Why.UNREACHABLE
    said = await questions.thread(tx, question.id)
    facts = {
        "number": question.number,
        "base": (await bases.get(tx, question.base_id)).name,
        "name": said[0].name,
        "since": question.waiting_since,
        "text": said[0].words,
    }
    shown = (Offer("question", question.id, question.rev),)
    return Letter(NUDGE, facts, (*offers(question, frozenset({Role.OFFICER})), shown))


PLANNERS.append(planned)
WRITERS[NUDGE] = letter
