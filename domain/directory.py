"""Finding a base: by name, the initials of its pinyin, city or batch (Articles 2 and 3)."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from domain.bases import Base

PAGE = 8
"""Bases a page: as many buttons as a telephone shows without scrolling."""


def matching(bases: Iterable[Base], wanted: str) -> list[Base]:
    """Those of which every word that is wanted is found in some field; no word finds them all."""
    words = _plain(wanted).split()
    return [base for base in bases if all(_has(base, word) for word in words)]


def in_order(bases: Iterable[Base], reached: set[int]) -> list[Base]:
    """Those that nobody can be reached of first, otherwise as they were."""
    return sorted(bases, key=lambda base: base.id in reached)


def pages(count: int) -> int:
    return max(-(-count // PAGE), 1)


def _has(base: Base, word: str) -> bool:
    fields = (base.name, base.short_name, base.code, base.city, base.batch, base.uscc)
    if any(word in _plain(field) for field in fields):
        return True
    spoken = (*initials(base.name), *initials(base.short_name), *initials(base.city))
    return word.isascii() and any(word in letters for letters in spoken)


@lru_cache(maxsize=16384)
def initials(name: str) -> tuple[str, ...]:
    """`蜀江理工` as `sjlg` and `shujiangligong`."""
    from pypinyin import Style, lazy_pinyin

    letters = "".join(character for character in name if character.isalnum())
    return (
        "".join(lazy_pinyin(letters, style=Style.FIRST_LETTER)).lower(),
        "".join(lazy_pinyin(letters)).lower(),
    )


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
