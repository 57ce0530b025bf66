"""The other channels (LIANLUO_FALLBACK, Apprise URLs): e-mail, WeCom, SMS gateways.

A send is a row first: planned, then `sending` before the channel hears of it. Where the process dies between
the channel's taking it and our record, or the channel's answer is lost, it is `uncertain`: it is not sent
again, and an officer is told. What was refused, or had no connection, is tried again by the jobs.
"""

import asyncio
import hashlib
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from bot.config import Misconfigured
from domain.announcements import SUBJECT as ANNOUNCEMENT
from domain.notices import Notice, Subject
from handlers import deliveries, letters, reach
from handlers.context import Services
from storage import announcements, bases, fallback, outbox
from storage.engine import Tx, durably
from storage.fallback import Send, State
from storage.outbox import Row

MARK_CHARS: Final = 12
_NO_ANSWER: Final = re.compile("closed|timed out|aborted|reset by peer|disconnected", re.IGNORECASE)


class NotTaken(Exception):
    """The channel did not take it."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Addresses by mark: the mark is in the records, the address (it may hold a password) is not."""

    addresses: Mapping[str, str]

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(self.addresses)

    @classmethod
    def read(cls, configured: str | None) -> "Channels":
        """From Apprise URLs, parted by spaces or commas. Raises Misconfigured."""
        if not configured:
            return cls({})
        import apprise

        channels: Any = apprise.Apprise()  # it has no types of its own
        if not channels.add(configured) or not len(channels):
            raise Misconfigured("LIANLUO_FALLBACK: Apprise URLs, such as mailto://user:password@host")
        urls = [str(one.url()) for one in channels]
        return cls({_mark(url): url for url in urls})

    async def deliver(self, send: Send) -> State:
        """Sent, planned again or uncertain; in a thread, since Apprise blocks."""
        return await asyncio.to_thread(_deliver, self.addresses[send.channel], send.title, send.text)


def _mark(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:MARK_CHARS]


def _deliver(url: str, title: str, text: str) -> State:
    import apprise

    with _overheard() as words:
        channel: Any = apprise.Apprise.instantiate(
            url
        )  # notified in this thread: Apprise's own takes another
        taken = channel.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
    if taken:
        return State.SENT
    return State.UNCERTAIN if any(map(_is_doubtful, words)) else State.PLANNED


def _is_doubtful(words: str) -> bool:
    """Whether the connection was there and no answer came: then it may have been taken."""
    return bool(_NO_ANSWER.search(words)) and "connect timeout" not in words


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What Apprise logs in this thread: it says why nowhere else. It goes into no log, it may quote."""
    words: list[str] = []
    here = threading.get_ident()
    handler = logging.Handler()
    handler.addFilter(lambda record: record.thread == here)
    handler.emit = lambda record: words.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        yield words
    finally:
        logger.removeHandler(handler)


class Fallback:
    """The job that sends one row."""

    def __init__(self, services: Services, channels: Channels) -> None:
        self._services = services
        self._channels = channels

    async def run(self, args: Mapping[str, Any]) -> None:
        """Raises NotTaken, to be tried again."""
        send, told = await durably(self._services.database, lambda tx: self._take(tx, args["send_id"]))
        self._services.sender.send_now(told)
        if send is None:
            return
        state = await self._channels.deliver(send)
        told = await durably(self._services.database, lambda tx: self._settle(tx, send, state))
        self._services.sender.send_now(told)
        if state is State.PLANNED:
            raise NotTaken

    async def gave_up(self, args: Mapping[str, Any], reference: str) -> None:
        """After the last attempt; what was cut off in it is uncertain."""

        async def give_up(tx: Tx) -> list[Row]:
            send = await fallback.lock(tx, args["send_id"])
            if send is None or send.state is not State.PLANNED:
                return (await self._take(tx, args["send_id"]))[1]
            await fallback.move(tx, send, State.FAILED, self._now, reference)
            return await self._tell(tx, send, reference)

        self._services.sender.send_now(await durably(self._services.database, give_up))

    @property
    def _now(self) -> int:
        return self._services.clock.now()

    async def _take(self, tx: Tx, send_id: int) -> tuple[Send | None, list[Row]]:
        """The row, marked as being sent; None where it is not to be sent (again), and what staff is told."""
        send = await fallback.lock(tx, send_id)
        if send is None or send.state not in (State.PLANNED, State.SENDING):
            return None, []
        if send.state is State.SENDING:
            return None, await self._settle(tx, send, State.UNCERTAIN)
        known = send.channel in self._channels.addresses
        await fallback.move(tx, send, State.SENDING if known else State.DROPPED, self._now)
        return (await fallback.lock(tx, send_id) if known else None), []

    async def _settle(self, tx: Tx, send: Send, state: State) -> list[Row]:
        await fallback.move(tx, send, state, self._now)
        if send.subject.kind == ANNOUNCEMENT:
            await announcements.watch(tx, send.subject.id, deliveries.next_look(self._now), self._now)
        return await self._tell(tx, send, None) if state is State.UNCERTAIN else []

    async def _tell(self, tx: Tx, send: Send, reference: str | None) -> list[Row]:
        """The officer of the base telephones: who is missing is named to staff only."""
        base = await bases.get(tx, send.base_id)
        facts = {
            "base": base.name,
            "title": send.title,
            "uncertain": reference is None,
            "reference": reference,
        }
        to, subject = await reach.counterpart(tx, base), Subject("base", base.id)
        notice = Notice(to, "reachability/fallback_left", facts, subject=subject)
        services, now = self._services, self._now
        rows = await letters.addressed(tx, services.catalog, services.locale, [notice], now)
        return await outbox.insert(tx, rows)
