"""The browsers from which an event's staff check people in: a link each, bound to the browser that begins."""

from dataclasses import dataclass

from storage import queries
from storage.engine import Row, Tx
from storage.upload_links import hashed, new_secret

q = queries.load("event_desks")


@dataclass(frozen=True, slots=True)
class Desk:
    """`browser` is the SHA-256 of the secret of the browser that began."""

    id: int
    event_id: int
    person_id: int
    browser: str | None
    expires_at: int


async def add(tx: Tx, *, event_id: int, person_id: int, expires_at: int) -> str:
    """A new link's token; it is kept nowhere."""
    token = new_secret()
    await q.insert_desk(
        tx, token_hash=hashed(token), event_id=event_id, person_id=person_id, expires_at=expires_at
    )
    return token


async def get(tx: Tx, token: str) -> Desk | None:
    row = await q.desk(tx, token_hash=hashed(token))
    return _desk(row) if row else None


async def bind(tx: Tx, desk_id: int, browser: str) -> bool:
    """Give the desk to this browser, named by its hash; False when another has it."""
    return await q.bind(tx, id=desk_id, browser=browser) is not None


async def of_browser(tx: Tx, browser: str, event_id: int, now: int) -> Desk | None:
    """The desk that this browser is for the event."""
    row = await q.of_browser(tx, browser=browser, event_id=event_id, now=now)
    return _desk(row) if row else None


def _desk(row: Row) -> Desk:
    return Desk(**dict(row))
