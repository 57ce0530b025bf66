"""Questions: a base's people simply write, and their counterpart at the centre answers (Article 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from telegram import Message

from domain import questions as rules
from domain.access import Action, may
from domain.confidential.gate import scan_text
from domain.confidential.verdict import asking
from domain.errors import Forbidden
from domain.forms import Draft, Form, Step
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.questions import Move, Question, State, decide, goes_on, offers, readable
from domain.uploads import State as Kept
from handlers import forms, uploads
from handlers.admit import admit_text
from handlers.callbacks import Press
from handlers.cited import question_in
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.gated import REVIEWER, gated
from handlers.questions_reach import asker_roles, base_facts, desk_facts, passed_on, to_asker, to_desk
from handlers.routes import press
from handlers.steps import step, words
from storage import attachments, bases, drafts, numbers, questions

AT_ONCE = Manner(at_once=True)
WITH_FILES = "files"
"""The argument of a form that asks for files too: in the chat they come by themselves or in a reply."""


# --- what was said ----------------------------------------------------------------------------------------


async def said_in_reply(ctx: Ctx, message: Message, text: str) -> bool:
    """A native reply to a message about a question is a word in it; whether this was one."""
    number = question_in(message.reply_to_message)
    if number is None or await questions.find(ctx.tx, number) is None:
        return False
    await say_in(ctx, number, text, await _received(ctx, message))
    return True


async def take(ctx: Ctx, message: Message, text: str) -> bool:
    """A message outside any form; False for whom questions are not open, and where nothing is asked."""
    if _base_of(ctx) is None or not (message.document or message.photo or rules.says_something(text)):
        return await _thanked(ctx, text)
    await take_words(ctx, text, await _received(ctx, message))
    return True


async def say_in(ctx: Ctx, number: str, text: str, files: Sequence[int] | None) -> None:
    """A word in the question of this number: an answer of the centre's, an addition of the base's."""
    question = await locked(ctx, await questions.find(ctx.tx, number) or 0)
    if may(ctx.actor, Action.QUESTION_ASK, question.base_id):
        if not (not files and await _thanked(ctx, text, question)):
            await _said(ctx, "question_add", question, text, files)
    else:
        await _said(ctx, "question_answer", question, text, files)


async def take_words(ctx: Ctx, text: str, files: Sequence[int] | None) -> None:
    """A new question, or the next word in the one that the person is at; `files` None: over the page only."""
    if not files and await _thanked(ctx, text):
        return
    base_id = _base_of(ctx)
    if base_id is None:
        raise Forbidden
    last = await questions.last_of(ctx.tx, base_id, ctx.me.id)
    if last is not None and goes_on(last, ctx.now):
        await _said(ctx, "question_add", last, text, files)
    else:
        await _said(ctx, "question", None, text, files)


async def _received(ctx: Ctx, message: Message) -> list[int] | None:
    """The message's file, on its way; None where files go over the upload page only."""
    if not (message.document or message.photo):
        return []
    return [await uploads.receive(ctx, message)] if await in_chat(ctx) else None


async def in_chat(ctx: Ctx) -> bool:
    """Whether the centre takes files in the chat."""
    return ctx.services.page is None or (await ctx.centre()).takes_in_chat


async def _thanked(ctx: Ctx, text: str, question: Question | None = None) -> bool:
    """Thanks for an answer close the question; whether the text was no more than thanks."""
    base_id = _base_of(ctx)
    if base_id is None or not rules.is_thanks(text):
        return False
    thanked = question or await questions.last_of(ctx.tx, base_id, ctx.me.id)
    if thanked is not None and thanked.state is State.ANSWERED:
        await close(ctx, thanked, Move.THANK, text)
    else:
        ctx.say("questions/welcome")
    return True


async def _said(
    ctx: Ctx, kind: str, question: Question | None, text: str, files: Sequence[int] | None
) -> None:
    """Keep the words at once; what somebody has to answer for, and what has to bring its files over the page,
    goes on in a form that knows the words already.
    """
    kept = admit_text(text)
    if files is None or asking(scan_text(kept, ctx.today)):
        await _in_form(ctx, kind, question, kept, files)
        return
    await _WORDS[kind](ctx, question, kept, files, None)


async def _in_form(
    ctx: Ctx, kind: str, question: Question | None, text: str, files: Sequence[int] | None
) -> None:
    name = kind if files == [] else f"{kind}:{WITH_FILES}"
    subject_id = question.id if question else None
    begun = await drafts.find(ctx.tx, name, person_id=ctx.me.id, base_id=None, subject_id=subject_id)
    if begun is not None:
        await drafts.delete(ctx.tx, begun.id)
    known: dict[str, object] = {_KEYS[kind]: text} if text else {}
    if files:
        known["files"] = list(files)
    await forms.open_form(ctx, name, subject_id=subject_id, known=known)


def _base_of(ctx: Ctx) -> int | None:
    actor = ctx.actor
    mine = (b for b in actor.bases if may(actor, Action.QUESTION_ASK, b)) if actor else iter(())
    return next(mine, None)


# --- the words --------------------------------------------------------------------------------------------


async def ask(ctx: Ctx, _: Question | None, text: str, files: Sequence[int], reviewer: str | None) -> None:
    """Give it a number, pass it to the base's counterpart, and say so."""
    base_id = _base_of(ctx)
    if base_id is None:
        raise Forbidden
    base = await bases.get(ctx.tx, base_id)
    number = await numbers.next_of(ctx.tx, questions.SERIES, ctx.today.year)
    question = await questions.add(ctx.tx, number, base.id, ctx.me.id, ctx.now)
    await _keep(ctx, question, Move.ASK, text, files, reviewer)
    await ctx.record("question_asked", question.subject, base=base.id)
    asker = {"name": ctx.me.name, "role": _role(ctx, base.id), "tel": ctx.me.office_phone or ctx.me.phone}
    facts = {
        "number": number,
        **await base_facts(ctx, base),
        **asker,
        "text": text,
        "files": len(files),
    }
    await _tell_desk(ctx, question, "questions/new_officer", facts)
    told = {"number": number, "files": len(files), **await desk_facts(ctx, base)}
    ctx.say("questions/receipt", told, offers_of(ctx, question), subject=question.subject)


async def add(
    ctx: Ctx, question: Question | None, text: str, files: Sequence[int], reviewer: str | None
) -> None:
    if question is None:
        raise Forbidden
    moved = await moved_by(ctx, question, Move.ADD)
    await _keep(ctx, moved, Move.ADD, text, files, reviewer)
    facts = {
        "number": moved.number,
        "base": (await bases.get(ctx.tx, moved.base_id)).name,
        "name": ctx.me.name,
        "text": text,
        "files": len(files),
    }
    await _tell_desk(ctx, moved, "questions/added_officer", facts)
    here = (moved.id, moved.rev)
    ways = ((Offer("question_close", *here), Offer("question", *here)),)
    ctx.say("questions/added", {"number": moved.number}, ways, subject=moved.subject)


async def answer(
    ctx: Ctx, question: Question | None, text: str, files: Sequence[int], reviewer: str | None
) -> None:
    if question is None:
        raise Forbidden
    moved = await moved_by(ctx, question, Move.ANSWER)
    await _keep(ctx, moved, Move.ANSWER, text, files, reviewer)
    centre = await ctx.centre()
    facts = {
        "number": moved.number,
        "officer": ctx.me.name,
        "tel": ctx.me.office_phone or centre.tel,
        "text": text,
        "files": len(files),
    }
    to = await to_asker(ctx.tx, moved)
    await ctx.tell([_notice(moved, to, "questions/answered", facts, await asker_roles(ctx.tx, moved))])
    ctx.say("questions/done_answer", {"number": moved.number}, offers_of(ctx, moved), subject=moved.subject)


async def close(ctx: Ctx, question: Question, move: Move, text: str = "") -> None:
    """已解决, pressed or meant; where the centre still owed an answer, it need not answer any more."""
    moved = await moved_by(ctx, question, move)
    await _keep(ctx, moved, move, text, [], None)
    if question.state is State.OPEN:
        facts = {"number": moved.number, "base": (await bases.get(ctx.tx, moved.base_id)).name}
        await _tell_desk(ctx, moved, "questions/closed_officer", facts)
    ctx.say("questions/closed", {"number": moved.number}, subject=moved.subject)


async def moved_by(ctx: Ctx, question: Question, move: Move, *, request_id: int | None = None) -> Question:
    """Make the move of the locked question: row and audit."""
    decided = decide(question, move, ctx.require(Action.QUESTION_READ), ctx.now)
    moved = replace(decided, request_id=request_id)
    await questions.save(ctx.tx, moved)
    await ctx.record(f"question_{move}", moved.subject, before=question.state, after=moved.state)
    return moved


async def _keep(
    ctx: Ctx, question: Question, move: Move, text: str, files: Sequence[int], reviewer: str | None
) -> None:
    """The word in the thread; files that are here go to the other side, the others follow when they are."""
    await questions.say(ctx.tx, question.id, move, ctx.me.id, text, ctx.now, reviewer=reviewer, files=files)
    for attachment in await attachments.list_by(ctx.tx, files):
        if attachment.state is Kept.KEPT:
            ctx.rows += await passed_on(ctx.services, ctx.tx, attachment, question)


async def _tell_desk(ctx: Ctx, question: Question, template: str, facts: Mapping[str, object]) -> None:
    to = await to_desk(ctx.tx, question)
    await ctx.tell([_notice(question, to, template, facts, frozenset({Role.OFFICER}))])


def _notice(
    question: Question, to: To, template: str, facts: Mapping[str, object], roles: frozenset[Role]
) -> Notice:
    rows = (*offers(question, roles), (Offer("question", question.id, question.rev),))
    return Notice(to, template, facts, rows, subject=question.subject)


def _role(ctx: Ctx, base_id: int) -> Role:
    return next(m.role for m in ctx.require(Action.QUESTION_ASK).memberships if m.base_id == base_id)


async def locked(ctx: Ctx, question_id: int) -> Question:
    """The question; one that the actor may not read does not exist for them. Raises Forbidden."""
    question = await questions.lock(ctx.tx, question_id)
    if question is None or not readable(ctx.require(Action.QUESTION_READ), question):
        raise Forbidden
    return question


def offers_of(ctx: Ctx, question: Question) -> Rows:
    """The buttons under the question for whoever looks at it."""
    return offers(question, ctx.require(Action.QUESTION_READ).roles(question.base_id))


# --- forms ------------------------------------------------------------------------------------------------

_WORDS = {"question": ask, "question_add": add, "question_answer": answer}
_KEYS = {"question": "question", "question_add": "text", "question_answer": "answer"}
_ACTIONS = {
    "question": Action.QUESTION_ASK,
    "question_add": Action.QUESTION_ASK,
    "question_answer": Action.QUESTION_ANSWER,
}


def _register(kind: str) -> None:
    """The form of a word, which asks for no more than it has to."""
    action = _ACTIONS[kind]

    def build(ctx: Ctx, argument: str) -> Form:
        files: tuple[Step, ...] = (
            (step(ctx, "files", "file_list", required=False),) if argument == WITH_FILES else ()
        )
        asked = (step(ctx, _KEYS[kind], "longtext"), *files)
        return gated(ctx, Form(kind, 1, action, words(ctx.catalog, f"form_{kind}"), asked))

    async def submit(ctx: Ctx, draft: Draft) -> None:
        question = await locked(ctx, draft.subject_id) if draft.subject_id else None
        sent, named = draft.answers.get("files"), draft.answers.get(REVIEWER)
        files = [int(str(one)) for one in sent] if isinstance(sent, list) else []
        text = str(draft.answers[_KEYS[kind]])
        await _WORDS[kind](ctx, question, text, files, str(named) if named else None)

    form(kind, action, build, AT_ONCE)(submit)


for _kind in _WORDS:
    _register(_kind)


async def _open(ctx: Ctx, kind: str, pressed: Press) -> None:
    """Begin the form of a word, if it could be said now."""
    question = await locked(ctx, pressed.id)
    move = Move.ADD if kind == "question_add" else Move.ANSWER
    decide(question, move, ctx.require(_ACTIONS[kind]), ctx.now, pressed.rev)
    name = kind if await in_chat(ctx) else f"{kind}:{WITH_FILES}"
    await forms.open_form(ctx, name, subject_id=question.id)


@press("question_add", Action.QUESTION_ASK)
async def begin_adding(ctx: Ctx, pressed: Press) -> None:
    await _open(ctx, "question_add", pressed)


@press("question_answer", Action.QUESTION_ANSWER)
async def begin_answering(ctx: Ctx, pressed: Press) -> None:
    await _open(ctx, "question_answer", pressed)


@press("question_close", Action.QUESTION_ASK)
async def close_pressed(ctx: Ctx, pressed: Press) -> None:
    question = await locked(ctx, pressed.id)
    decide(question, Move.CLOSE, ctx.require(Action.QUESTION_ASK), ctx.now, pressed.rev)
    await close(ctx, question, Move.CLOSE)
    ctx.still()
