"""典型案例 (Article 10): the shelf, a case's page, consents and withdrawal."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import cases as rules
from domain.access import Action, may
from domain.cases import Case, Move, Section, State, Use, decide, offers, readable
from domain.errors import Forbidden
from domain.indicators import edition
from domain.notices import Notice, Offer, Rows, SendState, Subject, To
from domain.people import Role
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from storage import bases, cases, jobs, outbox
from storage.engine import Tx, durably

OWN_SHOWN = 5
SHELF_SHOWN = 15
SENT_SHOWN = 30
STOP = "case_stop"
"""The kind of the job that sees to what was on its way when a consent ended."""
LOOK_AGAIN_MS = 2_000
SENDS = "case_sends"
"""The subject of what is sent of a case, by the case's id."""
OFFICERS = To(roles=frozenset({Role.OFFICER}))
TO_LIST: Rows = ((Offer("go.cases", label="cases"),), *BACK)
_NOT_SENT = frozenset({SendState.PLANNED, SendState.QUEUED})


@command("cases", Action.CASES)
async def listed(ctx: Ctx) -> None:
    """One's own and the shelf, for the centre what waits for review; or what says the words behind it."""
    wanted = ctx.words_after("cases")
    shelf = [case for case in await cases.list_in(ctx.tx, [State.PUBLISHED]) if case.on_shelf]
    own = [] if wanted else await _own(ctx)
    known = {case.id for case in own}
    found = [case for case in rules.matching(shelf, wanted) if case.id not in known]
    shown = found[:SHELF_SHOWN]
    facts = {
        "wanted": wanted,
        "own": [await _brief(ctx, case) for case in own],
        "shelf": [await _brief(ctx, case) for case in shown],
        "more": len(found) - len(shown),
        "of_centre": ctx.may(Action.CASE_READ),
    }
    new = ((Offer("case_new"),),) if ctx.may(Action.CASE_FILE) else ()
    ctx.show("cases/list", facts, (*new, *_pages([*own, *shown]), *BACK))


async def _own(ctx: Ctx) -> list[Case]:
    if ctx.may(Action.CASE_READ):
        return await cases.list_in(ctx.tx, [State.SUBMITTED, State.PASSED], SHELF_SHOWN)
    return await cases.list_of_base(ctx.tx, own_base(ctx, Action.CASES), OWN_SHOWN)


def own_base(ctx: Ctx, action: Action) -> int:
    """The base that the person acts for. Raises Forbidden."""
    actor = ctx.require(action)
    return next(base_id for base_id in actor.bases if may(actor, action, base_id))


def _pages(shown: Sequence[Case]) -> Rows:
    offered = [Offer("case", case.id, text=case.number) for case in shown]
    return tuple(tuple(offered[i : i + 2]) for i in range(0, len(offered), 2))


async def _brief(ctx: Ctx, case: Case) -> dict[str, object]:
    base = await bases.get(ctx.tx, case.base_id)
    return {"number": case.number, "state": case.state.value, "title": case.title, "base": base.short_name}


# --- a case's page ----------------------------------------------------------------------------------------


async def locked(ctx: Ctx, case_id: int) -> Case:
    """The case; one that the actor may not read does not exist for them. Raises Forbidden."""
    case = await cases.lock(ctx.tx, case_id)
    if case is None or not readable(ctx.actor, case):
        raise Forbidden
    return case


@press("case", Action.CASES)
async def page(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await locked(ctx, pressed.id))


@redraws("case")
async def redraw(ctx: Ctx, case_id: int) -> None:
    await show(ctx, await locked(ctx, case_id))


async def show(ctx: Ctx, case: Case) -> None:
    actor = ctx.require(Action.CASES)
    own = may(actor, Action.CASE_CONSENT, case.base_id)
    inside = own or may(actor, Action.CASE_READ)
    facts = {**await facts_of(ctx, case), "inside": inside, "sent": await _sent(ctx, case) if inside else []}
    ways: list[tuple[Offer, ...]] = [*offers(case, actor.roles(case.base_id))]
    if own and case.state is not State.WITHDRAWN:
        ways.append((Offer("case_consents", case.id, case.rev), *_figures(ctx, case)))
    ways.append((Offer("case_docx", case.id),))
    ctx.show("cases/page", facts, (*ways, *TO_LIST))


def _figures(ctx: Ctx, case: Case) -> tuple[Offer, ...]:
    editable = case.state in (State.SUBMITTED, State.RETURNED) and ctx.may(Action.CASE_FILE, case.base_id)
    return (Offer("case_figures", case.id, case.rev),) if editable else ()


async def facts_of(ctx: Ctx, case: Case) -> dict[str, object]:
    base = await bases.get(ctx.tx, case.base_id)
    return {
        "number": case.number,
        "state": case.state.value,
        "version": case.version,
        "title": case.title,
        "base": base.name,
        "sections": [{"key": key.value, "text": case.sections[key]} for key in Section],
        "figures": [_figure(ctx, one) for one in case.figures],
        "consents": [use.value for use in Use if use in case.consents],
        "remark": case.remark,
    }


def _figure(ctx: Ctx, one: rules.Quoted) -> dict[str, object]:
    indicator = edition(one.year).by_code[one.code]
    return {
        "year": one.year,
        "name": indicator.short.pick(ctx.locale),
        "value": one.value,
        "unit": indicator.unit.words.pick(ctx.locale),
    }


async def _sent(ctx: Ctx, case: Case) -> list[dict[str, object]]:
    return [{"base": one.base, "at": one.at} for one in (await cases.sends(ctx.tx, case.id))[:SENT_SHOWN]]


async def moved(
    ctx: Ctx, case: Case, move: Move, seen_rev: int | None = None, remark: str | None = None
) -> Case:
    """Make the move of a locked case: row and audit."""
    after = decide(case, move, ctx.require(Action.CASES), seen_rev=seen_rev, remark=remark)
    await cases.save(ctx.tx, after)
    await ctx.record(
        f"case_{move}", after.subject, before=case.state, after=after.state, version=after.version
    )
    return after


async def tell_base(ctx: Ctx, case: Case, template: str) -> None:
    to = To(base_id=case.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    facts = {"number": case.number, "title": case.title, "remark": case.remark}
    await ctx.tell([Notice(to, template, facts, ((Offer("case", case.id),),), subject=case.subject)])


# --- consents ---------------------------------------------------------------------------------------------


@press("case_consents", Action.CASE_CONSENT)
async def consents(ctx: Ctx, pressed: Press) -> None:
    await _show_consents(ctx, await _of_base(ctx, pressed.id))


async def _of_base(ctx: Ctx, case_id: int) -> Case:
    case = await locked(ctx, case_id)
    ctx.require(Action.CASE_CONSENT, case.base_id)
    return case


async def _show_consents(ctx: Ctx, case: Case) -> None:
    rows = [{"use": use.value, "given": use in case.consents} for use in Use]
    offered = tuple(
        (Offer(f"case_consent.{use}", case.id, case.rev, label=f"use_{word}_{use}"),)
        for use in Use
        for word in ("withdraw" if use in case.consents else "give",)
    )
    facts = {"number": case.number, "title": case.title, "version": case.version, "rows": rows}
    ctx.show("cases/consents", facts, (*offered, (Offer("case", case.id, label="home"),)))


@press("case_consent", Action.CASE_CONSENT)
async def consent(ctx: Ctx, pressed: Press) -> None:
    """Give one or take it back; what was not sent yet of a use that is taken back is not sent any more."""
    if pressed.arg not in list(Use):
        raise Forbidden
    use, case = Use(pressed.arg), await _of_base(ctx, pressed.id)
    after = rules.consenting(case, use, ctx.actor, pressed.rev)
    await cases.save(ctx.tx, after)
    if use in after.consents:
        await cases.consent(ctx.tx, after, use, ctx.me.id, ctx.now)
    else:
        await cases.take_back(ctx.tx, case.id, [use], ctx.now)
        if use is Use.INTERNAL:
            await stop_sending(ctx, case)
    await ctx.record(
        "case_consent", after.subject, use=use, given=use in after.consents, version=after.version
    )
    await _show_consents(ctx, after)


async def stop_sending(ctx: Ctx, case: Case) -> None:
    """Drop what waits to be sent; what is on its way now and comes back is seen to by a job."""
    await _drop(ctx.tx, case.id, ctx.now)
    await ctx.start_job(STOP, case_id=case.id)


async def _drop(tx: Tx, case_id: int, now: int) -> None:
    for row in await outbox.list_of_subject(tx, SENDS, case_id, _NOT_SENT):
        await outbox.drop(tx, row.id, "consent withdrawn", now)


async def see_stopped(services: Services, args: Mapping[str, Any]) -> None:
    """The job: until nothing of the case is on its way; over when the base consents again."""

    async def body(tx: Tx) -> None:
        case, now = await cases.lock(tx, args["case_id"]), services.clock.now()
        if case is None or case.on_shelf:
            return
        await _drop(tx, case.id, now)
        if await outbox.list_of_subject(tx, SENDS, case.id, {SendState.SENDING}):
            await jobs.add(tx, STOP, args, now + LOOK_AGAIN_MS)

    await durably(services.database, body)


# --- withdrawal -------------------------------------------------------------------------------------------


@press("case_withdraw", Action.CASE_FILE)
async def ask_to_withdraw(ctx: Ctx, pressed: Press) -> None:
    case = await locked(ctx, pressed.id)
    decide(case, Move.WITHDRAW, ctx.require(Action.CASE_FILE), seen_rev=pressed.rev)
    here = (case.id, case.rev)
    facts = {"number": case.number, "title": case.title, "sent": await _sent(ctx, case)}
    ctx.show(
        "cases/withdraw", facts, ((Offer("case_withdrawn", *here), Offer("case", case.id, label="home")),)
    )


@press("case_withdrawn", Action.CASE_FILE)
async def withdraw(ctx: Ctx, pressed: Press) -> None:
    case = await moved(ctx, await locked(ctx, pressed.id), Move.WITHDRAW, pressed.rev)
    await cases.take_back(ctx.tx, case.id, case.consents, ctx.now)
    await stop_sending(ctx, case)
    facts = {"number": case.number, "title": case.title, "sent": await _sent(ctx, case)}
    await ctx.tell([Notice(OFFICERS, "cases/withdrawn_officer", facts, subject=Subject("case", case.id))])
    ctx.show("cases/withdrawn", facts, TO_LIST)
