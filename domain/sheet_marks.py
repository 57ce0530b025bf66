"""By what a 填报表 is known again: whose it is, and of which year."""

import re
from dataclasses import dataclass

PROPERTY = "lianluo-template"
"""The document's property that has the mark; a cell has it too, for programs that drop properties."""
_WRITTEN = re.compile(r"lianluo/(?P<year>[0-9]{4})/(?P<base>[^\s/()（）]{1,64})")


@dataclass(frozen=True, slots=True)
class Mark:
    year: int
    base_code: str


def mark_of(year: int, base_code: str) -> str:
    """`lianluo/2026/SJ-01`."""
    return f"lianluo/{year}/{base_code}"


def find_mark(text: str) -> Mark | None:
    """The first mark in a text."""
    match = _WRITTEN.search(text)
    return Mark(int(match["year"]), match["base"]) if match else None
