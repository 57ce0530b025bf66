"""What a page says of a card."""

from domain.supply import Card
from handlers.context import Ctx
from storage import bases


def brief(card: Card) -> dict[str, object]:
    return {
        "number": card.number,
        "side": card.side.value,
        "state": card.state.value,
        "title": card.said.title,
        "expires_on": card.expires_on.isoformat() if card.expires_on else None,
    }


def content(card: Card) -> dict[str, object]:
    """What anybody may read of it, without its base."""
    said = card.said
    return {
        **brief(card),
        "summary": said.summary,
        "industries": [one.value for one in said.industries],
        "ipc": list(said.ipc),
        "keywords": list(said.keywords),
        "stage": said.stage.value if said.stage else None,
        "ways": [one.value for one in said.ways],
        "patents": list(said.patents),
        "least": str(said.least) if said.least is not None else None,
        "most": str(said.most) if said.most is not None else None,
        "city": card.city,
        "kind": card.kind,
    }


async def facts_of(ctx: Ctx, card: Card) -> dict[str, object]:
    """All of it, for its base and the centre."""
    base = await bases.get(ctx.tx, card.base_id)
    return {**content(card), "base": base.name, "remark": card.remark}
