"""The centre's facts, as its admin sets them."""

from dataclasses import asdict, fields

from domain.access import Action
from domain.centre import Centre
from domain.forms import Draft, Form
from domain.notices import Offer, Subject
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.steps import step, words
from storage import settings

KEYS = tuple(f.name for f in fields(Centre))
_HINTED = frozenset(
    {
        "storage_place",
        "recipient_legal_name",
        "privacy_contact",
        "chat_files",
        "chat_reports",
        "issued_on",
        "outcome_days",
    }
)
_TYPES = {"chat_files": "bool", "chat_reports": "bool", "issued_on": "date", "outcome_days": "int"}
_YES_NO = tuple(key for key, type_ in _TYPES.items() if type_ == "bool")


@command("settings", Action.SETTINGS)
async def summary(ctx: Ctx) -> None:
    rows = tuple((Offer(f"set.{key}", label=f"field_{key}"),) for key in KEYS)
    centre = await ctx.centre()
    told = asdict(centre)
    facts = told | {key: ctx.catalog.label(told[key], ctx.locale) for key in _YES_NO}
    ctx.show("settings/summary", facts, (*rows, *BACK))


@press("set", Action.SETTINGS)
async def choose(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in KEYS:
        ctx.toast("errors/bad_press")
        return
    await forms.open_form(ctx, f"setting:{pressed.arg}")


def _build(ctx: Ctx, key: str) -> Form:
    asked = step(ctx, key, _TYPES.get(key, "text"), hint=key if key in _HINTED else None)
    return Form(f"setting:{key}", 1, Action.SETTINGS, words(ctx.catalog, "form_settings"), (asked,))


@form("setting", Action.SETTINGS, _build)
async def save(ctx: Ctx, draft: Draft) -> None:
    key = draft.form.partition(":")[2]
    value = str(draft.answers[key])
    await settings.save(ctx.tx, {key: value})
    await ctx.record("setting_changed", Subject("setting", KEYS.index(key)), key=key)
    label = ctx.catalog.label(f"field_{key}", ctx.locale)
    shown = ctx.catalog.label(value, ctx.locale) if key in _YES_NO else value
    ctx.show("settings/saved", {"label": label, "value": shown}, ((Offer("go.settings", label="settings"),),))
