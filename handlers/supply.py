"""供需信息 (Article 7(3)): the list, a card's page, renewal and withdrawal."""

from collections.abc import Sequence

from domain.access import Action, may
from domain.bases import Base
from domain.errors import Forbidden
from domain.matching import SHOWN, Candidate, candidates
from domain.notices import Notice, Offer, Rows, To
from domain.people import BASE_ROLES, Role
from domain.supply import REMIND_DAYS, Card, Move, Side, State, decide, offers, readable
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.keyboards import BACK
from handlers.routes import command, press
from handlers.serving import redraws
from handlers.supply_due import plan_end
from handlers.supply_facts import brief, facts_of
from storage import bases, supply

OWN_SHOWN = 10
LISTED_SHOWN = 20
WORDS_SHOWN = 4
OFFICERS = To(roles=frozenset({Role.OFFICER}))
NEW = tuple(Offer(f"supply_new.{side}") for side in Side)
TO_LIST: Rows = ((Offer("go.supply", label="supply"),), *BACK)


@command("supply", Action.SUPPLY)
async def listed(ctx: Ctx) -> None:
    """A base's own cards; for the centre what waits for review and what is listed."""
    actor = ctx.require(Action.SUPPLY)
    if may(actor, Action.SUPPLY_READ):
        await _all(ctx)
        return
    cards = await supply.list_of_base(ctx.tx, own_base(ctx), OWN_SHOWN)
    rows = [brief(card) for card in cards]
    ctx.show("supply/own", {"cards": rows, "days": REMIND_DAYS}, (NEW, *_pages(cards), *BACK))


async def _all(ctx: Ctx) -> None:
    waiting = await supply.list_in(ctx.tx, [State.SUBMITTED], LISTED_SHOWN)
    on_list = await supply.list_in(ctx.tx, [State.LISTED])
    shown = [*waiting, *on_list[::-1]][:LISTED_SHOWN]
    facts = {"cards": [brief(card) for card in shown], "waiting": len(waiting), "listed": len(on_list)}
    ctx.show("supply/all", facts, (*_pages(shown), *BACK))


def _pages(cards: Sequence[Card]) -> Rows:
    return tuple((Offer("supply_card", card.id, card.rev, text=card.number),) for card in cards)


def own_base(ctx: Ctx) -> int:
    """The base that the person files for. Raises Forbidden."""
    actor = ctx.require(Action.SUPPLY_FILE)
    return next(base_id for base_id in actor.bases if may(actor, Action.SUPPLY_FILE, base_id))


async def locked(ctx: Ctx, card_id: int) -> Card:
    """The card; one that the actor may not read does not exist for them. Raises Forbidden."""
    card = await supply.lock(ctx.tx, card_id)
    if card is None or not readable(ctx.actor, card):
        raise Forbidden
    return card


@press("supply_card", Action.SUPPLY)
async def card_page(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await locked(ctx, pressed.id))


@redraws("supply")
async def redraw(ctx: Ctx, card_id: int) -> None:
    await show(ctx, await locked(ctx, card_id))


async def show(ctx: Ctx, card: Card) -> None:
    """The card; for who may introduce two, with what is like it on the other side."""
    actor = ctx.require(Action.SUPPLY)
    found = await alike(ctx, card) if may(actor, Action.SUPPLY_REVIEW) else []
    facts = {
        **await facts_of(ctx, card),
        "candidates": [await _told(ctx, one) for one in found],
        "compared": may(actor, Action.SUPPLY_REVIEW) and card.state is State.LISTED,
    }
    release = tuple(
        (Offer(f"supply_release.{one.card.id}", card.id, card.rev, text=f"{word} {one.card.number}"),)
        for word, one in ((ctx.catalog.label("supply_release", ctx.locale), one) for one in found)
    )
    ctx.show("supply/card", facts, (*offers(card, actor.roles(card.base_id)), *release, *TO_LIST))


async def alike(ctx: Ctx, card: Card) -> list[Candidate]:
    """Those of the other side that it was not introduced to yet, the likest five."""
    if card.state is not State.LISTED:
        return []
    known = {one.card_of(card.side.other) for one in await supply.introductions_of(ctx.tx, card.id)}
    others = [one for one in await supply.list_in(ctx.tx, [State.LISTED]) if one.id not in known]
    return candidates(card, others)[:SHOWN]


async def _told(ctx: Ctx, one: Candidate) -> dict[str, object]:
    base: Base = await bases.get(ctx.tx, one.card.base_id)
    return {
        "number": one.card.number,
        "title": one.card.said.title,
        "base": base.short_name,
        "industries": list(one.why.industries),
        "ipc": list(one.why.ipc),
        "words": list(one.why.words)[:WORDS_SHOWN],
        "same_city": one.why.same_city,
    }


async def moved(
    ctx: Ctx, card: Card, move: Move, seen_rev: int | None = None, remark: str | None = None
) -> Card:
    """Make the move of a locked card: row, audit and, where it is on the list anew, its end."""
    after = decide(card, move, ctx.require(Action.SUPPLY), ctx.today, seen_rev=seen_rev, remark=remark)
    await supply.save(ctx.tx, after)
    await ctx.record(f"supply_{move}", after.subject, before=card.state, after=after.state)
    if after.expires_on != card.expires_on:
        await plan_end(ctx.services, ctx.tx, after, ctx.now)
    return after


async def tell_base(ctx: Ctx, card: Card, template: str, **facts: object) -> None:
    to = To(base_id=card.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    told = {**await facts_of(ctx, card), **facts}
    rows = (*offers(card, BASE_ROLES), (Offer("supply_card", card.id, card.rev, label="supply_card"),))
    await ctx.tell([Notice(to, template, told, rows, subject=card.subject)])


@press("supply_renew", Action.SUPPLY_FILE)
async def renew(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await moved(ctx, await locked(ctx, pressed.id), Move.RENEW, pressed.rev))


@press("supply_withdraw", Action.SUPPLY_FILE)
async def ask_to_withdraw(ctx: Ctx, pressed: Press) -> None:
    card = await locked(ctx, pressed.id)
    decide(card, Move.WITHDRAW, ctx.require(Action.SUPPLY_FILE), ctx.today, seen_rev=pressed.rev)
    here = (card.id, card.rev)
    rows: Rows = ((Offer("supply_withdrawn", *here), Offer("supply_card", *here, label="home")),)
    ctx.show("supply/withdraw", {"number": card.number, "title": card.said.title}, rows)


@press("supply_withdrawn", Action.SUPPLY_FILE)
async def withdraw(ctx: Ctx, pressed: Press) -> None:
    after = await moved(ctx, await locked(ctx, pressed.id), Move.WITHDRAW, pressed.rev)
    ctx.show("supply/withdrawn", {"number": after.number}, TO_LIST)
