"""A parser a field type, and the checks that the catalogue's data may ask for (catalogue.json, meta.checks).

A parser takes a Reply and gives the value that is stored (JSON). It raises Invalid with the template that
says what is expected: fields/required, text, files, too_long(max, got), integer, money, at_least(min),
at_most(max), more_than(than), date, not_before(day), not_after(day), yes_no, choice, choices(unknown),
pattern(example), patent_no(bad), application_no, uscc, must_be.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from domain import numbers
from domain.errors import Invalid
from domain.forms import Answers, Choice, Parse, Reply, Value, Words

TEXT_CHARS = 200
LONGTEXT_CHARS = 2000

YES_NO = (Choice("yes", Words("是", "Yes")), Choice("no", Words("否", "No")))
_MANY_SEPARATOR = re.compile(r"[,，、;；/\n]+")
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[-./年]\s*)?(?P<month>[0-9]{1,2})\s*[-./月]\s*(?P<day>[0-9]{1,2})\s*日?"
)
_MONEY = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the catalogue: its type, options and checks as the data has them."""

    key: str
    label: Words
    type: str
    required: bool = True
    options: tuple[Choice, ...] = ()
    checks: Mapping[str, object] = field(default_factory=dict)
    hint: Words | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        return YES_NO if self.type == "bool" else self.options


Today = Callable[[], date]
Read = Callable[[Field, str, date], Value]
Check = Callable[[object, Value, date], None]


def parser(asked: Field, today: Today) -> Parse:
    """The parser of a field's step. `today` is the date where the office is."""

    def parse(reply: Reply, _: Answers) -> Value:
        value = _file(reply) if asked.type == "file_list" else _read(asked, reply, today())
        for name, bound in asked.checks.items():
            if name in _CHECKS:
                _CHECKS[name](bound, value, today())
        return value

    return parse


def _read(asked: Field, reply: Reply, today: date) -> Value:
    if reply.file is not None:
        raise Invalid("fields/text")
    if reply.choice is not None:
        return _chosen(asked, reply.choice)
    text = (reply.text or "").strip()
    if not text:
        raise Invalid("fields/required")
    return _READERS[asked.type](asked, text, today)


def _file(reply: Reply) -> int:
    if reply.file is None:
        raise Invalid("fields/files")
    return reply.file


def _chosen(asked: Field, key: str) -> Value:
    if key not in {choice.key for choice in asked.choices}:
        raise Invalid("fields/choice")
    return [key] if asked.type == "multi_enum" else key


def _text(asked: Field, text: str, _: date) -> str:
    limit = asked.checks.get("max_chars", LONGTEXT_CHARS if asked.type == "longtext" else TEXT_CHARS)
    if isinstance(limit, int) and len(text) > limit:
        raise Invalid("fields/too_long", max=limit, got=len(text))
    return text


def _int(_field: Field, text: str, _: date) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"-?[0-9]{1,12}", plain):
        raise Invalid("fields/integer")
    return int(plain)


def _money(_field: Field, text: str, _: date) -> str:
    """An amount in 万元, as a decimal text without separators."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("元").removesuffix("万")
    if not _MONEY.fullmatch(plain):
        raise Invalid("fields/money")
    amount = Decimal(plain.replace(",", ""))
    if amount != round(amount, 2) or amount >= 10**10:
        raise Invalid("fields/money")
    return f"{amount:f}"


def _bool(_field: Field, text: str, _: date) -> str:
    word = unicodedata.normalize("NFKC", text).casefold().strip(" 。.")
    for key, words in {
        "yes": ("是", "yes", "y", "有", "对"),
        "no": ("否", "不是", "no", "n", "没有", "无"),
    }.items():
        if word in words:
            return key
    raise Invalid("fields/yes_no")


def _enum(asked: Field, text: str, _: date) -> str:
    key = _option(asked, text)
    if key is None:
        raise Invalid("fields/choice")
    return key


def _multi_enum(asked: Field, text: str, _: date) -> list[str]:
    words = [word for word in _MANY_SEPARATOR.split(text) if word.strip()]
    keys = {word: _option(asked, word) for word in words}
    unknown = [word.strip() for word, key in keys.items() if key is None]
    if unknown or not words:
        raise Invalid("fields/choices", unknown=unknown[:10])
    return list(dict.fromkeys(key for key in keys.values() if key is not None))


def _option(asked: Field, text: str) -> str | None:
    """The option of these words in either language, or of this number in the list."""
    typed = _folded(text)
    for number, choice in enumerate(asked.options, start=1):
        if typed in (_folded(choice.words.zh), _folded(choice.words.en), str(number)):
            return choice.key
    return None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _date(_: Field, text: str, today: date) -> str:
    """An ISO date; a day without a year is the next one that comes."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise Invalid("fields/date")
    try:
        day = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        if match["year"] is None and day < today:
            day = day.replace(year=day.year + 1)
    except ValueError:
        raise Invalid("fields/date") from None
    return day.isoformat()


def _patent_nos(_field: Field, text: str, _: date) -> list[str]:
    written = [part for part in re.split(r"[,，、;；\s]+", text) if part]
    read = {part: numbers.patent_no(part) for part in written}
    bad = [part for part, number in read.items() if number is None]
    if bad or not written:
        raise Invalid("fields/patent_no", bad=bad[:10])
    return list(dict.fromkeys(number for number in read.values() if number is not None))


def _application_no(_field: Field, text: str, _: date) -> str:
    number = numbers.application_no(text)
    if number is None:
        raise Invalid("fields/application_no")
    return number


def _uscc(_field: Field, text: str, _: date) -> str:
    code = numbers.uscc(text)
    if code is None:
        raise Invalid("fields/uscc")
    return code


_READERS: dict[str, Read] = {
    "text": _text,
    "longtext": _text,
    "int": _int,
    "money_wan": _money,
    "bool": _bool,
    "enum": _enum,
    "multi_enum": _multi_enum,
    "date": _date,
    "patent_no_list": _patent_nos,
    "application_no": _application_no,
    "uscc": _uscc,
    "event_ref": _text,
}
TYPES = frozenset(_READERS) | {"file_list"}


def _at_least(bound: object, value: Value, _: date) -> None:
    if _decimal(value) < _decimal(bound):
        raise Invalid("fields/at_least", min=bound)


def _at_most(bound: object, value: Value, _: date) -> None:
    if _decimal(value) > _decimal(bound):
        raise Invalid("fields/at_most", max=bound)


def _more_than(bound: object, value: Value, _: date) -> None:
    if _decimal(value) <= _decimal(bound):
        raise Invalid("fields/more_than", than=bound)


def _must_be(wanted: object, value: Value, _: date) -> None:
    if value != ("yes" if wanted else "no"):
        raise Invalid("fields/must_be")


def _not_before(bound: object, value: Value, today: date) -> None:
    first = _bound_day(bound, today)
    if str(value) < first:
        raise Invalid("fields/not_before", day=first)


def _not_after(bound: object, value: Value, today: date) -> None:
    last = _bound_day(bound, today)
    if str(value) > last:
        raise Invalid("fields/not_after", day=last)


def _bound_day(bound: object, today: date) -> str:
    return today.isoformat() if bound == "today" else str(bound)


def _decimal(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise Invalid("fields/money") from None


_CHECKS: dict[str, Check] = {
    "min": _at_least,
    "max": _at_most,
    "more_than": _more_than,
    "must_be": _must_be,
    "not_before": _not_before,
    "not_after": _not_after,
}
