"""A question's page, its files, and the lists: a base's own, and what waits at the centre."""

from domain.access import Action
from domain.notices import Offer, Rows
from domain.questions import Question, State, nudge_at
from domain.uploads import State as Kept
from handlers import enclosures
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.questions import locked, offers_of
from handlers.routes import command, press
from handlers.serving import redraws
from storage import bases, questions, requests

LISTED = 20
SHOWN_ENTRIES = 8


@press("question", Action.QUESTION_READ)
async def show_pressed(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await locked(ctx, pressed.id))


@redraws("question")
async def redraw(ctx: Ctx, question_id: int) -> None:
    await show(ctx, await locked(ctx, question_id))


async def show(ctx: Ctx, question: Question) -> None:
    said = await questions.thread(ctx.tx, question.id)
    files = [one for one in await questions.files(ctx.tx, question.id) if one.state not in _UNSEEN]
    request = await requests.get(ctx.tx, question.request_id) if question.request_id else None
    facts = {
        "number": question.number,
        "base": (await bases.get(ctx.tx, question.base_id)).name,
        "state": question.state,
        "asked_at": question.asked_at,
        "request": request.number if request else None,
        "entries": [
            {"at": s.at, "name": s.name, "move": s.kind, "text": _text(ctx, s), "files": s.files}
            for s in said[-SHOWN_ENTRIES:]
        ],
        "earlier": max(len(said) - SHOWN_ENTRIES, 0),
    }
    ways = [Offer("question_files", question.id, question.rev, label="files")] if files else []
    if request is not None and ctx.may(Action.REQUEST_READ, question.base_id):
        ways.append(Offer("show", request.id, request.rev, text=request.number))
    rows = (*offers_of(ctx, question), *((tuple(ways),) if ways else ()), *BACK)
    ctx.show("questions/page", facts, rows, subject=question.subject)


_UNSEEN = frozenset({Kept.BLOCKED, Kept.REFUSED, Kept.PENDING})


def _text(ctx: Ctx, said: questions.Said) -> str:
    """With the name of whoever answers for it, where somebody does."""
    if said.reviewer is None:
        return said.words
    return f"{said.words}\n{ctx.catalog.label('field_reviewer', ctx.locale)}  {said.reviewer}".strip()


@press("question_files", Action.QUESTION_READ)
async def files(ctx: Ctx, pressed: Press) -> None:
    question = await locked(ctx, pressed.id)
    found = await questions.files(ctx.tx, question.id)
    enclosures.file_rows(ctx, found, question.number, question.subject)


# --- lists ------------------------------------------------------------------------------------------------


@command("questions", Action.QUESTION_READ)
async def listed(ctx: Ctx) -> None:
    """A base's own, the newest first; for the centre what waits, the longest first."""
    actor = ctx.require(Action.QUESTION_READ)
    if actor.of_centre:
        found, total = await questions.waiting(ctx.tx, LISTED), await questions.count_waiting(ctx.tx)
        facts = {"rows": await rows_of(ctx, found), "more": total - len(found)}
        ctx.show("questions/desk", facts, (*links(found), *BACK))
        return
    mine = [b for b in actor.bases if ctx.may(Action.QUESTION_READ, b)]
    own = [one for base_id in mine for one in await questions.list_of_base(ctx.tx, base_id, LISTED)]
    rows = [{"number": one.number, "state": one.state, "asked_at": one.asked_at} for one in own]
    ctx.show("questions/list", {"rows": rows}, (*links(own), *BACK))


async def rows_of(ctx: Ctx, found: list[Question]) -> list[dict[str, object]]:
    """As the desk lists them."""
    return [
        {
            "number": one.number,
            "base": (await bases.get(ctx.tx, one.base_id)).short_name,
            "since": one.waiting_since,
            "overdue": _overdue(ctx, one),
        }
        for one in found
    ]


def _overdue(ctx: Ctx, question: Question) -> bool:
    since = question.waiting_since
    if question.state is not State.OPEN or since is None:
        return False
    return nudge_at(since, ctx.services.calendar) < ctx.now


def links(found: list[Question]) -> Rows:
    """Two to a row, as the requests' are."""
    offers = [Offer("question", one.id, one.rev, text=one.number) for one in found]
    return tuple(tuple(offers[i : i + 2]) for i in range(0, len(offers), 2))
