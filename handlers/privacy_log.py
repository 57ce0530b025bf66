"""Who saw whose data: one line is written wherever people's numbers are shown or taken along."""

from collections.abc import Sequence

from domain.access import Action
from domain.people import Actor
from domain.privacy import Seen, looks_as
from handlers.context import Ctx
from storage import access_log
from storage.engine import Tx


async def saw(
    ctx: Ctx, what: Seen, *, person_ids: Sequence[int] | None = None, base_id: int | None = None
) -> None:
    """Record what the actor is about to see, in the transaction that shows it."""
    await seen_by(ctx.tx, ctx.require(Action.MENU), what, ctx.now, person_ids=person_ids, base_id=base_id)


async def seen_by(
    tx: Tx,
    actor: Actor,
    what: Seen,
    now: int,
    *,
    person_ids: Sequence[int] | None = None,
    base_id: int | None = None,
) -> None:
    """The same for somebody whom no update brought here. `person_ids` None: all people of the base, or all.

    One's own data are no access.
    """
    others = [one for one in person_ids or () if one != actor.person_id]
    if person_ids is not None and not others:
        return
    role = looks_as(actor)
    await access_log.record(tx, now, actor.person_id, role, what, person_ids=others, base_id=base_id)
