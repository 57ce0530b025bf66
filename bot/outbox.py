"""The sender: claim, send, settle (I3).

    queued ─claim─▶ sending ─answer─▶ sent | failed | dropped
      ▲                │
      └── not yet ─────┴─ no answer ─▶ uncertain

Only what is about to be written is `sending`: whatever has to wait goes back to `queued` first, so that a
crash puts nothing in doubt that never left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from bot.buckets import Buckets, Slot
from bot.claims import IN_FLIGHT, Claims
from bot.clock import Clock
from bot.delivery import (
    Dead,
    Dropped,
    Gone,
    Halt,
    Moved,
    Outcome,
    Refused,
    RetryAt,
    Sent,
    Uncertain,
    Why,
    outcome_of,
    outcome_of_error,
    pause,
)
from bot.lanes import Lanes
from bot.line import Line
from bot.logs import describe, reference
from bot.metrics import Metrics
from bot.multipart import Missing
from bot.remade import remade, with_changes
from bot.settler import AWAY_S, Settler
from bot.transport import Transport, Unanswered, Unreached
from domain.notices import REPEATED_FREELY, SENT_ONCE_MORE, Lane, SendState
from storage import outbox
from storage.engine import CommitFailed, Database, Tx, Unavailable, durably
from storage.outbox import Result, Row

log = logging.getLogger(__name__)

DRAIN_S: Final = 15.0
MOST_ATTEMPTS: Final = 50

T = TypeVar("T")


class Outbox:
    """Sends what is stored, in order within a chat and lane."""

    def __init__(
        self, database: Database, transport: Transport, clock: Clock, buckets: Buckets, metrics: Metrics
    ) -> None:
        self._database = database
        self._transport = transport
        self._clock = clock
        self._buckets = buckets
        self._metrics = metrics
        self._lanes = Lanes(self._deliver)
        self._settler = Settler(database, clock)
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._moved: dict[int, int] = {}
        self._held_up = 0
        self._line = Line(transport, clock, self.wake)
        self._claims = Claims(database, clock, buckets, self._lanes, self._settler, self._line)
        self._stopping = asyncio.Event()

    @property
    def halted(self) -> bool:
        """Telegram does not know the token: nothing is sent, all is kept."""
        return self._line.halted

    @property
    def away(self) -> str | None:
        """Why nothing can be claimed or recorded, in the database's words; None while all is well."""
        return self._claims.away or self._settler.away

    async def recover(self) -> None:
        """Judge what a dead process was sending; the interactive rows it left go before new ones."""
        for row in await durably(self._database, self._judge_orphans):
            self._lanes.put(row)

    def start(self) -> None:
        self._claims.start()

    async def stop(self) -> None:
        """Hear the answers to what is in flight, for at most 15 s; the rest is queued again."""
        self._stopping.set()
        await self._claims.stop()
        for row in await self._lanes.stop(DRAIN_S):
            self._release(row)
        await self._line.stop()
        await self._settler.stop(DRAIN_S)

    async def idle(self) -> None:
        """Until all that may be sent now has been sent and recorded; what has to wait is not waited for."""
        while self._lanes.active > self._held_up or await self._claims.find_more():
            await self._lanes.advance()
        await self._settler.flushed()

    def send_now(self, rows: Sequence[Row]) -> None:
        """Send rows that were stored as `sending` and are durable; others wait for their claim."""
        for row in rows:
            if row.state is SendState.SENDING:
                self._lanes.put(row)
            else:
                self.wake()

    def wake(self) -> None:
        """There are new queued rows in the table."""
        self._claims.wake()

    # what waits in the table

    async def _judge_orphans(self, tx: Tx) -> list[Row]:
        now = self._clock.now()
        orphans = await outbox.orphans(tx)
        if orphans:
            results = [_result(row, _after_doubt(row), doubts=row.doubts + 1) for row in orphans]
            log.warning("%d sends were cut off by the end of the last process", len(orphans))
            await outbox.settle(tx, results, now)
        return await outbox.interactive(tx, now)

    # one row

    async def _deliver(self, row: Row) -> None:
        """See a row to its end, or queue it again when the process ends first. Must not raise."""
        current: Row | None = row
        while current is not None:
            row = current
            try:
                current = await self._advance(row)
            except _Stopping:
                self._release(row)
                return
            except Exception as error:  # noqa: BLE001  the chat goes on whatever happened
                log.error("row %d stumbled\n%s", row.id, describe(error))
                self._refuse(row, type(error).__name__)
                return

    async def _advance(self, row: Row) -> Row | None:
        """One step: wait, take or try. The row as it is then, or None at its end."""
        if self._waits(row):
            row = self._requeued(row)
            self._lanes.change_behind(row, self._requeued)
            await self._wait(row)
        if row.state is SendState.QUEUED:
            return await self._take(row)
        return await self._try(row)

    def _opens(self, row: Row) -> int | None:
        """From when on the row may go; None while nobody can say."""
        if not self._line.is_open:
            return None
        if row.lane is Lane.PRESS and row.state is SendState.SENDING:
            return 0
        return self._buckets.frozen_until(row.chat_id)

    def _waits(self, row: Row) -> bool:
        opens = self._opens(row)
        return opens is None or opens > self._clock.now()

    async def _wait(self, row: Row) -> None:
        """Until nothing holds the row up. Raises _Stopping."""
        while self._waits(row):
            opens = self._opens(row)
            await self._unless_stopping(self._line.open() if opens is None else self._clock.until(opens))

    async def _take(self, row: Row) -> Row | None:
        """From `queued` to `sending`; None when somebody took the row back meanwhile.

        What is known of it is durable first: a kill must not forget a doubt.
        """
        if row.lane is Lane.BULK:
            while (opens := self._buckets.opens_for_bulk(row.chat_id)) > self._clock.now():
                await self._unless_stopping(self._clock.until(opens))
        await self._settler.flushed()
        taken = await self._stored(lambda tx: outbox.take(tx, row.id, self._clock.now()))
        if not taken:
            return None
        if row.lane is Lane.BULK:
            self._claims.fly(row)
        return replace(row, state=SendState.SENDING)

    async def _try(self, row: Row) -> Row | None:
        if row.cutoff_at is not None and self._clock.now() > row.cutoff_at:
            self._finish(row, SendState.DROPPED, error="too late")
            return None
        if row.chat_id in self._moved:
            row = await self._follow(row, self._moved[row.chat_id])
        if row.target is not None:
            addressed = await self._addressed(row, row.target)
            if addressed is None:
                return await self._make_again(row)
            row = addressed
        slot = await self._turn(row)
        post = self._post_in_its_place if row.lane is Lane.BULK else self._post
        outcome = await post(row, slot)
        return row if outcome is None else await self._conclude(row, outcome)

    async def _turn(self, row: Row) -> Slot:
        """The row's place in the windows, once it may go."""
        now = self._clock.now()
        if row.lane is Lane.PRESS:
            return Slot(now)
        if row.lane is Lane.INTERACTIVE:
            self._buckets.replied(now)
        slot = self._buckets.turn(row.chat_id, now)
        while slot.at > self._clock.now():
            await self._unless_stopping(self._clock.until(slot.at))
        return slot

    async def _post_in_its_place(self, row: Row, slot: Slot) -> Outcome | None:
        """As one of those that are in flight at once; None when nothing may go any more by then."""
        try:
            await self._places.acquire()
        except asyncio.CancelledError:
            self._release(row)  # it was never written
            raise
        try:
            return None if self._waits(row) else await self._post(row, slot)
        finally:
            self._places.release()

    async def _post(self, row: Row, slot: Slot) -> Outcome:
        def on_write() -> None:
            slot.written(self._clock.now())

        try:
            answer = await self._transport.post(row.method, row.payload, on_write)
        except (Unreached, Unanswered, Missing) as error:
            outcome = outcome_of_error(error, self._clock.now(), self._line.misses)
        else:
            outcome = outcome_of(answer, self._clock.now(), row.attempts, self._line.misses)
        self._line.heed(outcome)
        self._metrics.sent(type(outcome).__name__.lower())
        return outcome

    async def _conclude(self, row: Row, outcome: Outcome) -> Row | None:
        """The row as it is to be tried again, or None once its result is with the settler."""
        match outcome:
            case Sent(message_id):
                self._finish(row, SendState.SENT, message_id=message_id)
            case Dropped(reason):
                self._finish(row, SendState.DROPPED, error=reason)
            case Dead(reason):
                # who can't be reached in a group may well be in private
                dead = row.person_id if row.chat_id > 0 else None
                self._finish(row, SendState.FAILED, error=reason, dead=dead)
            case Refused(description):
                self._refuse(row, description)
            case Uncertain():
                return self._doubt(row)
            case RetryAt():
                return self._later(row, outcome)
            case Moved(chat_id):
                return self._requeued(await self._follow(row, chat_id), row.attempts + 1)
            case Gone():
                return await self._make_again(row)
            case Halt():
                self._line.halt()
                return self._requeued(row)
        return None

    def _later(self, row: Row, retry: RetryAt) -> Row | None:
        attempts = row.attempts
        match retry.why:
            case Why.THROTTLED:
                self._metrics.throttled()
                self._buckets.throttled(row.chat_id, retry.instant, self._clock.now())
            case Why.UNREACHED:
                self._buckets.freeze(retry.instant)
            case Why.BROKEN:
                attempts += 1
                self._buckets.freeze_chat(row.chat_id, retry.instant)
        if attempts >= MOST_ATTEMPTS:
            self._refuse(row, "Telegram's fault, again and again")
            return None
        return self._requeued(row, attempts)

    def _doubt(self, row: Row) -> Row | None:
        state = _after_doubt(row)
        if state is SendState.UNCERTAIN or row.attempts >= MOST_ATTEMPTS:
            self._finish(row, SendState.UNCERTAIN, doubts=row.doubts + 1)
            return None
        if row.doubts:
            self._buckets.freeze_chat(row.chat_id, self._clock.now() + pause(row.attempts))
        return self._requeued(replace(row, doubts=row.doubts + 1), row.attempts + 1)

    async def _make_again(self, row: Row) -> Row | None:
        """What it was about is gone: as a new message, or not at all."""
        made = remade(row)
        if made is not None:
            await self._stored(lambda tx: outbox.remake(tx, made))
            self._claims.land(row)
            return replace(made, state=SendState.QUEUED)
        if row.kind in REPEATED_FREELY:
            self._finish(row, SendState.DROPPED, error="gone")
        else:
            self._refuse(row, "gone")
        return None

    async def _follow(self, row: Row, chat_id: int) -> Row:
        """The group became a supergroup: this row and all that are open go there."""
        self._moved[row.chat_id] = chat_id
        if row.chat_id != chat_id:
            await self._stored(lambda tx: outbox.move(tx, row.chat_id, chat_id))
        return replace(with_changes(row, chat_id=chat_id), chat_id=chat_id)

    async def _addressed(self, row: Row, target_id: int) -> Row | None:
        """The row with the message id of the one it changes; None when that was never sent."""
        await self._settler.flushed()
        target = await self._stored(lambda tx: outbox.get(tx, target_id))
        if target is None or target.message_id is None:
            return None
        return replace(with_changes(row, message_id=target.message_id), target=None)

    # what came of it

    def _finish(self, row: Row, state: SendState, *, dead: int | None = None, **fields: Any) -> None:
        result = _result(row, state, attempts=row.attempts + 1, **fields)
        # whoever is quick answers a reply within milliseconds: its message id must be known then
        self._settler.add(result, dead, at_once=row.lane is Lane.INTERACTIVE)
        self._claims.land(row)

    def _requeued(self, row: Row, attempts: int | None = None) -> Row:
        """The row, as it is no longer being sent; `_take` waits until that is durable."""
        if row.state is SendState.QUEUED:
            return row
        row = replace(row, state=SendState.QUEUED, attempts=row.attempts if attempts is None else attempts)
        self._settler.add(_result(row, row.state), at_once=row.lane is not Lane.BULK)
        self._claims.land(row)
        return row

    def _release(self, row: Row) -> None:
        if row.state is SendState.SENDING:
            self._settler.add(_result(row, SendState.QUEUED))

    def _refuse(self, row: Row, description: str) -> None:
        number = reference()
        log.error("row %d (%s) was refused, %s", row.id, row.method, number)
        self._finish(row, SendState.FAILED, error=_without_text(description), reference=number)

    async def _stored(self, body: Callable[[Tx], Awaitable[T]]) -> T:
        """As `durably`, again and again while the database is away. Raises _Stopping."""
        while True:
            try:
                return await durably(self._database, body)
            except (Unavailable, CommitFailed):
                await self._unless_stopping(asyncio.sleep(AWAY_S))

    async def _unless_stopping(self, waiting: Awaitable[Any]) -> None:
        """Wait for it. Raises _Stopping when the process ends first."""
        self._held_up += 1
        tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._held_up -= 1
            for task in tasks:
                task.cancel()
        if self._stopping.is_set():
            raise _Stopping


class _Stopping(Exception):
    """The process ends before the row's turn came."""


def _result(row: Row, state: SendState, **fields: Any) -> Result:
    fields = {"attempts": row.attempts, "doubts": row.doubts} | fields
    return Result(row.id, state, **fields)


def _after_doubt(row: Row) -> SendState:
    """What becomes of a send that nobody answered (I3)."""
    if row.kind in REPEATED_FREELY or (row.kind in SENT_ONCE_MORE and row.doubts == 0):
        return SendState.QUEUED
    return SendState.UNCERTAIN


def _without_text(description: str) -> str:
    """The head of Telegram's words: after a second colon it may quote the message."""
    return ":".join(description.split(":")[:2])[:200]
