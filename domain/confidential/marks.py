"""Marks of secrecy as they are set on documents: 机密★10年, 密级：秘密, ☑机密, 【绝密】, 工作秘密 不得外传.

A mark counts by its form, wherever in a line it stands; what only names one (`naming`) does not. A mark that
is said to have been lifted (已解密) still counts: whoever sends it can send a copy without it.
"""

import re
from collections.abc import Callable, Iterator

from domain.confidential.levels import GAP, TERM, Kind, Word, words
from domain.confidential.naming import is_named, is_ticked, is_unticked
from domain.confidential.sightings import Sighting, after, before
from domain.confidential.stamps import HANDLING, is_inner_stamp, is_list_of_levels, stands_alone

_CLOSING = r"[)\]】〕》」』”’\"'*_]{0,2}"
_STARRED = re.compile(
    rf"{GAP}级?{GAP}{_CLOSING}{GAP}[(\[【]?(?P<stars>★(?: ?★)*+)[)\]】]?(?:{GAP}(?P<term>{TERM}))?"
)
_EDGE = rf"(?![^\W_])|(?={HANDLING})|(?=保密)"
_SYMBOL = r"(?:[^\w\s,，。;；、!()《》「」“”‘’\"'★]|_){1,2}"
_SYMBOLIC = re.compile(rf"{GAP}级?{GAP}(?:{_SYMBOL}{GAP}{TERM}|\({GAP}{TERM}{GAP}\))(?:{_EDGE})")
_TERMED = re.compile(rf"{GAP}级?{GAP}{TERM}(?:{_EDGE})")
_PERIOD_AFTER = re.compile(
    rf"{GAP}级?[)\]】]?[ \n,，;；、.]{{0,3}}(?:其|的)?保密(?:期限?|时间)[为是: \n]{{0,4}}{TERM}(?:{_EDGE})"
)
_RATING = 3  # stars in a row, without a term: ★★★☆☆

_LEFT_EDGE = re.compile(r"(?:^|[\W_]|密级|定为|列为|为|属于?|标注|[件料告书案表稿])$")
_ORDINARY_VERB = re.compile(r"(?:保守|严守|守|泄露|泄漏|泄|侵犯|保护|窃取|公开的|小|的|涉及|刺探|我的|知道)$")
_RIGHT_EDGE = re.compile(rf"级?[件别]?(?:{_EDGE})")
_LABEL = re.compile(
    r"(?:密 ?级|保密(?:级别|等级)|(?:秘密|涉密|定密|信息|文件|安全|机密)(?:等级|级别|级)|[Cc]lassification)"
    r"[\"”]?(?:[及和与/、])?(?:保密)?(?:期限)?(?:标识|标志|标注)?(?:[(][^()]{0,14}[)])?[\"”]?"
    r"[ \n]?(?:[::=|]|为|是|定为|确定为|[ \n])[ \n]?[(\[【〔\"“'*]{0,2}"
    r"(?:[☑☒✅■√✓✔●]|\uf0fe|\uf052)?[ \n]?$"
)
_NO_LABEL = re.compile(r"[无非未][^:：]{0,4}(?:密 ?级)[^:：]{0,2}$")
_OPEN_BRACKET = re.compile(r"[(\[【〔〖{<]$")
_CLOSE_BRACKET = re.compile(r"级?[件]?[)\]】〕〗}>]")
_EXTENSION = r"(?:\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|txt|zip|rar|7z|jpe?g|png|csv|md))?"
_LINE_ENDS = re.compile(rf"[\W_]*{_EXTENSION}$", re.IGNORECASE)


def marks(text: str) -> Iterator[Sighting]:
    for word in words(text):
        end = _mark_end(text, word)
        if end is not None:
            yield Sighting(word.rule, word.start, end)


def _mark_end(text: str, word: Word) -> int | None:
    """Where the mark that begins with this word ends, or None if it is no mark."""
    left = before(text, word.start)
    tail = _tail_end(text, word)
    bare = word.kind is Kind.INNER and tail == word.end  # 内部资料 不得外传 is a stamp though it forbids
    if is_unticked(left, after(text, word.end)) or (not bare and is_named(left, after(text, tail))):
        return None
    return tail if any(shape(text, word, left) for shape in _SHAPES) else None


def _tail_end(text: str, word: Word) -> int:
    for form in (_STARRED, _SYMBOLIC, _TERMED):
        if found := form.match(text, word.end):
            return found.end()
    return word.end


def _starred(text: str, word: Word, left: str) -> bool:
    found = _STARRED.match(text, word.end)
    if found is None:
        return False
    if found["term"]:
        return True
    many = found["stars"].count("★")
    return many < (2 if word.kind is Kind.TOPIC else _RATING) and _ORDINARY_VERB.search(left) is None


def _symbolic(text: str, word: Word, left: str) -> bool:
    """`机密·20年`, `秘密?10年` (a star that an encoding lost)."""
    return _SYMBOLIC.match(text, word.end) is not None and not _listed(text, word, left)


def _termed(text: str, word: Word, left: str) -> bool:
    return (
        word.kind is Kind.LEVEL
        and _LEFT_EDGE.search(left) is not None
        and _TERMED.match(text, word.end) is not None
        and not _listed(text, word, left)
    )


def _with_period(text: str, word: Word, left: str) -> bool:
    if word.kind is Kind.INNER or _PERIOD_AFTER.match(text, word.end) is None:
        return False
    if word.kind is Kind.TOPIC and not left:  # 商业秘密保密期限 is a clause of a contract
        return text[word.end] in " \n,;)]】"
    return (_LEFT_EDGE if word.kind is Kind.LEVEL else _LABEL).search(left) is not None


def _labelled(text: str, word: Word, left: str) -> bool:
    label = text[max(word.start - 40, 0) : word.start]
    right = after(text, word.end)
    return (
        _LABEL.search(label) is not None
        and _NO_LABEL.search(left) is None
        and _right_is_free(right)
        and not _listed(text, word, left)
    )


def _ticked(text: str, word: Word, left: str) -> bool:
    right = after(text, word.end)
    if not is_ticked(left, right):
        return False
    if word.kind is Kind.LEVEL or word.text == "国家秘密":
        return re.match(r"级?(?:$|[^\w:：,，。]|\uf052)", right) is not None
    return re.search(r"密 ?级", left) is not None and _right_is_free(right)


def _bracketed(text: str, word: Word, left: str) -> bool:
    right = after(text, word.end)
    closing = _CLOSE_BRACKET.match(right)
    if closing is None or not _OPEN_BRACKET.search(left) or word.kind is Kind.INNER:
        return False
    outer_left, outer_right = left[:-1], right[closing.end() :]
    whole = not re.search(r"[^\W_]", outer_left) and _LINE_ENDS.match(outer_right) is not None
    if whole or word.kind is Kind.TOPIC:
        return whole
    at_edge = not re.search(r"[^\W_]", outer_left) or outer_left.endswith(" ")
    return (
        at_edge or _LINE_ENDS.match(outer_right) is not None or outer_right.startswith(" ")
    ) and not _listed(text, word, left)


def _alone(text: str, word: Word, left: str) -> bool:
    return stands_alone(text, word, left)


def _star_before(text: str, word: Word, left: str) -> bool:
    """`★机密` and nothing that goes on after it; five stars before it are a rating of something else."""
    stars = re.search(r"(?:★ ?)+$", left)
    return (
        word.kind is not Kind.INNER
        and stars is not None
        and stars[0].count("★") < _RATING
        and re.match(r"级?(?:$|[^\w:：])", after(text, word.end)) is not None
        and (word.kind is Kind.LEVEL or not re.search(r"[^\W_]", left))
    )


def _inner(text: str, word: Word, left: str) -> bool:
    return word.kind is Kind.INNER and is_inner_stamp(left, after(text, word.end))


def _listed(text: str, word: Word, left: str) -> bool:
    return is_list_of_levels(word, left, after(text, word.end))


def _right_is_free(right: str) -> bool:
    return _RIGHT_EDGE.match(right) is not None


_SHAPES: tuple[Callable[[str, Word, str], bool], ...] = (
    _starred,
    _symbolic,
    _termed,
    _with_period,
    _labelled,
    _ticked,
    _bracketed,
    _star_before,
    _alone,
    _inner,
)
