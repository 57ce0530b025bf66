"""报送情况: how the report of every base stands, what waits for the centre, who is late; 统计期."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.access import Action
from domain.annual_editing import fix_period
from domain.annual_papers import Period
from domain.annual_progress import is_late
from domain.annual_report import State
from domain.forms import Draft, Form
from domain.ladders import ANNUAL_REPORT, ladder
from domain.notices import Offer, Rows, Subject
from domain.obligations import Obligation
from domain.obligations import State as Owing
from handlers import forms, reports
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.steps import step, words
from storage import annual, obligations
from storage.annual import Listed

LISTED = 60
NAMED = 30

_SETTLED = frozenset({Owing.CLAIMED, Owing.RECEIVED, Owing.WAIVED})
"""What an obligation says of a base that reports another way; else the report itself says how it stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A base in the list. `status`: none, a state of its report, or claimed, received, waived."""

    listed: Listed
    obligation: Obligation | None
    status: str
    late: bool


Only = Callable[[Line], bool]

FILTERS: Mapping[str, Only] = {
    "all": lambda _: True,
    State.SUBMITTED.value: lambda line: line.status == State.SUBMITTED,
    State.SEALED.value: lambda line: line.status == State.SEALED,
    "late": lambda line: line.late,
}
_ORDER = (State.SUBMITTED.value, State.SEALED.value, Owing.CLAIMED.value)
"""What waits for the centre comes first, what is complete last."""
_COMPLETE = (State.ACCEPTED.value, Owing.RECEIVED.value, Owing.WAIVED.value)


# --- the list ---------------------------------------------------------------------------------------------


@command("reports", Action.REPORTS)
async def overview(ctx: Ctx) -> None:
    await _show(ctx, "all")


@press("reports_only", Action.REPORTS)
async def only(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in FILTERS:
        ctx.toast("errors/bad_press")
        return
    await _show(ctx, pressed.arg)


async def _show(ctx: Ctx, only: str) -> None:
    year = await reports.year_of(ctx)
    lines = await _lines(ctx, year)
    shown = sorted(filter(FILTERS[only], lines), key=_place)
    period = await annual.period(ctx.tx, year)
    counted = Counter(line.status for line in lines)
    facts = {
        "as_of": ctx.now,
        "year": year,
        "due": ladder(ANNUAL_REPORT).due_on(year),
        "total": len(lines) - counted[Owing.WAIVED.value],
        "counts": [{"status": status, "n": counted[status]} for status in sorted(counted, key=_rank)],
        "late": sum(line.late for line in lines),
        "period": [period.first.isoformat(), period.cut_off.isoformat()] if period else None,
        "only": only,
        "rows": [_row(line) for line in shown[:NAMED]],
        "more": max(len(shown) - NAMED, 0),
    }
    ctx.show(
        "reports/list", facts, (*_filters(ctx, lines, only), *_links(ctx, year, shown), *_beside(ctx, year))
    )


def _place(line: Line) -> tuple[int, bool]:
    return _rank(line.status), not line.late


def _rank(status: str) -> int:
    if status in _ORDER:
        return _ORDER.index(status)
    return len(_ORDER) + (status in _COMPLETE)


def _row(line: Line) -> dict[str, object]:
    expected = line.obligation.expected_on if line.obligation else None
    until = line.listed.extended_until
    return {
        "base": line.listed.base,
        "status": line.status,
        "late": line.late,
        "until": until.isoformat() if until and line.status not in _COMPLETE else None,
        "expected": expected if line.status not in _COMPLETE else None,
    }


async def _lines(ctx: Ctx, year: int) -> list[Line]:
    """Every base of the year in the order of the directory."""
    owed = await obligations.list_of_year(ctx.tx, ANNUAL_REPORT, year)
    by_base = {one.obligation.base_id: one.obligation for one in owed}
    listed = await annual.list_of_year(ctx.tx, year)
    return [_line(one, by_base.get(one.base_id), year, ctx.today) for one in listed]


def _line(listed: Listed, obligation: Obligation | None, year: int, today: date) -> Line:
    owing = obligation.state if obligation else Owing.OPEN
    if listed.state is State.ACCEPTED or owing not in _SETTLED:
        status = listed.state.value if listed.state and listed.begun else "none"
    else:
        status = owing.value
    late = is_late(year, listed.counts_on, listed.extended_until, today)
    settled = owing in (Owing.RECEIVED, Owing.WAIVED) and not listed.versions
    return Line(listed, obligation, status, late and not settled)


def _filters(ctx: Ctx, lines: Sequence[Line], only: str) -> Rows:
    """Each with how many there are; the present one is not offered."""
    offers = [
        Offer(f"reports_only.{name}", text=f"{ctx.catalog.label(f'reports_{name}', ctx.locale)} {n}")
        for name, wanted in FILTERS.items()
        if (n := sum(map(wanted, lines))) and name != only
    ]
    return tuple(tuple(offers[at : at + 2]) for at in range(0, len(offers), 2))


def _links(ctx: Ctx, year: int, lines: Sequence[Line]) -> Rows:
    links = [_link(ctx, year, line) for line in lines[:LISTED]]
    return tuple(tuple(links[at : at + 2]) for at in range(0, len(links), 2))


def _link(ctx: Ctx, year: int, line: Line) -> Offer:
    """To the report where it was submitted, else to what the base owes."""
    listed = line.listed
    if listed.report_id is not None and listed.versions and ctx.may(Action.REPORT_READ, listed.base_id):
        return Offer("annual", listed.report_id, text=listed.base)
    if line.obligation is not None:
        return Offer("report_base", line.obligation.id, text=listed.base)
    return Offer("annual_record", listed.base_id, year, text=listed.base)


def _beside(ctx: Ctx, year: int) -> Rows:
    fixing = ((Offer("annual_period", year),),) if ctx.may(Action.REPORT_PERIOD) else ()
    return (*fixing, *BACK)


# --- 统计期 -----------------------------------------------------------------------------------------------


@press("annual_period", Action.REPORT_PERIOD)
async def begin_period(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, f"annual_period:{await reports.year_of(ctx)}")


def _period_form(ctx: Ctx, _: str) -> Form:
    asked = (
        step(ctx, "first_on", "date", hint="first_on"),
        step(ctx, "cut_off_on", "date", hint="cut_off_on"),
    )
    return Form("annual_period", 1, Action.REPORT_PERIOD, words(ctx.catalog, "form_annual_period"), asked)


@form("annual_period", Action.REPORT_PERIOD, _period_form)
async def save_period(ctx: Ctx, draft: Draft) -> None:
    """For the year of the list; what was signed for another period needs to be signed anew."""
    year = int(draft.form.partition(":")[2])
    first, cut_off = (date.fromisoformat(str(draft.answers[key])) for key in ("first_on", "cut_off_on"))
    actor = ctx.require(Action.REPORT_PERIOD)
    period = fix_period(Period(first, cut_off), year, actor)
    await annual.fix_period(ctx.tx, year, period, actor.person_id, ctx.now)
    told = {"first": first.isoformat(), "cut_off": cut_off.isoformat()}
    await ctx.record("annual_period_fixed", Subject("year", year), **told)
    await _show(ctx, "all")
