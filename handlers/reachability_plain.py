"""A notice as plain text: for an officer's work group (复制文字版), or a base that Telegram does not reach.

No name or state of a base and no person's data is in it; the other channel is told the base it is for.
"""

from collections.abc import Mapping

from domain.access import Action
from domain.bases import Base
from domain.ladders import kind_of
from domain.notices import Subject
from domain.obligations import Owed
from handlers.context import Ctx, Services
from storage import fallback, settings
from storage.engine import Tx

Facts = Mapping[str, object]

COPY_CHARS = 3900
"""With the line above it a message stays within Telegram's 4,096."""


def duty(services: Services, facts: Facts, locale: str) -> str:
    """What is due by when, and whom to ask; `facts` have kind, year, due, contact, tel and centre."""
    return services.catalog.text("reachability/plain_duty", locale, facts)


def copy(ctx: Ctx, text: str) -> None:
    """A message of its own, to be copied whole with one touch."""
    ctx.say("reachability/copy", {"text": text[:COPY_CHARS]})


async def copy_duty(ctx: Ctx, kind: str, year: int, due: object) -> None:
    ctx.require(Action.REPORTS)
    centre = await ctx.centre()
    facts = {
        "kind": kind_of(kind),
        "year": year,
        "due": due,
        "contact": ctx.me.name,
        "tel": ctx.me.office_phone or centre.tel,
        "centre": centre.centre,
    }
    copy(ctx, duty(ctx.services, facts, ctx.locale))


# --- the other channel ------------------------------------------------------------------------------------


async def duty_otherwise(
    services: Services, tx: Tx, owed: Owed, base: Base, facts: Facts, step: str, now: int
) -> None:
    """An urgent reminder that nobody of the base can be told here: once for each step."""
    obligation = owed.obligation
    kind = kind_of(obligation.kind)
    centre = (await settings.centre(tx)).centre
    told = {key: facts[key] for key in ("year", "contact", "tel")}
    text = duty(services, {**told, "kind": kind, "due": owed.due_on, "centre": centre}, services.locale)
    title = services.catalog.label(f"duty_kind_{kind}", services.locale)
    what = f"{obligation.kind}:{obligation.year}:{step}"
    await otherwise(services, tx, base, obligation.subject, what=what, title=title, text=text, now=now)


async def otherwise(
    services: Services, tx: Tx, base: Base, subject: Subject, *, what: str, title: str, text: str, now: int
) -> None:
    """Plan it for every channel of LIANLUO_FALLBACK; where there is none, nothing."""
    if not services.channels:
        return
    body = services.catalog.text("reachability/fallback", services.locale, {"base": base.name, "text": text})
    await fallback.plan(tx, services.channels, base.id, subject, what=what, title=title, text=body, now=now)
