"""Finding a base: by name, the initials of its pinyin, city or batch (Articles 2 and 3)."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

PAGE = 8
"""Bases a page: as many buttons as a telephone shows without scrolling."""
MOST = 16_384
"""So many bases are remembered by what they can be found by."""


class Findable(Protocol):
    """What a base is found by."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def batch(self) -> str: ...
    @property
    def uscc(self) -> str: ...


class Entry(NamedTuple):
    """A base, as far as it is needed for finding it."""

    id: int
    code: str
    name: str
    short_name: str
    city: str
    batch: str
    uscc: str


F = TypeVar("F", bound=Findable)


def matching(bases: Iterable[F], wanted: str) -> list[F]:
    """Those of which every word that is wanted is found in some field; no word finds them all."""
    found = [(base, _found_by(base)) for base in bases]
    for word in _plain(wanted).split():
        found = [one for one in found if word in one[1]]
    return [base for base, _ in found]


def in_order(bases: Iterable[Entry], reached: set[int]) -> list[Entry]:
    """Those that nobody can be reached of first, otherwise as they were."""
    return sorted(bases, key=lambda base: base.id in reached)


def pages(count: int) -> int:
    return max(-(-count // PAGE), 1)


def learn(bases: Iterable[Findable]) -> None:
    """Have at hand what they are found by, before anybody looks for one: pinyin takes its time."""
    for base in bases:
        _found_by(base)


def _found_by(base: Findable) -> str:
    return _all_of(base.code, base.name, base.short_name, base.city, base.batch, base.uscc)


@lru_cache(maxsize=MOST)
def _all_of(code: str, name: str, short_name: str, city: str, batch: str, uscc: str) -> str:
    """The fields and how they are spoken, a line each: no word goes over two of them."""
    spoken = (*initials(name), *initials(short_name), *initials(city))
    return "\n".join(map(_plain, (code, name, short_name, city, batch, uscc, *spoken)))


@lru_cache(maxsize=MOST)
def initials(name: str) -> tuple[str, ...]:
    """`蜀江理工` as `sjlg` and `shujiangligong`."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin("".join(character for character in name if character.isalnum()))
    return "".join(syllable[0] for syllable in syllables if syllable), "".join(syllables)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
