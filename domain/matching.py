"""What an offer and a demand have in common, in words that an officer can check.

Words are compared after one normalisation; Chinese has no spaces, so a keyword is looked for as it stands in
the other's text, and pairs of characters measure the likeness of two texts.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from domain.supply import Card, Industry, Said

MOST_KEYWORDS = 8
KEYWORD_CHARS = 20
SHOWN = 5
_SPLIT = re.compile(r"[，,、；;|/\n]+|\s{1,}")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_PER_INDUSTRY, _PER_SECTION, _PER_WORD, _SAME_CITY = 3.0, 1.0, 2.0, 1.0
_EMPTY = frozenset("的了和与及或在等为对是有可一种其该本")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`likeness` of the texts between 0 and 1; `score` orders candidates and is shown to nobody."""

    industries: tuple[Industry, ...]
    ipc: tuple[str, ...]
    words: tuple[str, ...]
    same_city: bool
    likeness: float

    @property
    def score(self) -> float:
        counted = len(self.industries) * _PER_INDUSTRY + len(self.ipc) * _PER_SECTION
        return counted + len(self.words) * _PER_WORD + self.same_city * _SAME_CITY + self.likeness

    @property
    def worth_telling(self) -> bool:
        """The same city alone makes no match, nor does a section of the classification."""
        return bool(self.industries or self.words)


@dataclass(frozen=True, slots=True)
class Candidate:
    card: Card
    why: Likeness


def keywords_in(text: str) -> tuple[str, ...]:
    """What people separate by commas or blanks, each once, at most eight of at most 20 characters."""
    parts = (part.strip()[:KEYWORD_CHARS] for part in _SPLIT.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_KEYWORDS]


def candidates(card: Card, others: Iterable[Card]) -> list[Candidate]:
    """Those of the other side and of another base that have something in common with it, the likest first."""
    compared = (
        Candidate(one, compare(card, one))
        for one in others
        if one.side is card.side.other and one.base_id != card.base_id
    )
    worth = [one for one in compared if one.why.worth_telling]
    return sorted(worth, key=lambda one: (-one.why.score, one.card.id))


def compare(one: Card, other: Card) -> Likeness:
    """The same whichever comes first."""
    a, b = one.said, other.said
    return Likeness(
        tuple(industry for industry in Industry if industry in a.industries and industry in b.industries),
        tuple(sorted(set(a.ipc) & set(b.ipc))),
        _common_words(a, b),
        bool(one.city) and one.city == other.city,
        _likeness(_text(a), _text(b)),
    )


def _common_words(a: Said, b: Said) -> tuple[str, ...]:
    """Keywords of either that the other says, too; by their spelling."""
    said_a, said_b = _text(a), _text(b)
    found = {_plain(word) for word in a.keywords if _plain(word) in said_b}
    found |= {_plain(word) for word in b.keywords if _plain(word) in said_a}
    return tuple(sorted(word for word in found if len(word) > 1))


def _text(said: Said) -> str:
    return _plain("\n".join((said.title, said.summary, *said.keywords)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _likeness(one: str, other: str) -> float:
    """Of their pairs, the part that both have (Jaccard)."""
    a, b = pairs(one), pairs(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def pairs(text: str) -> frozenset[str]:
    """Two neighbouring Chinese characters each, and whole words of other letters."""
    found: set[str] = set()
    for run in _WORD.findall(_plain(text)):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(pair for pair in found if not _EMPTY.intersection(pair))
