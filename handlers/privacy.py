"""/privacy: what is kept about me, why and for how long, who has seen it (PIPL Articles 17, 44 and 45)."""

from datetime import date

from domain.access import Action
from domain.notices import Offer, Rows
from domain.people import CENTRE_ROLES, Actor, Person
from domain.privacy import Seen, by_day
from domain.retention import DAY_MS, Kind, kept_ms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from storage import access_log, bases, people, privacy

LINES_READ = 300
DAYS_SHOWN = 15
OWN = (Offer("go.privacy", label="home"),)
"""The way back to the page."""


@command("privacy", Action.PRIVACY)
async def page(ctx: Ctx) -> None:
    centre = await ctx.centre()
    facts = {
        "storage_place": centre.storage_place,
        "tel": centre.tel,
        "email": centre.email,
        "recipient_legal_name": centre.recipient_legal_name,
        "privacy_contact": centre.privacy_contact,
        "of_base": not ctx.require(Action.PRIVACY).of_centre,
        "text_days": kept_ms(Kind.TEXTS) // DAY_MS,
        "draft_days": kept_ms(Kind.DRAFTS) // DAY_MS,
        "access_years": kept_ms(Kind.ACCESS) // DAY_MS // 365,
        "consents": await consents(ctx),
    }
    ctx.show("privacy/page", facts, (*_ways(), *BACK))


def _ways() -> Rows:
    return (
        (Offer("privacy_see"), Offer("privacy_export", label="export")),
        (Offer("privacy_correct", label="annual_correct"), Offer("privacy_seen")),
        (Offer("withdraw_consent"), Offer("erase_me")),
    )


@redraws("privacy")
async def redraw(ctx: Ctx, _: int) -> None:
    await page(ctx)


async def consents(ctx: Ctx) -> list[dict[str, object]]:
    given = await people.consents(ctx.tx, ctx.me.id)
    return [{"kind": c.kind, "version": c.version, "given_at": c.given_at} for c in given]


@press("privacy_see", Action.PRIVACY)
async def see(ctx: Ctx, _: Press) -> None:
    person = ctx.me
    facts = own(person) | {
        "units": await units(ctx, ctx.require(Action.PRIVACY)),
        "kept": await privacy.own_counts(ctx.tx, person.id),
    }
    ctx.show("privacy/see", facts, ((Offer("privacy_correct", label="annual_correct"),), OWN))


def own(person: Person) -> dict[str, object]:
    """The person's own, in full: nobody else is shown this page."""
    return {
        "name": person.name,
        "post": person.post,
        "phone": person.phone,
        "phone_shared": person.phone_shared,
        "office_phone": person.office_phone,
        "telegram_id": person.telegram_id,
        "enrolled_at": person.enrolled_at,
    }


async def units(ctx: Ctx, actor: Actor) -> list[dict[str, object]]:
    """The offices held now, and for which unit."""
    centre = (await ctx.centre()).centre
    found: list[dict[str, object]] = []
    for held in actor.memberships:
        base = await bases.get(ctx.tx, held.base_id) if held.base_id is not None else None
        unit = centre if held.role in CENTRE_ROLES or base is None else base.name
        found.append({"unit": unit, "role": held.role})
    return found


@press("privacy_seen", Action.PRIVACY)
async def seen(ctx: Ctx, _: Press) -> None:
    """Who has seen or taken along my data: by role, day and occasion; not by name."""
    lines = await access_log.about(ctx.tx, ctx.me.id, LINES_READ)
    days = by_day((_day(ctx, one.at), one.role, Seen(one.what)) for one in lines)
    rows = [
        {"day": one.day.isoformat(), "role": one.role, "what": one.what, "times": one.times}
        for one in days[:DAYS_SHOWN]
    ]
    centre = await ctx.centre()
    facts = {"rows": rows, "more": max(len(days) - DAYS_SHOWN, 0), "privacy_contact": centre.privacy_contact}
    ctx.show("privacy/seen", facts, (OWN,))


def _day(ctx: Ctx, instant: int) -> date:
    return ctx.services.calendar.today(instant)
