"""系统建议: figures that the bot can propose from what it has on record, each with where it comes from.

The liaison takes one as it is, or puts it right with a reason (Article 9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from domain.access import Action
from domain.annual_content import Part, Source
from domain.annual_editing import Written
from domain.annual_report import Report
from domain.errors import Forbidden
from domain.forms import Draft, Form
from domain.indicators import edition
from domain.notices import Offer
from domain.requests import Request, State
from handlers import annual, forms
from handlers.annual_fill import figure_step, show_figures
from handlers.annual_home import as_seen, mine
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.routes import press
from handlers.steps import step
from storage import requests
from storage.engine import Tx

MOST = 500
NAMED = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A figure as an entry keeps it, and the numbers of the records that it was counted from."""

    text: str
    records: tuple[str, ...]


class FigureSource(Protocol):
    async def propose(self, tx: Tx, report: Report) -> Mapping[str, Proposal]:
        """By code; a figure on which the record says nothing is not among them, and never 0."""


class OverseasGrants:
    """I12 境外专利授权量 from the requests of 涉外授权专利资助: a patent each, by the day of its grant.

    It counts what was applied for here and no more, so it is a beginning; no other service records what an
    indicator counts: a pledge that was asked for is no loan, a training that was asked for is none held.
    """

    service, code = "S206", "I12"

    async def propose(self, tx: Tx, report: Report) -> Mapping[str, Proposal]:
        listed = await requests.list_of_base(tx, report.base_id, MOST)
        told = [one for one in listed if self._counts(one, report)]
        patents = {(str(one.answers.get("country")), str(one.answers.get("foreign_no"))) for one in told}
        if not patents:
            return {}
        return {self.code: Proposal(str(len(patents)), tuple(sorted(one.number for one in told)))}

    def _counts(self, request: Request, report: Report) -> bool:
        if request.service != self.service or request.state is State.WITHDRAWN:
            return False
        day = str(request.answers.get("grant_date") or "")
        if report.period is None:
            return day.startswith(f"{report.year}-")
        return report.period.first.isoformat() <= day <= report.period.cut_off.isoformat()


SOURCES: list[FigureSource] = [OverseasGrants()]
"""Other features add theirs."""


async def proposals(tx: Tx, report: Report) -> dict[str, Proposal]:
    """Of all sources, by code; the first that knows a figure proposes it."""
    found: dict[str, Proposal] = {}
    for source in SOURCES:
        found = {**await source.propose(tx, report), **found}
    known = edition(report.year).by_code
    return {code: one for code, one in found.items() if code in known}


@press("annual_proposed", Action.REPORT_FILL)
async def proposed(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await mine(ctx, pressed.id))


async def _show(ctx: Ctx, report: Report) -> None:
    told, present = await proposals(ctx.tx, report), report.content.figures
    by_code = edition(report.year).by_code
    rows = [
        {
            "code": code,
            "name": by_code[code].short,
            "unit": by_code[code].unit.words,
            "value": one.text,
            "records": list(one.records[:NAMED]),
            "of": len(one.records),
            "present": present.get(code),
        }
        for code, one in told.items()
    ]
    ways = tuple(
        (
            Offer(f"annual_adopt.{code}", report.id, report.rev, text=_worded(ctx, "annual_adopt", code)),
            Offer(f"annual_correct.{code}", report.id, report.rev, text=_worded(ctx, "annual_correct", code)),
        )
        for code in told
    )
    back = Offer("annual_figures", report.id, report.rev, label="home")
    ctx.show(
        "annual/fill_proposed", {"year": report.year, "rows": rows}, (*ways, (back,)), subject=report.subject
    )


def _worded(ctx: Ctx, key: str, code: str) -> str:
    return f"{ctx.catalog.label(key, ctx.locale)} {code}"


@press("annual_adopt", Action.REPORT_FILL)
async def adopt(ctx: Ctx, pressed: Press) -> None:
    """As it is proposed now, if it is what the page showed."""
    report = await as_seen(ctx, pressed)
    told = (await proposals(ctx.tx, report)).get(pressed.arg)
    if told is None:
        raise Forbidden
    entry = Written(Part.FIGURE, pressed.arg, told.text, Source.PROPOSED, ", ".join(told.records[:NAMED]))
    await show_figures(ctx, await annual.write(ctx, report, [entry], pressed.rev))


@press("annual_correct", Action.REPORT_FILL)
async def correct(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    name = f"annual_correct:{report.year}:{pressed.arg}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _build(ctx: Ctx, argument: str) -> Form:
    year, _, code = argument.partition(":")
    one = edition(int(year)).by_code[code]
    value = replace(figure_step(ctx, one), required=True)
    reason = step(ctx, "correct_reason", "text", hint="correct_reason")
    return Form(f"annual_correct:{argument}", 1, Action.REPORT_FILL, one.short, (value, reason))


@form("annual_correct", Action.REPORT_FILL, _build, Manner(at_once=True))
async def corrected(ctx: Ctx, draft: Draft) -> None:
    """Both at once: a correction without its reason is none."""
    report, code = await mine(ctx, draft.subject_id or 0), draft.form.rpartition(":")[2]
    value, reason = str(draft.answers[code]), str(draft.answers["correct_reason"])
    entry = Written(Part.FIGURE, code, value, Source.CORRECTED, reason)
    await show_figures(ctx, await annual.write(ctx, report, [entry]))
