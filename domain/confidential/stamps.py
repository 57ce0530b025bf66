"""Marks that are marks by standing alone: a stamp at the top, in English too, or with what is forbidden."""

import re

from domain.confidential.findings import Rule
from domain.confidential.levels import TERM, Kind, Word
from domain.confidential.sightings import before

FORBIDDEN = (
    r"(?:未经[^\W\d_]{0,10}[, ]?)?"
    r"(?:严禁|禁止|不得|请勿|切勿|不准|不可|勿|严防|谢绝|不予(?=公开))(?:对外|擅自|随意|私自|向外)?"
    r"(?:外[传泄借]|泄[露漏密]|扩散|传[播阅抄递]|转[发载借抄]|公开|复[制印]|翻印|摘抄|拍照|上网|散发|带出|发布|提供|分发|流出)"
)
_STRICT = rf"(?:{FORBIDDEN}|请?注意保[存管密]|请?妥善保[存管]|阅后(?:即焚|收回|销毁|退回)|[会用]后收回)"
HANDLING = rf"(?:{_STRICT}|仅[供限]|限|内部(?:使用|传阅|掌握|资料|文件))"
_FURTHER = (
    r"特急|加急|平急|急件|特提|份号|编号|第\d+[份号]|共\d+[份页]|[Nn][Oo]\."
    r"|C(?:ONFIDENTIAL|onfidential)|(?:TOP ?)?SECRET|文件|资料|材料|[绝机秘]密|级|件|亲[启收]|请?专人送达"
)
_PLAIN_LEFT = re.compile(rf"(?:[\W_\d]|{_FURTHER})*+$")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)]|[①-⑳]|[-*·•●■]? ?\d{1,2}\.\d")
_COUNTED = re.compile(r"级? ?\d+ ?[件项人个]")
_AFTER_HANDLING = r"[^\W\d_]{0,14}(?:[、,或][^\W\d_]{1,4}){0,3}"
_PLAIN_RIGHT = re.compile(rf"(?:{HANDLING}{_AFTER_HANDLING}|{TERM}|{_FURTHER}|[\W_\d])*+$")
_PROSE_RIGHT = re.compile(r"[。,;、]+$")
_WRAPPED = 6  # characters in a line that may run on into one of two: 国家 / 秘密。
_GAP_RIGHT = re.compile(r"(?:级|件)?[ _|·]")
_HEADING_RIGHT = re.compile(r"^ (?:管理|保护|制度|办法|规定|事项|清单|审查|范围|定义|计算|依法)")
_TITLE_RIGHT = re.compile(
    r":(?!.*(?:指|是|为|泄露|国家秘密|信息|事项|一般|重要|严重|仅|级|定义|包括)) ?[^\W\d_]{4}"
)
_GAP = " _|·-"
FILE_NAME = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|dps|ofd|txt|zip|rar|7z|jpe?g|png|csv|md)$", re.IGNORECASE
)
_PATH = " _-·|—./\\"  # what stands between the words of a file's name and its folders
_HANDLED = re.compile(
    rf"(?:级|件|文件|资料|材料)?[ ,;:!。(·—-]{{0,3}}{HANDLING}{_AFTER_HANDLING}[。!)]{{0,2}}(?=$| )"
)
# 工作秘密不得上网 is a rule; 工作秘密不得外传 may be a stamp without its space.
_RULED = re.compile(rf"(?:级|件|文件|资料|材料)?{FORBIDDEN}")
_PASSED_ON = re.compile(r"[^\W_]{0,2}(?:严禁|禁止|不得|请勿|切勿)(?:外[传泄]|扩散|转发|复[制印]|翻印)[。!]?$")
_BODY = r"公司|企业|单位|机关|集团|中心|研究[院所]|大学|学院|[厅局院所委]|有限|股份|科技"
_OWNER_LEFT = re.compile(rf"(?:^| )[^\W_]{{0,24}}(?:{_BODY})[^\W_]{{0,4}}$")
_PROSE_LEFT = re.compile(
    r"保护|严守|保守|泄露|侵犯|属于|涉及|关于|加强|防止|窃取|含|属|系[本我该]|不|规定|对|将|把|和|及|了|的|如|因|为"
)

_OTHER_LEVEL = r"(?:绝密|机密|秘密|公开|内部|非密|普通|一般|敏感|受控|(?:核心|普通)?商密|工作秘密|商业秘密)"
_AND = r"[ 、,/或和及与至到|;]{1,3}"
_LIST_SIGNS = tuple(' 、,/或和及与至到|;“"')  # one of which ends what _LIST_LEFT finds
_LIST_LEFT = re.compile(rf"(?:^|[\W_为有级]){_OTHER_LEVEL}级?(?:[★*(]?{TERM}\)?)?(?:{_AND}[“\"]?|”“)$")
_LIST_RIGHT = re.compile(
    rf"级?[”\"]?(?:[★*(]?{TERM}\)?)?(?:{_AND}[“\"]?|(?<=”)“){_OTHER_LEVEL}(?:级|三级|{TERM}|$|[\W_])"
)
_SCALE = re.compile(
    r"(?<![^\n])(?:绝密级?\n机密级?\n秘密|秘密级?\n机密级?\n绝密)级?(?![^\n])"
)  # the head of a table
_SCALE_LENGTH = 12

_INNER_RIGHT = re.compile(
    rf"(?:使用|传阅|掌握|参[考阅]|会议|学习|阅读|交流|讲话|发行|通报|简报)*"
    rf"(?:[ ,;:!。·()\]】〕—-]{{1,3}}{_STRICT}[^\W\d_]{{0,8}}|{_STRICT})[。!)\]】*_]{{0,3}}(?=$| )"
)
_INNER_LEFT = re.compile(
    r"(?:^|[\W_])(?:本[^\W_]{1,4}|此件|仅供|仅限|限|供|系|为|属)*(?:单位|公司|集团|机关|中心)?$"
)


def stands_alone(text: str, word: Word, left: str, right: str) -> bool:
    """A level with nothing beside it in the line but what goes with a mark, or a gap at the end of one."""
    if not _is_set(text, word, left, right) or _is_ruled(word, right) or _is_an_item(left, right):
        return False
    return not is_list_of_levels(text, word, left, right)


def _is_set(text: str, word: Word, left: str, right: str) -> bool:
    handled = _HANDLED.match(right) is not None
    if word.kind is Kind.TOPIC and not handled:
        return False
    plain_left, plain_right = _PLAIN_LEFT.match(left) is not None, _PLAIN_RIGHT.match(right) is not None
    if handled and (plain_left or _is_owner(left) or (word.kind is Kind.LEVEL and left.endswith(" "))):
        return True
    if word.kind is Kind.TOPIC:
        return False
    if plain_left and plain_right:
        return not _ends_a_paragraph(text, word, right)
    if plain_right and word.rule is Rule.TRADE_MARK and _is_owner(left):
        return True
    return _is_set_off(left, right, plain_left, plain_right)


def _is_ruled(word: Word, right: str) -> bool:
    return _RULED.match(right) is not None and (word.kind is Kind.TOPIC or not _PASSED_ON.match(right))


def _is_an_item(left: str, right: str) -> bool:
    """`3. 绝密`, `绝密0件`, `《绝密》`."""
    return _NUMBERED.match(left) is not None or _COUNTED.match(right) is not None or left.endswith("《")


def _is_owner(left: str) -> bool:
    return _OWNER_LEFT.search(left) is not None and _PROSE_LEFT.search(left) is None


def _is_set_off(left: str, right: str, plain_left: bool, plain_right: bool) -> bool:
    if FILE_NAME.search(right) and (plain_left or left[-1:] in _PATH):
        return right.lstrip("级件")[:1] in _PATH
    gap_left = plain_right and _ends_with_a_gap(left)
    gap_right = plain_left and _GAP_RIGHT.match(right) is not None and _HEADING_RIGHT.search(right) is None
    return gap_left or gap_right or (plain_left and _TITLE_RIGHT.match(right) is not None)


def _ends_with_a_gap(left: str) -> bool:
    """After Chinese, that is, for English has a gap after every word."""
    bare = left.rstrip(_GAP)
    return bare != left and not (bare and bare[-1].isascii())


def _ends_a_paragraph(text: str, word: Word, right: str) -> bool:
    """`……保守国家` `秘密。` is a paragraph whose last word was wrapped."""
    if not _PROSE_RIGHT.match(right):
        return False
    above = before(text, max(word.start - 1, 0))
    return len(above) >= _WRAPPED and above[-1].isalpha()


def is_list_of_levels(text: str, word: Word, left: str, right: str) -> bool:
    """`绝密、机密、秘密` are the levels that there are, not the level of a document."""
    before_it = _LIST_LEFT.search(left) if left.endswith(_LIST_SIGNS) else None
    neighbours = (before_it, _LIST_RIGHT.match(right))
    if any(found is not None and word.text not in found[0] for found in neighbours):
        return True
    return _SCALE.search(text, max(word.start - _SCALE_LENGTH, 0), word.end + _SCALE_LENGTH) is not None


def is_inner_stamp(left: str, right: str) -> bool:
    """`内部资料 不得外传`: what 工作秘密 was marked with before it had a name of its own."""
    return (_INNER_LEFT.search(left) is not None or _is_owner(left)) and _INNER_RIGHT.match(right) is not None
