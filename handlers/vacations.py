"""寒暑假: in a base's vacations it is reminded of urgent things only, and no time that waits for it runs."""

from dataclasses import replace
from datetime import date

from domain.access import Action
from domain.errors import Forbidden, Invalid, Stale
from domain.fields import Field, parser
from domain.forms import Answers, Draft, Form, Reply, Step
from domain.notices import Offer, Rows, Subject
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import bases, obligations, vacations

LISTED = 8
ON_CARD = 2


async def shown(ctx: Ctx, base_id: int) -> list[dict[str, object]]:
    """For the base's card."""
    found = await vacations.coming(ctx.tx, base_id, ctx.today)
    return [{"first": one.first, "last": one.last} for one in found[:ON_CARD]]


@press("vacations", Action.VACATION)
async def show(ctx: Ctx, pressed: Press) -> None:
    """Of the base that is named, or of the person's own."""
    await redraw(ctx, pressed.id or _own_base(ctx))


@redraws("vacations")
async def redraw(ctx: Ctx, base_id: int) -> None:
    ctx.require(Action.VACATION, base_id)
    base = await _base(ctx, base_id)
    found = (await vacations.coming(ctx.tx, base_id, ctx.today))[:LISTED]
    facts = {"base": base, "rows": [{"first": one.first, "last": one.last} for one in found]}
    remove: Rows = tuple(
        (Offer("vacation_off", one.id, base_id, text=f"{_word(ctx)} {one.first} – {one.last}"),)
        for one in found
    )
    ctx.show("vacations/page", facts, ((Offer("vacation_add", base_id),), *remove, *_back(ctx, base_id)))


def _word(ctx: Ctx) -> str:
    return ctx.catalog.label("vacation_off", ctx.locale)


def _back(ctx: Ctx, base_id: int) -> Rows:
    if ctx.may(Action.BASES):
        return ((Offer("base", base_id, label="base_page"),), *BACK)
    return ((Offer("go.profile", label="profile"),), *BACK)


async def _base(ctx: Ctx, base_id: int) -> str:
    """Its name. Raises Forbidden where there is none: the id came with a press."""
    try:
        return (await bases.get(ctx.tx, base_id)).name
    except LookupError:
        raise Forbidden from None


def _own_base(ctx: Ctx) -> int:
    actor = ctx.require(Action.VACATION)
    own = [base_id for base_id in actor.bases if ctx.may(Action.VACATION, base_id)]
    if not own:
        raise Forbidden
    return own[0]


# --- one more ---------------------------------------------------------------------------------------------


@press("vacation_add", Action.VACATION)
async def begin(ctx: Ctx, pressed: Press) -> None:
    ctx.require(Action.VACATION, pressed.id)
    await _base(ctx, pressed.id)
    await forms.open_form(ctx, "vacation", subject_id=pressed.id)


def _form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "vacation_from", "date"), _until(ctx))
    return Form("vacation", 1, Action.VACATION, words(ctx.catalog, "form_vacation"), steps)


def _until(ctx: Ctx) -> Step:
    """It has to begin before it ends, and must not be over."""
    asked = Field(
        "vacation_until",
        words(ctx.catalog, "field_vacation_until"),
        "date",
        checks={"not_before": "today"},
    )
    day = parser(asked, lambda: ctx.today)

    def parse(reply: Reply, answers: Answers) -> object:
        value = day(reply, answers)
        if str(value) < str(answers["vacation_from"]):
            raise Invalid("fields/not_before", day=answers["vacation_from"])
        return value

    return replace(step(ctx, "vacation_until", "date"), parse=parse, about=("vacation_from",))


@form("vacation", Action.VACATION, _form)
async def add(ctx: Ctx, draft: Draft) -> None:
    base_id = draft.subject_id or 0
    ctx.require(Action.VACATION, base_id)
    first, last = str(draft.answers["vacation_from"]), str(draft.answers["vacation_until"])
    await obligations.add_vacation(ctx.tx, base_id, date.fromisoformat(first), date.fromisoformat(last))
    await ctx.record("vacation_added", Subject("base", base_id), first=first, last=last)
    await redraw(ctx, base_id)


@press("vacation_off", Action.VACATION)
async def remove(ctx: Ctx, pressed: Press) -> None:
    base_id = pressed.rev
    ctx.require(Action.VACATION, base_id)
    if not await vacations.remove(ctx.tx, pressed.id, base_id):
        raise Stale("vacations", base_id)
    await ctx.record("vacation_removed", Subject("base", base_id))
    await redraw(ctx, base_id)
