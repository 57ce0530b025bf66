"""需电话联系: the bases that nobody can be written to, with the numbers to try, until a call is recorded."""

from domain.access import Action
from domain.notices import Offer, Subject
from domain.obligations import State
from domain.privacy import Seen
from handlers import reach
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.routes import press
from storage import bases, reachability

SHOWN = 8
NUMBERS = 3


@press("call_duties", Action.CALL_RECORD)
async def show(ctx: Ctx, _: Press) -> None:
    owed = await reachability.calls_owed(ctx.tx)
    rows, links = [], []
    for base_id, due_on in owed[:SHOWN]:
        base = await bases.get(ctx.tx, base_id)
        await saw(ctx, Seen.CALL_LIST, base_id=base_id)
        people = (await reach.numbers(ctx.tx, base_id))[:NUMBERS]
        rows.append({"base": base.short_name, "due": due_on, "people": people})
        links.append((Offer("call", base.id, text=f"{_word(ctx)} {base.short_name}"),))
    facts = {"rows": rows, "more": max(len(owed) - SHOWN, 0)}
    ctx.show("reachability/calls", facts, (*links, (Offer("go.bases", label="bases"),), *BACK))


def _word(ctx: Ctx) -> str:
    return ctx.catalog.label("call", ctx.locale)


async def called(ctx: Ctx, base_id: int) -> None:
    """A call was recorded: nobody else has to telephone the base for that."""
    if await reachability.end_calls(ctx.tx, [base_id], State.RECEIVED, ctx.now):
        await ctx.record("call_duty_done", Subject("base", base_id))
