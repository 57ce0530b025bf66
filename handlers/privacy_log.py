"""Who saw whose data: one line is written wherever people's numbers are shown or taken along."""

from collections.abc import Sequence

from domain.access import Action
from domain.privacy import Seen, looks_as
from handlers.context import Ctx
from storage import access_log


async def saw(ctx: Ctx, what: Seen, *, person_ids: Sequence[int] = (), base_id: int | None = None) -> None:
    """Record what the actor is about to see, in the transaction that shows it. One's own is no access."""
    actor = ctx.require(Action.MENU)
    others = [one for one in person_ids if one != actor.person_id]
    if person_ids and not others:
        return
    await access_log.record(
        ctx.tx, ctx.now, actor.person_id, looks_as(actor), what, person_ids=others, base_id=base_id
    )
