"""变更联络员, the base's side: it is proposed, confirmed by the head or by the stamped 登记表 (Article 8)."""

from domain import handover as rules
from domain.access import Action
from domain.bases import Base
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.handover import UNSETTLED, Handover, State, Via
from domain.ladders import HANDOVER_FORM
from domain.notices import Notice, Offer, Rows, Subject, To
from domain.people import Person, Role
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.forms import form
from handlers.keyboards import BACK
from handlers.reach import counterpart
from handlers.routes import press
from handlers.serving import redraws
from handlers.steps import step, words
from storage import attachments, handovers, people
from storage.engine import Tx

# --- proposing --------------------------------------------------------------------------------------------


@press("handover_begin", Action.HANDOVER_PROPOSE)
async def begin(ctx: Ctx, _: Press) -> None:
    """A contact hands over their own office, a head may choose which."""
    actor = ctx.require(Action.HANDOVER_PROPOSE)
    if actor.of_centre or not actor.bases:
        raise Forbidden
    base_id = actor.bases[0]
    own = [role for role in rules.HANDED_OVER if role in actor.roles(base_id)]
    await _offer(ctx, base_id, own or rules.HANDED_OVER)


@press("handover_for", Action.HANDOVER_REGISTER)
async def begin_for(ctx: Ctx, pressed: Press) -> None:
    """代录: an officer proposes what the base has said otherwise."""
    await _offer(ctx, pressed.id, rules.HANDED_OVER)


async def _offer(ctx: Ctx, base_id: int, roles: tuple[Role, ...] | list[Role]) -> None:
    """Who leaves, and the ways to name a successor; a change that is under way is shown instead."""
    base = await base_of(ctx, base_id)
    under_way = {one.role: one for one in await handovers.unsettled_of(ctx.tx, base.id)}
    if len(roles) == 1 and roles[0] in under_way:
        await show(ctx, under_way[roles[0]])
        return
    rows: list[tuple[Offer, ...]] = []
    for role in roles:
        word = ctx.catalog.label(f"role_{role}", ctx.locale)
        if role in under_way:
            rows.append((Offer("handover", under_way[role].id, text=f"{word} · {_under_way(ctx)}"),))
            continue
        deputy = await _enrolled(ctx, base.id, Role.DEPUTY) if role is Role.LIAISON else None
        if deputy is not None:
            rows.append((Offer("handover_deputy", base.id, deputy.id, text=_by(ctx, deputy)),))
        new = ctx.catalog.label("handover_new", ctx.locale)
        pick = ctx.catalog.label("handover_pick", ctx.locale)
        rows.append((Offer(f"handover_new.{role}", base.id, text=f"{new} · {word}"),))
        rows.append((Offer(f"handover_pick.{role}", base.id, text=f"{pick} · {word}"),))
    facts = {"base": base.name, "days": rules.FORM_WORKING_DAYS}
    ctx.show("handover/begin", facts, (*rows, *BACK))


def _under_way(ctx: Ctx) -> str:
    return ctx.catalog.label("handover_under_way", ctx.locale)


def _by(ctx: Ctx, deputy: Person) -> str:
    return ctx.catalog.label("handover_by", ctx.locale).format(name=deputy.name)


async def _enrolled(ctx: Ctx, base_id: int, role: Role) -> Person | None:
    held = [one.person for one in await people.holders(ctx.tx, [role], base_id)]
    return next((one for one in held if one.telegram_id is not None), None)


@press("handover_deputy", Action.HANDOVER_PROPOSE)
async def propose_deputy(ctx: Ctx, pressed: Press) -> None:
    """The deputy, who is enrolled, becomes the liaison."""
    require_own(ctx, pressed.id, Role.LIAISON)
    deputy = await _enrolled(ctx, pressed.id, Role.DEPUTY)
    if deputy is None or deputy.id != pressed.rev:
        raise Stale("base_handover", pressed.id)
    await propose(ctx, pressed.id, Role.LIAISON, deputy.name, successor_id=deputy.id)


@press("handover_new", Action.HANDOVER_PROPOSE)
async def name_new(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in rules.HANDED_OVER:
        raise Forbidden
    require_own(ctx, pressed.id, Role(pressed.arg))
    await forms.open_form(ctx, f"handover_new:{pressed.arg}", subject_id=pressed.id)


def _new_form(ctx: Ctx, role: str) -> Form:
    steps = (
        step(ctx, "successor_name", checks={"max_chars": 30}),
        step(ctx, "successor_tel", hint="successor_tel", checks={"max_chars": 40}),
    )
    return Form(
        f"handover_new:{role}", 1, Action.HANDOVER_PROPOSE, words(ctx.catalog, "form_handover_new"), steps
    )


@form("handover_new", Action.HANDOVER_PROPOSE, _new_form)
async def propose_new(ctx: Ctx, draft: Draft) -> None:
    role = Role(draft.form.partition(":")[2])
    require_own(ctx, draft.subject_id or 0, role)
    name, tel = str(draft.answers["successor_name"]), str(draft.answers["successor_tel"])
    await propose(ctx, draft.subject_id or 0, role, name, tel=tel)


def require_own(ctx: Ctx, base_id: int, role: Role) -> None:
    """A contact proposes for their own office, the head and the officers for either. Raises Forbidden."""
    held = ctx.require(Action.HANDOVER_PROPOSE, base_id).roles(base_id)
    if role not in held and held.isdisjoint({Role.HEAD, Role.OFFICER, Role.SUPERVISOR}):
        raise Forbidden


async def propose(
    ctx: Ctx, base_id: int, role: Role, name: str, *, tel: str | None = None, successor_id: int | None = None
) -> None:
    """Raises Refused for whoever holds the office, or while another change of it is under way."""
    base = await base_of(ctx, base_id)
    leaver = next((one.person for one in await people.holders(ctx.tx, [role], base.id)), None)
    rules.require_another(leaver.name if leaver else None, name, role)
    proposed = await handovers.propose(
        ctx.tx,
        base_id=base.id,
        role=role,
        leaver_id=leaver.id if leaver else None,
        successor_id=successor_id,
        successor_name=name,
        successor_tel=tel,
        proposed_by=ctx.me.id,
        now=ctx.now,
    )
    if proposed is None:
        under_way = [one for one in await handovers.unsettled_of(ctx.tx, base.id) if one.role is role]
        rules.require_free(next(iter(under_way), None))
        raise Stale("base_handover", base.id)
    await ctx.record("handover_proposed", proposed.subject, base=base.id, role=role)
    await show(ctx, proposed)
    await _tell_proposed(ctx, proposed, base)


@redraws("base_handover")
async def redraw_begin(ctx: Ctx, base_id: int) -> None:
    ctx.require(Action.HANDOVER_PROPOSE, base_id)
    await _offer(ctx, base_id, rules.HANDED_OVER)


async def _tell_proposed(ctx: Ctx, handover: Handover, base: Base) -> None:
    """The head is asked, the leaver and the centre's officer are told; not whoever proposed it."""
    facts = await facts_of(ctx, handover)
    page: Rows = ((Offer("handover", handover.id),),)
    asked = ((Offer("handover_confirm", handover.id, handover.rev),), *page)
    heads = [one.person.id for one in await people.holders(ctx.tx, [Role.HEAD], base.id)]
    told = [
        Notice(To(person_id=one), "handover/to_confirm", facts, asked) for one in heads if one != ctx.me.id
    ]
    if handover.leaver_id not in (None, ctx.me.id):
        told.append(Notice(To(person_id=handover.leaver_id), "handover/proposed", facts, page))
    to = await counterpart(ctx.tx, base)
    if to.person_id != ctx.me.id:
        told.append(Notice(to, "handover/proposed", facts, page, subject=handover.subject))
    await ctx.tell(told)


# --- the page ---------------------------------------------------------------------------------------------


@press("handover", Action.HANDOVER)
async def open_page(ctx: Ctx, pressed: Press) -> None:
    await redraw(ctx, pressed.id)


@redraws("handover")
async def redraw(ctx: Ctx, handover_id: int) -> None:
    await show(ctx, await locked(ctx, handover_id))


@redraws(HANDOVER_FORM)
async def redraw_of_duty(ctx: Ctx, obligation_id: int) -> None:
    """The stamped form as a duty has no page of its own."""
    handover = await handovers.of_duty(ctx.tx, obligation_id)
    if handover is None:
        raise Forbidden
    await redraw(ctx, handover.id)


async def show(ctx: Ctx, handover: Handover) -> None:
    facts = await facts_of(ctx, handover)
    ctx.show("handover/page", facts, (*_offers(ctx, handover), *BACK), subject=handover.subject)


async def locked(ctx: Ctx, handover_id: int) -> Handover:
    """One that the person may see. Raises Forbidden."""
    handover = await handovers.lock(ctx.tx, handover_id)
    if handover is None:
        raise Forbidden
    ctx.require(Action.HANDOVER, handover.base_id)
    return handover


async def leaver_name(tx: Tx, handover: Handover) -> str | None:
    """As the registration has it; of one that is under way, as the person is called now."""
    if handover.left_by is not None or handover.leaver_id is None:
        return handover.left_by
    return (await people.get(tx, handover.leaver_id)).name


async def facts_of(ctx: Ctx, handover: Handover) -> dict[str, object]:
    base = await base_of(ctx, handover.base_id)
    return {
        "base": base.name,
        "role": handover.role,
        "state": handover.state.value,
        "leaver": await leaver_name(ctx.tx, handover),
        "successor": handover.successor_name,
        "confirmed_by": handover.confirmed_by,
        "confirmed_via": handover.confirmed_via.value if handover.confirmed_via else None,
        "form_due": handover.form_due_on.isoformat()
        if handover.form_awaited and handover.form_due_on
        else None,
        "days": rules.FORM_WORKING_DAYS,
    }


def _offers(ctx: Ctx, handover: Handover) -> Rows:
    """Who is looking decides; the rev goes along."""
    if handover.state is State.CANCELLED:
        return ()
    here, base_id = (handover.id, handover.rev), handover.base_id
    centre = ctx.may(Action.HANDOVER_REGISTER, base_id)
    rows: list[tuple[Offer, ...]] = []
    if not handover.confirmed:
        if ctx.may(Action.HANDOVER_CONFIRM, base_id):
            rows.append((Offer("handover_confirm", *here),))
        rows.append((Offer("handover_form", *here), Offer("handover_page", *here)))
        if centre:
            rows.append((Offer("handover_record", *here),))
    if centre and handover.state is State.PROPOSED:
        rows.append((Offer("handover_register", *here),))
    if centre and handover.state is State.REGISTERED:
        rows.append((Offer("handover_link", *here),))
    if handover.state in UNSETTLED:
        rows.append((Offer("handover_cancel", *here),))
    return tuple(rows)


# --- the base's word --------------------------------------------------------------------------------------


@press("handover_confirm", Action.HANDOVER_CONFIRM)
async def confirm(ctx: Ctx, pressed: Press) -> None:
    handover = await locked(ctx, pressed.id)
    ctx.require(Action.HANDOVER_CONFIRM, handover.base_id)
    rules.seen(handover, pressed.rev)
    await confirmed(ctx, handover, Via.PRESS, ctx.me.name)


@press("handover_page", Action.HANDOVER)
async def begin_page(ctx: Ctx, pressed: Press) -> None:
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    await forms.open_form(ctx, "handover_page", subject_id=handover.id)


def _page_form(ctx: Ctx, _: str) -> Form:
    steps = (
        step(ctx, "handover_sealed", "file_list", hint="handover_sealed"),
        step(ctx, "handover_signed_by"),
    )
    return Form("handover_page", 1, Action.HANDOVER, words(ctx.catalog, "form_handover_page"), steps)


@form("handover_page", Action.HANDOVER, _page_form)
async def take_page(ctx: Ctx, draft: Draft) -> None:
    """The stamped 登记表 stands for the head's press (签字页), before the registration or after it."""
    handover = await locked(ctx, draft.subject_id or 0)
    sent = draft.answers["handover_sealed"]
    files = await attachments.list_by(
        ctx.tx, [int(str(one)) for one in sent] if isinstance(sent, list) else []
    )
    by = str(draft.answers["handover_signed_by"])
    await confirmed(ctx, handover, Via.FORM, by, rules.stamped(files).id)


async def confirmed(ctx: Ctx, handover: Handover, via: Via, by: str, file_id: int | None = None) -> Handover:
    after = await saved(ctx, rules.confirm(handover, via, by, ctx.now, file_id))
    await handovers.end_duty(ctx.tx, after, ctx.now)
    await ctx.record("handover_confirmed", after.subject, via=via)
    await show(ctx, after)
    base = await base_of(ctx, after.base_id)
    to = await counterpart(ctx.tx, base)
    if not ctx.require(Action.HANDOVER).of_centre:
        page: Rows = ((Offer("handover", after.id),),)
        await ctx.tell(
            [Notice(to, "handover/confirmed", await facts_of(ctx, after), page, subject=after.subject)]
        )
    return after


async def saved(ctx: Ctx, handover: Handover) -> Handover:
    if not await handovers.save(ctx.tx, handover):
        raise Stale("handover", handover.id)
    return handover


# --- giving it up -----------------------------------------------------------------------------------------


@press("handover_cancel", Action.HANDOVER)
async def cancel(ctx: Ctx, pressed: Press) -> None:
    """Asked once more."""
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    offers = (
        (Offer("handover_drop", handover.id, handover.rev, label="confirm"),),
        (Offer("handover", handover.id, label="home"),),
    )
    ctx.show("handover/cancel", await facts_of(ctx, handover), offers)


@press("handover_drop", Action.HANDOVER)
async def drop(ctx: Ctx, pressed: Press) -> None:
    """The successor's link opens nothing any more; a person who was only named for this stays unenrolled."""
    handover = await locked(ctx, pressed.id)
    rules.seen(handover, pressed.rev)
    after = await saved(ctx, rules.cancel(handover, ctx.now))
    await handovers.end_duty(ctx.tx, after, ctx.now)
    if handover.successor_id is not None:
        await people.revoke_invitations(ctx.tx, [handover.successor_id], ctx.now)
    await ctx.record("handover_cancelled", after.subject)
    await show(ctx, after)
    facts = await facts_of(ctx, after)
    whom = {after.leaver_id, after.proposed_by} - {None, ctx.me.id}
    base = await base_of(ctx, after.base_id)
    told = [Notice(To(person_id=one), "handover/cancelled", facts) for one in sorted(filter(None, whom))]
    to = await counterpart(ctx.tx, base)
    if to.person_id not in {ctx.me.id, *whom}:
        told.append(Notice(to, "handover/cancelled", facts, subject=Subject("handover", after.id)))
    await ctx.tell(told)
