"""A newer version of the notice: asked again at the next contact, in the way of no deadline."""

from domain import people as people_rules
from domain import privacy as rules
from domain.access import Action
from domain.notices import Offer, Subject
from domain.people import ConsentKind
from handlers.context import Ctx
from handlers.keyboards import BACK
from storage import people, privacy


async def holds_up(ctx: Ctx, action: Action) -> bool:
    """Whether the question comes instead: only for what can wait (`domain.privacy.WAITS_FOR_CONSENT`)."""
    if not ctx.consent_due or action not in rules.WAITS_FOR_CONSENT:
        return False
    missing = await _missing(ctx)
    if missing is None:
        return False
    await _put(ctx, missing)
    return True


async def remind(ctx: Ctx) -> None:
    """Beside the answer to what was asked, once a day."""
    missing = await _missing(ctx) if ctx.consent_due else None
    if missing is None or ctx.person is None:
        return
    last = await privacy.last_asked(ctx.tx, ctx.person.id, people_rules.CONSENT_VERSION)
    if last is None or ctx.now - last >= rules.ASKED_AGAIN_MS:
        await _put(ctx, missing)


async def agree(ctx: Ctx, kind: ConsentKind) -> None:
    """An enrolled person's answer. One to a question that is not open changes nothing."""
    if await _missing(ctx) is kind:
        version = people_rules.CONSENT_VERSION
        await people.consent(ctx.tx, ctx.me.id, kind, version, ctx.now)
        await ctx.record("consent_given", Subject("person", ctx.me.id), kind=kind)
    missing = await _missing(ctx)
    if missing is None:
        ctx.show("privacy/agreed", {"version": people_rules.CONSENT_VERSION}, BACK)
    else:
        await _put(ctx, missing)


async def decline(ctx: Ctx) -> None:
    """Nothing new is done on the old consent; to take that back too is a step of its own."""
    centre = await ctx.centre()
    facts = {"tel": centre.tel, "email": centre.email}
    ctx.show("privacy/declined", facts, ((Offer("withdraw_consent"),), *BACK))


async def _missing(ctx: Ctx) -> ConsentKind | None:
    """None too for whoever never was asked: somebody put on record by hand."""
    if ctx.person is None or ctx.actor is None:
        return None
    given = await people.consents(ctx.tx, ctx.person.id)
    if not given:
        return None
    return rules.outdated(((one.kind, one.version) for one in given), people_rules.CONSENT_VERSION)


async def _put(ctx: Ctx, missing: ConsentKind) -> None:
    await privacy.keep_ask(ctx.tx, ctx.me.id, people_rules.CONSENT_VERSION, ctx.now)
    centre = await ctx.centre()
    if missing is ConsentKind.CROSS_BORDER:
        facts = {
            "recipient_legal_name": centre.recipient_legal_name,
            "privacy_contact": centre.privacy_contact,
        }
        offers = ((Offer("agree_cross_border"),), (Offer("refuse_cross_border"),))
        ctx.say("start/cross_border", facts, offers)
        return
    facts = {
        "version": people_rules.CONSENT_VERSION,
        "storage_place": centre.storage_place,
        "tel": centre.tel,
        "email": centre.email,
    }
    ctx.say("privacy/renewed", facts, ((Offer("agree_processing"),), (Offer("refuse_processing"),)))
