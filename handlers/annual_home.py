"""The annual report as its base works on it: how it stands, what comes next, its moves (Article 9)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from domain.access import Action
from domain.annual import Command, decide
from domain.annual_content import Purpose
from domain.annual_papers import PaperKind
from domain.annual_progress import Progress, progress
from domain.annual_report import EDITABLE, Move, Report, State
from domain.annual_rules import moves, offer
from domain.errors import Stale
from domain.ladders import ANNUAL_REPORT, ladder
from domain.notices import Offer, Rows
from domain.obligations import Move as Claim
from domain.obligations import Obligation
from domain.obligations import State as Owing
from domain.obligations import moves as claims
from handlers import annual
from handlers.annual import page_for
from handlers.annual_sign import page_offers
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import press
from storage import obligations

_TO_SEND = frozenset({State.DRAFT, State.RETURNED})


async def mine(ctx: Ctx, report_id: int) -> Report:
    """A report that the person fills in for their base. Raises Forbidden."""
    report = await annual.locked(ctx, report_id)
    ctx.require(Action.REPORT_FILL, report.base_id)
    return report


async def as_seen(ctx: Ctx, pressed: Press) -> Report:
    """The same, if the page shows it as it is. Raises Stale."""
    report = await mine(ctx, pressed.id)
    if report.rev != pressed.rev:
        raise Stale("annual_report", report.id)
    return report


@page_for(Action.REPORT_FILL)
async def show(ctx: Ctx, report: Report) -> None:
    reached = progress(report, await annual.findings(ctx.tx, report))
    owed = await obligations.of_base(ctx.tx, ANNUAL_REPORT, report.year, report.base_id)
    facts = await annual.facts(ctx, report) | {
        "due": owed.due_on if owed else ladder(ANNUAL_REPORT).due_on(report.year),
        "owing": owed.state.value if owed and not report.versions and _said(owed) else None,
        "expected": owed.expected_on if owed else None,
        "lacking": _lacking(reached.missing),
        "next": _next(reached.missing, report.year),
    }
    ctx.show("annual/home", facts, _offers(ctx, report, reached, owed), subject=report.subject)


def _said(owed: Obligation) -> bool:
    """Whether the base has said anything of it, or the centre: that it is open goes without saying."""
    return owed.state is not Owing.OPEN or owed.expected_on is not None


def _lacking(keys: Iterable[str]) -> dict[str, object]:
    """How much of each kind is missing."""
    kinds = Counter(key.partition(":")[0] for key in keys)
    return {
        "period": kinds["period"] > 0,
        "figures": kinds["figure"] + kinds["duty"],
        "sections": kinds["section"],
        "errors": kinds["error"],
        "words": kinds["word"],
    }


def _next(keys: Iterable[str], year: int) -> object:
    """The name of the first entry that the base can make."""
    for key in keys:
        kind, _, code = key.partition(":")
        if kind in ("figure", "duty", "section"):
            return annual.named(code, year)
    return None


# --- the buttons ------------------------------------------------------------------------------------------


def _offers(ctx: Ctx, report: Report, reached: Progress, owed: Obligation | None) -> Rows:
    rows = (
        *(_entering(report) if report.state in EDITABLE else ()),
        *_moving(ctx, report, reached),
        *page_offers(report),
        *(((Offer("annual_papers", report.id, report.rev),),) if report.period else ()),
        *(_claiming(ctx, owed) if owed and not report.versions else ()),
        (Offer("own_duties", report.base_id),),
    )
    return (*rows, *BACK)


def _entering(report: Report) -> Rows:
    def way(op: str) -> Offer:
        return Offer(op, report.id, report.rev)

    asked = ((way("annual_remarks"),),) if report.remarks and report.state in _TO_SEND else ()
    return (
        *asked,
        (way("annual_figures"), way("annual_sections")),
        (way("annual_files"), way("annual_check")),
    )


def _moving(ctx: Ctx, report: Report, reached: Progress) -> Rows:
    """The moves that would not be refused now."""
    possible = moves(report, ctx.require(Action.REPORT_FILL))
    ready = all(key.startswith("step:") for key in reached.missing)
    pressed = [
        move
        for move, now in (
            (Move.SEND, ready and report.state in _TO_SEND),
            (Move.SUBMIT, ready),
            (Move.SEAL, True),
        )
        if now and move in possible
    ]
    return tuple((offer(move, report),) for move in pressed)


def _claiming(ctx: Ctx, owed: Obligation) -> Rows:
    if Claim.CLAIM not in claims(owed, ctx.require(Action.REPORT)):
        return ()
    return ((Offer("report_claim", owed.id, owed.rev), Offer("report_expect", owed.id, owed.rev)),)


def to_report(report: Report) -> Rows:
    """The way back to its page."""
    return ((Offer("annual", report.id, report.rev, label="home"),),)


# --- moves ------------------------------------------------------------------------------------------------


@press("annual_send", Action.REPORT_FILL)
async def send(ctx: Ctx, pressed: Press) -> None:
    """To the unit's own review."""
    report = await mine(ctx, pressed.id)
    outcome = await annual.move(ctx, report, Move.SEND, pressed.rev)
    ctx.toast("annual/sent_for_review")
    await show(ctx, outcome.report)


@press("annual_submit", Action.REPORT_FILL)
async def ask(ctx: Ctx, pressed: Press) -> None:
    """What will be sent, and what follows, before it is."""
    report = await mine(ctx, pressed.id)
    command = Command(
        Move.SUBMIT,
        ctx.require(Action.REPORT_FILL),
        ctx.now,
        pressed.rev,
        findings=await annual.settled_findings(ctx.tx, report),
    )
    if decide(report, command).repeated:
        await show(ctx, report)
        return
    content = report.content
    facts = await annual.facts(ctx, report) | {
        "next_version": len(report.versions) + 1,
        "figures": len(content.figures),
        "sections": len(content.sections),
        "explanations": len(content.explanations),
        "files": [name for _, name, _ in content.files][:10],
        "signed": [
            {"signing": one.signing, "name": one.name, "via": one.via} for one in report.signed().values()
        ],
    }
    hand_in = Offer("annual_hand_in", report.id, report.rev, label="submit")
    ctx.show("annual/home_confirm", facts, ((hand_in,), *to_report(report)), subject=report.subject)


@press("annual_hand_in", Action.REPORT_FILL)
async def hand_in(ctx: Ctx, pressed: Press) -> None:
    """Twice is once: the receipt of the first stays."""
    report = await mine(ctx, pressed.id)
    outcome = await annual.move(ctx, report, Move.SUBMIT, pressed.rev)
    await show(ctx, outcome.report)


# --- papers to print --------------------------------------------------------------------------------------


@press("annual_papers", Action.REPORT_FILL)
async def show_papers(ctx: Ctx, pressed: Press) -> None:
    """Each is made and sent on a press of its own (handlers/annual_papers)."""
    report = await mine(ctx, pressed.id)
    kinds = [one for one in PaperKind if report.versions or one is not PaperKind.RECEIPT]
    papers = [
        Offer(f"annual_paper.{kind}", report.id, report.rev, label=f"annual_paper_{kind}") for kind in kinds
    ]
    rows = tuple(tuple(papers[i : i + 2]) for i in range(0, len(papers), 2))
    facts = {"year": report.year, "draft": report.state in EDITABLE}
    ctx.show("annual/home_papers", facts, (*rows, *to_report(report)), subject=report.subject)


# --- 请修改 -----------------------------------------------------------------------------------------------

LISTED = 20


@press("annual_remarks", Action.REPORT_FILL)
async def remarks(ctx: Ctx, pressed: Press) -> None:
    """What was asked last, item by item, with a way to each."""
    report = await mine(ctx, pressed.id)
    if not report.remarks:
        raise Stale("annual_report", report.id)
    last = report.remarks[-1]
    items = list(last.items.items())[:LISTED]
    rows = [{"name": annual.about(ctx, key, report.year), "words": words} for key, words in items]
    ways = [way for key, _ in items if (way := _way(ctx, report, key)) is not None]
    facts = {"year": report.year, "version": last.version, "at": last.at, "rows": rows}
    ctx.show("annual/home_remarks", facts, (*((one,) for one in ways), *to_report(report)))


def _way(ctx: Ctx, report: Report, key: str) -> Offer | None:
    """To what a remark is about."""
    name = annual.named(key, report.year)
    text = name if isinstance(name, str) else name.pick(ctx.locale)
    if any(file.name == key for file in report.files if file.purpose is not Purpose.SEALED):
        return Offer("annual_files", report.id, report.rev)
    if isinstance(name, str):
        return None
    op = "annual_one" if key[1:].isdigit() else "annual_section"
    return replace(Offer(f"{op}.{key}", report.id, report.rev), text=text)
