"""What a base owes beside its annual report, for its own people: self-check and project (Articles 4, 6)."""

from datetime import timedelta

from domain.access import Action
from domain.errors import Forbidden
from domain.ladders import ANNUAL_REPORT, FUNDS, MILESTONE, SELF_CHECK, kind_of
from domain.notices import Offer, Rows
from domain.obligations import Obligation
from handlers import duties
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.serving import REDRAWS
from storage import annual, bases, obligations
from storage.obligations import Titled

LISTED = 20
DONE_SHOWN = timedelta(days=365)
SHOWN = (SELF_CHECK, MILESTONE, FUNDS)


@press("own_duties", Action.REPORT)
async def overview(ctx: Ctx, pressed: Press) -> None:
    """The earliest first; each is a button to its page."""
    ctx.require(Action.REPORT, pressed.id)
    base = await bases.get(ctx.tx, pressed.id)
    known = await obligations.others_of_base(ctx.tx, base.id, ANNUAL_REPORT, ctx.today - DONE_SHOWN)
    listed = [one for one in known if kind_of(one.obligation.kind) in SHOWN][-LISTED:]
    facts = {"base": base.name, "rows": await _rows(ctx, listed)}
    links: Rows = tuple(
        (Offer("own_duty", one.obligation.id, text=_name(ctx, one.obligation, one.title)),) for one in listed
    )
    ctx.show("project/own", facts, (*links, (Offer("go.report", label="report"), *BACK[0])))


async def _rows(ctx: Ctx, listed: list[Titled]) -> list[dict[str, object]]:
    owed = await obligations.with_people(ctx.tx, [one.obligation for one in listed])
    standings = await annual.with_standings(ctx.tx, owed) if owed else []
    return [
        {
            "kind": kind_of(one.obligation.kind),
            "year": one.obligation.year,
            "title": one.title or None,
            "due": standing.due_on,
            "state": one.obligation.state,
        }
        for one, standing in zip(listed, standings, strict=True)
    ]


def _name(ctx: Ctx, obligation: Obligation, title: str) -> str:
    """Its title; what every base owes goes by its kind and year."""
    kind = ctx.catalog.label(f"duty_kind_{kind_of(obligation.kind)}", ctx.locale)
    return title or f"{obligation.year} {kind}"


@press("own_duty", Action.REPORT)
async def show(ctx: Ctx, pressed: Press) -> None:
    obligation = await duties.locked(ctx, pressed.id, Action.REPORT)
    kind = kind_of(obligation.kind)
    if kind not in SHOWN:
        raise Forbidden
    await REDRAWS[kind](ctx, obligation.id)
