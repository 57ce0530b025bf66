"""Telephone calls with a base, as the centre records them (Article 8: regular and irregular exchanges)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """`called_at` in ms UTC; `promised_on` is an ISO date."""

    base_id: int
    officer: str
    spoke_with: str
    called_at: int
    result: str
    promise: str | None
    promised_on: str | None
