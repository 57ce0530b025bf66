"""What happened: the calls the bot made, and events that tests and a page can wait for."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.rehearsal.state import Json


class Outcome(StrEnum):
    EXECUTED = "executed"  # done, and the answer was sent
    REFUSED = "refused"  # an error answer, nothing was done
    UNHEARD = "unheard"  # done, but the answer was lost on purpose
    DROPPED = "dropped"  # the connection was cut before anything was done


@dataclass
class Call:
    number: int
    method: str
    params: Json
    at: int
    outcome: Outcome = Outcome.EXECUTED
    error_code: int | None = None
    description: str | None = None
    result: Any = None

    def has(self, params: Mapping[str, object]) -> bool:
        return all(self.params.get(name) == value for name, value in params.items())

    def json(self) -> Json:
        return asdict(self)


class Calls:
    """The complete log, in the order in which the calls were settled."""

    def __init__(self) -> None:
        self.all: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def of(self, method: str, **params: object) -> list[Call]:
        """The calls of a method whose parameters include the given ones."""
        return [call for call in self.all if call.method == method and call.has(params)]

    def executed(self, method: str, **params: object) -> list[Call]:
        """Calls that took effect, whether or not the bot heard of it."""
        took_effect = (Outcome.EXECUTED, Outcome.UNHEARD)
        return [call for call in self.of(method, **params) if call.outcome in took_effect]

    def refused(self, method: str, **params: object) -> list[Call]:
        return [call for call in self.of(method, **params) if call.outcome is Outcome.REFUSED]


@dataclass(frozen=True)
class Event:
    kind: str  # call, sent, edited, deleted, answered, action, reaction, confirmed, poll, changed, clock
    chat_id: int | None = None
    message_id: int | None = None
    about: Json = field(default_factory=dict)


Listener = Callable[[Event], None]


class Events:
    """Tells listeners at once, in the same turn of the loop."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls the listener with every event, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    async def until(self, check: Callable[[], bool], seconds: float) -> bool:
        """Waits, from event to event, until the check holds; False when the seconds ran out before."""
        if check():
            return True
        holds = asyncio.get_running_loop().create_future()
        stop = self.listen(lambda _: holds.set_result(True) if not holds.done() and check() else None)
        try:
            async with asyncio.timeout(seconds):
                return bool(await holds)
        except TimeoutError:
            return False
        finally:
            stop()
