"""The words of the papers, in the languages of words.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from domain.annual_papers import Period
from domain.figures import plain
from domain.forms import Words
from messages.labels import Labels

_FILE = Path(__file__).parent / "words.toml"
_UNPRINTED = re.compile(
    "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""What XML does not take, and what turns the direction of writing or is not seen."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language, by their key; {…} in them is filled in."""

    locale: str
    texts: Mapping[str, str]
    labels: Labels

    def __call__(self, key: str, **facts: object) -> str:
        return self.texts[key].format(**facts)

    def pick(self, words: Words) -> str:
        return words.pick(self.locale)

    def day(self, day: date | None) -> str:
        """A day as papers are dated, or room for one."""
        if day is None:
            return self("date_open")
        return self("date", day=day, month=self.labels.text(f"month_{day.month}", self.locale))

    def period(self, period: Period) -> str:
        return self("period", first=self.day(period.first), cut_off=self.day(period.cut_off))

    def figure(self, value: Decimal | None, *, signed: bool = False) -> str:
        if value is None:
            return "—"
        return f"+{plain(value)}" if signed and value > 0 else plain(value)


@cache
def wording(locale: str) -> Wording:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["paper"]
    return Wording(locale, {key: words[locale] for key, words in tables.items()}, Labels.load())


def printable(text: str) -> str:
    """Without what no paper shows; lines end with \\n."""
    return _UNPRINTED.sub("", "\n".join(text.splitlines()))
