"""保密审查 and 审核 within a base: the page, the press, the signed page that stands for it (Article 9)."""

from dataclasses import dataclass

from domain.access import Action
from domain.annual_content import Purpose
from domain.annual_report import Move, Report, Signing, State, Via
from domain.annual_rules import RULES, moves, offer
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.notices import Offer, Rows
from handlers import annual, forms
from handlers.annual import locked, page_for
from handlers.annual_leaves import parts
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.gated import gated
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.steps import step, words

HASH_SHOWN = 8
"""Digits of the sha256: enough to compare two versions by eye."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A signature that is awaited: its moves, and under which key the words of a refusal are kept."""

    signing: Signing
    sign: Move
    refuse: Move


_TURNS = {
    State.REVIEWING: Turn(Signing.REVIEW, Move.REVIEW, Move.REFUSE_REVIEW),
    State.APPROVING: Turn(Signing.APPROVAL, Move.APPROVE, Move.REFUSE_APPROVAL),
}
_BY_MOVE = {move: turn for turn in _TURNS.values() for move in (turn.sign, turn.refuse)}


def turn_of(report: Report) -> Turn:
    """The signature that it waits for. Raises Stale where it waits for none."""
    turn = _TURNS.get(report.state)
    if turn is None:
        raise Stale("annual_report", report.id)
    return turn


def short_hash(report: Report) -> str:
    return report.content.sha256[:HASH_SHOWN]


# --- the page ---------------------------------------------------------------------------------------------


async def show(ctx: Ctx, report: Report) -> None:
    """The report as its reviewer or its head sees it."""
    theirs = moves(report, ctx.require(Action.MENU))
    facts = await annual.facts(ctx, report) | {
        "hash": short_hash(report),
        "signatures": signatures(report, report.content.sha256),
        "turn": bool(theirs),
    }
    own = (tuple(offer(move, report) for move in theirs),) if theirs else ()
    others = ((Offer("own_duties", report.base_id),),)
    ctx.show("annual/review", facts, (*parts(report), *own, *others, *BACK), subject=report.subject)


page_for(Action.REPORT_REVIEW)(show)
page_for(Action.REPORT_APPROVE)(show)


def signatures(report: Report, sha256: str) -> list[dict[str, object]]:
    """Who signed this content, when and how."""
    signed = {one.signing: one for one in report.signatures if one.sha256 == sha256}
    return [
        {"signing": one.signing.value, "name": one.name, "at": one.at, "via": one.via.value}
        for one in signed.values()
    ]


# --- the press --------------------------------------------------------------------------------------------


async def _ask(ctx: Ctx, pressed: Press, move: Move) -> None:
    """Which version is signed, and that name and time are recorded, before it is."""
    report = await _own(ctx, pressed.id, move)
    if pressed.rev != report.rev or _TURNS.get(report.state) is not _BY_MOVE[move]:
        raise Stale("annual_report", report.id)
    facts = await annual.facts(ctx, report) | {
        "signing": _BY_MOVE[move].signing.value,
        "hash": short_hash(report),
        "name": ctx.me.name,
    }
    offers = (
        (Offer(f"annual_sign.{move}", report.id, report.rev, label="confirm"),),
        (Offer("annual", report.id, label="home"),),
    )
    ctx.show("annual/review_confirm", facts, offers, subject=report.subject)


@press("annual_sign", Action.REPORT)
async def sign(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in {turn.sign.value for turn in _TURNS.values()}:
        raise Forbidden
    move = Move(pressed.arg)
    report = await _own(ctx, pressed.id, move)
    outcome = await annual.move(ctx, report, move, pressed.rev)
    await show(ctx, outcome.report)


async def _refuse(ctx: Ctx, pressed: Press, move: Move) -> None:
    report = await _own(ctx, pressed.id, move)
    if pressed.rev != report.rev:
        raise Stale("annual_report", report.id)
    await forms.open_form(ctx, f"annual_refuse:{move}", subject_id=report.id)


def _refuse_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "changes", "longtext", hint="changes")
    return gated(
        ctx, Form("annual_refuse", 1, Action.REPORT, words(ctx.catalog, "form_annual_refuse"), (asked,))
    )


@form("annual_refuse", Action.REPORT, _refuse_form)
async def refuse(ctx: Ctx, draft: Draft) -> None:
    """请修改, with words: it goes back to whoever fills it in."""
    move = Move(draft.form.partition(":")[2])
    report = await _own(ctx, draft.subject_id or 0, move)
    remarks = {_BY_MOVE[move].signing.value: str(draft.answers["changes"])}
    outcome = await annual.move(ctx, report, move, remarks=remarks)
    await show(ctx, outcome.report)


async def _own(ctx: Ctx, report_id: int, move: Move) -> Report:
    """A report that the person may make this move with. Raises Forbidden."""
    report = await locked(ctx, report_id)
    ctx.require(RULES[move].action, report.base_id)
    return report


def _register(turn: Turn) -> None:
    async def ask(ctx: Ctx, pressed: Press) -> None:
        await _ask(ctx, pressed, turn.sign)

    async def open_refusal(ctx: Ctx, pressed: Press) -> None:
        await _refuse(ctx, pressed, turn.refuse)

    press(f"annual_{turn.sign}", RULES[turn.sign].action)(ask)
    press(f"annual_{turn.refuse}", RULES[turn.refuse].action)(open_refusal)


for _turn in _TURNS.values():
    _register(_turn)


# --- a signed page ----------------------------------------------------------------------------------------


def page_offers(report: Report) -> Rows:
    """For the liaison, where the reviewer or the head is not here: 签字页."""
    return ((Offer("annual_page", report.id, report.rev),),) if report.state in _TURNS else ()


@press("annual_page", Action.REPORT_FILL)
async def begin_page(ctx: Ctx, pressed: Press) -> None:
    """The form remembers for which content the page was signed."""
    report = await locked(ctx, pressed.id)
    ctx.require(Action.REPORT_FILL, report.base_id)
    turn = turn_of(report)
    if pressed.rev != report.rev:
        raise Stale("annual_report", report.id)
    name = f"annual_page:{turn.sign}.{short_hash(report)}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _page_form(ctx: Ctx, argument: str) -> Form:
    turn = _BY_MOVE[Move(argument.partition(".")[0])]
    asked = (
        step(ctx, "signed_page", "file_list", hint="signed_page"),
        step(ctx, "signed_by", hint=f"signed_by_{turn.signing}"),
    )
    return Form("annual_page", 1, Action.REPORT_FILL, words(ctx.catalog, f"signing_{turn.signing}"), asked)


@form("annual_page", Action.REPORT_FILL, _page_form, Manner(channel="chat_reports"))
async def take_page(ctx: Ctx, draft: Draft) -> None:
    report = await locked(ctx, draft.subject_id or 0)
    ctx.require(Action.REPORT_FILL, report.base_id)
    move, _, for_hash = draft.form.partition(":")[2].partition(".")
    if turn_of(report).sign != move or short_hash(report) != for_hash:
        raise Stale("annual_report", report.id)
    sent = [int(str(one)) for one in _listed(draft.answers["signed_page"])]
    report = await annual.attach_files(ctx, report, sent, Purpose.SIGNED_PAGE)
    outcome = await annual.move(
        ctx,
        report,
        Move(move),
        via=Via.SIGNED_PAGE,
        signed_by=str(draft.answers["signed_by"]),
        attachment_id=sent[-1] if sent else None,
    )
    await annual.show(ctx, outcome.report)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
