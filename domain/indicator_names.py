"""Which indicator or duty somebody means, by its code or by its name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from domain.figures import visible
from domain.indicators import Duty, Edition, Indicator
from domain.quantities import half_width

Item = Indicator | Duty

_OF_WHICH = re.compile(r"(?:其中|of which)[:：]")
_NOTE = re.compile(r"\([^()]*\)$")
MOST_CANDIDATES = 5


def folded(text: str) -> str:
    """As names are compared: half-width, without spaces and 其中, in lower case."""
    return _OF_WHICH.sub("", "".join(half_width(visible(text)).casefold().split()))


def by_code(text: str, edition: Edition) -> Item | None:
    """`i16`, `Ｉ１６`."""
    return _items(edition).get("".join(half_width(visible(text)).upper().split()))


def by_name(text: str, edition: Edition) -> Item | None:
    """By the whole name in either language; a unit or note in brackets behind it is not looked at."""
    names = _names(edition)
    return names.get(folded(text)) or names.get(_NOTE.sub("", folded(text)))


def alike(text: str, edition: Edition) -> tuple[Item, ...]:
    """Those whose name contains the words or is contained in them: who may have been meant."""
    words = folded(text)
    if len(words) < 2:
        return ()
    found = dict.fromkeys(item for name, item in _names(edition).items() if words in name or name in words)
    return tuple(found)[:MOST_CANDIDATES]


def split(line: str, edition: Edition) -> tuple[Item, str] | None:
    """The item that a line begins with, by its code, its name or both, and what stands behind it."""
    code = _CODE.match(line)
    item = by_code(code[1], edition) if code else None
    if code and item:
        rest = line[code.end() :]
        return item, _after_a_name(rest, {name for name, one in _names(edition).items() if one is item})[1]
    name, rest = _after_a_name(line, set(_names(edition)))
    return (_names(edition)[name], rest) if name else None


_CODE = re.compile(r"\s*([A-Za-zＡ-Ｚａ-ｚ][0-9０-９]{2})(?![0-9０-９])[\s.、:：=]*")


def _after_a_name(line: str, names: set[str]) -> tuple[str, str]:
    """The longest of the names with which a line begins, and the rest of the line."""
    best = ("", line)
    for end in range(1, len(line) + 1):
        name = folded(line[:end])
        if name in names:
            best = (name, line[end:])
    return best


def _items(edition: Edition) -> Mapping[str, Item]:
    items: tuple[Item, ...] = (*edition.indicators, *edition.duties)
    return {one.code: one for one in items}


@cache
def _names(edition: Edition) -> Mapping[str, Item]:
    """By each folded name; one that two of them have is nobody's."""
    owners: dict[str, set[Item]] = defaultdict(set)
    for item in _items(edition).values():
        for name in _names_of(item):
            owners[folded(name)].add(item)
    return {name: items.pop() for name, items in owners.items() if len(items) == 1}


def _names_of(item: Item) -> Iterator[str]:
    yield from (item.name.zh, item.name.en)
    if isinstance(item, Indicator):
        yield from (item.short.zh, item.short.en)
