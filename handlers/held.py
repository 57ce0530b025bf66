"""A file in which something was found that a named person has to answer for: mended, or confirmed.

What could only not be read, its sender may answer for; what was found, the base's 保密审查人 does: with a
press, or by name where they have no Telegram (Article 9).
"""

from domain.access import Action, may
from domain.errors import Forbidden, Refused
from domain.forms import Draft, Form
from domain.notices import Notice, Offer, Subject, To
from domain.people import Actor, Role
from domain.uploads import Attachment, State
from handlers import enclosures, forms, uploads
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.findings import own, shown, ways
from handlers.forms import form
from handlers.routes import press
from handlers.steps import step, words
from storage import attachments, people


@press("held_own", Action.GATE_ANSWER)
async def confirm_own(ctx: Ctx, pressed: Press) -> None:
    attachment, sender = await _mine(ctx, pressed.id)
    if not own(sender, attachment):
        raise Forbidden
    await _confirm(ctx, attachment, ctx.me.name)


@press("held_ask", Action.GATE_ANSWER)
async def ask(ctx: Ctx, pressed: Press) -> None:
    """The base's reviewers are asked; where none of them is here, their name is."""
    attachment, sender = await _mine(ctx, pressed.id)
    reviewers = {
        person.id: person
        for base_id in sender.bases
        for person in await people.recipients(ctx.tx, To(base_id=base_id, roles=frozenset({Role.REVIEWER})))
    }
    if not reviewers:
        await forms.open_form(ctx, "reviewer", subject_id=attachment.id)
        return
    if await attachments.ask(ctx.tx, attachment.id, ctx.now):
        await ctx.tell([_to_reviewer(attachment, reviewer_id, ctx.me.name) for reviewer_id in reviewers])
    names = [reviewer.name for reviewer in reviewers.values()]
    ctx.show("gate/asked", {"name": attachment.name, "reviewers": names}, ways(sender, attachment)[1:])


def _to_reviewer(attachment: Attachment, reviewer_id: int, sender: str) -> Notice:
    decisions = (Offer("held_yes", attachment.id), Offer("held_no", attachment.id))
    return Notice(
        To(person_id=reviewer_id),
        "gate/to_review",
        shown(attachment) | {"sender": sender},
        offers=((Offer("held_file", attachment.id),), decisions),
        subject=Subject("attachment", attachment.id),
    )


def _reviewer_form(ctx: Ctx, _: str) -> Form:
    return Form(
        "reviewer",
        1,
        Action.GATE_ANSWER,
        words(ctx.catalog, "form_reviewer"),
        (step(ctx, "reviewer", hint="reviewer"),),
    )


@form("reviewer", Action.GATE_ANSWER, _reviewer_form)
async def confirm_by_name(ctx: Ctx, draft: Draft) -> None:
    """Signed on paper or said by telephone: whoever sent the file records by whom."""
    attachment, _ = await _mine(ctx, draft.subject_id or 0)
    await _confirm(ctx, attachment, str(draft.answers["reviewer"]))


@press("held_drop", Action.GATE_ANSWER)
async def drop(ctx: Ctx, pressed: Press) -> None:
    attachment, _ = await _mine(ctx, pressed.id)
    await _take_back(ctx, attachment)
    ctx.show("gate/dropped", {"name": attachment.name})


@press("held_yes", Action.GATE_CONFIRM)
async def confirm(ctx: Ctx, pressed: Press) -> None:
    attachment = await _to_review(ctx, pressed.id)
    await _confirm(ctx, attachment, ctx.me.name)
    await _tell_sender(ctx, attachment, "gate/confirmed_for_you")


@press("held_no", Action.GATE_CONFIRM)
async def decline(ctx: Ctx, pressed: Press) -> None:
    attachment = await _to_review(ctx, pressed.id)
    await _take_back(ctx, attachment)
    ctx.show("gate/declined_by_you", {"name": attachment.name})
    await _tell_sender(ctx, attachment, "gate/sent_back")


@press("held_file", Action.GATE_CONFIRM)
async def show_file(ctx: Ctx, pressed: Press) -> None:
    """The reviewer looks at what is to be confirmed; the file never leaves the base by that."""
    attachment = await _to_review(ctx, pressed.id)
    if attachment.upload_id is not None:
        ctx.say("gate/to_fetch", {"name": attachment.name}, ((Offer("download", attachment.id),),))
        return
    enclosures.shown_to(ctx, attachment)


async def _confirm(ctx: Ctx, attachment: Attachment, name: str) -> None:
    if not await attachments.confirm(ctx.tx, attachment.id, name, ctx.now):
        raise Refused("gate/settled_already")
    await ctx.record("file_confirmed", Subject("attachment", attachment.id), person=ctx.me.id)
    ctx.rows += await enclosures.handed_over(ctx.services, ctx.tx, attachment)
    ctx.show("gate/confirmed", {"name": attachment.name, "by": name})


async def _take_back(ctx: Ctx, attachment: Attachment) -> None:
    await attachments.refuse(ctx.tx, attachment.id, "gate/dropped")
    await ctx.record("file_taken_back", Subject("attachment", attachment.id))
    await ctx.start_job(uploads.FORGET, sha256=attachment.sha256)


async def _tell_sender(ctx: Ctx, attachment: Attachment, template: str) -> None:
    facts = {"name": attachment.name, "by": ctx.me.name}
    await ctx.tell([Notice(To(person_id=attachment.person_id), template, facts)])


async def _mine(ctx: Ctx, attachment_id: int) -> tuple[Attachment, Actor]:
    """A held file of the person's own. Raises Forbidden, or Refused when it is held no more."""
    attachment = await _locked(ctx, attachment_id)
    if attachment.person_id != ctx.me.id:
        raise Forbidden
    return _held(attachment), ctx.require(Action.GATE_ANSWER)


async def _to_review(ctx: Ctx, attachment_id: int) -> Attachment:
    """A held file of the reviewer's base. Raises Forbidden, or Refused when it is held no more."""
    attachment = await _locked(ctx, attachment_id)
    sender = await people.actor(ctx.tx, await people.get(ctx.tx, attachment.person_id))
    if not any(may(ctx.actor, Action.GATE_CONFIRM, base_id) for base_id in sender.bases):
        raise Forbidden
    return _held(attachment)


async def _locked(ctx: Ctx, attachment_id: int) -> Attachment:
    try:
        return await attachments.lock(ctx.tx, attachment_id)
    except LookupError:
        raise Forbidden from None


def _held(attachment: Attachment) -> Attachment:
    """Only whoever has to do with the file hears that it is settled: asked after its owner."""
    if attachment.state is not State.HELD:
        raise Refused("gate/settled_already")
    return attachment
