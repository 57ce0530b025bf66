"""The queue of updates and the two ways out of it: long polling and a webhook."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.rehearsal.faults import UPDATE, Faults, Repeat
from bot.rehearsal.journal import Event, Events
from bot.rehearsal.refusal import Refusal, bad_request, conflict
from bot.rehearsal.state import Json, PendingUpdate, State

UNASKED = ("chat_member", "message_reaction", "message_reaction_count")  # sent only when asked for
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Updates:
    def __init__(self, state: State, events: Events, faults: Faults) -> None:
        self._state = state
        self._events = events
        self._faults = faults
        self._poll: asyncio.Future[Refusal | None] | None = None
        self.wake: Callable[[], None] = lambda: None  # the webhook's, when there is one

    @property
    def pending(self) -> list[PendingUpdate]:
        return self._state.pending

    @property
    def waiting(self) -> bool:
        """Whether a long poll is open."""
        return self._poll is not None

    def push(self, kind: str, body: Json) -> int | None:
        """Queues an update, unless the bot did not ask for its kind."""
        if not self._wanted(kind):
            return None
        update_id = self._state.next_update_id
        self._state.next_update_id += 1
        repeats = sum(effect.times for effect in self._faults.strike(UPDATE) if isinstance(effect, Repeat))
        self.pending.append(PendingUpdate(update_id, {"update_id": update_id, kind: body}, repeats))
        self._release(None)
        self.wake()
        return update_id

    def restart(self, first_id: int) -> None:
        """As after a quiet week: the next update has this id, lower than the last or not."""
        self._state.next_update_id = first_id

    def _wanted(self, kind: str) -> bool:
        allowed = self._state.allowed_updates
        return kind in allowed if allowed else kind not in UNASKED

    def allow(self, kinds: list[Any] | None) -> None:
        """The last list given stays in force; an empty one brings back the default."""
        if kinds is not None:
            self._state.allowed_updates = [str(kind) for kind in kinds]

    async def take(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """getUpdates: confirms what lies before the offset, then waits for what comes."""
        self._release(conflict(OTHER_POLL))
        if self._state.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        self._confirm_before(offset)
        if not self.pending and seconds > 0:
            await self._wait(seconds)
        return [update.body for update in self.pending[: limit if 1 <= limit <= 100 else 100]]

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            self.confirm(self.pending[:offset])
        else:
            self.confirm([update for update in self.pending if update.update_id < offset])

    def confirm(self, updates: list[PendingUpdate]) -> None:
        for update in updates:
            if update.repeats:
                update.repeats -= 1
            else:
                self.pending.remove(update)
                self._events.tell(_confirmed(update))

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        self._events.tell(Event("poll"))
        try:
            async with asyncio.timeout(min(seconds, 50)):
                refusal = await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
                self._events.tell(Event("poll"))
        if refusal:
            raise refusal

    def _release(self, refusal: Refusal | None) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(refusal)

    def set_webhook(self, url: str) -> None:
        self._release(conflict(WEBHOOK_SET))
        self._state.webhook.url = url
        self.wake()

    def drop_pending(self) -> None:
        self.confirm([*self.pending])
        self.pending.clear()

    def stop(self) -> None:
        """Ends a waiting poll with an empty answer."""
        self._release(None)


def _confirmed(update: PendingUpdate) -> Event:
    """Names the message, too, whose sender may now see that it arrived."""
    message = update.body.get("message", {})
    chat_id, message_id = message.get("chat", {}).get("id"), message.get("message_id")
    return Event("confirmed", chat_id, message_id, {"update_id": update.update_id})


def checked_webhook_url(url: str) -> str:
    """HTTPS, or plain HTTP on this machine (as a local Bot API server allows)."""
    local = ("http://127.0.0.1", "http://localhost", "http://[::1]")
    if url and not url.startswith(("https://", *local)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    return url
