"""The table of methods: names as Telegram spells them, the parameters each reads, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.params import Params
from bot.rehearsal.world import World

Run = Callable[[World, Params], Any]  # the result, or an awaitable of it


@dataclass(frozen=True)
class Method:
    name: str
    run: Run
    accepts: frozenset[str]


METHODS: dict[str, Method] = {}  # by lower-case name: Telegram's method names are case-insensitive


def method(name: str, accepts: str = "") -> Callable[[Run], Run]:
    """Registers the function under the name, with the parameters it accepts."""

    def register(run: Run) -> Run:
        METHODS[name.lower()] = Method(name, run, frozenset(accepts.split()))
        return run

    return register
