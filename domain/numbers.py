"""Numbers that are written on forms: patents, credit codes, telephones."""

import re
import unicodedata

_PATENT = re.compile(r"(?:ZL|CN)?(?P<digits>[0-9]{8}|[0-9]{12})\.?(?P<check>[0-9X])")
_TYPES = frozenset("12389")
"""发明, 实用新型, 外观设计, and PCT applications entering the national phase as 8 发明 and 9 实用新型."""
_REGION = "CN"


def application_no(text: str) -> str | None:
    """A Chinese application number as `202319999901.2`, or None.

    Old numbers have 8 digits, new ones 12; the check digit is the sum over weights 2 to 9, cycling,
    modulo 11, with X for 10 (CNIPA, ZC 0006-2003).
    """
    match = _PATENT.fullmatch(_plain(text))
    if match is None:
        return None
    digits = match["digits"]
    kind = digits[2] if len(digits) == 8 else digits[4]
    if kind not in _TYPES or check_digit(digits) != match["check"]:
        return None
    return f"{digits}.{match['check']}"


def patent_no(text: str) -> str | None:
    """A patent's number as `ZL202319999901.2`, or None."""
    number = application_no(text)
    return f"ZL{number}" if number else None


def check_digit(digits: str) -> str:
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


def phone(text: str) -> str | None:
    """A telephone number as `+8613800138000`, or None; one without a country's prefix is Chinese."""
    import phonenumbers

    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def same_phone(one: str, other: str) -> bool:
    first = phone(one)
    return first is not None and first == phone(other)


def _plain(text: str) -> str:
    """Full-width forms and spaces forgiven."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
