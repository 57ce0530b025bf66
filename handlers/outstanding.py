"""/outstanding: who is missing, by state; those chosen are reminded, at most once a day. 情况汇报."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from domain.access import Action
from domain.bases import Base
from domain.errors import Stale
from domain.ladders import ANNUAL_REPORT
from domain.notices import Notice, Offer, Rows, Subject
from domain.obligations import INCOMPLETE, Owed, State, by_hand_notice, report_due, season
from domain.people import Person
from domain.tally import GROUPS, briefing, group, tally
from handlers import reachability_plain
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.keyboards import BACK
from handlers.nudges import remind_now
from handlers.reach import heard_by
from handlers.routes import command, press
from handlers.serving import redraws
from storage import annual, bases, ladder, obligations, people
from storage.engine import Tx

A_PAGE = 10
NAMED = 40
CALLED_WITHIN_MS = 45 * 24 * 60 * 60 * 1000
"""Calls since the first reminder speak of this year's report."""
CHOSEN = "√ "
PAGE = "outstanding"


# --- the year ---------------------------------------------------------------------------------------------


async def of_year(services: Services, tx: Tx, now: int) -> tuple[int, list[Owed]]:
    """The season's, or the coming one where nothing was owed in it; each with how far its work has come."""
    today = services.calendar.today(now)
    for year in (season(today), report_due(today).year):
        if owed := await obligations.owed_of_year(tx, ANNUAL_REPORT, year):
            return year, await annual.with_standings(tx, owed)
    return report_due(today).year, []


async def _here(ctx: Ctx) -> tuple[int, list[Owed]]:
    return await of_year(ctx.services, ctx.tx, ctx.now)


def _may_remind(ctx: Ctx, owed: Owed) -> bool:
    """The base is left in peace while the centre has it."""
    return owed.obligation.state is State.OPEN and owed.by_hand(ctx.today) is not None


# --- the pages --------------------------------------------------------------------------------------------


@command(PAGE, Action.REPORTS)
async def overview(ctx: Ctx) -> None:
    year, owed = await _here(ctx)
    counts = tally(owed)
    chosen = await _chosen(ctx, owed)
    facts = {
        "as_of": ctx.now,
        "year": year,
        "due": report_due(ctx.today) if not owed else owed[0].obligation.due_on,
        "total": len(owed) - counts[State.WAIVED],
        "rows": [{"group": name, "n": counts[name]} for name in GROUPS if counts[name]],
        "chosen": len(chosen),
    }
    ctx.show("outstanding/list", facts, (*_group_offers(ctx, owed), *_overview_offers(ctx, chosen), *BACK))


def _group_offers(ctx: Ctx, owed: Sequence[Owed]) -> Rows:
    """A button for each group that somebody is still to be heard from."""
    waiting = tally([one for one in owed if one.obligation.state in INCOMPLETE])
    buttons = [
        Offer(f"owing.{name}_0", text=f"{ctx.catalog.label(f'standing_{name}', ctx.locale)} {n}")
        for name, n in waiting.items()
        if n
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _overview_offers(ctx: Ctx, chosen: Collection[int]) -> Rows:
    reports: Rows = (
        (Offer("briefing"), Offer("copy_nudge", label="copy_text")),
        (Offer("board"), Offer("standing_chart")),
        (Offer("self_checks"),),
    )
    if not ctx.may(Action.REPORT_RECEIVE):
        return reports
    return ((Offer("choose_all"), *((Offer("nudge_ask"),) if chosen else ())), *reports)


@press("owing", Action.REPORTS)
async def show_group(ctx: Ctx, pressed: Press) -> None:
    name, _, page = pressed.arg.rpartition("_")
    if name not in GROUPS or not page.isdigit():
        ctx.toast("errors/bad_press")
        return
    await _show_group(ctx, name, int(page))


async def _show_group(ctx: Ctx, name: str, page: int) -> None:
    _, owed = await _here(ctx)
    found = [one for one in owed if group(one) == name]
    pages = max(-(-len(found) // A_PAGE), 1)
    page = min(page, pages - 1)
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    names = await _names(ctx, shown)
    chosen = await _chosen(ctx, owed)
    facts = {
        "group": name,
        "n": len(found),
        "page": page + 1,
        "pages": pages,
        "rows": [_row(one, names[one.obligation.base_id or 0]) for one in shown],
        "choosing": bool(_to_choose(ctx, shown)),
    }
    offers = (*_choices(ctx, shown, names, chosen, f"{name}_{page}"), *_turn(name, page, pages))
    ask: Rows = ((Offer("nudge_ask"),),) if chosen else ()
    ctx.show("outstanding/group", facts, (*offers, *ask, (Offer("go.outstanding", label="outstanding"),)))


def _row(owed: Owed, base: Base) -> dict[str, object]:
    return {
        "base": base.short_name,
        "expected": owed.obligation.expected_on,
        "until": owed.standing.until,
        "seal_due": owed.standing.seal_by if owed.steps and owed.standing.seal_by else None,
    }


def _to_choose(ctx: Ctx, shown: Sequence[Owed]) -> list[Owed]:
    if not ctx.may(Action.REPORT_RECEIVE):
        return []
    return [one for one in shown if _may_remind(ctx, one)]


def _choices(
    ctx: Ctx, shown: Sequence[Owed], names: dict[int, Base], chosen: Collection[int], place: str
) -> Rows:
    """Each press says what it is to be, chosen (1) or not (0): pressed twice it is the same."""
    buttons = []
    for one in _to_choose(ctx, shown):
        is_chosen = one.obligation.id in chosen
        word = (CHOSEN if is_chosen else "") + names[one.obligation.base_id or 0].short_name
        buttons.append(Offer(f"choose.{place}", one.obligation.id, 0 if is_chosen else 1, text=word))
    rows: Rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    if not rows:
        return ()
    both = (Offer(f"{op}.{place}", label=op) for op in ("choose_group", "leave_group"))
    return (*rows, tuple(both))


def _turn(name: str, page: int, pages: int) -> Rows:
    turns = (
        *((Offer(f"owing.{name}_{page - 1}", label="page_previous"),) if page > 0 else ()),
        *((Offer(f"owing.{name}_{page + 1}", label="page_next"),) if page + 1 < pages else ()),
    )
    return (turns,) if turns else ()


async def _names(ctx: Ctx, owed: Sequence[Owed]) -> dict[int, Base]:
    wanted = {one.obligation.base_id for one in owed}
    return {base.id: base for base in await bases.listed(ctx.tx) if base.id in wanted}


@redraws(PAGE)
async def redraw(ctx: Ctx, _: int) -> None:
    await overview(ctx)


# --- who is chosen ----------------------------------------------------------------------------------------


async def _chosen(ctx: Ctx, owed: Sequence[Owed]) -> set[int]:
    """Of those that may still be reminded."""
    chosen = await ladder.chosen(ctx.tx, ctx.me.id)
    return chosen & {one.obligation.id for one in owed if _may_remind(ctx, one)}


@press("choose", Action.REPORT_RECEIVE)
async def choose(ctx: Ctx, pressed: Press) -> None:
    _, owed = await _here(ctx)
    found = [one.obligation.id for one in owed if one.obligation.id == pressed.id and _may_remind(ctx, one)]
    change = ladder.choose if pressed.rev else ladder.leave
    await change(ctx.tx, ctx.me.id, found)
    await show_group(ctx, pressed)


@press("choose_group", Action.REPORT_RECEIVE)
async def choose_group(ctx: Ctx, pressed: Press) -> None:
    await ladder.choose(ctx.tx, ctx.me.id, await _of_group(ctx, pressed))
    await show_group(ctx, pressed)


@press("leave_group", Action.REPORT_RECEIVE)
async def leave_group(ctx: Ctx, pressed: Press) -> None:
    await ladder.leave(ctx.tx, ctx.me.id, await _of_group(ctx, pressed))
    await show_group(ctx, pressed)


async def _of_group(ctx: Ctx, pressed: Press) -> list[int]:
    """All pages of it."""
    name = pressed.arg.rpartition("_")[0]
    _, owed = await _here(ctx)
    return [one.obligation.id for one in owed if group(one) == name and _may_remind(ctx, one)]


@press("choose_all", Action.REPORT_RECEIVE)
async def choose_all(ctx: Ctx, _: Press) -> None:
    """Whoever may be reminded; the next page asks before anything is sent."""
    _year, owed = await _here(ctx)
    await ladder.choose(ctx.tx, ctx.me.id, [one.obligation.id for one in owed if _may_remind(ctx, one)])
    await _ask(ctx)


# --- the nudge --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would be reminded now, who was today already, and whom the bot cannot tell."""

    to: tuple[tuple[Owed, tuple[int, ...]], ...]
    already: tuple[Owed, ...]
    by_phone: tuple[Owed, ...]

    @property
    def fingerprint(self) -> str:
        told = repr([(owed.obligation.id, ids) for owed, ids in self.to])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


async def _plan(ctx: Ctx) -> Plan:
    _, owed = await _here(ctx)
    chosen = await _chosen(ctx, owed)
    picked = [one for one in owed if one.obligation.id in chosen]
    begin = ctx.services.calendar.at(ctx.today, time())
    end = ctx.services.calendar.at(ctx.today + timedelta(days=1), time())
    done = await ladder.reminded(ctx.tx, [one.obligation.id for one in picked], begin, end)
    fresh = [(one, await _reached(ctx, one)) for one in picked if one.obligation.id not in done]
    return Plan(
        to=tuple((one, ids) for one, ids in fresh if ids),
        already=tuple(one for one in picked if one.obligation.id in done),
        by_phone=tuple(one for one, ids in fresh if not ids),
    )


async def _reached(ctx: Ctx, owed: Owed) -> tuple[int, ...]:
    step = owed.by_hand(ctx.today)
    if step is None:
        return ()
    base_id = owed.obligation.base_id or 0
    heard = await heard_by(ctx.services, ctx.tx, base_id, owed.told(step), ctx.now)
    told = [await people.get(ctx.tx, person_id) for person_id in heard.all]
    return tuple(person.id for person in told if _reachable(person))


def _reachable(person: Person) -> bool:
    return person.telegram_id is not None and person.reachable


@press("nudge_ask", Action.REPORT_RECEIVE)
async def ask(ctx: Ctx, _: Press) -> None:
    await _ask(ctx)


async def _ask(ctx: Ctx) -> None:
    """To how many, with their names, before anything is said."""
    plan = await _plan(ctx)
    facts = {
        "n": len(plan.to),
        "people": sum(len(ids) for _, ids in plan.to),
        "names": await _short_names(ctx, [owed for owed, _ in plan.to]),
        "already_n": len(plan.already),
        "already": await _short_names(ctx, plan.already),
        "by_phone_n": len(plan.by_phone),
        "by_phone": await _short_names(ctx, plan.by_phone),
    }
    confirm: Rows = ((Offer(f"nudge_send.{plan.fingerprint}", label="confirm"),),) if plan.to else ()
    ctx.show("outstanding/confirm", facts, (*confirm, (Offer("go.outstanding", label="outstanding"),)))


async def _short_names(ctx: Ctx, owed: Sequence[Owed]) -> list[str]:
    names = await _names(ctx, owed)
    return [names[one.obligation.base_id or 0].short_name for one in owed][:NAMED]


@press("nudge_send", Action.REPORT_RECEIVE)
async def send(ctx: Ctx, pressed: Press) -> None:
    """Exactly those who were shown; each key stands for a person and a day, whoever presses."""
    plan = await _plan(ctx)
    if not plan.to or plan.fingerprint != pressed.arg:
        raise Stale(PAGE, 0)
    notices: list[Notice] = [
        by_hand_notice(owed, person_id, ctx.today) for owed, ids in plan.to for person_id in ids
    ]
    stored = await remind_now(ctx.tx, notices, ctx.now)
    await ladder.leave(ctx.tx, ctx.me.id, await ladder.chosen(ctx.tx, ctx.me.id))
    await ctx.record("reminded_by_hand", Subject("year", plan.to[0][0].obligation.year), count=len(stored))
    facts = {"n": len(plan.to), "people": len(stored)}
    ctx.show("outstanding/sent", facts, ((Offer("go.outstanding", label="outstanding"),), *BACK))


# --- 情况汇报 ---------------------------------------------------------------------------------------------


@press("copy_nudge", Action.REPORTS)
async def copy_nudge(ctx: Ctx, _: Press) -> None:
    """复制文字版 of the reminder: it names no base and says nothing of how far one has come."""
    year, owed = await _here(ctx)
    due = owed[0].obligation.due_on if owed else report_due(ctx.today)
    await reachability_plain.copy_duty(ctx, ANNUAL_REPORT, year, due)


@press("briefing", Action.REPORTS)
async def brief(ctx: Ctx, _: Press) -> None:
    """One sentence, numbers only, as a message of its own: it is copied and passed on."""
    year, owed = await _here(ctx)
    called = await ladder.called_bases(ctx.tx, ctx.now - CALLED_WITHIN_MS)
    told = briefing(owed, called)
    ctx.say(
        "outstanding/briefing",
        {
            "as_of": ctx.now,
            "year": year,
            "due_n": told.due_n,
            "accepted": told.accepted,
            "review": told.review,
            "returned": told.returned,
            "missing": told.missing,
            "extended": told.extended,
            "called": told.called,
            "expected": told.expected,
        },
    )
