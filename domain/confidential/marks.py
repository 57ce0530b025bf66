"""Marks of secrecy as they are set on documents: 机密★10年, 密级：秘密, ☑机密, 【绝密】, 工作秘密 不得外传.

A mark counts by its form, wherever in a line it stands; what only names one (`naming`) does not. A mark that
is said to have been lifted (已解密) still counts: whoever sends it can send a copy without it.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from domain.confidential.levels import GAP, TERM, Kind, Word, words
from domain.confidential.naming import is_named, is_open_quotation, is_ticked, is_unticked, names_what_follows
from domain.confidential.sightings import Sighting, after, after_unwrapped, before, before_unwrapped
from domain.confidential.stamps import FILE_NAME, HANDLING, is_inner_stamp, is_list_of_levels, stands_alone

_CLOSING = r"[)\]】〕》」』”’\"'*_]{0,2}"
_STARRED = re.compile(
    rf"{GAP}[一二三]?级?(?:\([^()\n]{{1,6}}\))?{GAP}{_CLOSING}{GAP}"
    rf"[(\[【]?(?P<stars>★(?: ?★)*+)[)\]】]?(?:{GAP}(?P<term>{TERM}))?"
)
_EDGE = rf"(?![^\W_])|(?={HANDLING})|(?=保密)"
_SYMBOL = r"(?:[^\w\s,，。;；、!()《》「」“”‘’\"'★]|[_xX〇]){1,2}"
_SYMBOLIC = re.compile(rf"{GAP}级?{GAP}(?:{_SYMBOL}{GAP}{TERM}|\({GAP}{TERM}{GAP}\))(?:{_EDGE})")
_TERMED = re.compile(rf"{GAP}级?{GAP}{TERM}(?:{_EDGE})")
_PERIOD_AFTER = re.compile(
    rf"{GAP}级?[)\]】]?[ \n,，;；、.]{{0,3}}(?:其|的)?(?:保密(?:期限?|时间)|期限)[为是: \n]{{0,4}}"
    rf"{TERM}(?:{_EDGE})"
)
_RATING = 3  # stars in a row, without a term: ★★★☆☆

_LEFT_EDGE = re.compile(r"(?:^|[\W_]|密级|定为|列为|为|属于?|标注|[件料告书案表稿])$")
_ORDINARY_VERB = re.compile(r"(?:保守|严守|守|泄露|泄漏|泄|侵犯|保护|窃取|公开的|小|的|涉及|刺探|我的|知道)$")
_RIGHT_EDGE = re.compile(rf"级?[件别类]?(?:{_EDGE}|_)")
_LABEL = re.compile(
    r"(?:(?<![绝机秘])密 ?级|保密(?:级别|等级)|(?:秘密|涉密|定密|信息|文件|安全|机密|商密)(?:等级|级别|级)"
    r"|(?<![^\W_])(?:级别|等级)|(?:级别|等级)(?=[:=])"
    r"|定密(?:结果|意见|情况|建议)?(?=[ :=|])|(?:国家|商业)秘密(?=:)|[Cc]lassification)[\"”)\]】*_]{0,2}"
    r"(?:[及和与/、])?(?:保密)?(?:期限)?(?:标识|标志|标注)?(?:[(][^()]{0,14}[)])?[\"”]?"
    r"[ \n]?(?:[:;=/|,→._-]{1,24}|(?:<?[^<>\n]{0,8}>){1,2}|(?:确?定)?为:?|是:?|[ \n]|(?<=[)\]】\"]))"
    r"[ \n]?[(\[【〔\"“'*_]{0,2}(?:[☑☒✅■√✓✔●\uf0fe\uf052])?[ \n]?$"
)
_IN_LABELS = ("级", "定密", "秘密:", "lassification")  # one of which is in every label
_BEGUN = re.compile(r"(?<![^\W_])密级$")  # 密级机密, from which the spaces are gone
_SAID_OF_IT = re.compile(
    r"(?<![^\W_])(?:水印|备注|标注|(?:保密|密级|涉密)?标[志识记密]|类别|类型|属性|性质|页眉|页脚|印章|盖章|戳记)"
    r"[\"”)\]】*_]{0,2} ?[:=|] ?$"
)
_NO_LABEL = re.compile(r"(?:[无非未]|最[高低]|何种)[^:\n]{0,4}(?:密 ?级)[^:]{0,2}$")
_OPEN_BRACKET = re.compile(r"[(\[【〔〖{<]$")
_CLOSE_BRACKET = re.compile(rf"级?件?(?:[ ,·]{{0,2}}{HANDLING}[^\W\d_]{{0,8}})?[)\]】〕〗}}>]")
_EXTENSION = r"(?:\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|txt|zip|rar|7z|jpe?g|png|csv|md))?"
_LINE_ENDS = re.compile(rf"[\W_]*{_EXTENSION}$", re.IGNORECASE)


_VERSION_ENDS = re.compile(rf"级?[版本稿][)\]】]?(?:{_EXTENSION})$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]")
_OPTION_ENDS = re.compile(r"级?(?:$|[^\w:,、]|\uf052)")
_INNER_STAR_ENDS = re.compile(rf"(?![^\W_])| ?{HANDLING}")  # 内部★满意度★★★★
_CELL_ENDS = re.compile(r"级?[ *_]{0,3}\|")
_STARS_BEFORE = re.compile(r"(?:★ ?)+$")
_STAR_ENDS = re.compile(r"级?(?:$|[^\w:])")
_LABEL_REACH = 40
_WRAPPED = 15  # characters in a line of prose that was wrapped, at least
_MAY_FOLLOW = re.compile(
    rf"[一二三]?级?[件类版]?(?:$|[\W\d_xX〇]|(?:密级|等?级别?)[ :]|{TERM}|{HANDLING}|保密[期时]"
    r"|文件|资料|材料|使用|传阅|掌握|参[考阅]|会议|学习|阅读|交流|讲话|发行|通报|简报)"
)


class _Setting(NamedTuple):
    """A word for a level in its line."""

    text: str
    word: Word
    left: str
    right: str


def marks(text: str) -> Iterator[Sighting]:
    for word in words(text, _MAY_FOLLOW):
        at = _Setting(text, word, before(text, word.start), after(text, word.end))
        if any(shape(at) for shape in _SHAPES[word.kind]):
            end = _tail_end(at)
            if not _is_only_named(at, end):
                yield Sighting(word.rule, word.start, end)


def _is_only_named(at: _Setting, end: int) -> bool:
    if is_unticked(at.left or at.text[max(at.word.start - 2, 0) : at.word.start].strip(), at.right):
        return True
    if at.word.kind is Kind.INNER and end == at.word.end:
        return False  # 内部资料 不得外传 is a stamp though it forbids
    right = after(at.text, end)
    return is_named(at.left, right) or _is_named_over_lines(at, right, end)


def _is_named_over_lines(at: _Setting, right: str, end: int) -> bool:
    """A quotation, or `标有机密★的文件`, that the edge of a page has broken."""
    quoted = is_open_quotation(at.left, right)
    if not quoted and at.left and right:
        return False
    width = 1 if quoted else _WRAPPED
    left, right = before_unwrapped(at.text, at.word.start, width), after_unwrapped(at.text, end, width)
    return is_named(left, right) and (quoted or names_what_follows(right))


def _tail_end(at: _Setting) -> int:
    """Past the star and the term that belong to the level."""
    for form in (_STARRED, _SYMBOLIC, _TERMED):
        if found := form.match(at.text, at.word.end):
            return found.end()
    return at.word.end


def _starred(at: _Setting) -> bool:
    found = _STARRED.match(at.text, at.word.end)
    if found is None:
        return False
    if found["term"]:
        return True
    if "\n" in at.text[at.word.end : found.start("stars")] and after(at.text, found.end("stars")):
        return False  # a star that begins the next line's text
    if at.word.kind is Kind.INNER and not _INNER_STAR_ENDS.match(after(at.text, found.end("stars"))):
        return False
    many = found["stars"].count("★")
    return many < (2 if at.word.kind is Kind.TOPIC else _RATING) and not _ORDINARY_VERB.search(at.left)


def _symbolic(at: _Setting) -> bool:
    """`机密·20年`, `秘密?10年` (a star that an encoding lost)."""
    return _SYMBOLIC.match(at.text, at.word.end) is not None and not _is_listed(at)


def _termed(at: _Setting) -> bool:
    found = _TERMED.match(at.text, at.word.end)
    if found is None or _is_listed(at):
        return False
    if at.word.kind is not Kind.LEVEL:
        return not at.left and not after(at.text, found.end())
    return _is_at_an_edge(at.left)


def _is_at_an_edge(left: str) -> bool:
    return _LEFT_EDGE.search(left[-2:]) is not None


def _with_period(at: _Setting) -> bool:
    if _PERIOD_AFTER.match(at.text, at.word.end) is None:
        return False
    if at.word.kind is Kind.TOPIC and not at.left:  # 商业秘密保密期限 is a clause of a contract
        return at.text[at.word.end] in " \n,;)]】"
    return _is_at_an_edge(at.left) if at.word.kind is Kind.LEVEL else _LABEL.search(at.left) is not None


def _labelled(at: _Setting) -> bool:
    label = at.text[max(at.word.start - _LABEL_REACH, 0) : at.word.start]
    return (
        _RIGHT_EDGE.match(at.right) is not None
        and _is_label(at.word, label)
        and _NO_LABEL.search(label) is None
        and not _is_listed(at)
    )


def _is_label(word: Word, label: str) -> bool:
    if any(one in label for one in _IN_LABELS) and (_LABEL.search(label) or _BEGUN.search(label)):
        return True
    said = word.kind is Kind.LEVEL and label.endswith((":", "=", "|", " "))
    return said and _SAID_OF_IT.search(label) is not None


def _ticked(at: _Setting) -> bool:
    if not is_ticked(at.left, at.right):
        return False
    if at.word.kind is Kind.LEVEL or at.word.text == "国家秘密":
        return _OPTION_ENDS.match(at.right) is not None
    return re.search(r"密 ?级", at.left) is not None and _RIGHT_EDGE.match(at.right) is not None


def _bracketed(at: _Setting) -> bool:
    closing = _CLOSE_BRACKET.match(at.right)
    if closing is None or not _OPEN_BRACKET.search(at.left[-1:]):
        return False
    left, right = at.left[:-1], at.right[closing.end() :]
    first, last = not _WORD.search(left), bool(_LINE_ENDS.match(right) or FILE_NAME.search(right))
    if at.word.kind is Kind.TOPIC or (first and last):
        return first and last
    return (first or last or left.endswith(" ") or right.startswith(" ")) and not _is_listed(at)


def _star_before(at: _Setting) -> bool:
    """`★机密` and nothing that goes on after it; five stars before it are a rating of something else."""
    stars = _STARS_BEFORE.search(at.left[-12:])
    if stars is None or stars[0].count("★") >= _RATING:
        return False
    whole = not _WORD.search(at.left)
    return (at.word.kind is Kind.LEVEL or whole) and _STAR_ENDS.match(at.right) is not None


def _in_a_cell(at: _Setting) -> bool:
    """`某装备 | 机密 | 张三`."""
    if not at.left.rstrip(" *_").endswith("|"):
        return False
    return _CELL_ENDS.match(at.right) is not None and not _is_listed(at)


def _versioned(at: _Setting) -> bool:
    """`年度总结机密版.docx`, `（机密版）`: the other versions are for others."""
    if not _VERSION_ENDS.match(at.right) or _is_listed(at):
        return False
    return at.right.rstrip().endswith(tuple(")】]")) or "." in at.right or not _WORD.search(at.left)


def _alone(at: _Setting) -> bool:
    return stands_alone(at.text, at.word, at.left, at.right)


def _inner(at: _Setting) -> bool:
    return is_inner_stamp(at.left, at.right)


def _is_listed(at: _Setting) -> bool:
    return is_list_of_levels(at.text, at.word, at.left, at.right)


_ALWAYS = (_starred, _symbolic, _termed, _labelled, _ticked)
_SET_APART = (_with_period, _bracketed, _star_before, _alone)
_SHAPES: dict[Kind, tuple[Callable[[_Setting], bool], ...]] = {
    Kind.LEVEL: (*_ALWAYS, *_SET_APART, _in_a_cell, _versioned),
    Kind.TOPIC: (*_ALWAYS, *_SET_APART),
    Kind.INNER: (*_ALWAYS, _inner),
}
