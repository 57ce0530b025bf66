"""Things that go wrong on purpose: a table of faults, each with an effect, a method and how often."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.rehearsal.state import Json

ANY = "*"  # every call but getUpdates
EVERYTHING = "**"  # getUpdates too
UPDATE = "update"  # the pseudo-method under which updates go out


@dataclass(frozen=True)
class Failure:
    """An error answer instead of the execution."""

    status: int
    retry_after: int | None = None
    description: str | None = None


@dataclass(frozen=True)
class DropBefore:
    """The connection is cut and nothing is done."""


@dataclass(frozen=True)
class DropAfter:
    """The call is executed, then the connection is cut: the bot cannot know."""


@dataclass(frozen=True)
class Delay:
    """The execution waits for so many milliseconds of real time."""

    ms: int


@dataclass(frozen=True)
class Repeat:
    """An update is delivered again after it was confirmed (with the method `update`)."""

    times: int = 1


Effect = Failure | DropBefore | DropAfter | Delay | Repeat
EFFECTS: dict[str, type[Effect]] = {
    "failure": Failure,
    "drop_before": DropBefore,
    "drop_after": DropAfter,
    "delay": Delay,
    "repeat": Repeat,
}


@dataclass
class Fault:
    method: str
    effect: Effect
    times: int | None = None  # None: until removed
    fraction: float = 1.0
    until: int | None = None  # ms UTC

    def covers(self, method: str, now: int) -> bool:
        spent = self.times == 0 or (self.until is not None and now >= self.until)
        return not spent and self.method in _names(method)


def _names(method: str) -> tuple[str, ...]:
    return {UPDATE: (UPDATE,), "getUpdates": (method, EVERYTHING)}.get(method, (method, ANY, EVERYTHING))


class Faults:
    """The faults in force. The random numbers come from a seed: the same seed, the same failures."""

    def __init__(self, now: Callable[[], int], seed: int = 0) -> None:
        self.active: list[Fault] = []
        self._now = now
        self._random = random.Random(seed)  # noqa: S311 # no secret hangs on it

    def add(
        self,
        method: str,
        effect: Effect,
        *,
        times: int | None = None,
        fraction: float = 1.0,
        for_ms: int | None = None,
    ) -> Fault:
        """Hits the next `times` calls of a method (or of ANY, or EVERYTHING), or a fraction of them."""
        until = None if for_ms is None else self._now() + for_ms
        fault = Fault(method, effect, times, fraction, until)
        self.active.append(fault)
        return fault

    def add_json(self, described: Json) -> Fault:
        """As `add`, from `{"method": …, "effect": "failure", "status": 429, "times": 2}`."""
        terms = {key: described.pop(key) for key in ("times", "fraction", "for_ms") if key in described}
        method, effect = described.pop("method"), EFFECTS[described.pop("effect")]
        return self.add(method, effect(**described), **terms)

    def remove(self, fault: Fault) -> None:
        self.active.remove(fault)

    def clear(self) -> None:
        self.active.clear()

    def strike(self, method: str) -> list[Effect]:
        """The effects for one call; a fault with a number of times is used up by it."""
        return [fault.effect for fault in self.active if self._hits(fault, method)]

    def _hits(self, fault: Fault, method: str) -> bool:
        if not fault.covers(method, self._now()) or self._random.random() >= fault.fraction:
            return False
        if fault.times is not None:
            fault.times -= 1
        return True
