"""基地名录: finding a base, its card, and what the centre keeps of it (Articles 2, 3 and 8)."""

import zlib

from domain import catalogue
from domain import directory as finding
from domain.access import Action
from domain.bases import Base, Status
from domain.errors import Forbidden, Stale
from domain.forms import Choice, Draft, Form, Step
from domain.handover import Handover
from domain.notices import Offer, Rows, Subject
from domain.open_work import OpenWork
from domain.people import BASE_ROLES, Role
from domain.privacy import Seen
from domain.reachability import Reach
from handlers import forms, vacations
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.routes import command, press
from handlers.serving import redraws
from handlers.steps import chosen, step, words
from storage import absences, bases, calls, handovers, open_work, people, reachability
from storage.people import Holder

CALLS_SHOWN = 3
SHOWN = 6
"""Open requests, duties and changes of status on a card; the rest is counted."""


# --- finding ----------------------------------------------------------------------------------------------


@command("bases", Action.BASES)
async def directory(ctx: Ctx) -> None:
    """All of it, or what follows the command: `/bases 蜀江`."""
    await _look_for(ctx, ctx.words_after("bases"))


@press("find_base", Action.BASES)
async def ask(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, "find_base")


def _find_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "wanted", hint="wanted", checks={"max_chars": 60})
    return Form("find_base", 1, Action.BASES, words(ctx.catalog, "form_find_base"), (asked,))


@form("find_base", Action.BASES, _find_form, Manner(at_once=True))
async def find(ctx: Ctx, draft: Draft) -> None:
    await _look_for(ctx, str(draft.answers["wanted"]))


async def _look_for(ctx: Ctx, wanted: str) -> None:
    await bases.keep_search(ctx.tx, ctx.me.id, wanted)
    await _list(ctx, wanted, 0)


@press("bases_page", Action.BASES)
async def turn(ctx: Ctx, pressed: Press) -> None:
    """Raises Stale when the person has looked for something else since."""
    wanted = await bases.search_of(ctx.tx, ctx.me.id)
    if pressed.rev != _mark(wanted):
        raise Stale("directory", 0)
    await _list(ctx, wanted, pressed.id)


@redraws("directory")
async def redraw_list(ctx: Ctx, _: int) -> None:
    await _list(ctx, await bases.search_of(ctx.tx, ctx.me.id), 0)


async def _list(ctx: Ctx, wanted: str, page: int) -> None:
    reached = await bases.reached(ctx.tx)
    found = finding.in_order(finding.matching(await bases.entries(ctx.tx), wanted), reached)
    page = min(page, finding.pages(len(found)) - 1)
    shown = found[page * finding.PAGE : (page + 1) * finding.PAGE]
    here = await bases.list_by(ctx.tx, [one.id for one in shown])
    readings = await reachability.readings(ctx.tx, [base.id for base in here])
    facts = {
        "wanted": wanted,
        "total": len(found),
        "page": page + 1,
        "pages": finding.pages(len(found)),
        "rows": [_row(base, readings[base.id]) for base in here],
        "unreached": sum(base.id not in reached for base in found),
    }
    links = tuple((Offer("base", base.id, text=base.short_name),) for base in here)
    calls_owed = (Offer("call_duties"),) if ctx.may(Action.CALL_RECORD) else ()
    beside: Rows = ((Offer("go.people", label="people"), *calls_owed),)
    ctx.show("bases/list", facts, (*links, *_turns(wanted, page, len(found)), *beside, *_ways(wanted)))


def _row(base: Base, reading: Reach) -> dict[str, object]:
    return {
        "base": base.short_name,
        "city": base.city,
        "batch": base.batch,
        "status": base.status,
        "reach": reading,
    }


def _turns(wanted: str, page: int, count: int) -> Rows:
    mark = _mark(wanted)
    turns = (
        *((Offer("bases_page", page - 1, mark, label="page_previous"),) if page > 0 else ()),
        *(
            (Offer("bases_page", page + 1, mark, label="page_next"),)
            if page + 1 < finding.pages(count)
            else ()
        ),
    )
    return (turns,) if turns else ()


def _ways(wanted: str) -> Rows:
    back = (Offer("go.bases", label="all_bases"),) if wanted else ()
    return ((Offer("find_base"), *back), *BACK)


def _mark(wanted: str) -> int:
    return zlib.crc32(wanted.encode())


# --- the card ---------------------------------------------------------------------------------------------


@press("base", Action.BASES)
async def show(ctx: Ctx, pressed: Press) -> None:
    await redraw(ctx, pressed.id)


@redraws("base")
async def redraw(ctx: Ctx, base_id: int) -> None:
    base = await base_of(ctx, base_id)
    held = await people.holders(ctx.tx, BASE_ROLES, base.id)
    work = await open_work.of_base(ctx.tx, base.id, ctx.now)
    counted = await open_work.counts(ctx.tx, base.id, ctx.now)
    also = {"also": [{"kind": kind, "n": n} for kind, n in counted.items()]}
    facts = await _facts(ctx, base, held) | shown_work(ctx, work) | also
    if held:
        await saw(ctx, Seen.BASE_CARD, base_id=base.id)
    ctx.show("bases/page", facts, await _offers(ctx, base, held))


async def base_of(ctx: Ctx, base_id: int) -> Base:
    """Raises Forbidden where there is none: the id came with a press."""
    try:
        return await bases.get(ctx.tx, base_id)
    except LookupError:
        raise Forbidden from None


async def _facts(ctx: Ctx, base: Base, held: list[Holder]) -> dict[str, object]:
    counterpart = await people.get(ctx.tx, base.counterpart_id) if base.counterpart_id else None
    away = await absences.on(ctx.tx, base.id, ctx.today)
    return {
        "base": base.name,
        "code": base.code,
        "uscc": base.uscc,
        "kind": base.kind,
        "city": base.city,
        "batch": base.batch,
        "recognised_on": base.recognised_on,
        "project_start": base.project_start,
        "project_end": base.project_end,
        "department": base.department,
        "status": base.status,
        "reach": (await reachability.readings(ctx.tx, [base.id]))[base.id],
        "vacations": await vacations.shown(ctx, base.id),
        "counterpart": counterpart.name if counterpart else None,
        "people": [_person(holder, away) for holder in held],
        "calls": await calls.list_of_base(ctx.tx, base.id, CALLS_SHOWN),
    }


def _person(holder: Holder, away: dict[int, str]) -> dict[str, object]:
    person = holder.person
    return {
        "name": person.name,
        "role": holder.membership.role,
        "tel": person.office_phone or person.phone,
        "enrolled": person.enrolled_at is not None,
        "reachable": person.reachable,
        "away_until": away.get(person.id),
    }


def shown_work(ctx: Ctx, work: OpenWork) -> dict[str, object]:
    """Its first rows with the words of their services, and how many there are of each kind."""
    requests = [
        {"number": row["number"], "service": _service(ctx, str(row["service"])), "state": row["state"]}
        for row in work.requests[:SHOWN]
    ]
    return {
        "requests": requests,
        "open_requests": len(work.requests),
        "questions": [{"number": row["number"], "state": row["state"]} for row in work.questions[:SHOWN]],
        "open_questions": len(work.questions),
        "reports": list(work.reports[:SHOWN]),
        "duties": list(work.duties[:SHOWN]),
        "open_duties": len(work.duties),
        "open_exchanges": len(work.exchanges),
        "drafts": len(work.drafts),
    }


def _service(ctx: Ctx, code: str) -> str:
    try:
        return catalogue.service(code).words.pick(ctx.locale)
    except KeyError:
        return code


async def _offers(ctx: Ctx, base: Base, held: list[Holder]) -> Rows:
    """What may be recorded for it, changed of it, and whom to invite, by those who may."""
    rows: list[tuple[Offer, ...]] = []
    if ctx.may(Action.REQUEST_RECORD):
        rows.append((Offer("file_for", base.id), Offer("call", base.id)))
        rows.append((Offer("project", base.id), Offer("vacations", base.id)))
    if ctx.may(Action.EXCHANGES, base.id):
        rows.append((Offer("exchanges_of", base.id),))
    if ctx.may(Action.BASE_KEEP):
        rows.append((Offer("counterpart", base.id), Offer("base_status", base.id)))
        rows.append((Offer("project_end", base.id), Offer("status_history", base.id)))
    if ctx.may(Action.HANDOVER_REGISTER):
        rows += [(Offer("handover", one.id, text=_handing(ctx, one.role)),) for one in await _open(ctx, base)]
        rows.append((Offer("handover_for", base.id),))
    if ctx.may(Action.INVITE):
        rows += [(_invitation(ctx, base, holder),) for holder in held if holder.person.enrolled_at is None]
    return (*rows, (Offer("go.bases", label="bases"),), *BACK)


async def _open(ctx: Ctx, base: Base) -> list[Handover]:
    return await handovers.unsettled_of(ctx.tx, base.id)


def _handing(ctx: Ctx, role: Role) -> str:
    return f"{ctx.catalog.label('handover', ctx.locale)} · {ctx.catalog.label(f'role_{role}', ctx.locale)}"


def _invitation(ctx: Ctx, base: Base, holder: Holder) -> Offer:
    word = ctx.catalog.label("invite", ctx.locale)
    person, role = holder.person, holder.membership.role
    return Offer(f"invite.{role}", person.id, base.id, text=f"{word} {person.name}")


# --- what the centre keeps of a base ----------------------------------------------------------------------


@press("counterpart", Action.BASE_KEEP)
async def choose_counterpart(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    officers = await people.holders(ctx.tx, [Role.OFFICER])
    rows = tuple((Offer("counterpart_is", base.id, one.person.id, text=one.person.name),) for one in officers)
    ctx.show(
        "bases/choose_counterpart", {"base": base.name}, (*rows, (Offer("base", base.id, label="home"),))
    )


@press("counterpart_is", Action.BASE_KEEP)
async def set_counterpart(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    if pressed.rev not in {one.person.id for one in await people.holders(ctx.tx, [Role.OFFICER])}:
        raise Stale("base", base.id)
    await bases.set_counterpart(ctx.tx, base.id, pressed.rev)
    await ctx.record("counterpart_set", Subject("base", base.id), officer=pressed.rev)
    await redraw(ctx, base.id)


@press("base_status", Action.BASE_KEEP)
async def begin_status(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    await forms.open_form(ctx, "base_status", subject_id=base.id)


def _status_form(ctx: Ctx, _: str) -> Form:
    choices = tuple(Choice(one.value, words(ctx.catalog, f"status_{one}")) for one in Status)
    asked: tuple[Step, ...] = (chosen(ctx, "base_status", choices), step(ctx, "status_reason", "longtext"))
    return Form("base_status", 1, Action.BASE_KEEP, words(ctx.catalog, "form_base_status"), asked)


@form("base_status", Action.BASE_KEEP, _status_form)
async def change_status(ctx: Ctx, draft: Draft) -> None:
    base = await bases.lock(ctx.tx, draft.subject_id or 0)
    if base is None:
        raise Forbidden
    status, reason = Status(str(draft.answers["base_status"])), str(draft.answers["status_reason"])
    await bases.change_status(ctx.tx, base.id, status, reason, ctx.me.id, ctx.now)
    await ctx.record("base_status", Subject("base", base.id), status=status)
    await redraw(ctx, base.id)


@press("status_history", Action.BASES)
async def history(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    changes = await bases.statuses(ctx.tx, base.id)
    rows = [
        {"status": one.status, "reason": one.reason, "by": one.by, "at": one.at} for one in changes[:SHOWN]
    ]
    facts = {"base": base.name, "recognised_on": base.recognised_on, "rows": rows}
    ctx.show("bases/history", facts, ((Offer("base", base.id, label="home"),),))


@press("project_end", Action.BASE_KEEP)
async def begin_project_end(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    await forms.open_form(ctx, "project_end", subject_id=base.id)


def _end_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "project_end", "date", required=False)
    return Form("project_end", 1, Action.BASE_KEEP, words(ctx.catalog, "form_project_end"), (asked,))


@form("project_end", Action.BASE_KEEP, _end_form)
async def set_project_end(ctx: Ctx, draft: Draft) -> None:
    base = await base_of(ctx, draft.subject_id or 0)
    ends = draft.answers["project_end"]
    await bases.set_project_end(ctx.tx, base.id, str(ends) if ends is not None else None)
    await ctx.record("project_end", Subject("base", base.id))
    await redraw(ctx, base.id)
