"""A question turned into a service request: a draft of the base that knows the words already (Articles 7, 8).

The officer may pick the service; what is filed is the base's own word, so its liaison goes on with the draft.
"""

from collections.abc import Mapping
from dataclasses import replace

from domain import catalogue
from domain import requests as request_rules
from domain.access import Action, may
from domain.errors import Forbidden, Invalid, Refused, Stale
from domain.forms import Draft, Form, Reply, Step
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.questions import Move, Question, State
from domain.requests import Entry
from handlers import forms, requests
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.questions import locked, moved_by
from handlers.questions_reach import to_desk
from handlers.routes import press
from handlers.steps import step
from storage import attachments, bases, drafts, people, questions
from storage import requests as kept

FORM = "turned"
NOTE = "note"
"""The step that has the words of the question where the service asks for none."""
_WORDS = frozenset({Move.ASK, Move.ADD})
_CONTACTS = frozenset({Role.LIAISON, Role.DEPUTY})


@press("question_turn", Action.QUESTION_TURN)
async def choose(ctx: Ctx, pressed: Press) -> None:
    question = await _unturned(ctx, pressed.id, pressed.rev)
    services = tuple(
        (Offer(f"turn_to.{one.code}", question.id, question.rev, text=one.words.pick(ctx.locale)),)
        for one in catalogue.offered()
    )
    back: Rows = ((Offer("question", question.id, question.rev, label="home"),),)
    ctx.show("questions/choose", {"number": question.number}, (*services, *back))


@press("turn_to", Action.QUESTION_TURN)
async def turn(ctx: Ctx, pressed: Press) -> None:
    """The liaison goes on at once; whom an officer has chosen for is told."""
    question = await _unturned(ctx, pressed.id, pressed.rev)
    if pressed.arg not in {one.code for one in catalogue.offered()}:
        ctx.toast("errors/bad_press")
        return
    own = may(ctx.actor, Action.REQUEST_FILE, question.base_id)
    draft = await _draft(ctx, question, pressed.arg, ctx.me.id if own else question.asked_by)
    await ctx.record("question_turning", question.subject, service=pressed.arg, draft=draft.id)
    if own:
        await forms.redraw(ctx, draft.id)
        return
    await _suggest(ctx, question, draft, pressed.arg)


async def _suggest(ctx: Ctx, question: Question, draft: Draft, code: str) -> None:
    facts = {
        "number": question.number,
        "service": catalogue.service(code).words,
        "base": (await bases.get(ctx.tx, question.base_id)).name,
    }
    to = To(base_id=question.base_id, roles=_CONTACTS)
    if not await people.recipients(ctx.tx, to):
        raise Refused("questions/nobody_to_turn", number=question.number)
    offers: Rows = (
        (Offer("resume", draft.id, draft.rev),),
        (Offer("question", question.id, question.rev),),
    )
    told = facts | {"officer": ctx.me.name}
    await ctx.tell([Notice(to, "questions/to_turn", told, offers, subject=question.subject)])
    ctx.show("questions/turn_suggested", facts, ((Offer("question", question.id, question.rev),),))


async def _draft(ctx: Ctx, question: Question, code: str, person_id: int) -> Draft:
    """The base's, about this question: one that was begun before goes on."""
    name = f"{FORM}:{code}"
    begun = await drafts.find(
        ctx.tx, name, person_id=person_id, base_id=question.base_id, subject_id=question.id
    )
    if begun is not None and not begun.is_expired(ctx.now):
        return begun
    return await forms.prepare(
        ctx,
        name,
        await _known(ctx, question, code),
        person_id=person_id,
        base_id=question.base_id,
        subject_id=question.id,
    )


async def _known(ctx: Ctx, question: Question, code: str) -> Mapping[str, object]:
    """The words of the base's people, in the step that takes them."""
    said = [one.words for one in await questions.thread(ctx.tx, question.id) if one.kind in _WORDS]
    text = "\n".join(filter(None, said))
    asked = _long_step(build(ctx, code))
    return {asked.key: _fitting(asked, text)} if text else {}


def _fitting(asked: Step, text: str) -> object:
    """As the step takes it: where it takes less, its beginning. The whole of it stays in the question."""
    try:
        return asked.parse(Reply(text=text), {})
    except Invalid as error:
        most = error.facts.get("max")
        return asked.parse(Reply(text=text[:most] if isinstance(most, int) else ""), {})


def _long_step(built: Form) -> Step:
    return next(one for one in built.steps if one.type == "longtext")


def build(ctx: Ctx, code: str) -> Form:
    """The service's own form; where it asks for no long text, with one for the words of the question."""
    built = catalogue.form(catalogue.service(code), lambda: ctx.today)
    if not any(one.type == "longtext" for one in built.steps):
        built = replace(built, steps=(step(ctx, NOTE, "longtext", required=False, hint=NOTE), *built.steps))
    return gated(ctx, replace(built, name=f"{FORM}:{code}"))


@form(FORM, Action.REQUEST_FILE, build)
async def submit(ctx: Ctx, draft: Draft) -> None:
    """File it; the question ends here, and the two stay linked."""
    question = await locked(ctx, draft.subject_id or 0)
    if draft.base_id is None or draft.base_id != question.base_id:
        raise Forbidden
    code = draft.form.partition(":")[2]
    answers = {key: value for key, value in draft.answers.items() if key != NOTE}
    request = await requests.file(ctx, question.base_id, code, answers)
    moved = await moved_by(ctx, question, Move.TURN, request_id=request.id)
    await questions.say(ctx.tx, moved.id, Move.TURN, ctx.me.id, "", ctx.now)
    await _take_along(ctx, moved, request, str(draft.answers.get(NOTE) or ""))
    facts = await requests.facts_of(ctx, request) | {
        "days": catalogue.service(code).limit_days,
        "endorsed_by": None,
    }
    ctx.show("requests/receipt", facts, requests.offers_of(ctx, request), subject=request.subject)
    told = {"number": moved.number, "request": request.number, "base": facts["base"]}
    notice = Notice(
        await to_desk(ctx.tx, moved),
        "questions/turned",
        told,
        ((Offer("show", request.id, request.rev),),),
        subject=moved.subject,
    )
    await ctx.tell([notice])


async def _take_along(ctx: Ctx, question: Question, request: request_rules.Request, note: str) -> None:
    """The words and the files of the question, as part of the request too."""
    entry_id = None
    if note:
        word = Entry(request_rules.Move.SAY, ctx.me.id, {"text": note}, ctx.now)
        entry_id = await kept.say(ctx.tx, request.id, word)
    files = [one.id for one in await questions.files(ctx.tx, question.id)]
    await attachments.join(ctx.tx, files, request.id, entry_id)


async def _unturned(ctx: Ctx, question_id: int, seen_rev: int) -> Question:
    """As it was shown. Raises Forbidden, Stale, or Refused where it is a request by now."""
    question = await locked(ctx, question_id)
    ctx.require(Action.QUESTION_TURN, question.base_id)
    if question.rev != seen_rev:
        raise Stale("question", question.id)
    if question.state is State.TURNED:
        raise Refused("questions/turned_already", number=question.number)
    return question
