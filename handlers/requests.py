"""Service requests: filing one, the moves of both sides, the page and the lists (Article 7)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from telegram import Message

from domain import catalogue
from domain.access import Action, may
from domain.confidential.gate import scan_text
from domain.confidential.verdict import asking
from domain.errors import Forbidden, Refused
from domain.forms import Draft, Form, Step
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.privacy import Seen
from domain.requests import OPEN, RULES, Command, Move, Request, Source, State, decide, offers, readable
from domain.uploads import Attachment
from domain.uploads import State as Kept
from handlers import enclosures, forms, uploads
from handlers.admit import admit_text
from handlers.callbacks import Press
from handlers.cited import request_in
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import REVIEWER, gated, remark
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.questions_page import links, rows_of
from handlers.routes import command, press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import attachments, bases, numbers, people, questions, requests

SHOWN_ENTRIES = 8
SHOWN_CHARS = 300
LISTED = 20
QUESTIONS_LISTED = 5

_DONE = {
    Move.ACCEPT: "requests/done_accept",
    Move.ANSWER: "requests/done_answer",
    Move.SUPPLEMENT: "requests/done_supplement",
    Move.CLOSE: "requests/done_close",
    Move.SAY: "requests/said",
    Move.WITHDRAW: "requests/withdrawn",
}


# --- filing -----------------------------------------------------------------------------------------------


@command("request", Action.REQUEST_FILE)
async def choose(ctx: Ctx) -> None:
    services = [
        (Offer("service." + service.code, text=service.words.pick(ctx.locale)),)
        for service in catalogue.offered()
    ]
    ctx.show("requests/choose", {}, (*services, *BACK))


@press("service", Action.REQUEST_FILE)
async def choose_service(ctx: Ctx, pressed: Press) -> None:
    actor = ctx.require(Action.REQUEST_FILE)
    if pressed.arg not in {service.code for service in catalogue.offered()}:
        ctx.toast("errors/bad_press")
        return
    base_id = next(b for b in actor.bases if may(actor, Action.REQUEST_FILE, b))
    await forms.open_form(ctx, f"service:{pressed.arg}", base_id=base_id)


def service_form(ctx: Ctx, code: str) -> Form:
    return gated(ctx, catalogue.form(catalogue.service(code), lambda: ctx.today))


@form("service", Action.REQUEST_FILE, service_form)
async def submit(ctx: Ctx, draft: Draft) -> None:
    if draft.base_id is None:
        raise Forbidden
    actor = ctx.require(Action.REQUEST_FILE, draft.base_id)
    request = await file(ctx, draft.base_id, draft.form.partition(":")[2], draft.answers)
    facts = await facts_of(ctx, request) | {"days": _service(request).limit_days, "endorsed_by": None}
    ctx.show(
        "requests/receipt", facts, offers(request, actor.roles(request.base_id)), subject=request.subject
    )


async def file(
    ctx: Ctx,
    base_id: int,
    code: str,
    answers: Mapping[str, object],
    *,
    source: Source | None = None,
    received_on: str | None = None,
) -> Request:
    """Give it a number and a deadline, and tell the officers on its route."""
    service = catalogue.service(code)
    due_at, confirmed = ctx.services.calendar.deadline(ctx.now, service.limit_days)
    request = await requests.add(
        ctx.tx,
        number=await numbers.next_of(ctx.tx, requests.SERIES, ctx.today.year),
        base_id=base_id,
        service=service.code,
        answers=answers,
        submitted_by=ctx.me.id,
        now=ctx.now,
        due_at=due_at,
        due_confirmed=confirmed,
        source=source,
        received_on=received_on,
    )
    await ctx.record("request_submitted", request.subject, base=base_id, service=service.code, source=source)
    notice = Notice(
        To(roles=frozenset({Role.OFFICER}), route=service.route),
        "requests/new_officer",
        await facts_of(ctx, request),
        offers=offers(request, frozenset({Role.OFFICER})),
        subject=request.subject,
    )
    await ctx.tell([notice])
    return request


# --- moves ------------------------------------------------------------------------------------------------


@press("accept", Action.REQUEST_ACCEPT)
async def accept(ctx: Ctx, pressed: Press) -> None:
    request = await locked(ctx, pressed.id)
    moved, _ = await make_move(ctx, request, Move.ACCEPT, {}, seen_rev=pressed.rev)
    ctx.toast(_DONE[Move.ACCEPT], {"number": moved.number})
    await _show(ctx, moved)


Steps = Callable[[Ctx], tuple[Step, ...]]


def _answer_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (step(ctx, "answer", "longtext", hint="answer"), step(ctx, "files", "file_list", required=False))


def _supplement_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (
        step(ctx, "items", many=True, hint="items"),
        step(ctx, "wish_date", "date", required=False, hint="wish_date", checks={"not_before": "today"}),
    )


def _say_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (step(ctx, "text", "longtext"), step(ctx, "files", "file_list", required=False))


def _reason_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (step(ctx, "reason", "longtext", required=False),)


def _close_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (step(ctx, "summary", "longtext", required=False),)


_FORMS: dict[Move, Steps] = {
    Move.ANSWER: _answer_steps,
    Move.SUPPLEMENT: _supplement_steps,
    Move.SAY: _say_steps,
    Move.CLOSE: _close_steps,
    Move.WITHDRAW: _reason_steps,
}


async def _open_move(ctx: Ctx, move: Move, pressed: Press) -> None:
    """Begin the form of a move, if the move could be made now."""
    request = await locked(ctx, pressed.id)
    decide(request, Command(move, ctx.require(Action.MENU), ctx.now, pressed.rev))
    await forms.open_form(ctx, move.value, base_id=None, subject_id=request.id)


def _register(move: Move, steps: Steps) -> None:
    """A button that opens the form, and the form that makes the move."""
    action = RULES[move].action

    async def open_move(ctx: Ctx, pressed: Press) -> None:
        await _open_move(ctx, move, pressed)

    async def submit_move(ctx: Ctx, draft: Draft) -> None:
        request = await locked(ctx, draft.subject_id or 0)
        moved, entry_id = await make_move(ctx, request, move, _body(draft.answers))
        files = draft.answers.get("files")
        await enclosures.join(ctx, files if isinstance(files, list) else [], moved, entry_id)
        facts = await facts_of(ctx, moved)
        ctx.show(_DONE[move], facts, offers_of(ctx, moved), subject=moved.subject)

    def build(ctx: Ctx, _: str) -> Form:
        return gated(ctx, Form(move.value, 1, action, words(ctx.catalog, f"form_{move}"), steps(ctx)))

    press(move.value, action)(open_move)
    form(move.value, action, build)(submit_move)


for _move_name, _steps in _FORMS.items():
    _register(_move_name, _steps)


async def said_in_reply(ctx: Ctx, message: Message, text: str) -> bool:
    """A native reply to a message about a request is a word in it; whether this was one."""
    number = request_in(message.reply_to_message)
    if number is None or await requests.find(ctx.tx, number) is None:
        return False
    files = [await received(ctx, message)] if message.document or message.photo else []
    await say_in(ctx, number, text, files)
    return True


async def say_in(ctx: Ctx, number: str, text: str, files: list[int]) -> None:
    """A word in the request of this number: an answer of the centre's, an addition of the base's."""
    request = await locked(ctx, await requests.find(ctx.tx, number) or 0)
    move = Move.SAY if may(ctx.actor, Action.REQUEST_SAY, request.base_id) else Move.ANSWER
    key = "text" if move is Move.SAY else "answer"
    body = _body({key: _said(ctx, text), "files": files})
    moved, entry_id = await make_move(ctx, request, move, body)
    await enclosures.join(ctx, files, moved, entry_id)
    facts = await facts_of(ctx, moved)
    ctx.say(_DONE[move], facts, offers_of(ctx, moved), subject=moved.subject)


async def received(ctx: Ctx, message: Message) -> int:
    """The file of a reply. Raises Refused where files go over the upload page only: the form has the link."""
    if ctx.services.page is not None and not (await ctx.centre()).takes_in_chat:
        raise Refused("gate/page_only_reply")
    return await uploads.receive(ctx, message)


def _said(ctx: Ctx, text: str) -> str | None:
    """The words, as far as nobody has to answer for them. Raises Refused: the form asks who does."""
    found = asking(scan_text(text, ctx.today))
    if found:
        raise Refused("gate/text_held", **remark(found).facts)
    return admit_text(text) or None


async def make_move(
    ctx: Ctx,
    request: Request,
    move: Move,
    body: Mapping[str, object],
    *,
    seen_rev: int | None = None,
    recorded: bool = False,
) -> tuple[Request, int]:
    """Make the move: rows, thread, audit and notices. The request as it is now, and the id of its entry."""
    actor, calendar = ctx.require(Action.MENU), ctx.services.calendar
    command = Command(move, actor, ctx.now, seen_rev, body, recorded, calendar)
    outcome = decide(request, command)
    await requests.save(ctx.tx, outcome.request)
    entry_id = await requests.say(ctx.tx, request.id, outcome.entry)
    await ctx.record(f"request_{move}", request.subject, before=request.state, after=outcome.request.state)
    facts = await facts_of(ctx, outcome.request)
    await ctx.tell([replace(n, facts={**facts, **n.facts}) for n in outcome.notices])
    return outcome.request, entry_id


def _body(answers: Mapping[str, object]) -> dict[str, object]:
    """What is kept of a form in the thread: every answer, the files as their number."""
    files = answers.get("files")
    said = {key: value for key, value in answers.items() if key != "files"}
    return said | {"files": len(files) if isinstance(files, list) else 0}


# --- pages ------------------------------------------------------------------------------------------------


@press("show", Action.REQUEST_READ)
async def show(ctx: Ctx, pressed: Press) -> None:
    request = await requests.lock(ctx.tx, pressed.id)
    if request is None or not readable(ctx.require(Action.REQUEST_READ), request):
        raise Forbidden
    await _show(ctx, request)


@redraws("request")
async def redraw(ctx: Ctx, request_id: int) -> None:
    await _show(ctx, await locked(ctx, request_id))


@press("files", Action.REQUEST_READ)
async def files(ctx: Ctx, pressed: Press) -> None:
    request = await locked(ctx, pressed.id)
    found = await attachments.list_of_request(ctx.tx, request.id)
    await saw(ctx, Seen.FILE, person_ids=[one.person_id for one in found])
    enclosures.file_rows(ctx, found, request.number, request.subject)


@command("requests", Action.REQUEST_FILE)
async def list_mine(ctx: Ctx) -> None:
    actor = ctx.require(Action.REQUEST_FILE)
    found = [r for base_id in actor.bases for r in await requests.list_of_base(ctx.tx, base_id, LISTED)]
    rows = [_listed(ctx, request) for request in found]
    new = ((Offer("go.request", label="request"),),)
    ctx.show("requests/list", {"rows": rows}, (*_links(found), *new, *BACK))


@command("desk", Action.DESK)
async def desk(ctx: Ctx) -> None:
    found = await requests.list_in(ctx.tx, OPEN)
    rows = [
        _listed(ctx, request) | {"base": (await bases.get(ctx.tx, request.base_id)).short_name}
        for request in found[:LISTED]
    ]
    asked = await questions.waiting(ctx.tx, QUESTIONS_LISTED)
    facts = {
        "rows": rows,
        "more": max(len(found) - LISTED, 0),
        "questions": await rows_of(ctx, asked),
        "more_questions": await questions.count_waiting(ctx.tx) - len(asked),
    }
    ctx.show("requests/desk", facts, (*_links(found[:LISTED]), *links(asked), *BACK))


def _links(found: list[Request]) -> Rows:
    """Two to a row: a number fits half a phone."""
    links = [Offer("show", request.id, request.rev, text=request.number) for request in found]
    return tuple(tuple(links[i : i + 2]) for i in range(0, len(links), 2))


def _listed(ctx: Ctx, request: Request) -> dict[str, object]:
    return {
        "number": request.number,
        "service": _service(request).words,
        "state": request.state,
        "due": request.due_at,
        "overdue": request.state in (State.SUBMITTED, State.ACCEPTED) and request.due_at < ctx.now,
        "submitted_at": request.submitted_at,
    }


async def _show(ctx: Ctx, request: Request) -> None:
    said = await requests.thread(ctx.tx, request.id)
    files = await attachments.list_of_request(ctx.tx, request.id)
    enclosed = [one for one in files if one.state is not Kept.BLOCKED]
    facts = await facts_of(ctx, request) | {
        "answers": forms.rows(service_form(ctx, request.service), request.answers, ctx.locale),
        "entries": [
            {
                "move": s.kind,
                "name": s.name,
                "at": s.at,
                "text": _text(ctx, s.body),
                "files": s.body.get("files", 0),
            }
            for s in said[-SHOWN_ENTRIES:]
        ],
        "earlier": max(len(said) - SHOWN_ENTRIES, 0),
        "attachments": [_enclosed(ctx, one) for one in enclosed],
    }
    buttons = offers_of(ctx, request)[:-1]
    ways = (*(_files_way(request) if enclosed else ()), *await _question_way(ctx, request))
    rows = (*buttons, *((ways,) if ways else ()), *BACK)
    ctx.show("requests/detail", facts, rows, subject=request.subject)


def _files_way(request: Request) -> tuple[Offer, ...]:
    return (Offer("files", request.id, request.rev),)


async def _question_way(ctx: Ctx, request: Request) -> tuple[Offer, ...]:
    """To the question that became this request."""
    question = await questions.of_request(ctx.tx, request.id)
    return (Offer("question", question.id, question.rev, text=question.number),) if question else ()


def _enclosed(ctx: Ctx, file: Attachment) -> dict[str, object]:
    """A file is named once it is kept; before that only to whoever sent it, and when it was looked at."""
    named = file.state is Kept.KEPT or (file.state is not Kept.PENDING and file.person_id == ctx.me.id)
    return {"name": file.name if named else "", "size": file.size, "state": file.state}


def _text(ctx: Ctx, body: Mapping[str, object]) -> str:
    """What was said, shortened: the page has 4,096 characters for all of it."""
    parts: list[str] = []
    for key, value in body.items():
        if key == "files" or not value:
            continue
        if key == REVIEWER:
            parts.append(f"{ctx.catalog.label('field_reviewer', ctx.locale)}  {value}")
            continue
        parts += [str(item) for item in value] if isinstance(value, list) else [str(value)]
    text = "\n".join(parts)
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


async def locked(ctx: Ctx, request_id: int) -> Request:
    """The request; one that the actor may not read does not exist for them. Raises Forbidden."""
    request = await requests.lock(ctx.tx, request_id)
    if request is None or not readable(ctx.require(Action.MENU), request):
        raise Forbidden
    return request


def _roles(ctx: Ctx, request: Request) -> frozenset[Role]:
    return ctx.require(Action.MENU).roles(request.base_id)


async def facts_of(ctx: Ctx, request: Request) -> dict[str, object]:
    """What every text about a request may need."""
    centre = await ctx.centre()
    base = await bases.get(ctx.tx, request.base_id)
    submitter = await people.get(ctx.tx, request.submitted_by)
    officer = await people.get(ctx.tx, request.officer_id) if request.officer_id else None
    return {
        "number": request.number,
        "service": _service(request).words,
        "base": base.name,
        "state": request.state,
        "submitted_by": submitter.name,
        "submitted_at": request.submitted_at,
        "officer": officer.name if officer else None,
        "tel": (officer.office_phone if officer else None) or centre.tel,
        "contact": officer.name if officer else centre.centre,
        "due": request.due_at,
        "tentative": not request.due_confirmed,
        "actor": ctx.person.name if ctx.person else None,
        "source": request.source,
        "received_on": request.received_on,
    }


def offers_of(ctx: Ctx, request: Request) -> Rows:
    """The buttons under the request for whoever looks at it."""
    return offers(request, _roles(ctx, request))


def _service(request: Request) -> catalogue.Service:
    return catalogue.service(request.service)
