"""Enrolment (Article 8): invitation, notice, separate consent, Telegram's own contact, role and base bound.

There is no stored step: the next screen is the first thing that is still missing.
"""

from telegram.ext import filters

from domain import numbers
from domain import people as rules
from domain.access import Action
from domain.errors import Refused
from domain.notices import Kind, Notice, Offer, Subject, To
from domain.obligations import report_due
from domain.people import ConsentKind, Invitation, Membership, Person, PhoneCheck, Role
from handlers import keyboards, privacy_consent
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.menu import show_menu
from handlers.routes import command, message, press
from handlers.serving import redraws
from handlers.succession import take_office
from storage import bases, people


@command("start", Action.OPEN)
async def start(ctx: Ctx) -> None:
    code = _code(ctx)
    if ctx.person is not None and not ctx.person.reachable:
        await people.set_reachable_by_telegram(ctx.tx, ctx.telegram_id, reachable=True)
    if code:
        await _open_code(ctx, code)
    elif ctx.actor is not None:
        await show_menu(ctx)
    else:
        await to_stranger(ctx, 0)


@press("agree_processing", Action.OPEN)
async def agree_processing(ctx: Ctx, _: Press) -> None:
    await _consent(ctx, ConsentKind.PROCESSING)


@press("agree_cross_border", Action.OPEN)
async def agree_cross_border(ctx: Ctx, _: Press) -> None:
    await _consent(ctx, ConsentKind.CROSS_BORDER)


@press("refuse_processing", Action.OPEN)
@press("refuse_cross_border", Action.OPEN)
async def refuse(ctx: Ctx, _: Press) -> None:
    if ctx.actor is not None:
        await privacy_consent.decline(ctx)
        return
    centre = await ctx.centre()
    ctx.show("start/declined", {"tel": centre.tel, "email": centre.email})


@message("contact", filters.CONTACT, Action.OPEN)
async def contact(ctx: Ctx) -> None:
    if ctx.actor is not None:
        await _change_number(ctx, ctx.me)
        return
    invitation = await people.claimed_invitation(ctx.tx, ctx.telegram_id)
    if invitation is None:
        await to_stranger(ctx, 0)
        return
    if await _missing_consent(ctx, invitation) is not None:
        await _next_screen(ctx, invitation)
        return
    phone = _own_number(ctx)
    if phone is None:
        markup = keyboards.share_contact(ctx.catalog, ctx.locale)
        ctx.say("start/not_your_contact", markup=markup)
        return
    await _enrol(ctx, invitation, phone)


@press("phone_confirm", Action.PHONE_CONFIRM)
async def phone_confirm(ctx: Ctx, pressed: Press) -> None:
    ctx.still()
    if await people.confirm_phone(ctx.tx, pressed.id):
        person = await people.get(ctx.tx, pressed.id)
        await ctx.record("phone_confirmed", Subject("person", person.id))
        ctx.say("start/phone_confirmed", {"name": person.name})


def _code(ctx: Ctx) -> str:
    text = (ctx.update.message.text or "") if ctx.update.message else ""
    return text.partition(" ")[2].strip()


@redraws("stranger")
async def to_stranger(ctx: Ctx, _: int) -> None:
    """Somebody halfway through enrolling is shown the next screen; anybody else a polite explanation."""
    invitation = await people.claimed_invitation(ctx.tx, ctx.telegram_id)
    if invitation is not None:
        await _next_screen(ctx, invitation)
        return
    centre = await ctx.centre()
    ctx.say("start/stranger", {"centre": centre.centre, "tel": centre.tel, "email": centre.email})


async def _open_code(ctx: Ctx, code: str) -> None:
    await _refuse_guessing(ctx)
    invitation = await people.lock_invitation(ctx.tx, code)
    if invitation is None:
        await people.add_guess(ctx.tx, ctx.telegram_id, ctx.now)
        ctx.say("start/code_unknown", await _office(ctx))
        return
    if invitation.used_at is not None or invitation.is_claimed_by_another(ctx.telegram_id):
        ctx.say("start/code_used", await _office(ctx))
        return
    if invitation.expires_at <= ctx.now:
        ctx.say("start/code_expired", await _office(ctx))
        return
    if invitation.claimed_by is None:
        await people.claim_invitation(ctx.tx, invitation, ctx.telegram_id, ctx.now)
    if ctx.person is not None:
        await _take_another_role(ctx, ctx.person, invitation)
        return
    claimed = await people.claimed_invitation(ctx.tx, ctx.telegram_id)
    await _next_screen(ctx, claimed or invitation)


async def _refuse_guessing(ctx: Ctx) -> None:
    since = ctx.now - rules.GUESSES_WITHIN_MS
    count, first = await people.count_guesses(ctx.tx, ctx.telegram_id, since)
    if count >= rules.GUESSES_ALLOWED and first is not None:
        raise Refused("start/too_many_tries", until=first + rules.GUESSES_WITHIN_MS)


async def _take_another_role(ctx: Ctx, person: Person, invitation: Invitation) -> None:
    """Somebody already enrolled adds a role that was given to the same name."""
    invited = await people.get(ctx.tx, invitation.person_id)
    if invited.name != person.name:
        raise Refused("start/code_used", **await _office(ctx))
    await take_office(ctx, invitation, person)
    await people.use_invitation(ctx.tx, invitation, ctx.now)
    await ctx.record("role_added", Subject("person", person.id), role=invitation.role)
    await _welcome(ctx, person.name, invitation)


async def _consent(ctx: Ctx, kind: ConsentKind) -> None:
    if ctx.actor is not None:
        await privacy_consent.agree(ctx, kind)
        return
    invitation = await people.claimed_invitation(ctx.tx, ctx.telegram_id)
    if invitation is None:
        ctx.still()
        return
    if await _missing_consent(ctx, invitation) is kind:
        await people.consent(ctx.tx, invitation.person_id, kind, rules.CONSENT_VERSION, ctx.now)
        await ctx.record("consent_given", Subject("person", invitation.person_id), kind=kind)
    await _next_screen(ctx, invitation)


async def _missing_consent(ctx: Ctx, invitation: Invitation) -> ConsentKind | None:
    """The first consent that this account has not given since it opened the code."""
    given = {
        consent.kind
        for consent in await people.consents(ctx.tx, invitation.person_id)
        if consent.given_at >= (invitation.claimed_at or ctx.now)
    }
    return next((kind for kind in ConsentKind if kind not in given), None)


async def _next_screen(ctx: Ctx, invitation: Invitation) -> None:
    missing = await _missing_consent(ctx, invitation)
    if missing is ConsentKind.PROCESSING:
        await _show_notice(ctx, invitation)
    elif missing is ConsentKind.CROSS_BORDER:
        await _show_cross_border(ctx)
    else:
        ctx.still()
        ctx.say("start/share_phone", markup=keyboards.share_contact(ctx.catalog, ctx.locale))


async def _show_notice(ctx: Ctx, invitation: Invitation) -> None:
    person = await people.get(ctx.tx, invitation.person_id)
    centre = await ctx.centre()
    facts = {
        "centre": centre.centre,
        "name": person.name,
        "base": await _base_name(ctx, invitation),
        "role": invitation.role,
        "storage_place": centre.storage_place,
        "tel": centre.tel,
        "email": centre.email,
    }
    ctx.show("start/notice", facts, ((Offer("agree_processing"),), (Offer("refuse_processing"),)))


async def _show_cross_border(ctx: Ctx) -> None:
    centre = await ctx.centre()
    facts = {
        "recipient_legal_name": centre.recipient_legal_name,
        "privacy_contact": centre.privacy_contact,
    }
    offers = ((Offer("agree_cross_border"),), (Offer("refuse_cross_border"),))
    ctx.show("start/cross_border", facts, offers)


def _own_number(ctx: Ctx) -> str | None:
    """The number, if the contact is the sender's own and sent by Telegram's contact button."""
    sent = ctx.update.effective_message
    if sent is None or sent.contact is None or sent.forward_origin is not None:
        return None
    if sent.contact.user_id != ctx.telegram_id:
        return None
    return numbers.phone("+" + sent.contact.phone_number.lstrip("+"))


async def _enrol(ctx: Ctx, invitation: Invitation, phone: str) -> None:
    if not await people.use_invitation(ctx.tx, invitation, ctx.now):
        raise Refused("start/code_used", **await _office(ctx))
    person = await people.get(ctx.tx, invitation.person_id)
    same = person.phone is not None and numbers.same_phone(person.phone, phone)
    check = rules.phone_check(person.phone, phone, same)
    await people.enrol(
        ctx.tx,
        person.id,
        telegram_id=ctx.telegram_id,
        phone=phone,
        check=check,
        locale=ctx.locale,
        now=ctx.now,
    )
    await take_office(ctx, invitation, person)
    await ctx.record("enrolled", Subject("person", person.id), role=invitation.role, phone=check)
    if check is PhoneCheck.DIFFERS:
        held = Membership(invitation.role, invitation.base_id)
        await _ask_to_call_back(ctx, person, held, phone)
    await _welcome(ctx, person.name, invitation)


async def _change_number(ctx: Ctx, person: Person) -> None:
    """Somebody enrolled shows another number: an officer calls back where it is not the one on file."""
    phone = _own_number(ctx)
    if phone is None or phone == person.phone_shared:
        ctx.say("start/same_number" if phone else "start/not_your_contact", markup=keyboards.none())
        return
    same = person.phone is not None and numbers.same_phone(person.phone, phone)
    check = rules.phone_check(person.phone, phone, same)
    await people.change_phone(ctx.tx, person.id, phone, check)
    await ctx.record("phone_changed", Subject("person", person.id), phone=check)
    held = ctx.require(Action.MENU).memberships[0]
    if check is PhoneCheck.DIFFERS:
        await _ask_to_call_back(ctx, person, held, phone)
    ctx.say("start/number_changed", {"check": check}, markup=keyboards.none())


async def _ask_to_call_back(ctx: Ctx, person: Person, held: Membership, phone: str) -> None:
    facts = {
        "name": person.name,
        "base": await _base_name(ctx, held),
        "role": held.role,
        "on_file": person.phone,
        "shared": phone,
    }
    notice = Notice(
        To(roles=frozenset({Role.OFFICER})),
        "start/phone_differs_officer",
        facts,
        offers=((Offer("phone_confirm", person.id),),),
        kind=Kind.RECEIPT,
        subject=Subject("person", person.id),
    )
    await ctx.tell([notice])


async def _welcome(ctx: Ctx, name: str, invitation: Invitation) -> None:
    centre = await ctx.centre()
    counterpart = await _counterpart(ctx, invitation)
    facts = {
        "name": name,
        "base": await _base_name(ctx, invitation),
        "role": invitation.role,
        "contact": counterpart.name if counterpart else centre.centre,
        "contact_tel": (counterpart.office_phone if counterpart else None) or centre.tel,
        "next_due": report_due(ctx.services.calendar.today(ctx.now)) if invitation.base_id else None,
    }
    ctx.say("start/done", facts, markup=keyboards.none())
    ctx.person = await people.by_telegram(ctx.tx, ctx.telegram_id)
    ctx.actor = await people.actor(ctx.tx, ctx.person) if ctx.person else None
    await show_menu(ctx, again=True)


async def _counterpart(ctx: Ctx, invitation: Invitation) -> Person | None:
    if invitation.base_id is None:
        return None
    base = await bases.get(ctx.tx, invitation.base_id)
    if base.counterpart_id is not None:
        return await people.get(ctx.tx, base.counterpart_id)
    officers = await people.holders(ctx.tx, [Role.OFFICER])
    return next((h.person for h in officers if h.person.enrolled_at is not None), None)


async def _base_name(ctx: Ctx, held: Membership | Invitation) -> str | None:
    return (await bases.get(ctx.tx, held.base_id)).name if held.base_id is not None else None


async def _office(ctx: Ctx) -> dict[str, str]:
    centre = await ctx.centre()
    return {"tel": centre.tel, "email": centre.email}
