"""暂离 and a changed number: what a person of a base tells about themselves (Article 8)."""

from dataclasses import replace

from domain.access import Action
from domain.errors import Invalid
from domain.fields import Field, parser
from domain.forms import Answers, Draft, Form, Reply, Step
from domain.notices import Notice, Offer, Subject, To
from domain.people import Person, Role
from handlers import forms, keyboards
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.reach import counterpart
from handlers.routes import press
from handlers.steps import step, words
from storage import absences, bases, people

CONTACTS = (Role.LIAISON, Role.DEPUTY)


@press("phone_change", Action.ABSENCE)
async def ask_for_number(ctx: Ctx, _: Press) -> None:
    """Telegram's own contact button is the only proof of a number; what comes is taken in `start`."""
    ctx.say("start/new_number", markup=keyboards.share_contact(ctx.catalog, ctx.locale))


# --- away -------------------------------------------------------------------------------------------------


@press("absence", Action.ABSENCE)
async def begin(ctx: Ctx, _: Press) -> None:
    """What was told, with the way back; or the question."""
    told = await absences.of_person(ctx.tx, ctx.me.id, ctx.today)
    if told is None:
        await forms.open_form(ctx, "absence", subject_id=_own_base(ctx))
        return
    first, last = told
    offers = ((Offer("absence_end"),), (Offer("go.profile", label="profile"),))
    ctx.show("absence/page", {"first": first, "last": last}, offers)


def _form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "away_from", "date", checks={"not_before": "today"}), _until(ctx))
    return Form("absence", 1, Action.ABSENCE, words(ctx.catalog, "form_absence"), steps)


def _until(ctx: Ctx) -> Step:
    asked = Field("away_until", words(ctx.catalog, "field_away_until"), "date")
    day = parser(asked, lambda: ctx.today)

    def parse(reply: Reply, answers: Answers) -> object:
        value = day(reply, answers)
        if str(value) < str(answers["away_from"]):
            raise Invalid("fields/not_before", day=answers["away_from"])
        return value

    return replace(step(ctx, "away_until", "date"), parse=parse, about=("away_from",))


@form("absence", Action.ABSENCE, _form)
async def be_away(ctx: Ctx, draft: Draft) -> None:
    """The other contact acts meanwhile; both, and the centre's officer, are told."""
    base_id = draft.subject_id or 0
    ctx.require(Action.ABSENCE, base_id)
    first, last = str(draft.answers["away_from"]), str(draft.answers["away_until"])
    await absences.add(
        ctx.tx, base_id=base_id, person_id=ctx.me.id, first_on=first, last_on=last, now=ctx.now
    )
    await ctx.record("away", Subject("base", base_id), first=first, last=last)
    others = await _others(ctx, base_id)
    facts = {"first": first, "last": last, "acting": [one.name for one in others]}
    ctx.show("absence/noted", facts, ((Offer("go.profile", label="profile"),),))
    base = await bases.get(ctx.tx, base_id)
    told = {"name": ctx.me.name, "base": base.name, "first": first, "last": last}
    acting = [Notice(To(person_id=one.id), "absence/you_act", told) for one in others]
    officer = Notice(
        await counterpart(ctx.tx, base), "absence/to_officer", told | {"acting": facts["acting"]}
    )
    await ctx.tell([*acting, officer])


@press("absence_end", Action.ABSENCE)
async def be_back(ctx: Ctx, _: Press) -> None:
    ended = await absences.end(ctx.tx, ctx.me.id, ctx.today, ctx.now)
    ctx.show("absence/ended", {}, ((Offer("go.profile", label="profile"),),))
    for base_id in dict.fromkeys(ended):
        await ctx.record("back", Subject("base", base_id))
        base = await bases.get(ctx.tx, base_id)
        told = {"name": ctx.me.name, "base": base.name}
        whom = [To(person_id=one.id) for one in await _others(ctx, base_id)]
        await ctx.tell([Notice(to, "absence/back", told) for to in (*whom, await counterpart(ctx.tx, base))])


async def _others(ctx: Ctx, base_id: int) -> list[Person]:
    """The base's other contacts who can be written to and are not away themselves."""
    away = await absences.on(ctx.tx, base_id, ctx.today)
    held = await people.holders(ctx.tx, CONTACTS, base_id)
    return [
        one.person
        for one in held
        if one.person.id not in {ctx.me.id, *away} and one.person.telegram_id and one.person.reachable
    ]


def _own_base(ctx: Ctx) -> int:
    actor = ctx.require(Action.ABSENCE)
    return next(m.base_id for m in actor.memberships if m.role in CONTACTS and m.base_id is not None)
