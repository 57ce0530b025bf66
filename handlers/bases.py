"""What an officer does for a base: an invitation, a request recorded (代录), a call (电话记录)."""

from datetime import date, time

from domain import catalogue
from domain.access import Action
from domain.errors import Stale
from domain.forms import Draft, Form
from domain.notices import Notice, Offer, Subject
from domain.people import BASE_ROLES, INVITATION_DAYS
from domain.requests import Command, Move, Source, decide, to_base
from handlers import enclosures, forms, requests
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of, redraw
from handlers.forms import form
from handlers.gated import REVIEWER, gated
from handlers.reachability_calls import called
from handlers.routes import press
from handlers.steps import original_step, recording_steps, step, words
from storage import calls, people, settings

DAY_MS = 24 * 60 * 60 * 1000
RECORDING = ("source", "received_on")
"""What a recorded form asks first; `original` comes last."""


# --- an invitation ----------------------------------------------------------------------------------------


@press("invite", Action.INVITE)
async def invite(ctx: Ctx, pressed: Press) -> None:
    """A link for somebody of a base who is not enrolled; the links given before stop working."""
    base = await base_of(ctx, pressed.rev)
    held = await people.holders(ctx.tx, BASE_ROLES, base.id)
    named = [h for h in held if (h.person.id, h.membership.role.value) == (pressed.id, pressed.arg)]
    if not named or named[0].person.enrolled_at is not None:
        raise Stale("base", base.id)
    person, role = named[0].person, named[0].membership.role
    await people.revoke_invitations(ctx.tx, [person.id], ctx.now)
    expires_at = ctx.now + INVITATION_DAYS * DAY_MS
    code = await people.invite(ctx.tx, person.id, role, base.id, now=ctx.now, expires_at=expires_at)
    await ctx.record("invited", Subject("person", person.id), role=role, base=base.id)
    link = f"https://t.me/{await settings.bot_username(ctx.tx)}?start={code}"
    ctx.say("bases/invitation", {"name": person.name, "base": base.name, "link": link, "until": expires_at})


# --- a request filed for a base ---------------------------------------------------------------------------


@press("file_for", Action.REQUEST_RECORD)
async def choose_service(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    services = tuple(
        (Offer(f"service_for.{service.code}", base.id, text=service.words.pick(ctx.locale)),)
        for service in catalogue.offered()
    )
    ctx.show(
        "bases/choose_service", {"base": base.name}, (*services, (Offer("base", base.id, label="home"),))
    )


@press("service_for", Action.REQUEST_RECORD)
async def begin_request(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    if pressed.arg not in {service.code for service in catalogue.offered()}:
        ctx.toast("errors/bad_press")
        return
    await forms.open_form(ctx, f"service_for:{pressed.arg}", subject_id=base.id)


def _service_form(ctx: Ctx, code: str) -> Form:
    built = requests.service_form(ctx, code)
    return Form(
        f"service_for:{code}",
        built.version,
        Action.REQUEST_RECORD,
        built.title,
        (*recording_steps(ctx), *built.steps, original_step(ctx)),
        built.before,
    )


@form("service_for", Action.REQUEST_RECORD, _service_form)
async def file_request(ctx: Ctx, draft: Draft) -> None:
    base = await base_of(ctx, draft.subject_id or 0)
    answers = {k: v for k, v in draft.answers.items() if k not in (*RECORDING, "original")}
    request = await requests.file(
        ctx,
        base.id,
        draft.form.partition(":")[2],
        answers,
        source=Source(str(draft.answers["source"])),
        received_on=str(draft.answers["received_on"]),
    )
    originals = _ids(draft, "original")
    await enclosures.join(ctx, originals, request, None)
    facts = await requests.facts_of(ctx, request) | {"files": len(originals)}
    ctx.show("requests/filed_for", facts, requests.offers_of(ctx, request), subject=request.subject)
    await ctx.tell([Notice(to_base(request), "requests/recorded_for_you", facts, subject=request.subject)])


# --- a request continued for a base -----------------------------------------------------------------------


@press("record", Action.REQUEST_RECORD)
async def begin_record(ctx: Ctx, pressed: Press) -> None:
    request = await requests.locked(ctx, pressed.id)
    decide(
        request, Command(Move.SAY, ctx.require(Action.REQUEST_RECORD), ctx.now, pressed.rev, recorded=True)
    )
    await forms.open_form(ctx, "record", subject_id=request.id)


def _record_form(ctx: Ctx, _: str) -> Form:
    steps = (*recording_steps(ctx), step(ctx, "text", "longtext"), original_step(ctx))
    return gated(ctx, Form("record", 1, Action.REQUEST_RECORD, words(ctx.catalog, "form_record"), steps))


@form("record", Action.REQUEST_RECORD, _record_form)
async def record(ctx: Ctx, draft: Draft) -> None:
    request = await requests.locked(ctx, draft.subject_id or 0)
    originals = _ids(draft, "original")
    body = {k: v for k, v in draft.answers.items() if k != "original"} | {"files": len(originals)}
    moved, entry_id = await requests.make_move(ctx, request, Move.SAY, body, recorded=True)
    await enclosures.join(ctx, originals, moved, entry_id)
    facts = await requests.facts_of(ctx, moved)
    ctx.show("requests/done_record", facts, requests.offers_of(ctx, moved), subject=moved.subject)


# --- a telephone call -------------------------------------------------------------------------------------


@press("call", Action.CALL_RECORD)
async def begin_call(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    await forms.open_form(ctx, "call", subject_id=base.id)


def _call_form(ctx: Ctx, _: str) -> Form:
    clock: dict[str, object] = {"pattern": r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$", "example": "10:20"}
    steps = (
        step(ctx, "spoke_with"),
        step(ctx, "called_on", "date", checks={"not_after": "today"}),
        step(ctx, "called_at", checks=clock),
        step(ctx, "result", "longtext"),
        step(ctx, "promise", required=False),
        step(ctx, "promised_on", "date", required=False, checks={"not_before": "today"}),
    )
    return gated(ctx, Form("call", 1, Action.CALL_RECORD, words(ctx.catalog, "form_call"), steps))


@form("call", Action.CALL_RECORD, _call_form)
async def record_call(ctx: Ctx, draft: Draft) -> None:
    base = await base_of(ctx, draft.subject_id or 0)
    told = draft.answers
    hours, minutes = str(told["called_at"]).split(":")
    called_at = ctx.services.calendar.at(
        date.fromisoformat(str(told["called_on"])), time(int(hours), int(minutes))
    )
    await calls.add(
        ctx.tx,
        base_id=base.id,
        officer_id=ctx.me.id,
        spoke_with=str(told["spoke_with"]),
        called_at=called_at,
        result=_answered_for(ctx, draft),
        promise=_text(told["promise"]),
        promised_on=_text(told["promised_on"]),
        now=ctx.now,
    )
    await ctx.record("call_recorded", Subject("base", base.id))
    await called(ctx, base.id)
    await redraw(ctx, base.id)


def _answered_for(ctx: Ctx, draft: Draft) -> str:
    """What came of the call, with who has looked at what the gate remarked on."""
    result, name = str(draft.answers["result"]), draft.answers.get(REVIEWER)
    return f"{result}\n{ctx.catalog.label('field_reviewer', ctx.locale)}：{name}" if name else result


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _ids(draft: Draft, key: str) -> list[int]:
    value = draft.answers.get(key)
    return [int(str(item)) for item in value] if isinstance(value, list) else []
