"""What the year's record of a base's exchanges says (Article 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.exchanges import FollowUp, Record
from domain.forms import Words


@dataclass(frozen=True, slots=True)
class Done:
    """A follow-up, and who ticked it done."""

    follow_up: FollowUp
    side: Words
    by: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """An exchange that was held, in words; `confirmed_by` None while the other side has not confirmed it."""

    record: Record
    regular: bool
    way: Words
    state: Words
    purpose: str | None
    recorded_side: Words
    recorded_by: str
    version: int
    confirmed_by: str | None
    confirmed_on: date | None
    follow_ups: Sequence[Done] = ()


@dataclass(frozen=True, slots=True)
class YearOfExchanges:
    """Of one base, in the order of the days; `every` is the cadence as it is on `made_on`."""

    base: str
    centre: str
    year: int
    every: Words | None
    made_on: date
    held: Sequence[Held]

    @property
    def regular(self) -> int:
        return sum(one.regular for one in self.held)

    @property
    def unconfirmed(self) -> int:
        return sum(one.confirmed_by is None for one in self.held)
