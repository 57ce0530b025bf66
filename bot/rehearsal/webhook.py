"""Delivers updates to the bot by POST, one after another, each until the bot answers 2xx."""

import asyncio
from collections.abc import Callable

import aiohttp

from bot.rehearsal.state import Json, PendingUpdate, State
from bot.rehearsal.updates import Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 # the header's name
ANSWER_WITHIN = 60.0


class WebhookDelivery:
    def __init__(
        self, state: State, updates: Updates, now: Callable[[], int], retry_after: float = 0.05
    ) -> None:
        self._state = state
        self._updates = updates
        self._now = now
        self.retry_after = retry_after  # seconds of real time
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._updates.wake = self._due.set
        self._due.set()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._updates.wake = lambda: None
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_WITHIN)) as session:
            while True:
                await self._due.wait()
                self._due.clear()
                while self._state.webhook.url and self._updates.pending:
                    await self._deliver(session, self._updates.pending[0])

    async def _deliver(self, session: aiohttp.ClientSession, update: PendingUpdate) -> None:
        failure = await self._post(session, update.body)
        if failure is None:
            self._updates.confirm([update] if update in self._updates.pending else [])
            return
        self._state.webhook.last_error = failure
        self._state.webhook.last_error_at = self._now()
        await asyncio.sleep(self.retry_after)

    async def _post(self, session: aiohttp.ClientSession, body: Json) -> str | None:
        """What went wrong, or None."""
        webhook = self._state.webhook
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=body, headers=headers) as answer:
                if answer.ok:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except (aiohttp.ClientError, TimeoutError):
            return "Read timeout expired"
