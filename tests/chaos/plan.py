"""What will go wrong, when: drawn from a seed before anything begins, and keyed on counted updates."""

import random
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rehearsal import ANY, EVERYTHING, UPDATE, Delay, DropAfter, DropBefore, Failure, Repeat
from bot.rehearsal.faults import Effect

BASES_WITH_TWO = 2
"""People of a base: a liaison and a deputy."""


class When(StrEnum):
    """The moment of a kill."""

    AT_ONCE = "at once"  # the act has not even been fetched
    SOON = "soon"  # after a few more calls
    RECOVERING = "recovering"  # at once, and again while the next process takes up what was left


@dataclass(frozen=True, slots=True)
class Kill:
    """`calls` the server sees before it; of a RECOVERING one, before the second."""

    at: int
    when: When
    calls: int

    @property
    def deaths(self) -> int:
        return 2 if self.when is When.RECOVERING else 1


@dataclass(frozen=True, slots=True)
class Trouble:
    at: int
    method: str
    effect: Effect
    times: int


@dataclass(frozen=True, slots=True)
class Away:
    """Telegram is gone for so many acts of people."""

    at: int
    acts: int


Event = Kill | Trouble | Away


@dataclass(frozen=True, slots=True)
class Plan:
    """`updates` is how many are asked; `events` are in order of `at`, the count of updates asked so far."""

    seed: int
    people: int
    updates: int
    kills: int
    events: list[Event] = field(default_factory=list)

    @classmethod
    def drawn(cls, seed: int, *, people: int, updates: int, kills: int) -> "Plan":
        chance = random.Random(seed)
        events: list[Event] = [
            *_kills(chance, updates, kills),
            *_troubles(chance, updates),
            *_absences(chance, updates),
        ]
        return cls(seed, people, updates, kills, sorted(events, key=lambda event: event.at))

    @property
    def officers(self) -> int:
        return max(self.people // 5, 1)

    @property
    def bases(self) -> int:
        return max((self.people - self.officers) // BASES_WITH_TWO, 1)


def _kills(chance: random.Random, updates: int, kills: int) -> list[Event]:
    found: list[Event] = []
    left = kills
    while left:
        when = chance.choice([*When]) if left > 1 else When.SOON
        kill = Kill(chance.randrange(updates), when, chance.randrange(12))
        left -= kill.deaths
        found.append(kill)
    return found


_TROUBLES: tuple[tuple[str, Effect, int], ...] = (
    (ANY, Failure(429, retry_after=1), 2),
    (ANY, Failure(500), 3),
    (EVERYTHING, Failure(502), 3),
    (EVERYTHING, DropBefore(), 3),
    ("sendMessage", DropBefore(), 2),
    ("sendMessage", DropAfter(), 3),
    (ANY, DropAfter(), 4),
    ("getUpdates", DropAfter(), 2),
    (UPDATE, Repeat(), 5),
    (ANY, Delay(60), 30),
    ("sendMessage", Delay(150), 10),
)


def _troubles(chance: random.Random, updates: int) -> list[Event]:
    """Every kind, again and again."""
    wanted = max(updates // 15, len(_TROUBLES))
    found: list[Event] = []
    for place in range(wanted):
        method, effect, most = _TROUBLES[place % len(_TROUBLES)]
        found.append(Trouble(chance.randrange(updates), method, effect, chance.randint(1, most)))
    return found


def _absences(chance: random.Random, updates: int) -> list[Event]:
    return [Away(chance.randrange(updates), chance.randint(3, 12)) for _ in range(max(updates // 200, 1))]
