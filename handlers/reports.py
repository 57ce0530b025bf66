"""The annual summary (Article 9): who owes it, what a base says of it, 标记已收到.

What comes by mail or on paper is only marked here; it is filled in on the pages of the annual report.
"""

from domain.access import Action
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.ladders import ANNUAL_REPORT
from domain.notices import Notice, Offer, Rows, To
from domain.obligations import (
    RULES,
    Move,
    Obligation,
    State,
    decide,
    expect,
    report_due,
    season,
)
from domain.people import BASE_ROLES, Role
from domain.privacy import Seen
from handlers import annual as pages
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.nudges import facts_of
from handlers.privacy_log import saw
from handlers.routes import command, press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import annual, bases, obligations, people

LISTED = 60
NAMED = 30
PEOPLE = 8

_TOLD = {
    Move.RECEIVE: "reports/received",
    Move.WAIVE: "reports/waived",
    Move.REOPEN: "reports/reopened",
}
"""What the base hears of a move of the centre's."""


# --- the base's page --------------------------------------------------------------------------------------


@command("report", Action.REPORT)
async def own(ctx: Ctx) -> None:
    """The report of the base that the person works for, on the year of the season; of several, which one."""
    actor = ctx.require(Action.REPORT)
    year = await year_of(ctx)
    theirs = [base_id for base_id in actor.bases if ctx.may(Action.REPORT, base_id)]
    reports = [await annual.open_report(ctx.tx, base_id, year, ctx.now) for base_id in theirs]
    if len(reports) == 1:
        await pages.show(ctx, reports[0])
        return
    named = [(await bases.get(ctx.tx, one.base_id)).short_name for one in reports]
    rows = [{"base": name, "state": one.state.value} for name, one in zip(named, reports, strict=True)]
    links: Rows = tuple(
        (Offer("annual", one.id, one.rev, text=name),) for name, one in zip(named, reports, strict=True)
    )
    ctx.show("reports/which", {"year": year, "rows": rows}, (*links, *BACK))


async def _show_own(ctx: Ctx, obligation: Obligation) -> None:
    """With what is said of the obligation, and what the base may say."""
    base_id, year = obligation.base_id or 0, obligation.year
    await pages.show(ctx, await annual.open_report(ctx.tx, base_id, year, ctx.now))


@press("report_claim", Action.REPORT_CLAIM)
async def claim(ctx: Ctx, pressed: Press) -> None:
    """已另行报送: the centre checks it."""
    moved = await _move(ctx, pressed.id, Move.CLAIM, pressed.rev)
    await _show_own(ctx, moved)
    await _tell_officers(ctx, moved, "reports/claimed_officer", _centre_offers(ctx, moved))


@press("report_expect", Action.REPORT_CLAIM)
async def begin_expect(ctx: Ctx, pressed: Press) -> None:
    obligation = await _locked(ctx, pressed.id, Action.REPORT_CLAIM)
    if obligation.state is not State.OPEN:
        raise Stale("obligation", obligation.id)
    await forms.open_form(ctx, "report_expect", base_id=obligation.base_id, subject_id=obligation.id)


def _expect_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "expected_on", "date", checks={"not_before": "today"})
    return Form("report_expect", 1, Action.REPORT_CLAIM, words(ctx.catalog, "form_report_expect"), (asked,))


@form("report_expect", Action.REPORT_CLAIM, _expect_form)
async def save_expected(ctx: Ctx, draft: Draft) -> None:
    obligation = await _locked(ctx, draft.subject_id or 0, Action.REPORT_CLAIM)
    named = expect(obligation, ctx.require(Action.REPORT_CLAIM), str(draft.answers["expected_on"]), ctx.now)
    await obligations.save(ctx.tx, named)
    await ctx.record("report_expected", named.subject, base=named.base_id)
    await _show_own(ctx, named)
    await _tell_officers(ctx, named, "reports/expected_officer", ())


# --- the centre's pages -----------------------------------------------------------------------------------


@press("report_base", Action.REPORTS)
async def show(ctx: Ctx, pressed: Press) -> None:
    await _show_base(ctx, await _locked(ctx, pressed.id, Action.REPORTS))


async def _show_base(ctx: Ctx, obligation: Obligation) -> None:
    facts = await _facts(ctx, obligation) | {"people": await _people(ctx, obligation)}
    offers = (
        *await _report_offers(ctx, obligation),
        *(_centre_offers(ctx, obligation) if ctx.may(Action.REPORT_RECEIVE) else ()),
        (Offer("go.reports", label="reports"), *BACK[0]),
    )
    ctx.show("reports/base", facts, offers, subject=obligation.subject)


async def _report_offers(ctx: Ctx, obligation: Obligation) -> Rows:
    """To the report itself, and what an officer does about it."""
    base_id, year = obligation.base_id or 0, obligation.year
    if not ctx.may(Action.REPORT_READ, base_id):
        return ()
    report = await annual.of_base(ctx.tx, base_id, year)
    shown = ((Offer("annual", report.id, report.rev),),) if report is not None else ()
    if obligation.state is not State.OPEN or not ctx.may(Action.REPORT_RECORD, base_id):
        return shown
    return (*shown, (Offer("annual_record", base_id, year), Offer("extension", obligation.id)))


def _centre_offers(ctx: Ctx, obligation: Obligation) -> Rows:
    """What an officer may do with it: each leads to a page that asks once more."""
    return tuple(
        (Offer(f"report_{move}", obligation.id, obligation.rev),)
        for move in _TOLD
        if obligation.state in RULES[move].before
    )


async def _ask(ctx: Ctx, pressed: Press, move: Move) -> None:
    """It is not taken back lightly: who presses sees once more for whom."""
    obligation = await _locked(ctx, pressed.id, Action.REPORT_RECEIVE)
    decide(obligation, move, ctx.require(Action.REPORT_RECEIVE), pressed.rev, ctx.now)
    offers = (
        (Offer(f"report_do.{move}", obligation.id, obligation.rev, label="confirm"),),
        (Offer("report_base", obligation.id, label="home"),),
    )
    ctx.show("reports/confirm", {**await _facts(ctx, obligation), "move": move}, offers)


def _register(move: Move) -> None:
    async def ask(ctx: Ctx, pressed: Press) -> None:
        await _ask(ctx, pressed, move)

    press(f"report_{move}", Action.REPORT_RECEIVE)(ask)


for _asked in _TOLD:
    _register(_asked)


@press("report_do", Action.REPORT_RECEIVE)
async def make(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in set(_TOLD):
        ctx.toast("errors/bad_press")
        return
    move = Move(pressed.arg)
    moved = await _move(ctx, pressed.id, move, pressed.rev)
    await _show_base(ctx, moved)
    to = To(base_id=moved.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    await ctx.tell([Notice(to, _TOLD[move], await _facts(ctx, moved), subject=moved.subject)])


# --- both -------------------------------------------------------------------------------------------------


@redraws("obligation")
async def redraw(ctx: Ctx, obligation_id: int) -> None:
    """As the person may see it: the base its own page, the centre its."""
    if ctx.may(Action.REPORTS):
        await _show_base(ctx, await _locked(ctx, obligation_id, Action.REPORTS))
    else:
        await _show_own(ctx, await _locked(ctx, obligation_id, Action.REPORT))


async def _move(ctx: Ctx, obligation_id: int, move: Move, seen_rev: int) -> Obligation:
    obligation = await _locked(ctx, obligation_id, RULES[move].action)
    moved = decide(obligation, move, ctx.require(RULES[move].action), seen_rev, ctx.now)
    if not await obligations.save(ctx.tx, moved):
        raise Stale("obligation", obligation.id)
    await ctx.record(f"report_{move}", moved.subject, before=obligation.state, after=moved.state)
    return moved


async def _locked(ctx: Ctx, obligation_id: int, action: Action) -> Obligation:
    """One that the actor may not see does not exist for them. Raises Forbidden."""
    obligation = await obligations.lock(ctx.tx, obligation_id)
    if obligation is None or obligation.base_id is None:
        raise Forbidden
    ctx.require(action, obligation.base_id)
    return obligation


async def _facts(ctx: Ctx, obligation: Obligation) -> dict[str, object]:
    base = await bases.get(ctx.tx, obligation.base_id or 0)
    actor = {"actor": ctx.me.name}
    return actor | await facts_of(ctx.services, ctx.tx, obligation, base)


async def year_of(ctx: Ctx) -> int:
    """The season's, or the coming one where nothing was owed in it."""
    year = season(ctx.today)
    known = await obligations.list_of_year(ctx.tx, ANNUAL_REPORT, year)
    return year if known else report_due(ctx.today).year


async def _people(ctx: Ctx, obligation: Obligation) -> list[dict[str, object]]:
    held = await people.holders(ctx.tx, BASE_ROLES, obligation.base_id)
    await saw(ctx, Seen.BASE_CARD, person_ids=[holder.person.id for holder in held[:PEOPLE]])
    return [
        {
            "name": holder.person.name,
            "role": holder.membership.role,
            "tel": holder.person.office_phone or holder.person.phone,
            "enrolled": holder.person.enrolled_at is not None,
        }
        for holder in held[:PEOPLE]
    ]


async def _tell_officers(ctx: Ctx, obligation: Obligation, template: str, offers: Rows) -> None:
    [owed] = await obligations.with_people(ctx.tx, [obligation])
    facts = await _facts(ctx, obligation)
    await ctx.tell(
        [
            Notice(To(person_id=officer), template, facts, offers, subject=obligation.subject)
            for officer in owed.officers
        ]
    )
