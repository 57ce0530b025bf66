"""Numbers that belong to people and firms: ids, telephones, cards, credit codes, addresses of mail."""

import re
from collections.abc import Iterator
from datetime import date

from domain import numbers
from domain.confidential.findings import Rule
from domain.confidential.sightings import Sighting

_BREAK = r"[ ._·-]?"
_NEAR = 24  # how far before a number its name may stand
_SEPARATOR = re.compile(r"[ ._·-]")
_ID = re.compile(rf"(?<![0-9A-Za-z])[1-9](?:{_BREAK}\d){{16}}{_BREAK}[\dXx](?![0-9A-Za-z])")
_OLD_ID = re.compile(r"(?<![0-9A-Za-z.])[1-9]\d{14}(?![0-9A-Za-z.])")
_ID_NAMED = re.compile(r"身份证|证件号|公民身份|[Ii][Dd] ?(?:[Nn]o|[Cc]ard)")
_USCC = re.compile(
    r"(?<![0-9A-Za-z])[0-9ANY][0-9A-HJ-NPQRTUWXY](?: ?\d){6}(?: ?[0-9A-HJ-NPQRTUWXY]){10}(?![0-9A-Za-z])"
)
_CARD = re.compile(rf"(?<![0-9A-Za-z.])[1-9](?:{_BREAK}\d){{15,18}}(?![0-9A-Za-z]|\.\d)")
_CARD_NAMED = re.compile(
    r"[( ]?(?:卡号|[账帐] ?[号户]|银行卡|银联|存折|开户行|信用卡|储蓄卡|借记卡|工资卡|[Cc]ard|[Aa]ccount)"
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?<!\d-)(?:(?:\(?\+|00)?86\)?[ -]?)?\(?1[3-9]\d"
    r"(?:\)?[ -]?\d{4}[ -]?\d{4}|[ -]?\d{3}[ -]\d{5}|\.\d{4}\.\d{4})"
    r"(?![0-9A-Za-z]|\.\d|,\d{3}(?!\d)|-\d| ?\*)"
)
_NOT_CALLED = re.compile(
    r"(?:编号|合同号?|单号|流水号|订单号?|文号|登记号|证书号|序列号|序号|编码|条码|批号|案号|档号|凭证号?|发票号?码?|票号"
    r"|IS[BS]N|[Nn][Oo]\.?|第|[¥￥$]|人民币|金额|总额|合计|共计|累计|[Qq][Qq])(?:为|是|号|约)?[: #]*$"
)
_CALLED = re.compile(r"手机|电话|联系|[Tt]el|[Mm]obile|[Pp]hone|微信")
_AMOUNT = re.compile(
    r" ?(?:[万亿](?=[元人件吨美个亩户股 ,。;、)\n]|$)|[千百](?=[万克米])|元(?!旦)"
    r"|[美欧日]元|美金|人次|[件吨户亩米套台份%‰]|[人个项张次](?![^\W\d_a-zA-Z])|平方|立方|公里|号(?!码)|(?:k?[gmW]|m[ml]|[tT])(?![A-Za-z]))"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:(?:\+?86[ -]?)?\(?0?(?:10|2\d|[3-9]\d{2})\)?[ -]{0,2}[2-9]\d{2,3}[ -]?\d{4}"
    r"|[48]00[ -]\d{3}[ -]?\d{4}|[48]00[ -]\d{4}[ -]\d{3})"
    r"(?:(?:-|转| ?ext\.? ?)\d{1,6})?(?![0-9A-Za-z]|[.,-]\d)"
)
_LOCAL = re.compile(r"(?<![0-9A-Za-z.-])[2-9]\d{2,3}-?\d{4}(?![0-9A-Za-z]|[.,-]\d)")
_CALLED_HERE = re.compile(r"(?:电话|座机|传真|[Tt][Ee][Ll]|[Ff][Aa][Xx]|固话)[^\d\n]{0,6}$")
_MAIL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}$")
_MAIL_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}")


def resident_ids(text: str, start: int, end: int, today: date) -> Iterator[Sighting]:
    for found in _ID.finditer(text, start, end):
        if numbers.is_resident_id(_SEPARATOR.sub("", found[0]), today):
            yield Sighting(Rule.RESIDENT_ID, *found.span())
    for found in _OLD_ID.finditer(text, start, end):
        if _ID_NAMED.search(_near(text, found.start())) and _is_old_id(found[0]):
            yield Sighting(Rule.RESIDENT_ID, *found.span())


def _is_old_id(digits: str) -> bool:
    """Fifteen digits, a day of birth with two of the year: every check but that character."""
    long = f"{digits[:6]}19{digits[6:]}"
    return any(numbers.is_resident_id(long + check, date(2000, 1, 1)) for check in "0123456789X")


def credit_codes(text: str, start: int, end: int) -> Iterator[Sighting]:
    for found in _USCC.finditer(text, start, end):
        if numbers.uscc(found[0]):
            yield Sighting(Rule.USCC, *found.span())


def bank_cards(text: str, start: int, end: int) -> Iterator[Sighting]:
    for found in _CARD.finditer(text, start, end):
        named = _CARD_NAMED.search(_near(text, found.start())) or _CARD_NAMED.match(text, found.end())
        if named and luhn(_SEPARATOR.sub("", found[0])):
            yield Sighting(Rule.BANK_CARD, *found.span())


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right doubled, its digits added, a sum that ends in 0."""
    total = sum(int(digit) for digit in digits[-1::-2])
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def mobiles(text: str, start: int, end: int) -> Iterator[Sighting]:
    for found in _MOBILE.finditer(text, start, end):
        near = _near(text, found.start())
        other = _NOT_CALLED.search(near) and not _CALLED.search(near)
        if not other and not _AMOUNT.match(text, found.end()):
            yield Sighting(Rule.MOBILE, *found.span())


def landlines(text: str, start: int, end: int) -> Iterator[Sighting]:
    for found in _LANDLINE.finditer(text, start, end):
        bare = found[0].isdigit() and not found[0].startswith("0")
        if (not bare or _CALLED_HERE.search(_near(text, found.start()))) and not _AMOUNT.match(
            text, found.end()
        ):
            yield Sighting(Rule.LANDLINE, *found.span())
    for found in _LOCAL.finditer(text, start, end):
        if _CALLED_HERE.search(_near(text, found.start())):
            yield Sighting(Rule.LANDLINE, *found.span())


def addresses(text: str) -> Iterator[Sighting]:
    at = text.find("@")
    while at >= 0:
        name = _MAIL_NAME.search(text, max(at - 64, 0), at)
        host = _MAIL_HOST.match(text, at + 1)
        if name and host:
            yield Sighting(Rule.EMAIL, name.start(), host.end())
        at = text.find("@", at + 1)


def _near(text: str, at: int) -> str:
    return text[max(at - _NEAR, 0) : at]
