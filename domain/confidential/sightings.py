"""What a detector says, and the stretch of a line that it looks at, all in the normalised text."""

import re
from typing import NamedTuple

from domain.confidential.findings import Rule

REACH = 80  # how far around a word a judgement looks; keeps the work linear in the length of a line
_SENTENCE_END = re.compile(r"[。；！？;!?…]")
_CLAUSE_END = re.compile(r"[。；！？;!?…，,]")


class Sighting(NamedTuple):
    rule: Rule
    start: int
    end: int


def before(text: str, at: int) -> str:
    """What stands before `at` in its line."""
    first = max(at - REACH, 0)
    return text[max(text.rfind("\n", first, at) + 1, first) : at]


def after(text: str, at: int) -> str:
    """What stands after `at` in its line."""
    end = text.find("\n", at, at + REACH)
    return text[at : at + REACH if end < 0 else end]


def last_clause(left: str) -> str:
    return _CLAUSE_END.split(left)[-1]


def first_clause(right: str) -> str:
    return _CLAUSE_END.split(right, maxsplit=1)[0]


def last_sentence(left: str) -> str:
    return _SENTENCE_END.split(left)[-1]


def first_sentence(right: str) -> str:
    return _SENTENCE_END.split(right, maxsplit=1)[0]
