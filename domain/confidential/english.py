"""Stamps in English: TOP SECRET, CONFIDENTIAL, Company Confidential, SECRET//NOFORN."""

import re
from collections.abc import Iterator

from domain.confidential.findings import Rule
from domain.confidential.sightings import Sighting, after, before

_SEED = re.compile(
    r"[Ss][Ee][Cc][Rr][Ee][Tt](?![A-Za-z])"
    r"|[Cc][Oo][Nn][Ff][Ii][Dd][Ee][Nn](?:[Tt][Ii][Aa][Ll]|[Cc][Ee])(?![A-Za-z])"
)
_BESIDE = r"[\W_\d]|[绝机秘]密|商业秘密"
_OWN = "company corporate business private proprietary internal commercial strictly highly privileged and"
_BEFORE = (
    f"{_OWN} commercially top in trade most marked class classified classification security level grade "
    "restricted state"
)
_AFTER = (
    f"{_OWN} do not distribute copy disclose forward for use only noforn property of document draft page no "
    "or without trade copyright all rights reserved information confidential secret year years"
)


def _beside(words: str) -> str:
    """Nothing but these words, signs and figures."""
    return rf"(?:{_BESIDE}|(?i:{'|'.join(words.split())})(?![A-Za-z]))*+$"


_LEFT, _RIGHT = re.compile(_beside(_BEFORE)), re.compile(_beside(_AFTER))
_LABEL = re.compile(
    r"(?:(?i:classified|(?:classification|security|secrecy|confidentiality)(?: level)?)|密 ?级)"
    r" ?[:=|] ?(?:(?i:top|strictly|highly) ?)?$"
)
_DENIED = re.compile(r"\?| ?: ?(?:[Nn][Oo]|[Nn]one|[Nn]/?[Aa])(?![A-Za-z])")
_TRADE = re.compile(r"[Tt][Rr][Aa][Dd][Ee] ?$")
_IN_CONFIDENCE = re.compile(r"[Ii][Nn][ -]$")
_BRACKET_LEFT = re.compile(r"[\[(【](?:TOP ?)?$")
_BRACKET_RIGHT = re.compile(r"[\])】]")
_NAMES_LEFT = re.compile(r"(?:© )?(?!(?i:not?|non|is|keep|be|are) )(?:(?:[A-Z][A-Za-z&.,]*|\d+) ){1,4}")
_FILE_LEFT = re.compile(r"[_ -]$")
_FILE_RIGHT = re.compile(r"\.[A-Za-z0-9]{2,4}")
_WRAPPED = re.compile(r"[A-Za-z,]\n$")
# What comes after a word in lower case: the next line of its sentence, or a word that stands in no stamp.
_RUNS_ON = re.compile(
    r"\n[a-z]| (?:as|at|but|by|from|if|in|is|that|the|to|under|unless|until|when|which|with) "
)
_INSIDE_A_WORD = re.compile(r"[A-Za-z](?<!TOP)\Z")
_SET_OFF_LEFT = re.compile(
    r"(?:(?<! )[|/:]|(?<=[ |])[-–—]|^[-–—]| [-–—|/:]) ?(?:(?i:top|strictly|highly|company) ?)?$"
)
_SET_OFF_RIGHT = re.compile(r" ?[-–—|/:,(&]| and ")
_CAPITALS_RIGHT = re.compile(r" ?[-–—|/:★]|_.*\.[A-Za-z]{2,4}$")


def english_stamps(text: str) -> Iterator[Sighting]:
    for found in _SEED.finditer(text):
        start, end = found.span()
        inside = _INSIDE_A_WORD.search(text[max(start - 3, 0) : start])
        if inside or (found[0].islower() and _is_prose(text, start, end)):
            continue
        left, right = before(text, start), after(text, end)
        if _is_stamp(found[0], left, right):
            yield Sighting(_rule(found[0], left), *found.span())


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether a sentence runs on over the line that the word fills, or past it within the line."""
    return bool(_WRAPPED.search(text, max(start - 2, 0), start) or _RUNS_ON.match(text, end))


def _rule(mark: str, left: str) -> Rule:
    state = mark.lower() == "secret" and not _TRADE.search(left)
    return Rule.STATE_MARK if state else Rule.TRADE_MARK


def _is_stamp(mark: str, left: str, right: str) -> bool:
    if _DENIED.match(right) or (mark.lower() == "confidence" and not _IN_CONFIDENCE.search(left)):
        return False
    if _LABEL.search(left):
        return not right[:1].isalnum()
    plain_left, plain_right = _LEFT.match(left) is not None, _RIGHT.match(right) is not None
    if plain_left and plain_right:
        return _is_written_as_a_stamp(mark, left)
    if (plain_left and right.startswith("★")) or _is_headed(mark, left, right):
        return True
    large = mark.isupper() or mark in ("Confidential", "confidential")
    if large and (plain_left or _FILE_LEFT.search(left)) and _FILE_RIGHT.fullmatch(right):
        return True
    if mark.isupper() and plain_left and _CAPITALS_RIGHT.match(right):
        return True
    return (
        (mark.isupper() or mark == "Confidential") and plain_right and _SET_OFF_LEFT.search(left) is not None
    )


def _is_headed(mark: str, left: str, right: str) -> bool:
    """`[SECRET] Plan`, `Plan (Confidential).docx`; `Acme Confidential` and nothing after it but a sign."""
    closing = _BRACKET_RIGHT.match(right)
    if closing and not mark.islower() and _BRACKET_LEFT.search(left):
        rest = right[closing.end() :]
        return not _BRACKET_LEFT.sub("", left) or not rest or _FILE_RIGHT.fullmatch(rest) is not None
    ends = not right or (_SET_OFF_RIGHT.match(right) and _RIGHT.match(right))
    return bool(ends) and mark.lower() == "confidential" and _NAMES_LEFT.fullmatch(left) is not None


def _is_written_as_a_stamp(mark: str, left: str) -> bool:
    """A lone `secret`, and a heading Trade Secret, are words."""
    if _TRADE.search(left):
        return mark.isupper()
    return mark != "secret" or left.lower().rstrip().endswith("top")
