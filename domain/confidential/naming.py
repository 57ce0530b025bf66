"""Whether a mark is set or only named: quoted, forbidden, denied, an example, an empty box.

`left` and `right` are what stands before and after the mark (its level, star and term) in its line.
"""

import re

from domain.confidential.sightings import first_clause, first_sentence, last_clause, last_sentence

_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("《", "》"))
_WORD = re.compile(r"[^\W_]")

_RULE = re.compile(
    r"不得|严禁|禁止|不准|不能|不可|不应|不宜|不予|切勿|请勿|应[当该]?|必?须|凡|若|如|例|是否|标志|格式|样式|形式|写法"
    r"|字样|规定|规范|要求|办法|说明|含义|意思|表示|检查|核对|排查|自查|发现|遇到?|电影|小说|影片|一词|关键词|搜索|检索"
)
_ASSERTED = re.compile(
    r"(?:密级|保密等级|定密|定级|等级|(?:本|该|此|我|现|其|所附)[^,，]*)(?:标[注明]|确?定|列|属|印有|加盖)?"
    r"[为是于有]?[\"”]?[:：]? ?$"
)
_FORBIDS = re.compile(r"不得|严禁|禁止|不准|不能|不可|不应|不宜|切勿|请勿|杜绝|防止|避免|严防|不予|拒绝|凡")
_RULES_AFTER = re.compile(
    r"不得|严禁|禁止|不准|不能|不可|不予|不应|应当?|必?须|一律|请勿|切勿|退回|拒收|除外|按照?|由"
)
_NAMES = re.compile(
    r"(?:标有|标注[有了]?|标明|标示|注明|印有|带有?|盖有|加盖|写[有明]|载有|含有?|出现|标记|有|打上|称|叫|名为|形如|即|的|到|为)"
    r"[“\"]? ?$"
)
_EXAMPLE = re.compile(
    r"(?:比如|诸如|譬如|形如|如下|[举示样范]?例|如|格式|样式|形式|写法|式样|标法)(?:为|是)?:? ?$"
)
_NAMED_NOUN = re.compile(
    r" ?(?:级)? ?(?:(?:或|和|及|与|、)[^,，。;；]{0,14})?(?:的|等|之类|类|级)?"
    r" ?(?:字样|标[志识记注]|印章|样式|格式|文[件档]|材料|资料|信息|内容|载体|图纸|档案|数据|公文|邮件|的|等)"
)
_CALLED_A_MARK = re.compile(r"(?:(?:或|和|及|与|、)[^,。;]{1,14})?等?(?:字样|标[志识记])(?!设计)")
_DENIED = re.compile(
    r"(?:不是|不属于?|不为|不涉及|不含有?|不包[含括]|未标[注有明]?|没有|并?无|并非|非|未涉及|不带有?|不存在|未[出发]现|未见"
    r"|未印有|未定为|不得标注|取消|撤销|删除|去掉)[“\"]? ?$"
)
_CHAIN = re.compile(r"(?:[绝机秘商]密|内部)级?[★*]?[^,，。;；、或和及与]{0,8}(?:、|或者?|和|及|与|/) ?$")

_EMPTY_BEFORE = re.compile(r"(?:[□☐○◯▢◻⬜❏❑\uf0a8\uf0a3\uf06f]|[(\[][ ]?[)\]]) ?$")
_EMPTY_AFTER = re.compile(r"级? ?(?:[□☐○◯▢◻⬜❏❑\uf0a8\uf0a3\uf06f]|[(\[] ?[)\]])")
_FULL = "⊙☑☒✅■√✓✔●◉⦿◼⬛⊠\uf0fe\uf052"
_FULL_BEFORE = re.compile(rf"(?:[{_FULL}]|[(\[] ?[{_FULL}xXvV] ?[)\]]) ?$")
_FULL_AFTER = re.compile(rf"级? ?(?:[{_FULL}]|[(\[] ?[{_FULL}xXvV] ?[)\]])")
_HOLLOW = re.compile(r"[○◯]|密 ?级")  # beside which ● is a choice and no bullet
BOX = rf"[□☐○◯▢◻⬜❏❑\uf0a8\uf0a3\uf06f{_FULL}]|[(\[] ?[xXvV√✓]? ?[)\]]"
_BOX = re.compile(BOX)
_BOX_BESIDE_LEFT = re.compile(rf"(?:{BOX})$")
_BOX_BESIDE_RIGHT = re.compile(rf"级?(?:{BOX})")
_OPTION = re.compile(r"[绝机秘商非]密|[不非]涉密|公开|内部|无密级")


def is_named(left: str, right: str) -> bool:
    outside = _around_quotes(left, right)
    if outside is not None:
        return _quotation_names(*outside)
    return _names_plainly(left, right)


def is_open_quotation(left: str, right: str) -> bool:
    """Whether a quotation begins or ends in this line and does not do both."""
    return any(
        (left.rfind(opening) > left.rfind(closing)) != (closing in right.partition(opening)[0])
        for opening, closing in _QUOTES
    )


def names_what_follows(right: str) -> bool:
    return re.match(r"的|等|字样|标[志识记]", right) is not None


def _around_quotes(left: str, right: str) -> tuple[str, str] | None:
    """What stands outside the innermost pair of quotation marks around the mark, if there is one."""
    for opening, closing in _QUOTES:
        start, end = left.rfind(opening), right.find(closing)
        if start >= 0 and end >= 0 and closing not in left[start:] and opening not in right[:end]:
            return left[:start], right[end + 1 :]
    if left.count('"') % 2 and '"' in right:
        return left[: left.rfind('"')] + '"', right[right.find('"') + 1 :]
    return None


def _quotation_names(left: str, right: str) -> bool:
    if not _WORD.search(left) and not _WORD.search(right):
        return False
    if _CALLED_A_MARK.match(right) or _RULE.search(last_sentence(left)) or _RULE.search(first_clause(right)):
        return True
    straight = left.endswith('"')  # in a table of values or a programme's text these are no speech marks
    return not straight and _ASSERTED.search(last_clause(left)) is None


def _names_plainly(left: str, right: str) -> bool:
    left = _without_chain(left)
    if _EXAMPLE.search(left) or _CALLED_A_MARK.match(right):
        return True
    if _DENIED.search(left):
        return not left.endswith(" ")
    return _NAMED_NOUN.match(right) is not None and _in_a_rule(left, right)


def _without_chain(left: str) -> str:
    """`如秘密★5年、机密★10年`: what holds for the first of a list holds for the next."""
    while (chain := _CHAIN.search(left)) is not None:
        left = left[: chain.start()]
    return left


def _in_a_rule(left: str, right: str) -> bool:
    """A gap ends a clause: in 本文件不得外传 机密★20年 the mark is not what is forbidden."""
    clause = last_clause(left)
    if " " in clause and not _NAMES.search(clause):
        clause = clause.rsplit(" ", 1)[1]
    if _FORBIDS.search(clause):
        return True
    if right.startswith(" ") and not right.startswith(" 的"):
        return False
    if _NAMES.search(clause) and _RULE.search(last_sentence(left) + first_sentence(right)):
        return True
    return _RULES_AFTER.search(first_clause(right).removeprefix(" ").split(" ")[0]) is not None


def is_unticked(left: str, right: str) -> bool:
    """An empty box belongs to this option; the first box of the line shows on which side boxes stand."""
    if not _has_box(left, right):
        return False
    if _boxes_come_first(left, right):
        return _EMPTY_BEFORE.search(left) is not None
    return _EMPTY_AFTER.match(right) is not None


def is_ticked(left: str, right: str) -> bool:
    if not _has_box(left, right):
        return False
    if _boxes_come_first(left, right):
        box = _FULL_BEFORE.search(left)
        return box is not None and ("●" not in box[0] or _HOLLOW.search(left + right) is not None)
    return _FULL_AFTER.match(right) is not None


def _has_box(left: str, right: str) -> bool:
    return _BOX.search(left[-5:]) is not None or _BOX.search(right[:6]) is not None


def _boxes_come_first(left: str, right: str) -> bool:
    """A box that touches the option on one side only shows it; else the line's first box and option do."""
    beside_left, beside_right = _BOX_BESIDE_LEFT.search(left), _BOX_BESIDE_RIGHT.match(right)
    if (beside_left is None) != (beside_right is None):
        return beside_left is not None
    box, option = _BOX.search(left), _OPTION.search(left)
    return box is not None and (option is None or box.start() < option.start())
