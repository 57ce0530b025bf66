"""Numbers as people write them: patents, credit codes, resident ids, telephones."""

import re
import unicodedata
from datetime import date

_PATENT = re.compile(
    r"(?:专利号|申请号)?:?(?P<prefix>ZL|CN)?"
    r"(?P<digits>20[0-9]{2}[12389][0-9]{7}|(?:8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5})"
    r"[.。·]?(?P<check>[0-9X])"
)
_RESIDENT_ID = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}"
    r"(?P<birth>(?:18|19|20)[0-9]{6})[0-9]{3}[0-9X]"
)
_REGION = "CN"
_COUNTRY = "+86"


def application_no(text: str) -> str | None:
    """A Chinese application number as `202319999901.2`, or None.

    Old numbers have two digits of the year (1985 to 2003) and 8 in all, new ones four and 12. The digit
    after the year is the kind: 1 发明, 2 实用新型, 3 外观设计, 8 and 9 PCT applications in the national
    phase as 发明 and 实用新型. The last is a check digit (ZC 0006-2003).
    """
    match = _written(text)
    return f"{match['digits']}.{match['check']}" if match else None


def patent_no(text: str) -> str | None:
    """A number as `ZL202319999901.2` where ZL (granted) is written, else as `202319999901.2`; or None."""
    match = _written(text)
    if match is None:
        return None
    granted = "ZL" if match["prefix"] == "ZL" else ""
    return f"{granted}{match['digits']}.{match['check']}"


def check_digit(digits: str) -> str:
    """The sum over weights 2 to 9, cycling, modulo 11, with X for 10 (ZC 0006-2003)."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits))
    return "0123456789X"[total % 11]


def uscc(text: str) -> str | None:
    """A unified social credit code (GB 32100), 18 characters, or None."""
    from stdnum.cn import uscc as standard
    from stdnum.exceptions import ValidationError

    try:
        return str(standard.validate(_plain(text)))
    except ValidationError:
        return None


def is_resident_id(text: str, today: date) -> bool:
    """Whether this is a resident's id number (GB 11643): a province, a past day of birth, a check character.

    The lists of counties that libraries have are incomplete, so only the province is judged.
    """
    plain = _plain(text)
    match = _RESIDENT_ID.fullmatch(plain)
    if match is None or _mod_11_2(plain[:17]) != plain[17]:
        return False
    try:
        return date.fromisoformat(match["birth"]) <= today
    except ValueError:
        return False


def _mod_11_2(digits: str) -> str:
    """The check character of ISO 7064, MOD 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def phone(text: str) -> str | None:
    """A telephone number as `+8613800138000` (E.164), or None; one without a country's prefix is Chinese.

    Only the length is judged: the demonstration's numbers are in ranges that nobody has been given.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def same_phone(one: str, other: str) -> bool:
    """Whether two spellings are one number; what is no number is the same as nothing."""
    first = phone(one)
    return first is not None and first == phone(other)


def mask_phone(number: str) -> str:
    """`138****8000` of `+8613800138000`: enough to recognise a number one knows, not enough to call it."""
    shown = number.removeprefix(_COUNTRY) if number.startswith(f"{_COUNTRY}1") else number
    head = min(3, max(len(shown) - 7, 0))
    return shown[:head] + "*" * max(len(shown) - head - 4, 0) + shown[max(len(shown) - 4, head) :]


def _written(text: str) -> re.Match[str] | None:
    match = _PATENT.fullmatch(_plain(text))
    return match if match and check_digit(match["digits"]) == match["check"] else None


def _plain(text: str) -> str:
    """Full-width forms and spaces forgiven."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
