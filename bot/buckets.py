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
SLACK_MS: Final = 12
"""The way to Telegram is not always equally long."""
STRIDE_MS: Final = 50
"""Bulk whose turn comes within this time is claimed together."""
LEAD_MS: Final = 100
"""So long before its turn bulk is claimed: a claim has to become durable."""
CATCH_UP_MS: Final = 1_000
"""So much of its pace bulk may make up for when claims took long; nothing for the time when none waited."""


class Slot:
    """A send's place in its windows, at the instant at which it goes."""

    __slots__ = ("at",)

    def __init__(self, at: int) -> None:
        self.at = at

    def written(self, now: int) -> None:
        """It went later than planned: a connection had to be made first."""
        self.at = max(self.at, now)


class _Window:
    """At most `limit` sends in `span` ms."""

    __slots__ = ("_slots", "_span", "limit")

    def __init__(self, limit: int, span: int) -> None:
        self.limit = limit
        self._slots: deque[Slot] = deque(maxlen=limit)
        self._span = span + SLACK_MS

    def opens(self, sends: int = 1) -> int:
        """From when on there is room for so many more."""
        over = len(self._slots) + min(sends, self.limit) - self.limit
        return self._slots[over - 1].at + self._span if over > 0 else 0

    def room(self, now: int) -> int:
        """For how many there is room."""
        fresh = 0
        for slot in reversed(self._slots):
            if slot.at + self._span <= now:
                break
            fresh += 1
        return self.limit - fresh

    def take(self, slot: Slot) -> None:
        self._slots.append(slot)


class _Pace:
    """`per_second` sends, evenly; late ones are made up for."""

    __slots__ = ("_grace", "_interval", "_spent", "stride")

    def __init__(self, per_second: float) -> None:
        self._interval = (1_000 + SLACK_MS) / per_second
        self._spent = 0.0
        self._grace = STRIDE_MS
        self.stride = max(int(STRIDE_MS / self._interval), 1)

    def opens(self, sends: int) -> int:
        """From when on there is room for so many more."""
        return ceil(self._spent + sends * self._interval)

    def room(self, now: int) -> int:
        return max(int((now - max(self._spent, now - self._grace)) / self._interval), 0)

    def count(self, sends: int, now: int) -> None:
        self._spent = max(self._spent, now - self._grace) + sends * self._interval

    def claimed(self, rows: int, now: int) -> None:
        self.count(rows, now)
        self._grace = CATCH_UP_MS if rows else STRIDE_MS


@dataclass(slots=True)
class Buckets:
    """`per_second` sends to all chats together (1,000 where paid broadcast is on); 0 turns the windows off.

    What Telegram itself asked for with a 429 is kept either way.
    """

    per_second: float
    _all: _Window = field(init=False)
    _pace: _Pace = field(init=False)
    _groups: dict[int, _Window] = field(default_factory=dict, init=False)
    _last: dict[int, Slot] = field(default_factory=dict, init=False)
    """Of each chat the latest send."""
    _frozen: dict[int, int] = field(default_factory=dict, init=False)
    _frozen_all: int = field(default=0, init=False)
    _freezes: deque[tuple[int, int]] = field(default_factory=deque, init=False)

    def __post_init__(self) -> None:
        self._all = _Window(max(int(self.per_second), 1), 1_000)
        self._pace = _Pace(self.per_second or 1)

    def turn(self, chat_id: int, now: int) -> Slot:
        """Count a send, which may go at the slot's instant. Only bulk waits for its chat's windows too."""
        if not self.per_second:
            return Slot(now)
        slot = Slot(max(now, self._all.opens()))
        self._all.take(slot)
        self._last[chat_id] = slot
        if chat_id < 0:
            self._groups.setdefault(chat_id, _Window(PER_GROUP, GROUP_MS)).take(slot)
        return slot

    def room(self, now: int, most: int) -> int:
        """How many bulk rows may be claimed now, at most `most`: they are sent a moment later."""
        if now < self._frozen_all:
            return 0
        if not self.per_second:
            return most
        return min(self._all.room(now + LEAD_MS), self._pace.room(now), most)

    def claimed(self, rows: int, now: int) -> None:
        self._pace.claimed(rows, now)

    def replied(self, now: int) -> None:
        """A reply goes before the bulk that waits."""
        self._pace.count(1, now)

    def opens(self, now: int) -> int:
        """From when on `room` is worth a claim."""
        opens = max(now, self._frozen_all)
        if not self.per_second:
            return opens
        stride = self._pace.stride
        return max(opens, self._all.opens(stride) - LEAD_MS, self._pace.opens(stride))

    def opens_for_bulk(self, chat_id: int) -> int:
        """From when on the chat's windows have room for a bulk send."""
        last = self._last.get(chat_id)
        if last is None:
            return 0
        opens = last.at + CHAT_MS + SLACK_MS
        return max(opens, self._groups[chat_id].opens()) if chat_id < 0 else opens

    def frozen_until(self, chat_id: int) -> int:
        """Until when nothing at all may go to the chat."""
        return max(self._frozen_all, self._frozen.get(chat_id, 0))

    def shut(self, now: int) -> set[int]:
        """The chats that may be sent no bulk now."""
        self._last = {chat: slot for chat, slot in self._last.items() if self.opens_for_bulk(chat) > now}
        self._frozen = {chat: at for chat, at in self._frozen.items() if at > now}
        return set(self._last) | set(self._frozen)

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
