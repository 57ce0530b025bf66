"""What a detector says, and the stretch of a line that it looks at, all in the normalised text."""

import re
from typing import NamedTuple

from domain.confidential.findings import Rule

REACH = 80  # how far around a word a judgement looks; keeps the work linear in the length of a line
_SENTENCE_END = re.compile(r"[。；！？;!?…]")
_LINE_END = re.compile(r"[。；！？;!?:]$")
_FRESH = re.compile(r"本|该|此|第|\(?[一二三四五六七八九十\d]{1,3}[)、.]")  # what a new sentence begins with
_CLAUSE_END = re.compile(r"[。；！？;!?…，,]")


class Sighting(NamedTuple):
    rule: Rule
    start: int
    end: int


def any_of(words: str) -> re.Pattern[str]:
    """One of the words, given with spaces between them; each may be an expression of its own."""
    return re.compile("(?:" + "|".join(words.split()) + ")")


def before(text: str, at: int) -> str:
    """What stands before `at` in its line."""
    first = max(at - REACH, 0)
    return text[max(text.rfind("\n", first, at) + 1, first) : at]


def after(text: str, at: int) -> str:
    """What stands after `at` in its line."""
    end = text.find("\n", at, at + REACH)
    return text[at : at + REACH if end < 0 else end]


def before_unwrapped(text: str, at: int, width: int) -> str:
    """The same with the line above, where that is `width` characters long and runs on into this one."""
    left = before(text, at)
    start = at - len(left)
    if len(left) == REACH or start == 0:
        return left
    above = before(text, start - 1)
    runs_on = len(above) >= width and not _LINE_END.search(above)
    return above + left if runs_on and not _FRESH.match(left) else left


def after_unwrapped(text: str, at: int, width: int) -> str:
    """The same with the line below, where this one is `width` characters long and runs on into it."""
    right = after(text, at)
    end = at + len(right)
    if len(right) == REACH or end >= len(text) or len(before(text, end)) < width:
        return right
    below = after(text, end + 1)
    return right if _LINE_END.search(right) or _FRESH.match(below) else right + below


def last_clause(left: str) -> str:
    return _CLAUSE_END.split(left)[-1]


def first_clause(right: str) -> str:
    return _CLAUSE_END.split(right, maxsplit=1)[0]


def last_sentence(left: str) -> str:
    return _SENTENCE_END.split(left)[-1]


def first_sentence(right: str) -> str:
    return _SENTENCE_END.split(right, maxsplit=1)[0]
