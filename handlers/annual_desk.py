"""The centre's page of an annual report: 形式审查, 盖章件不可用, 接收 (Article 9)."""

from collections.abc import Mapping

from domain.access import Action
from domain.annual import Command, decide
from domain.annual_checklist import word_key
from domain.annual_content import Purpose
from domain.annual_report import EDITABLE, Move, Report, State
from domain.annual_rules import RULES, Demand, moves, offer
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.indicators import Severity
from domain.ladders import ANNUAL_REPORT
from domain.notices import Offer, Rows
from domain.verification import Discrepancy
from handlers import annual, annual_charge, forms
from handlers.annual import locked, page_for
from handlers.annual_leaves import parts
from handlers.annual_reading import reading
from handlers.annual_sign import signatures
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.steps import step, words
from storage import annual as annual_stored
from storage import obligations

_ASKED = (Move.PASS, Move.ACCEPT)
"""What is not taken back: it is asked once more."""


async def checked(ctx: Ctx, report_id: int) -> Report:
    """A report that the person may check. Raises Forbidden."""
    report = await locked(ctx, report_id)
    ctx.require(Action.REPORT_CHECK, report.base_id)
    return report


# --- the page ---------------------------------------------------------------------------------------------


@page_for(Action.REPORT_CHECK)
async def show(ctx: Ctx, report: Report) -> None:
    facts = await annual.facts(ctx, report) | await _submitted(ctx, report)
    ctx.show("annual/desk", facts, await _offers(ctx, report), subject=report.subject)


@page_for(Action.REPORT_OVERSEE)
async def show_only(ctx: Ctx, report: Report) -> None:
    """For 监督查阅: the same, and nothing that changes anything."""
    facts = await annual.facts(ctx, report) | await _submitted(ctx, report)
    reading = parts(report, of_centre=True) if facts["read"] else ()
    back = (Offer("go.reports", label="reports"), *BACK[0])
    ctx.show("annual/desk", facts, (*reading, back), subject=report.subject)


async def _submitted(ctx: Ctx, report: Report) -> dict[str, object]:
    """What was handed in last: when, for which day it counts, who signed it, what the rules find in it."""
    last = report.versions[-1] if report.versions else None
    read = await _readable(ctx, report)
    found = await annual.findings(ctx.tx, report) if read else []
    return {
        "read": read,
        "at": last.at if last else None,
        "counts_on": last.counts_on.isoformat() if last else None,
        "via": last.via.value if last else None,
        "signatures": signatures(report, last.sha256) if last else [],
        "errors": sum(one.severity is Severity.ERROR for one in found),
        "findings": len(found),
        "silent": sum(_silent(report, one) for one in found),
        "seal": {"via": report.seal.via.value, "at": report.seal.at} if report.seal else None,
        "in_charge": await annual_charge.name(ctx.tx, report),
        "asked": len(report.remarks[-1].items) if report.state in EDITABLE and report.returned else 0,
    }


def _silent(report: Report, found: Discrepancy) -> bool:
    """Whether it asks for a word that the base has not said."""
    return found.severity is not Severity.ERROR and word_key(found) not in report.content.explanations


async def _readable(ctx: Ctx, report: Report) -> bool:
    return await reading(ctx.tx, ctx.require(Action.REPORT_READ, report.base_id), report) is not None


async def _offers(ctx: Ctx, report: Report) -> Rows:
    """To read, to decide, and to what else is recorded of it."""
    own = moves(report, ctx.require(Action.REPORT_CHECK))
    deciding = tuple(offer(move, report) for move in own)
    owed = await obligations.of_base(ctx.tx, ANNUAL_REPORT, report.year, report.base_id)
    accepted = report.state is State.ACCEPTED
    beside = (
        *((Offer("report_base", owed.id),) if owed else ()),
        Offer("annual_revise", report.id, report.rev)
        if accepted
        else Offer("annual_record", report.base_id, report.year),
    )
    last = await annual_stored.of_base(ctx.tx, report.base_id, report.year - 1)
    if last is not None and last.state is State.ACCEPTED:
        beside = (*beside, Offer("annual_revise", last.id, last.rev, label="annual_revise_last"))
    return (
        *(parts(report, of_centre=True) if await _readable(ctx, report) else ()),
        *(deciding[at : at + 2] for at in range(0, len(deciding), 2)),
        beside,
        *await annual_charge.offers(ctx, report),
        (Offer("go.reports", label="reports"), *BACK[0]),
    )


# --- what is not taken back -------------------------------------------------------------------------------


async def _ask(ctx: Ctx, pressed: Press, move: Move) -> None:
    """Refused at once where it would be; else what follows is said, and asked."""
    report = await checked(ctx, pressed.id)
    await _try(ctx, report, move, pressed.rev)
    facts = await annual.facts(ctx, report) | {"move": move.value}
    offers = (
        (Offer(f"annual_do.{move}", report.id, report.rev, label="confirm"),),
        (Offer("annual", report.id, label="home"),),
    )
    ctx.show("annual/desk_confirm", facts, offers, subject=report.subject)


async def _try(ctx: Ctx, report: Report, move: Move, seen_rev: int) -> None:
    """What the move would make, thrown away. Raises what it would."""
    verified = Demand.VERIFIED in RULES[move].demands
    found = await (annual.settled_findings if verified else annual.findings)(ctx.tx, report)
    decide(report, Command(move, ctx.require(RULES[move].action), ctx.now, seen_rev, findings=found))


@press("annual_do", Action.REPORT_CHECK)
async def make(ctx: Ctx, pressed: Press) -> None:
    report = await checked(ctx, pressed.id)
    if pressed.arg not in {move.value for move in _ASKED}:
        raise Forbidden
    outcome = await annual.move(ctx, report, Move(pressed.arg), pressed.rev)
    await show(ctx, outcome.report)


def _register(move: Move) -> None:
    async def ask(ctx: Ctx, pressed: Press) -> None:
        await _ask(ctx, pressed, move)

    press(f"annual_{move}", RULES[move].action)(ask)


for _move in _ASKED:
    _register(_move)


# --- 盖章件不可用 -----------------------------------------------------------------------------------------


@press("annual_reseal", Action.REPORT_CHECK)
async def begin_reseal(ctx: Ctx, pressed: Press) -> None:
    report = await checked(ctx, pressed.id)
    if pressed.rev != report.rev or Move.RESEAL not in moves(report, ctx.require(Action.REPORT_CHECK)):
        raise Stale("annual_report", report.id)
    await forms.open_form(ctx, "annual_reseal", subject_id=report.id)


def _reseal_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "why_unusable", "longtext", hint="why_unusable")
    title = words(ctx.catalog, "annual_reseal")
    return gated(ctx, Form("annual_reseal", 1, Action.REPORT_CHECK, title, (asked,)))


@form("annual_reseal", Action.REPORT_CHECK, _reseal_form)
async def reseal(ctx: Ctx, draft: Draft) -> None:
    """Another copy is asked for, with what is wrong with this one."""
    report = await checked(ctx, draft.subject_id or 0)
    remarks: Mapping[str, str] = {Purpose.SEALED.value: str(draft.answers["why_unusable"])}
    outcome = await annual.move(ctx, report, Move.RESEAL, remarks=remarks)
    await show(ctx, outcome.report)
