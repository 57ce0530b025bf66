"""人员: the people of the bases, who can be written to and who cannot, and how the bases read (Article 8)."""

import zlib
from collections import Counter

from domain import directory as finding
from domain.access import Action
from domain.bases import Base, Status
from domain.errors import Stale
from domain.notices import Offer, Rows
from domain.people import BASE_ROLES
from domain.privacy import Seen
from domain.reachability import Reach
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.routes import command, press
from handlers.serving import redraws
from storage import bases, people, reachability
from storage.people import Holder

A_PAGE = 8


@command("people", Action.BASES)
async def listing(ctx: Ctx) -> None:
    """All of them, or what follows the command: a name, a base, a city or batch."""
    wanted = ctx.words_after("people")
    await bases.keep_search(ctx.tx, ctx.me.id, wanted)
    await _list(ctx, wanted, 0)


@press("people_page", Action.BASES)
async def turn(ctx: Ctx, pressed: Press) -> None:
    """Raises Stale when the person has looked for something else since."""
    wanted = await bases.search_of(ctx.tx, ctx.me.id)
    if pressed.rev != _mark(wanted):
        raise Stale("people", 0)
    await _list(ctx, wanted, pressed.id)


@redraws("people")
async def redraw(ctx: Ctx, _: int) -> None:
    await _list(ctx, await bases.search_of(ctx.tx, ctx.me.id), 0)


async def _list(ctx: Ctx, wanted: str, page: int) -> None:
    known = {base.id: base for base in await bases.listed(ctx.tx) if base.status is not Status.LEFT}
    held = [one for one in await people.holders(ctx.tx, BASE_ROLES) if one.membership.base_id in known]
    found = sorted(_matching(held, known, wanted), key=_is_reached)
    pages = max(-(-len(found) // A_PAGE), 1)
    page = min(page, pages - 1)
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    readings = Counter((await reachability.readings(ctx.tx, list(known))).values())
    facts = {
        "wanted": wanted,
        "readings": [{"reach": reach, "n": readings[reach]} for reach in Reach],
        "total": len(found),
        "page": page + 1,
        "pages": pages,
        "rows": [_row(one, known[one.membership.base_id or 0]) for one in shown],
    }
    await saw(ctx, Seen.PEOPLE, person_ids=[one.person.id for one in shown])
    ctx.show(
        "reachability/people", facts, (*_links(shown, known), *_turns(wanted, page, pages), *_ways(wanted))
    )


def _matching(held: list[Holder], known: dict[int, Base], wanted: str) -> list[Holder]:
    of_bases = {base.id for base in finding.matching(known.values(), wanted)}
    return [
        one for one in held if one.membership.base_id in of_bases or (wanted and wanted in one.person.name)
    ]


def _is_reached(holder: Holder) -> bool:
    """Those who cannot be written to come first."""
    return holder.person.telegram_id is not None and holder.person.reachable


def _row(holder: Holder, base: Base) -> dict[str, object]:
    return {
        "name": holder.person.name,
        "role": holder.membership.role,
        "base": base.short_name,
        "enrolled": holder.person.enrolled_at is not None,
        "reachable": _is_reached(holder),
    }


def _links(shown: list[Holder], known: dict[int, Base]) -> Rows:
    ids = dict.fromkeys(one.membership.base_id or 0 for one in shown)
    return tuple((Offer("base", base_id, text=known[base_id].short_name),) for base_id in ids)


def _turns(wanted: str, page: int, pages: int) -> Rows:
    mark = _mark(wanted)
    turns = (
        *((Offer("people_page", page - 1, mark, label="page_previous"),) if page > 0 else ()),
        *((Offer("people_page", page + 1, mark, label="page_next"),) if page + 1 < pages else ()),
    )
    return (turns,) if turns else ()


def _ways(wanted: str) -> Rows:
    back: Rows = ((Offer("go.people", label="all_people"),),) if wanted else ()
    return (*back, (Offer("go.bases", label="bases"),), *BACK)


def _mark(wanted: str) -> int:
    return zlib.crc32(wanted.encode())
