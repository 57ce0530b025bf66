"""Two cards are introduced, without contacts; these are exchanged when both sides agree (Article 7(3))."""

from domain.access import Action, may
from domain.errors import Forbidden, Refused, Stale
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.supply import Card, Introduction, Side, Standing, State, answered
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from handlers.serving import redraws
from handlers.supply import OFFICERS, locked, show
from handlers.supply_facts import content
from storage import bases, people, supply

CONTACTS = (Role.LIAISON, Role.DEPUTY)


@press("supply_release", Action.SUPPLY_REVIEW)
async def release(ctx: Ctx, pressed: Press) -> None:
    """An officer's press: each side hears of the other's card."""
    if not pressed.arg.isdecimal():
        raise Forbidden
    one, other = [await locked(ctx, card_id) for card_id in sorted((pressed.id, int(pressed.arg)))]
    pair = {card.side: card for card in (one, other)}
    if len(pair) != len(Side) or one.base_id == other.base_id:
        raise Forbidden
    if not all(card.state is State.LISTED for card in pair.values()):
        raise Stale("supply", pressed.id)
    made = await supply.introduce(ctx.tx, pair[Side.OFFER].id, pair[Side.SEEK].id, ctx.me.id, ctx.now)
    if made is None:
        raise Stale("supply", pressed.id)
    await ctx.record("supply_released", made.subject, offer=made.offer_id, seek=made.seek_id)
    await ctx.tell([_introduced(made, pair[side], pair[side.other]) for side in Side])
    ctx.toast("supply/released")
    await show(ctx, one if one.id == pressed.id else other)


def _introduced(made: Introduction, own: Card, other: Card) -> Notice:
    facts = content(other) | {"own": own.number, "own_title": own.said.title}
    return Notice(_of(own), "supply/introduced", facts, _answers(made), subject=made.subject)


def _of(card: Card) -> To:
    return To(base_id=card.base_id, roles=frozenset(CONTACTS))


def _answers(made: Introduction) -> Rows:
    return ((Offer("intro_agree", made.id), Offer("intro_decline", made.id)),)


@press("intro_agree", Action.SUPPLY_FILE)
async def agree(ctx: Ctx, pressed: Press) -> None:
    await _answer(ctx, pressed.id, agrees=True)


@press("intro_decline", Action.SUPPLY_FILE)
async def decline(ctx: Ctx, pressed: Press) -> None:
    await _answer(ctx, pressed.id, agrees=False)


async def _answer(ctx: Ctx, introduction_id: int, *, agrees: bool) -> None:
    made, own, other = await _sides(ctx, introduction_id)
    after = answered(made, own.side, agrees=agrees)
    if not all(card.state is State.LISTED for card in (own, other)):
        raise Refused("supply/gone", number=own.number)
    await supply.save_introduction(ctx.tx, after)
    await ctx.record("introduction_answered", after.subject, agrees=agrees, standing=after.standing)
    match after.standing:
        case Standing.EXCHANGED:
            await _exchange(ctx, after, own, other)
        case Standing.DECLINED:
            await _declined(ctx, after, own, other)
        case Standing.RELEASED:
            ctx.show("supply/agreed", {"number": own.number, "title": other.said.title})


async def _sides(ctx: Ctx, introduction_id: int) -> tuple[Introduction, Card, Card]:
    """The introduction and both cards, locked, the person's own first; to others it does not exist.

    For somebody of both bases their own is the side that has not agreed yet. Raises Forbidden.
    """
    made = await supply.lock_introduction(ctx.tx, introduction_id)
    if made is None:
        raise Forbidden
    cards = {one: await supply.lock(ctx.tx, one) for one in sorted((made.offer_id, made.seek_id))}
    for side in sorted(Side, key=made.agreed.__contains__):
        own, other = cards[made.card_of(side)], cards[made.card_of(side.other)]
        if own is not None and other is not None and may(ctx.actor, Action.SUPPLY_FILE, own.base_id):
            return made, own, other
    raise Forbidden


async def _exchange(ctx: Ctx, made: Introduction, own: Card, other: Card) -> None:
    """Each side is told the other's contacts, and the officers that it came about."""
    notices = [
        Notice(_of(to), "supply/contacts", await _contacts(ctx, to, of), subject=made.subject)
        for to, of in ((own, other), (other, own))
    ]
    names = [(await bases.get(ctx.tx, card.base_id)).short_name for card in (own, other)]
    facts = {"own": own.number, "other": other.number, "bases": names}
    await ctx.tell([*notices, Notice(OFFICERS, "supply/came_about", facts, subject=made.subject)])
    ctx.show("supply/agreed_both", {"number": own.number})


async def _contacts(ctx: Ctx, to: Card, of: Card) -> dict[str, object]:
    base = await bases.get(ctx.tx, of.base_id)
    held = await people.holders(ctx.tx, list(CONTACTS), of.base_id)
    told = [
        {
            "name": one.person.name,
            "role": one.membership.role,
            "tel": one.person.office_phone or one.person.phone,
        }
        for one in held
    ]
    return {
        "own": to.number,
        "number": of.number,
        "title": of.said.title,
        "base": base.name,
        "department": base.department,
        "people": told,
    }


async def _declined(ctx: Ctx, made: Introduction, own: Card, other: Card) -> None:
    """The other side hears no more than that nothing comes of it, if it has agreed already."""
    if other.side in made.agreed:
        facts = {"number": other.number, "title": own.said.title}
        await ctx.tell([Notice(_of(other), "supply/nothing_came", facts, subject=made.subject)])
    ctx.show("supply/declined", {"number": own.number, "title": other.said.title})


@redraws("introduction")
async def redraw(ctx: Ctx, introduction_id: int) -> None:
    made, own, other = await _sides(ctx, introduction_id)
    facts = {"number": own.number, "title": other.said.title, "standing": made.standing.value}
    ctx.show("supply/standing", facts)
