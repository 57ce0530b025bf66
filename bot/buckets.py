"""How fast may be sent. Pure: the present instant is passed in, in ms.

Telegram's FAQ: 1 message a second to a chat, 20 a minute to a group, 30 a second in all. Each is a window
that slides, kept as the instants of its last sends: a bucket that refills lets through twice as much in its
first second, and Telegram counts. Bulk is also paced, so that a reply finds a place within a few
milliseconds and not after the second that a burst has filled.
"""

from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import Final

CHAT_MS: Final = 1_000
GROUP_MS: Final = 60_000
PER_GROUP: Final = 20
FREEZES: Final = 3
FREEZES_WITHIN_MS: Final = 1_000
SLACK_MS: Final = 10
"""The way to Telegram is not always equally long."""
STRIDE_MS: Final = 50
"""Bulk that falls due within this time is claimed together."""
CATCH_UP_MS: Final = 200
"""So much of its pace bulk may make up for when a claim took long."""


class _Window:
    """At most `limit` sends in `span` ms."""

    __slots__ = ("_sent", "_span", "limit")

    def __init__(self, limit: int, span: int) -> None:
        self.limit = limit
        self._sent: deque[int] = deque(maxlen=limit)
        self._span = span + SLACK_MS

    def opens(self, sends: int = 1) -> int:
        """From when on there is room for so many more."""
        over = len(self._sent) + min(sends, self.limit) - self.limit
        return self._sent[over - 1] + self._span if over > 0 else 0

    def room(self, now: int) -> int:
        """For how many there is room."""
        fresh = 0
        for instant in reversed(self._sent):
            if instant + self._span <= now:
                break
            fresh += 1
        return self.limit - fresh

    def count(self, instant: int) -> None:
        self._sent.append(max(instant, self._sent[-1]) if self._sent else instant)


class _Pace:
    """`per_second` claims, evenly; late ones are made up for."""

    __slots__ = ("_interval", "_spent", "stride")

    def __init__(self, per_second: float) -> None:
        self._interval = (1_000 + SLACK_MS) / per_second
        self._spent = 0.0
        self.stride = max(int(STRIDE_MS / self._interval), 1)

    def opens(self, sends: int) -> int:
        """From when on so many may be claimed."""
        return ceil(self._spent + sends * self._interval)

    def room(self, now: int) -> int:
        return int((now - max(self._spent, now - CATCH_UP_MS)) / self._interval)

    def count(self, sends: int, now: int) -> None:
        self._spent = max(self._spent, now - CATCH_UP_MS) + sends * self._interval


@dataclass(slots=True)
class Buckets:
    """`per_second` sends to all chats together (1,000 where paid broadcast is on); 0 turns the windows off.

    What Telegram itself asked for with a 429 is kept either way.
    """

    per_second: float
    _all: _Window = field(init=False)
    _pace: _Pace = field(init=False)
    _groups: dict[int, _Window] = field(default_factory=dict, init=False)
    _opens: dict[int, int] = field(default_factory=dict, init=False)
    """Of each chat that was sent to: from when on it may be sent bulk."""
    _frozen: dict[int, int] = field(default_factory=dict, init=False)
    _frozen_all: int = field(default=0, init=False)
    _freezes: deque[tuple[int, int]] = field(default_factory=deque, init=False)

    def __post_init__(self) -> None:
        self._all = _Window(max(int(self.per_second), 1), 1_000)
        self._pace = _Pace(self.per_second or 1)

    def turn(self, chat_id: int, now: int) -> int:
        """Count a send, and say when it may go. Its chat's windows do not hold it; bulk waits for them."""
        if not self.per_second:
            return now
        instant = max(now, self._all.opens())
        self._all.count(instant)
        self._count_chat(chat_id, instant)
        return instant

    def room(self, now: int, most: int) -> int:
        """How many bulk rows may be claimed now, at most `most`."""
        if now < self._frozen_all:
            return 0
        return min(self._all.room(now), self._pace.room(now), most) if self.per_second else most

    def claimed(self, rows: int, now: int) -> None:
        self._pace.count(rows, now)

    def opens(self, now: int) -> int:
        """From when on `room` is worth a claim."""
        opens = max(now, self._frozen_all)
        if not self.per_second:
            return opens
        stride = self._pace.stride
        return max(opens, self._all.opens(stride), self._pace.opens(stride))

    def opens_for_bulk(self, chat_id: int) -> int:
        """From when on there is room for a bulk send to the chat."""
        return max(self._all.opens(), self._opens.get(chat_id, 0)) if self.per_second else 0

    def frozen_until(self, chat_id: int) -> int:
        """Until when nothing at all may go to the chat."""
        return max(self._frozen_all, self._frozen.get(chat_id, 0))

    def shut(self, now: int) -> set[int]:
        """The chats that may be sent no bulk now."""
        self._opens = {chat: at for chat, at in self._opens.items() if at > now}
        self._frozen = {chat: at for chat, at in self._frozen.items() if at > now}
        return set(self._opens) | set(self._frozen)

    def throttled(self, chat_id: int, until: int, now: int) -> None:
        """Telegram said 429 about this chat. Of three chats within a second, it means the bot."""
        self.freeze_chat(chat_id, until)
        self._freezes.append((now, chat_id))
        while self._freezes[0][0] <= now - FREEZES_WITHIN_MS:
            self._freezes.popleft()
        if len({chat for _, chat in self._freezes}) >= FREEZES:
            self.freeze(until)

    def freeze_chat(self, chat_id: int, until: int) -> None:
        self._frozen[chat_id] = max(until, self._frozen.get(chat_id, 0))

    def freeze(self, until: int) -> None:
        """Send nothing to anybody until then."""
        self._frozen_all = max(self._frozen_all, until)

    def _count_chat(self, chat_id: int, instant: int) -> None:
        self._opens[chat_id] = instant + CHAT_MS + SLACK_MS
        if chat_id < 0:
            group = self._groups.setdefault(chat_id, _Window(PER_GROUP, GROUP_MS))
            group.count(instant)
            self._opens[chat_id] = max(self._opens[chat_id], group.opens())
