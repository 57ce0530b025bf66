"""Telegram's limits on sending, as sliding windows on the clock. None: no limit."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.rehearsal.state import ChatType

SECOND = 1_000
MINUTE = 60_000


@dataclass
class Limits:
    per_chat: int | None = None  # messages a second in one chat
    per_group: int | None = None  # messages a minute in one group
    per_bot: int | None = None  # messages a second in all
    _sent: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))

    @classmethod
    def telegram(cls) -> "Limits":
        return cls(per_chat=1, per_group=20, per_bot=30)

    def retry_after(self, chat_id: int, chat_type: ChatType, now: int, messages: int = 1) -> int | None:
        """Seconds to wait, or None when the send may go: then it is counted."""
        group = self.per_group if chat_type is not ChatType.PRIVATE else None
        windows = (
            (f"chat {chat_id}", self.per_chat, SECOND),
            (f"group {chat_id}", group, MINUTE),
            ("bot", self.per_bot, SECOND),
        )
        bounded = [(self._sent[key], limit, span) for key, limit, span in windows if limit is not None]
        waits = [_wait(sent, limit, span, now) for sent, limit, span in bounded]
        if any(waits):
            return max(waits)
        for sent, _, _ in bounded:
            sent.extend([now] * messages)
        return None


def _wait(sent: deque[int], limit: int, span: int, now: int) -> int:
    while sent and sent[0] <= now - span:
        sent.popleft()
    return 0 if len(sent) < limit else -((now - span - sent[0]) // 1000)
