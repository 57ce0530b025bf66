"""What bases offer and seek, and the introductions between them."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from domain.supply import Card, Industry, Introduction, Said, Side, Stage, Standing, State, Way
from storage import queries
from storage.engine import Row, Tx

q = queries.load("supply")

SERIES = "GX"
MOST = 500
"""Cards that are compared with one another: more than a province's bases list at a time."""


async def add(tx: Tx, number: str, base_id: int, side: Side, said: Said, filed_by: int, now: int) -> Card:
    card_id = await q.insert_card(
        tx, number=number, base_id=base_id, side=side, said=_dumped(said), filed_by=filed_by, now=now
    )
    found = await get(tx, card_id)
    if found is None:
        raise LookupError(f"no card {card_id}")
    return found


async def get(tx: Tx, card_id: int) -> Card | None:
    row = await q.card(tx, id=card_id)
    return _card(row) if row else None


async def lock(tx: Tx, card_id: int) -> Card | None:
    row = await q.lock_card(tx, id=card_id)
    return _card(row) if row else None


async def save(tx: Tx, card: Card) -> None:
    """Save what one move made of a locked card."""
    saved = await q.save_card(
        tx,
        id=card.id,
        seen_rev=card.rev - 1,
        rev=card.rev,
        state=card.state,
        said=_dumped(card.said),
        expires_on=card.expires_on.isoformat() if card.expires_on else None,
        remark=card.remark,
    )
    if saved is None:
        raise LookupError(f"card {card.id} is not at rev {card.rev - 1}")


async def list_of_base(tx: Tx, base_id: int, most: int) -> list[Card]:
    """All but the withdrawn, the newest first."""
    return [_card(row) for row in await q.cards_of_base(tx, base_id=base_id, most=most)]


async def list_in(tx: Tx, states: Iterable[State], most: int = MOST) -> list[Card]:
    """The oldest first."""
    return [_card(row) for row in await q.cards_in(tx, states=[state.value for state in states], most=most)]


async def introduce(tx: Tx, offer_id: int, seek_id: int, released_by: int, now: int) -> Introduction | None:
    """None where the two were introduced before."""
    found = await q.insert_introduction(
        tx, offer_id=offer_id, seek_id=seek_id, released_by=released_by, now=now
    )
    return Introduction(found, offer_id, seek_id, Standing.RELEASED, 0) if found is not None else None


async def lock_introduction(tx: Tx, introduction_id: int) -> Introduction | None:
    row = await q.lock_introduction(tx, id=introduction_id)
    return _introduction(row) if row else None


async def introductions_of(tx: Tx, card_id: int) -> list[Introduction]:
    return [_introduction(row) for row in await q.introductions_of(tx, card_id=card_id)]


async def save_introduction(tx: Tx, introduction: Introduction) -> None:
    saved = await q.save_introduction(
        tx,
        id=introduction.id,
        seen_rev=introduction.rev - 1,
        rev=introduction.rev,
        standing=introduction.standing,
        offer_agreed=Side.OFFER in introduction.agreed,
        seek_agreed=Side.SEEK in introduction.agreed,
    )
    if saved is None:
        raise LookupError(f"introduction {introduction.id} is not at rev {introduction.rev - 1}")


def _dumped(said: Said) -> str:
    told = {
        "title": said.title,
        "summary": said.summary,
        "industries": said.industries,
        "ipc": said.ipc,
        "keywords": said.keywords,
        "stage": said.stage,
        "ways": said.ways,
        "patents": said.patents,
        "least": str(said.least) if said.least is not None else None,
        "most": str(said.most) if said.most is not None else None,
    }
    return json.dumps(told, ensure_ascii=False)


def _said(dumped: str) -> Said:
    told = json.loads(dumped)
    return Said(
        title=told["title"],
        summary=told["summary"],
        industries=tuple(Industry(one) for one in told["industries"]),
        ipc=tuple(told["ipc"]),
        keywords=tuple(told["keywords"]),
        stage=Stage(told["stage"]) if told["stage"] else None,
        ways=tuple(Way(one) for one in told["ways"]),
        patents=tuple(told["patents"]),
        least=Decimal(told["least"]) if told["least"] else None,
        most=Decimal(told["most"]) if told["most"] else None,
    )


def _card(row: Row) -> Card:
    return Card(
        id=row["id"],
        number=row["number"],
        base_id=row["base_id"],
        side=Side(row["side"]),
        state=State(row["state"]),
        rev=row["rev"],
        said=_said(row["said"]),
        filed_by=row["filed_by"],
        filed_at=row["filed_at"],
        city=row["city"] or "",
        kind=row["kind"] or "",
        expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
        remark=row["remark"],
    )


def _introduction(row: Row) -> Introduction:
    sides = ((Side.OFFER, row["offer_agreed"]), (Side.SEEK, row["seek_agreed"]))
    return Introduction(
        row["id"],
        row["offer_id"],
        row["seek_id"],
        Standing(row["standing"]),
        row["rev"],
        frozenset(side for side, agreed in sides if agreed),
    )
