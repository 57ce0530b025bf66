"""Albums that are coming in, and what the gate has found in their files."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.albums import Album
from storage import queries
from storage.engine import Row, Tx

q = queries.load("albums")


@dataclass(frozen=True, slots=True)
class Item:
    """`in_form`: the step of the form has it already."""

    message_id: int
    attachment_id: int
    in_form: bool


async def of_group(tx: Tx, chat_id: int, media_group_id: str) -> Album | None:
    """Locked."""
    row = await q.album_of_group(tx, chat_id=chat_id, media_group_id=media_group_id)
    return _album(row) if row else None


async def begin(
    tx: Tx,
    *,
    chat_id: int,
    media_group_id: str,
    person_id: int,
    due_at: int,
    cites: str | None,
    form: tuple[int, str] | None,
) -> Album:
    """With its first item; `form` is a draft and its step."""
    draft_id, step = form or (None, None)
    await q.insert_album(
        tx,
        chat_id=chat_id,
        media_group_id=media_group_id,
        person_id=person_id,
        due_at=due_at,
        words="",
        cites=cites,
        draft_id=draft_id,
        step=step,
    )
    begun = await of_group(tx, chat_id, media_group_id)
    if begun is None:
        raise LookupError(f"no album {media_group_id} in chat {chat_id}")
    return begun


async def lock(tx: Tx, album_id: int) -> Album | None:
    row = await q.lock_album(tx, id=album_id)
    return _album(row) if row else None


async def save(tx: Tx, album: Album) -> None:
    """Keep when it is due, whether it waited, and its words."""
    await q.save_album(tx, id=album.id, due_at=album.due_at, waited=album.waited, words=album.words)


async def add(tx: Tx, album_id: int, item: Item) -> None:
    await q.insert_item(
        tx,
        album_id=album_id,
        message_id=item.message_id,
        attachment_id=item.attachment_id,
        in_form=item.in_form,
    )


async def undecided(tx: Tx, album_id: int) -> list[Item]:
    """In the order in which they were sent."""
    rows = await q.undecided_items(tx, album_id=album_id)
    return [Item(row["message_id"], row["attachment_id"], bool(row["in_form"])) for row in rows]


async def decide(tx: Tx, album_id: int) -> None:
    await q.decide_items(tx, album_id=album_id)


async def untold(tx: Tx, album_id: int) -> list[int]:
    """The files of decided items of which nothing was said yet, in the order in which they were sent."""
    return [row["attachment_id"] for row in await q.untold_items(tx, album_id=album_id)]


async def files(tx: Tx, album_id: int) -> list[int]:
    """All of them, in the order in which they were sent."""
    return [row["attachment_id"] for row in await q.files_of_album(tx, album_id=album_id)]


async def tell(tx: Tx, attachment_ids: Sequence[int]) -> None:
    await q.tell_items(tx, attachment_ids=list(attachment_ids))


async def more_in_hand(tx: Tx, chat_id: int) -> bool:
    """Whether an update of the chat is stored and not handled yet."""
    return bool(await q.open_of_chat(tx, chat_id=chat_id))


def _album(row: Row) -> Album:
    return Album(**{**dict(row), "waited": bool(row["waited"])})
