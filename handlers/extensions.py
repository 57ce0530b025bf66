"""申请延期 and 请对接人联系我: what a base answers to a reminder, and what the centre makes of it."""

from datetime import date

from domain.access import Action
from domain.errors import Forbidden, Refused, Stale
from domain.forms import Draft, Form
from domain.notices import Offer
from domain.obligations import Obligation, extend
from handlers import duties, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import annual, audit, ladder
from storage.ladder import Request

CALL_ASKED = "call_asked"

# --- asked for --------------------------------------------------------------------------------------------


@press("extension_ask", Action.REPORT_CLAIM)
async def begin_asking(ctx: Ctx, pressed: Press) -> None:
    obligation = await duties.open_one(ctx, pressed.id, Action.REPORT_CLAIM)
    await forms.open_form(ctx, "extension_ask", base_id=obligation.base_id, subject_id=obligation.id)


def _ask_form(ctx: Ctx, _: str) -> Form:
    return _form(ctx, "extension_ask", Action.REPORT_CLAIM)


def _form(ctx: Ctx, name: str, action: Action) -> Form:
    steps = (
        step(ctx, "until", "date", hint="until", checks={"not_before": "today"}),
        step(ctx, "reason", "longtext", checks={"max_chars": 500}),
    )
    return gated(ctx, Form(name, 1, action, words(ctx.catalog, f"form_{name}"), steps))


@form("extension_ask", Action.REPORT_CLAIM, _ask_form)
async def ask(ctx: Ctx, draft: Draft) -> None:
    obligation = await duties.open_one(ctx, draft.subject_id or 0, Action.REPORT_CLAIM)
    until, reason = _answers(draft)
    if until <= obligation.due_on:
        raise Refused("obligations/extension_too_early", due=obligation.due_on)
    request_id = await ladder.ask_extension(ctx.tx, obligation.id, until, reason, ctx.me.id, ctx.now)
    await ctx.record("extension_asked", obligation.subject, base=obligation.base_id)
    told = await duties.facts(ctx, obligation) | {"until": until, "reason": reason}
    ctx.show("outstanding/extension_noted", told, BACK, subject=obligation.subject)
    offers = (
        (Offer("extension_grant", request_id),),
        (Offer("extension", obligation.id), Offer("extension_deny", request_id)),
    )
    await duties.tell_officers(ctx, obligation, "outstanding/extension_asked", told, offers)


def _answers(draft: Draft) -> tuple[date, str]:
    return date.fromisoformat(str(draft.answers["until"])), str(draft.answers["reason"])


# --- decided ----------------------------------------------------------------------------------------------


@press("extension_grant", Action.REPORT_RECEIVE)
async def grant_as_asked(ctx: Ctx, pressed: Press) -> None:
    request, obligation = await _undecided(ctx, pressed.id)
    await _grant(ctx, obligation, request.until, request.reason)


@press("extension", Action.REPORT_RECEIVE)
async def begin_granting(ctx: Ctx, pressed: Press) -> None:
    """To another day, or without having been asked; the press names the obligation."""
    obligation = await duties.open_one(ctx, pressed.id, Action.REPORT_RECEIVE)
    await forms.open_form(ctx, "extension", subject_id=obligation.id)


def _grant_form(ctx: Ctx, _: str) -> Form:
    return _form(ctx, "extension", Action.REPORT_RECEIVE)


@form("extension", Action.REPORT_RECEIVE, _grant_form)
async def grant(ctx: Ctx, draft: Draft) -> None:
    obligation = await duties.open_one(ctx, draft.subject_id or 0, Action.REPORT_RECEIVE)
    await _grant(ctx, obligation, *_answers(draft))


async def _grant(ctx: Ctx, obligation: Obligation, until: date, reason: str) -> None:
    granted = extend(obligation, ctx.require(Action.REPORT_RECEIVE), until, reason, ctx.now)
    await annual.add_extension(ctx.tx, granted)
    await ladder.decide_requests(ctx.tx, obligation.id, ctx.me.id, ctx.now, granted=True)
    await ctx.record("extension_granted", obligation.subject, base=obligation.base_id)
    told = await duties.facts(ctx, obligation) | {"reason": reason}
    ctx.show("outstanding/extension_granted", told, BACK, subject=obligation.subject)
    await duties.tell_base(ctx, obligation, "outstanding/extended", told)


@press("extension_deny", Action.REPORT_RECEIVE)
async def begin_denying(ctx: Ctx, pressed: Press) -> None:
    request, _ = await _undecided(ctx, pressed.id)
    await forms.open_form(ctx, "extension_deny", subject_id=request.id)


def _deny_form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "reason", "longtext", checks={"max_chars": 500}),)
    return Form("extension_deny", 1, Action.REPORT_RECEIVE, words(ctx.catalog, "form_extension_deny"), steps)


@form("extension_deny", Action.REPORT_RECEIVE, _deny_form)
async def deny(ctx: Ctx, draft: Draft) -> None:
    _, obligation = await _undecided(ctx, draft.subject_id or 0)
    await ladder.decide_requests(ctx.tx, obligation.id, ctx.me.id, ctx.now, granted=False)
    await ctx.record("extension_denied", obligation.subject, base=obligation.base_id)
    told = await duties.facts(ctx, obligation) | {"reason": str(draft.answers["reason"])}
    ctx.show("outstanding/extension_denied", told, BACK, subject=obligation.subject)
    await duties.tell_base(ctx, obligation, "outstanding/not_extended", told)


@redraws("extension_request")
async def redraw(ctx: Ctx, request_id: int) -> None:
    """How it was decided."""
    request, obligation = await _request(ctx, request_id)
    template = "outstanding/extension_granted" if request.granted else "outstanding/extension_denied"
    told = await duties.facts(ctx, obligation) | {"reason": request.reason}
    ctx.show(template, told, BACK, subject=obligation.subject)


async def _undecided(ctx: Ctx, request_id: int) -> tuple[Request, Obligation]:
    """Of two who decide at once the second is shown what the first decided."""
    request, obligation = await _request(ctx, request_id)
    if request.granted is not None:
        raise Stale("extension_request", request.id)
    return request, obligation


async def _request(ctx: Ctx, request_id: int) -> tuple[Request, Obligation]:
    asked = await ladder.request(ctx.tx, request_id)
    if asked is None:
        raise Forbidden
    obligation = await duties.locked(ctx, asked.obligation_id, Action.REPORT_RECEIVE)
    return await ladder.request(ctx.tx, request_id) or asked, obligation


# --- 请对接人联系我 ---------------------------------------------------------------------------------------


@press("call_me", Action.REPORT_CLAIM)
async def call_me(ctx: Ctx, pressed: Press) -> None:
    """Once a day and person: who presses again is told that the officer knows."""
    obligation = await duties.open_one(ctx, pressed.id, Action.REPORT_CLAIM)
    calendar = ctx.services.calendar
    me = ctx.me
    told = await duties.facts(ctx, obligation) | {
        "name": me.name,
        "number": me.office_phone or me.phone_shared or me.phone,
        "call_by": calendar.working_day_after(ctx.today, 1),
    }
    if not await _asked_today(ctx, obligation):
        await ctx.record(CALL_ASKED, obligation.subject, base=obligation.base_id)
        offers = ((Offer("call", obligation.base_id or 0),),)
        await duties.tell_officers(ctx, obligation, "outstanding/call_asked", told, offers)
    ctx.show("outstanding/call_noted", told, BACK, subject=obligation.subject)


async def _asked_today(ctx: Ctx, obligation: Obligation) -> bool:
    today = ctx.services.calendar.today
    return any(
        (row["action"], row["actor_id"], today(row["at"])) == (CALL_ASKED, ctx.me.id, ctx.today)
        for row in await audit.trail(ctx.tx, obligation.subject)
    )
