"""更正: one's own name, post and number at once, anything else by an officer (PIPL Article 46)."""

from typing import Final

from domain.access import Action
from domain.errors import Forbidden
from domain.forms import Draft, Form
from domain.notices import Notice, Offer, Subject, To
from domain.people import Role
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import share_contact
from handlers.privacy import OWN
from handlers.reach import OFFICERS, counterpart
from handlers.routes import press
from handlers.steps import step, words
from storage import bases, privacy

FIELDS: Final = {"name": 30, "post": 40, "office_phone": 40}
"""What a person puts right at once, with the most characters."""
OPEN_SHOWN: Final = 20


@press("privacy_correct", Action.PRIVACY)
async def choose(ctx: Ctx, _: Press) -> None:
    fields = tuple(
        Offer(f"privacy_fix.{field}", text=ctx.catalog.label(f"field_own_{field}", ctx.locale))
        for field in FIELDS
    )
    rows = (fields, (Offer("privacy_phone", label="phone_change"), Offer("privacy_other")), OWN)
    ctx.show("privacy/correct", {}, rows)


@press("privacy_phone", Action.PRIVACY)
async def new_phone(ctx: Ctx, _: Press) -> None:
    """The mobile number is shown by Telegram's own contact button and by nothing else."""
    ctx.say("start/new_number", markup=share_contact(ctx.catalog, ctx.locale))


@press("privacy_fix", Action.PRIVACY)
async def begin(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in FIELDS:
        raise Forbidden
    await forms.open_form(ctx, f"privacy_fix:{pressed.arg}")


def _fix_form(ctx: Ctx, field: str) -> Form:
    asked = step(ctx, f"own_{field}", checks={"max_chars": FIELDS[field]})
    return Form(f"privacy_fix:{field}", 1, Action.PRIVACY, words(ctx.catalog, "form_privacy_fix"), (asked,))


@form("privacy_fix", Action.PRIVACY, _fix_form)
async def fix(ctx: Ctx, draft: Draft) -> None:
    """Kept at once; whoever keeps a list of people is told, since that has the old value still."""
    field = draft.form.partition(":")[2]
    value = str(draft.answers[f"own_{field}"])
    before = ctx.me.name
    await privacy.correct(ctx.tx, ctx.me.id, field, value)
    await ctx.record("person_corrected", Subject("person", ctx.me.id), field=field)
    label = ctx.catalog.label(f"field_own_{field}", ctx.locale)
    ctx.show("privacy/corrected", {"label": label, "value": value}, (OWN,))
    facts = {
        "name": before,
        "base": await _base_name(ctx),
        "label": words(ctx.catalog, f"field_own_{field}"),
        "value": value,
    }
    await ctx.tell([Notice(await _keeper(ctx), "privacy/corrected_officer", facts)])


@press("privacy_other", Action.PRIVACY)
async def begin_other(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, "privacy_other")


def _other_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "privacy_words", "longtext", hint="privacy_words", checks={"max_chars": 500})
    return Form("privacy_other", 1, Action.PRIVACY, words(ctx.catalog, "form_privacy_other"), (asked,))


@form("privacy_other", Action.PRIVACY, _other_form)
async def ask(ctx: Ctx, draft: Draft) -> None:
    """A task for an officer, with the button that ends it."""
    said = str(draft.answers["privacy_words"])
    correction_id = await privacy.ask_correction(ctx.tx, ctx.me.id, said, ctx.now)
    subject = Subject("correction", correction_id)
    await ctx.record("correction_asked", subject)
    ctx.show("privacy/asked", {"tel": (await ctx.centre()).tel}, (OWN,))
    facts = {"name": ctx.me.name, "base": await _base_name(ctx), "words": said}
    offers = ((Offer("privacy_done", correction_id),), (Offer("privacy_tasks"),))
    await ctx.tell([Notice(await _keeper(ctx), "privacy/task", facts, offers, subject=subject)])


@press("privacy_done", Action.CORRECT)
async def done(ctx: Ctx, pressed: Press) -> None:
    """Whoever asked is told; pressed a second time, or with a number of nothing, it only says so."""
    whose = await privacy.finish_correction(ctx.tx, pressed.id, ctx.me.id, ctx.now)
    ctx.still()
    if whose is None:
        ctx.toast("privacy/task_gone")
        return
    await ctx.record("correction_done", Subject("correction", pressed.id))
    ctx.toast("privacy/task_done")
    await ctx.tell([Notice(To(person_id=whose), "privacy/done", {"tel": (await ctx.centre()).tel})])


@press("privacy_tasks", Action.CORRECT)
async def tasks(ctx: Ctx, _: Press) -> None:
    """What is still to be put right for people."""
    found = await privacy.open_corrections(ctx.tx, OPEN_SHOWN)
    rows = [{"name": row["name"], "words": row["words"], "at": row["asked_at"]} for row in found]
    offers = tuple((Offer("privacy_done", row["id"], text=_done_word(ctx, row["name"])),) for row in found)
    ctx.show("privacy/tasks", {"rows": rows}, (*offers, (Offer("home"),)))


def _done_word(ctx: Ctx, name: str) -> str:
    return f"{ctx.catalog.label('privacy_done', ctx.locale)} · {name}"


async def _keeper(ctx: Ctx) -> To:
    """Who keeps the person's entry: of a base its officer, of the centre the admin."""
    actor = ctx.require(Action.PRIVACY)
    if actor.of_centre:
        return To(roles=frozenset({Role.ADMIN}))
    return await counterpart(ctx.tx, await bases.get(ctx.tx, actor.bases[0])) if actor.bases else OFFICERS


async def _base_name(ctx: Ctx) -> str | None:
    actor = ctx.require(Action.PRIVACY)
    return (await bases.get(ctx.tx, actor.bases[0])).short_name if actor.bases else None
