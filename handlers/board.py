"""The board: a pinned message for somebody of the centre that keeps its numbers, and the same as a picture.

A tick looks at every board: at most one edit of a message in PACE_MS, and only where a number has changed.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.access import Action, may
from domain.notices import Kind, Offer, SendState
from domain.obligations import Owed, State, report_due
from domain.people import Person
from domain.tally import GROUPS, tally
from handlers import keyboards, letters
from handlers.callbacks import Press
from handlers.context import Ctx, Services
from handlers.outstanding import of_year
from handlers.papers import Paper, send_file
from handlers.routes import press
from messages.attachments.chart import Bar, bars
from storage import ladder, outbox, people
from storage.engine import Tx, durably
from storage.files import FileStore
from storage.ladder import Board
from storage.outbox import Row

DRAW: Final = "board"
CHART: Final = "standing_chart"
"""The kinds of jobs."""
PACE_MS = 30_000

Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a board and the picture show."""

    year: int
    counts: Mapping[str, int]
    facts: Mapping[str, object]

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(name, self.counts[name]) for name in GROUPS if self.counts[name]]


async def _numbers(services: Services, tx: Tx, now: int) -> Numbers:
    year, owed = await of_year(services, tx, now)
    counts = tally(owed)
    facts = {
        "year": year,
        "total": len(owed) - counts[State.WAIVED],
        "rows": [{"group": name, "n": counts[name]} for name in GROUPS if counts[name]],
        **_deadline(services, owed, now),
    }
    return Numbers(year, counts, facts)


def _deadline(services: Services, owed: Sequence[Owed], now: int) -> Mapping[str, object]:
    today = services.calendar.today(now)
    due = owed[0].obligation.due_on if owed else report_due(today)
    return {"due": due.isoformat(), "days_left": (due - today).days}


# --- asked for --------------------------------------------------------------------------------------------


@press("board", Action.REPORTS)
async def begin(ctx: Ctx, _: Press) -> None:
    """A new one, below; one that the person had is pinned no longer."""
    await _unpin(ctx)
    await ladder.open_board(ctx.tx, ctx.me.id)
    await ctx.start_job(DRAW)
    ctx.toast("outstanding/board_coming")


@press("board_off", Action.REPORTS)
async def end(ctx: Ctx, _: Press) -> None:
    await _unpin(ctx)
    await ladder.close_board(ctx.tx, ctx.me.id)
    ctx.show("outstanding/board_off")


async def _unpin(ctx: Ctx) -> None:
    mine = [one for one in await ladder.lock_boards(ctx.tx) if one.person_id == ctx.me.id and one.pinned]
    ctx.rows += [_pinning("unpinChatMessage", one, ctx.chat_id, ctx.now) for one in mine]


def _pinning(method: str, board: Board, chat_id: int, now: int) -> Row:
    """Doing it twice changes nothing; where the message is gone there is nothing to do."""
    call: letters.Payload = {"chat_id": chat_id}
    if method == "pinChatMessage":
        call["disable_notification"] = True
    row = letters.row(method, call, now, chat_id=chat_id, kind=Kind.EDIT, person_id=board.person_id)
    return replace(row, target=board.message_row)


# --- drawn ------------------------------------------------------------------------------------------------


async def refresh(services: Services) -> None:
    """Bring every board up to date. Raises Unavailable or CommitFailed."""
    rows = await durably(services.database, lambda tx: _refresh(services, tx))
    services.sender.send_now(rows)


async def _refresh(services: Services, tx: Tx) -> list[Row]:
    boards = await ladder.lock_boards(tx)
    if not boards:
        return []
    numbers = await _numbers(services, tx, services.clock.now())
    return [row for board in boards for row in await _draw(services, tx, board, numbers)]


async def _draw(services: Services, tx: Tx, board: Board, numbers: Numbers) -> list[Row]:
    person = await people.get(tx, board.person_id)
    if person.telegram_id is None or not may(await people.actor(tx, person), Action.REPORTS):
        await ladder.close_board(tx, board.person_id)
        return []
    if board.message_row is None:
        return await _send(services, tx, board, person, numbers)
    if await _in_hand(tx, board):
        return []
    board = await _made_again(tx, board)
    return [
        *await _pin(tx, board, person, services.clock.now()),
        *await _edit(services, tx, board, person, numbers),
    ]


async def _send(services: Services, tx: Tx, board: Board, person: Person, numbers: Numbers) -> list[Row]:
    now = services.clock.now()
    payload = _payload(services, person, numbers, now)
    row = letters.row("sendMessage", payload, now, chat_id=person.telegram_id or 0, person_id=person.id)
    [sent] = await outbox.insert(tx, [row])
    shown = _fingerprint(services, person, numbers)
    await ladder.save_board(tx, replace(board, message_row=sent.id, shown=shown, drawn_at=now))
    return [sent]


async def _pin(tx: Tx, board: Board, person: Person, now: int) -> list[Row]:
    """Once its message is there."""
    message = await outbox.get(tx, board.message_row or 0)
    if board.pinned or message is None or message.message_id is None:
        return []
    rows = await outbox.insert(tx, [_pinning("pinChatMessage", board, person.telegram_id or 0, now)])
    await ladder.save_board(tx, replace(board, pinned=True))
    return rows


async def _edit(services: Services, tx: Tx, board: Board, person: Person, numbers: Numbers) -> list[Row]:
    now = services.clock.now()
    shown = _fingerprint(services, person, numbers)
    message = await outbox.get(tx, board.message_row or 0)
    if shown == board.shown or now - (board.drawn_at or 0) < PACE_MS:
        return []
    if message is None or message.message_id is None:
        return []
    payload = _payload(services, person, numbers, now)
    chat_id = message.chat_id
    row = letters.row("editMessageText", payload, now, chat_id=chat_id, kind=Kind.EDIT, person_id=person.id)
    [edit] = await outbox.insert(tx, [replace(row, target=message.id)])
    await ladder.save_board(tx, replace(board, edit_row=edit.id, shown=shown, drawn_at=now, pinned=True))
    return [edit]


async def _in_hand(tx: Tx, board: Board) -> bool:
    """Whether the last of it is still on its way."""
    last = await outbox.get(tx, board.edit_row or board.message_row or 0)
    return last is not None and last.state in (SendState.QUEUED, SendState.SENDING)


async def _made_again(tx: Tx, board: Board) -> Board:
    """An edit whose message was gone has become a message: from then on that one is edited, and pinned."""
    last = await outbox.get(tx, board.edit_row) if board.edit_row else None
    if last is not None and last.method == "sendMessage":
        return replace(board, message_row=last.id, edit_row=None, pinned=False)
    return board


def _payload(services: Services, person: Person, numbers: Numbers, now: int) -> letters.Payload:
    locale = person.locale or services.locale
    text = services.catalog.render("outstanding/board", locale, {**numbers.facts, "as_of": now})
    markup = keyboards.inline(((Offer("board_off"),),), services.catalog, locale)
    return letters.message(person.telegram_id or 0, text, markup)


def _fingerprint(services: Services, person: Person, numbers: Numbers) -> str:
    """Of the numbers and the language; when they were counted is no change."""
    told = json.dumps([person.locale or services.locale, numbers.facts], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


# --- as a picture -----------------------------------------------------------------------------------------


@press("standing_chart", Action.REPORTS)
async def ask_chart(ctx: Ctx, _: Press) -> None:
    await ctx.start_job(CHART, person_id=ctx.me.id, asked_at=ctx.now)
    ctx.toast("outstanding/board_coming")


async def send_chart(services: Services, files: FileStore, args: Args) -> None:
    """A bar a state; run twice, it is one picture."""
    now = services.clock.now()
    async with services.database.read() as tx:
        person = await people.get(tx, args["person_id"])
        numbers = await _numbers(services, tx, now)
    locale = person.locale or services.locale
    png = await asyncio.to_thread(bars, [""], _bars(services, numbers, locale))
    stored = await files.put(png)
    facts = {**numbers.facts, "as_of": now}
    paper = Paper(stored.sha256, "standing.png", "image/png", "outstanding/chart", facts)

    async def told(tx: Tx) -> list[Row]:
        row = await send_file(services, tx, paper, person_id=person.id, kind=Kind.REPLY)
        key = f"{CHART}:{args['asked_at']}:person {person.id}"
        return await outbox.insert(tx, [replace(row, key=key)])

    services.sender.send_now(await durably(services.database, told))


def _bars(services: Services, numbers: Numbers, locale: str) -> list[Bar]:
    rows = numbers.rows or [(GROUPS[0], 0)]
    return [Bar(services.catalog.label(f"standing_{name}", locale), (n,), (str(n),)) for name, n in rows]
