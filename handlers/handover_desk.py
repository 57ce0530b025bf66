"""变更联络员, the centre's side: an officer registers it, and records what the base said otherwise."""

from dataclasses import replace

from domain import handover as rules
from domain import numbers
from domain.access import Action
from domain.errors import Stale
from domain.forms import Draft, Form
from domain.handover import Handover, State, Via
from domain.notices import Notice, Subject, To
from domain.people import INVITATION_DAYS, Person
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.forms import form
from handlers.handover import confirmed, locked, saved, show
from handlers.routes import press
from handlers.steps import original_step, recording_steps, step, words
from handlers.succession import complete
from storage import handovers, people, settings, vacations

DAY_MS = 24 * 60 * 60 * 1000


@press("handover_register", Action.HANDOVER_REGISTER)
async def register(ctx: Ctx, pressed: Press) -> None:
    """A deputy who is enrolled takes office at once; anybody else is given a link and does so by it."""
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    calendar = await vacations.calendar_of(ctx.tx, ctx.services.calendar, handover.base_id)
    registered = rules.register(handover, ctx.me.id, ctx.now, calendar)
    registered = await handovers.await_form(ctx.tx, registered, ctx.now)
    await ctx.record("handover_registered", handover.subject, base=handover.base_id, role=handover.role)
    named = await people.get(ctx.tx, handover.successor_id) if handover.successor_id else None
    if named is not None and named.telegram_id is not None:
        await show(ctx, await complete(ctx, await saved(ctx, registered), named))
        return
    registered = await _with_successor(ctx, registered, named)
    await show(ctx, await saved(ctx, registered))
    await _give_link(ctx, registered)


async def _with_successor(ctx: Ctx, handover: Handover, named: Person | None) -> Handover:
    """The successor on record; the office is theirs only once they are enrolled."""
    if named is not None:
        return handover
    person_id = await people.add(ctx.tx, handover.successor_name, ctx.now, phone=_number(handover))
    return replace(handover, successor_id=person_id)


def _number(handover: Handover) -> str | None:
    """The way to reach them, where that is a telephone number: the one on file to compare with."""
    return numbers.phone(handover.successor_tel) if handover.successor_tel else None


@press("handover_link", Action.HANDOVER_REGISTER)
async def link_again(ctx: Ctx, pressed: Press) -> None:
    """A new link; those given before stop working."""
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    if handover.state is not State.REGISTERED:
        raise Stale("handover", handover.id)
    await _give_link(ctx, handover)


async def _give_link(ctx: Ctx, handover: Handover) -> None:
    """To whoever proposed, who forwards it: the bot cannot write to somebody who never started it."""
    person_id = handover.successor_id or 0
    await people.revoke_invitations(ctx.tx, [person_id], ctx.now)
    until = ctx.now + INVITATION_DAYS * DAY_MS
    code = await people.invite(
        ctx.tx, person_id, handover.role, handover.base_id, now=ctx.now, expires_at=until
    )
    await ctx.record("invited", Subject("person", person_id), role=handover.role, base=handover.base_id)
    base = await base_of(ctx, handover.base_id)
    link = f"https://t.me/{await settings.bot_username(ctx.tx)}?start={code}"
    facts = {"name": handover.successor_name, "base": base.name, "link": link, "until": until}
    ctx.say("bases/invitation", facts)
    if handover.proposed_by not in (None, ctx.me.id):
        await ctx.tell([Notice(To(person_id=handover.proposed_by), "bases/invitation", facts)])


@press("handover_record", Action.HANDOVER_REGISTER)
async def begin_record(ctx: Ctx, pressed: Press) -> None:
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    await forms.open_form(ctx, "handover_record", subject_id=handover.id)


def _record_form(ctx: Ctx, _: str) -> Form:
    steps = (*recording_steps(ctx), step(ctx, "handover_signed_by"), original_step(ctx))
    return Form(
        "handover_record", 1, Action.HANDOVER_REGISTER, words(ctx.catalog, "form_handover_record"), steps
    )


@form("handover_record", Action.HANDOVER_REGISTER, _record_form)
async def record(ctx: Ctx, draft: Draft) -> None:
    """The head has no Telegram: a letter or a call, as the officer had it."""
    handover = await locked(ctx, draft.subject_id or 0)
    sent = draft.answers.get("original")
    file_id = int(str(sent[-1])) if isinstance(sent, list) and sent else None
    await confirmed(ctx, handover, Via.RECORD, str(draft.answers["handover_signed_by"]), file_id)
    facts = {key: str(draft.answers[key]) for key in ("source", "received_on")}
    await ctx.record("handover_recorded", handover.subject, **facts)
