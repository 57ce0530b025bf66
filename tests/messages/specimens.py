"""The facts of a template at their barest, as the manifest has them, and at their longest."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice

from messages.manifest import LONGEST_WORD, TEMPLATES, Long, Many, Maybe, OneOf

Facts = dict[str, object]

HOSTILE = "</b><i>&lt;{{ 7 * 191 }}{% raw %}\"'&"


class Seen(dict[str, object]):
    """A row that remembers which of its facts were asked for."""

    def __init__(self, row: Facts) -> None:
        super().__init__(row)
        self.unread = set(row)

    def __getitem__(self, key: str) -> object:
        self.unread.discard(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None) -> object:
        self.unread.discard(key)
        return super().get(key, default)


def sample(template: str) -> Facts:
    return _facts(template, _sample)


def barest(template: str) -> Facts:
    return _facts(template, _barest)


def longest(template: str) -> Facts:
    return _facts(template, _longest)


def hostile(template: str) -> Facts:
    return _facts(template, _hostile)


def rows(value: object) -> Iterator[Seen]:
    """Every row within the facts."""
    if isinstance(value, Seen):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from rows(one)


def _facts(template: str, made: Callable[[object], object]) -> Facts:
    return {key: made(fact) for key, fact in TEMPLATES[template].items()}


def _each(value: object, made: Callable[[object], object]) -> object:
    match value:
        case OneOf(sample=word):
            return word
        case Maybe(sample=inner) | Long(sample=inner):
            return made(inner)
        case Many(sample=inner):
            return [made(one) for one in inner]
        case dict():
            return Seen({key: made(one) for key, one in value.items()})
    return value


def _sample(value: object) -> object:
    return _each(value, _sample)


def _barest(value: object) -> object:
    match value:
        case Maybe():
            return None
        case Many():
            return []
        case bool() | int():
            return type(value)(0)
    return _each(value, _barest)


def _longest(value: object) -> object:
    match value:
        case Long(sample=text, most=most):
            return _stretched(text, most)
        case Many(sample=inner, most=most):
            return [_longest(one) for one in islice(cycle(inner), most)]
        case str():
            return _stretched(value, LONGEST_WORD)
    return _each(value, _longest)


def _hostile(value: object) -> object:
    return HOSTILE if isinstance(value, str) else _each(value, _hostile)


def _stretched(text: str, length: int) -> str:
    return "".join(islice(cycle(text), length))
