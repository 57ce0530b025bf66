"""Links by which the centre's people fetch a stored file."""

from domain.download_links import LIFE_MS, DownloadLink
from storage import queries
from storage.engine import Row, Tx
from storage.upload_links import hashed, new_secret

q = queries.load("download_links")


async def add(tx: Tx, *, person_id: int, sha256: str, name: str, media_type: str, size: int, now: int) -> str:
    """A new link's token; it is kept nowhere."""
    token = new_secret()
    await q.insert_link(
        tx,
        token_hash=hashed(token),
        person_id=person_id,
        sha256=sha256,
        name=name,
        media_type=media_type,
        size=size,
        created_at=now,
        expires_at=now + LIFE_MS,
    )
    return token


async def get(tx: Tx, token: str) -> DownloadLink | None:
    row = await q.link(tx, token_hash=hashed(token))
    return _link(row) if row else None


async def lock(tx: Tx, token: str) -> DownloadLink | None:
    row = await q.lock_link(tx, token_hash=hashed(token))
    return _link(row) if row else None


async def press(tx: Tx, link_id: int, browser: str, now: int) -> None:
    """Give the file to the browser with this secret, given hashed, from now on."""
    await q.press_link(tx, id=link_id, browser=browser, now=now)


async def prune(tx: Tx, before: int, _: int) -> int:
    """Forget what expired before the instant; how many."""
    return int(await q.delete_links(tx, before=before))


def _link(row: Row) -> DownloadLink:
    return DownloadLink(**dict(row))
