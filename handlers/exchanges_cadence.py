"""沟通频次: how often the centre and a base speak is set on the base's card (Article 8, 定期)."""

from domain.access import Action
from domain.errors import Forbidden
from domain.exchange_cadence import MONTHS, NONE
from domain.notices import Offer, Subject
from handlers import exchanges_duties as duties
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.exchanges_list import show_base
from handlers.routes import press
from storage import exchange_cadences

CHOICES = (*MONTHS, NONE)


@press("exchange_every", Action.BASE_KEEP)
async def choose(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    present = await exchange_cadences.of_base(ctx.tx, ctx.today, base.id)
    offers = tuple(
        (Offer(f"exchange_each.{one}", base.id, label=f"exchange_every_{one}"),) for one in CHOICES
    )
    back = ((Offer("exchanges_of", base.id, label="home"),),)
    facts = {"base": base.name, "months": present.months if present else None}
    ctx.show("exchanges/every", facts, (*offers, *back))


@press("exchange_each", Action.BASE_KEEP)
async def choose_months(ctx: Ctx, pressed: Press) -> None:
    """Counted from today, or from the last regular exchange."""
    base = await base_of(ctx, pressed.id)
    if pressed.arg not in map(str, CHOICES):
        raise Forbidden
    await exchange_cadences.set_months(ctx.tx, base.id, int(pressed.arg), ctx.today)
    await duties.keep_cadences(ctx.tx, ctx.today, ctx.now, base.id)
    await ctx.record("exchange_cadence", Subject("base", base.id), months=int(pressed.arg))
    await show_base(ctx, base)
