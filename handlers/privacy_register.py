"""查阅记录: who saw or took along whose data, for the admin and the auditor. To look at it is a line too."""

from dataclasses import dataclass, replace

from domain.access import Action
from domain.errors import Refused
from domain.forms import Draft, Form
from domain.notices import Offer, Rows
from domain.privacy import Seen
from domain.retention import DAY_MS
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.routes import command, press
from handlers.steps import step, words
from storage import access_log, people
from storage.engine import Row

PAGE = 12
MOST_PAGES = 1000
PERIODS = {"month": 30, "year": 365, "all": 3 * 365}
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the register: on one occasion, of one person, of how long back; it travels in the buttons."""

    what: Seen | None = None
    period: str = "month"
    person_id: int = 0
    page: int = 0

    def offer(self, label: str, op: str = "access_at", **changes: object) -> Offer:
        there = replace(self, **({"page": 0} | changes))  # type: ignore[arg-type]
        return Offer(f"{op}.{there.period}_{there.what or ALL}", there.page, there.person_id, label=label)


@command("access", Action.ACCESS_LOG)
async def register(ctx: Ctx) -> None:
    await _show(ctx, Wanted())


@press("access_at", Action.ACCESS_LOG)
async def turn(ctx: Ctx, pressed: Press) -> None:
    wanted = wanted_by(pressed)
    if wanted is None:
        ctx.toast("errors/bad_press")
        return
    await _show(ctx, wanted)


def wanted_by(pressed: Press) -> Wanted | None:
    """None where the button is not one of the register's."""
    period, _, what = pressed.arg.partition("_")
    if period not in PERIODS or what not in {ALL, *Seen}:
        return None
    return Wanted(None if what == ALL else Seen(what), period, pressed.rev, min(pressed.id, MOST_PAGES))


async def _show(ctx: Ctx, wanted: Wanted) -> None:
    found = await access_log.page(
        ctx.tx,
        what=wanted.what,
        person_id=wanted.person_id or None,
        since=ctx.now - PERIODS[wanted.period] * DAY_MS,
        skip=wanted.page * PAGE,
        limit=PAGE + 1,
    )
    if wanted == Wanted():
        await saw(ctx, Seen.LOG)
    facts = {
        "what": wanted.what.value if wanted.what else None,
        "period": wanted.period,
        "person": await _name(ctx, wanted.person_id),
        "page": wanted.page + 1,
        "rows": [_row(row) for row in found[:PAGE]],
    }
    ctx.show(
        "privacy/register",
        facts,
        (*_turns(wanted, more=len(found) > PAGE), *_ways(wanted), *_erasing(ctx, wanted), *BACK),
    )


def _row(row: Row) -> dict[str, object]:
    return {
        "at": row["at"],
        "actor": row["actor"],
        "role": row["role"],
        "what": row["what"],
        "whose": row["person"] or row["base"],
    }


async def _name(ctx: Ctx, person_id: int) -> str | None:
    try:
        return (await people.get(ctx.tx, person_id)).name if person_id else None
    except LookupError:
        return None


def _turns(wanted: Wanted, *, more: bool) -> Rows:
    back = (wanted.offer("page_previous", page=wanted.page - 1),) if wanted.page else ()
    on = (wanted.offer("page_next", page=wanted.page + 1),) if more else ()
    return ((*back, *on),) if back or on else ()


def _ways(wanted: Wanted) -> Rows:
    """The other periods, the occasions, a person."""
    periods = tuple(
        wanted.offer(f"access_{period}", period=period) for period in PERIODS if period != wanted.period
    )
    occasions = [wanted.offer(f"seen_{what}", what=what) for what in Seen if what is not wanted.what]
    rows = [tuple(occasions[i : i + 3]) for i in range(0, len(occasions), 3)]
    whole = (wanted.offer("access_any", what=None, person_id=0),) if wanted.what or wanted.person_id else ()
    sheet = wanted.offer("access_sheet", "access_sheet")
    return (periods, *rows, (Offer("access_person"), *whole), (sheet,))


def _erasing(ctx: Ctx, wanted: Wanted) -> Rows:
    """For the admin, who has found somebody by name: they may have asked to be erased."""
    return (
        ((Offer("erase_for", wanted.person_id),),) if wanted.person_id and ctx.may(Action.ERASE_FOR) else ()
    )


@press("access_person", Action.ACCESS_LOG)
async def ask(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, "access_person")


def _form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "access_name", checks={"max_chars": 40})
    return Form("access_person", 1, Action.ACCESS_LOG, words(ctx.catalog, "form_access_person"), (asked,))


@form("access_person", Action.ACCESS_LOG, _form, Manner(at_once=True))
async def find(ctx: Ctx, draft: Draft) -> None:
    """What somebody of this name has seen, and who has seen theirs."""
    person_id = await access_log.named(ctx.tx, str(draft.answers["access_name"]).strip())
    if person_id is None:
        raise Refused("privacy/nobody_named")
    await _show(ctx, Wanted(period=ALL, person_id=person_id))
