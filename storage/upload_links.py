"""Links to the upload page, and the files that are on their way through them."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from domain.upload_links import LIFE_MS, Link, Upload, UploadState
from storage import queries
from storage.engine import Row, Tx

q = queries.load("upload_links")


def hashed(secret: str) -> str:
    """How a token, or the secret of a browser, is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """128 random bits in 22 characters, as a link or a cookie carries them."""
    return secrets.token_urlsafe(16)


async def add(tx: Tx, *, person_id: int, purpose: str, subject_id: int, title: str, now: int) -> str:
    """A new link's token; it is kept nowhere."""
    token = new_secret()
    await q.insert_link(
        tx,
        token_hash=hashed(token),
        person_id=person_id,
        purpose=purpose,
        subject_id=subject_id,
        title=title,
        created_at=now,
        expires_at=now + LIFE_MS,
    )
    return token


async def get(tx: Tx, token: str) -> Link | None:
    row = await q.link(tx, token_hash=hashed(token))
    return _link(row) if row else None


async def lock(tx: Tx, token: str) -> Link | None:
    row = await q.lock_link(tx, token_hash=hashed(token))
    return _link(row) if row else None


async def bind(tx: Tx, link_id: int, browser: str) -> None:
    """To the browser with this secret, given hashed."""
    await q.bind_link(tx, id=link_id, browser=browser)


async def end(tx: Tx, link_id: int, now: int) -> None:
    await q.end_link(tx, id=link_id, now=now)


async def begin(tx: Tx, link_id: int, *, client_key: str, name: str, size: int, now: int) -> Upload:
    return _upload(
        await q.insert_upload(tx, link_id=link_id, client_key=client_key, name=name, size=size, now=now)
    )


async def begun(tx: Tx, link_id: int, client_key: str) -> Upload | None:
    """The upload of this content, where it was begun already."""
    row = await q.upload_by_key(tx, link_id=link_id, client_key=client_key)
    return _upload(row) if row else None


async def upload(tx: Tx, link_id: int, upload_id: int) -> Upload | None:
    row = await q.upload(tx, link_id=link_id, id=upload_id)
    return _upload(row) if row else None


async def uploads(tx: Tx, link_id: int) -> list[Upload]:
    """All of the link, in the order in which they were begun."""
    return [_upload(row) for row in await q.uploads_of(tx, link_id=link_id)]


async def advance(tx: Tx, upload_id: int, offset: int, received: int) -> Upload | None:
    """Record that the bytes from `offset` to `received` are on the disk; None when it is not at `offset`."""
    row = await q.advance_upload(tx, id=upload_id, offset=offset, received=received)
    return _upload(row) if row else None


async def rewind(tx: Tx, upload_id: int) -> None:
    """Begin again: what was recorded is not on the disk."""
    await q.rewind_upload(tx, id=upload_id)


async def complete(tx: Tx, upload_id: int, attachment_id: int) -> None:
    await q.complete_upload(tx, id=upload_id, attachment_id=attachment_id)


async def forget_name(tx: Tx, attachment_id: int) -> None:
    """Of a file that was blocked, not even the name is kept."""
    await q.forget_name(tx, attachment_id=attachment_id)


async def cancel(tx: Tx, link_id: int, upload_id: int) -> bool:
    """Forget an unfinished upload; False when there is none."""
    return await q.delete_upload(tx, link_id=link_id, id=upload_id) is not None


async def forget_unfinished(tx: Tx, now: int) -> None:
    """Forget what was not finished when its link was over."""
    await q.delete_unfinished(tx, now=now)


async def prune(tx: Tx, before: int, _: int) -> int:
    """Forget links that expired before the instant; until then it is known what became of their files."""
    return int(await q.delete_links(tx, before=before))


async def needed(tx: Tx, upload_ids: Sequence[int]) -> set[int]:
    """Those that are on their way, or not examined yet."""
    return {row["id"] for row in await q.needed_uploads(tx, ids=list(upload_ids))}


def _link(row: Row) -> Link:
    return Link(**dict(row))


def _upload(row: Row) -> Upload:
    values: dict[str, Any] = dict(row)
    return Upload(**{**values, "state": UploadState(values["state"])})
