"""A parser a field type, and the checks that the catalogue's data may ask for (catalogue.json, meta.checks).

A parser takes a Reply and gives the value that is stored, as JSON: text and longtext a str, int an int,
money_wan a decimal str in 万元, bool "yes" or "no", enum and event_ref an option's key, multi_enum and
patent_no_list a list of str, date an ISO date, application_no and uscc a str, file_list the id of one file.

It raises Invalid with the template that says what is expected, and its facts:

- fields/required, fields/text (a file came), fields/files (a text came), requests/file_too_big(max: octets)
- fields/too_long(max, got: characters), fields/pattern(example)
- fields/integer, fields/money, fields/at_least(min), fields/at_most(max), fields/more_than(than)
- fields/date, fields/not_before(day), fields/not_after(day): ISO dates
- fields/yes_no, fields/must_be, fields/choice, fields/choices(unknown: words)
- fields/patent_no(bad: as written), fields/application_no, fields/uscc
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain import numbers
from domain.errors import Invalid
from domain.forms import Answers, Choice, Parse, Reply, Value, Words

TEXT_CHARS = 200
LONGTEXT_CHARS = 2000
SHOWN_BAD = 10
MB = 1024 * 1024

YES_NO = (Choice("yes", Words("是", "Yes")), Choice("no", Words("否", "No")))
_SPOKEN = {
    **dict.fromkeys(("是", "是的", "有", "对", "yes", "y"), "yes"),
    **dict.fromkeys(("否", "不是", "没有", "无", "no", "n"), "no"),
}

_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols to Unicode that show as nothing: what an "empty" message is made of."""

SEPARATOR = re.compile(r"[,，、;；/\n]+")
_NUMBER_SEPARATOR = re.compile(r"[,，、;；\n]+")
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[-./年]\s*)?(?P<month>[0-9]{1,2})\s*[-./月]\s*(?P<day>[0-9]{1,2})\s*[日号]?"
)
_YEARS = range(1949, 2100)
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12}"
_INT = re.compile(rf"(?P<number>-?(?:{_GROUPED}))(?:人|名|位|个|件|项|次|年|月|个月)?")
_MONEY = re.compile(rf"(?P<number>(?:{_GROUPED})(?:\.[0-9]{{1,2}})?)(?:万元?)?")
_MOST_WAN = 10**10


class Sensitivity(StrEnum):
    """Who may see an answer, where not everybody may who may see the request."""

    ORGANISATION_ONLY = "organisation_only"  # names an organisation, never a natural person
    CASE_STAFF_ONLY = "case_staff_only"  # the case's handler and the base, not desks or exports
    UNPUBLISHED_APPLICATION = "unpublished_application"  # secret for 18 months (Patent Law, Article 34)
    NO_DISCLOSURE = "no_disclosure"  # a code name; never the technical content


@dataclass(frozen=True, slots=True)
class Period:
    """After a date: when the base is reminded, and when the period ends; in natural days."""

    after_days: int
    deadline_days: int


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

    @property
    def gated(self) -> bool:
        """Whether the answer passes the desensitisation gate before it is kept (Article 9)."""
        return self.checks.get("gate") is True

    @property
    def sensitivity(self) -> Sensitivity | None:
        named = self.checks.get("sensitivity")
        return Sensitivity(str(named)) if named else None

    @property
    def remind(self) -> Period | None:
        period = self.checks.get("remind")
        return Period(**period) if isinstance(period, dict) else None


Today = Callable[[], date]
Read = Callable[[Field, str, date], Value]
Check = Callable[[object, Value, date], None]


def parser(asked: Field, today: Today) -> Parse:
    """The parser of a field's step. `today` is the date where the office is."""

    def parse(reply: Reply, _: Answers) -> Value:
        value = _file(asked, reply) if asked.type == "file_list" else _read(asked, reply, today())
        for name, bound in asked.checks.items():
            CHECKS[name].run(bound, value, today())
        return value

    return parse


def _read(asked: Field, reply: Reply, today: date) -> Value:
    if reply.file is not None:
        raise Invalid("fields/text")
    if reply.choice is not None:
        return _chosen(asked, reply.choice)
    text = _visible(reply.text or "")
    if not text:
        raise Invalid("fields/required")
    return _READERS[asked.type](asked, text, today)


def _file(asked: Field, reply: Reply) -> int:
    if reply.file is None:
        raise Invalid("fields/files")
    most = asked.checks.get("max_mb")
    if isinstance(most, int) and (reply.size or 0) > most * MB:
        raise Invalid("requests/file_too_big", max=most * MB)
    return reply.file


def _chosen(asked: Field, key: str) -> Value:
    if key not in {choice.key for choice in asked.choices}:
        raise Invalid("fields/choice")
    return [key] if asked.type == "multi_enum" else key


def _visible(text: str) -> str:
    """Without control, direction, zero-width and filler characters: what is kept is what is seen."""
    return "".join(c for c in text if c in "\n\t" or _shows(c)).strip()


def _shows(c: str) -> bool:
    return c not in _FILLERS and unicodedata.category(c) not in ("Cc", "Cf", "Cs")


def _plain(text: str) -> str:
    """Full-width forms and spaces forgiven."""
    return "".join(unicodedata.normalize("NFKC", text).split())


# --- reading ----------------------------------------------------------------------------------------------


def _text(asked: Field, text: str, _: date) -> str:
    limit = asked.checks.get("max_chars", LONGTEXT_CHARS if asked.type == "longtext" else TEXT_CHARS)
    if isinstance(limit, int) and len(text) > limit:
        raise Invalid("fields/too_long", max=limit, got=len(text))
    pattern = asked.checks.get("pattern")
    if isinstance(pattern, str) and not re.fullmatch(pattern, text):
        raise Invalid("fields/pattern", example=asked.checks["example"])
    return text


def _int(_field: Field, text: str, _: date) -> int:
    """A count; a measure word after it is forgiven."""
    match = _INT.fullmatch(_plain(text))
    if match is None:
        raise Invalid("fields/integer")
    count = int(match["number"].replace(",", ""))
    if count < 0:
        raise Invalid("fields/at_least", min=0)
    return count


def _money(_field: Field, text: str, _: date) -> str:
    """An amount in 万元. 约300 is no amount, and 元 alone would be another unit: both are refused."""
    match = _MONEY.fullmatch(_plain(text))
    amount = Decimal(match["number"].replace(",", "")) if match else Decimal(_MOST_WAN)
    if amount >= _MOST_WAN:
        raise Invalid("fields/money")
    return f"{amount:f}"


def _bool(_field: Field, text: str, _: date) -> str:
    word = _folded(text).rstrip("。.")
    if word not in _SPOKEN:
        raise Invalid("fields/yes_no")
    return _SPOKEN[word]


def _enum(asked: Field, text: str, _: date) -> str:
    key = _option(asked, text)
    if key is None:
        raise Invalid("fields/choice")
    return key


def _multi_enum(asked: Field, text: str, _: date) -> list[str]:
    words = [word.strip() for word in SEPARATOR.split(text) if word.strip()]
    keys = [_option(asked, word) for word in words]
    unknown = [word for word, key in zip(words, keys, strict=True) if key is None]
    if unknown or not words:
        raise Invalid("fields/choices", unknown=unknown[:SHOWN_BAD])
    return list(dict.fromkeys(key for key in keys if key is not None))


def _option(asked: Field, text: str) -> str | None:
    """The option of these words in either language, or of this number in the list."""
    typed = _folded(text)
    for number, choice in enumerate(asked.options, start=1):
        if typed in (_folded(choice.words.zh), _folded(choice.words.en), str(number)):
            return choice.key
    return None


def _folded(text: str) -> str:
    return _plain(text).casefold()


def _date(asked: Field, text: str, today: date) -> str:
    """A day without a year is the next one that comes, or the last one where a day past is asked for."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        raise Invalid("fields/date")
    try:
        day = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        if match["year"] is None:
            day = _nearest(day, today, past=not {"not_after", "remind"}.isdisjoint(asked.checks))
    except ValueError:
        raise Invalid("fields/date") from None
    if day.year not in _YEARS:
        raise Invalid("fields/date")
    return day.isoformat()


def _nearest(day: date, today: date, *, past: bool) -> date:
    """The day in the year that makes it past, or coming. Raises ValueError: 29 February."""
    if past and day > today:
        return day.replace(year=day.year - 1)
    if not past and day < today:
        return day.replace(year=day.year + 1)
    return day


def _patent_nos(_field: Field, text: str, _: date) -> list[str]:
    written = [number for part in _NUMBER_SEPARATOR.split(text) for number in _apart(part)]
    read = {part: numbers.patent_no(part) for part in written}
    bad = [part for part, number in read.items() if number is None]
    if bad or not written:
        raise Invalid("fields/patent_no", bad=bad[:SHOWN_BAD])
    return list(dict.fromkeys(number for number in read.values() if number is not None))


def _apart(part: str) -> list[str]:
    """One number with spaces in it, or several with spaces between them."""
    if numbers.patent_no(part):
        return [part.strip()]
    return re.sub(r"(?i)\b(ZL|CN)\s+", r"\1", part).split()


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


_READERS: Mapping[str, Read] = {
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
    "event_ref": _enum,
}
TYPES = frozenset(_READERS) | {"file_list"}


# --- checking ---------------------------------------------------------------------------------------------


def _at_least(bound: object, value: Value, _: date) -> None:
    if Decimal(str(value)) < Decimal(str(bound)):
        raise Invalid("fields/at_least", min=bound)


def _at_most(bound: object, value: Value, _: date) -> None:
    if Decimal(str(value)) > Decimal(str(bound)):
        raise Invalid("fields/at_most", max=bound)


def _more_than(bound: object, value: Value, _: date) -> None:
    if Decimal(str(value)) <= Decimal(str(bound)):
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
    return (today if bound == "today" else date.fromisoformat(str(bound))).isoformat()


def _elsewhere(_bound: object, _value: Value, _: date) -> None:
    """Seen to while reading, or by those who act on the answer."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The types of field that may carry a check, what raises for a bound it cannot use, and what it does."""

    types: frozenset[str]
    admit: Callable[[Any], object]
    run: Check = _elsewhere


_QUANTITY = frozenset({"int", "money_wan"})
_PROSE = frozenset({"text", "longtext"})
_DAY = frozenset({"date"})

CHECKS: Mapping[str, Checked] = {
    "min": Checked(_QUANTITY, Decimal, _at_least),
    "max": Checked(_QUANTITY, Decimal, _at_most),
    "more_than": Checked(_QUANTITY, Decimal, _more_than),
    "confirm_over": Checked(frozenset({"money_wan"}), Decimal),
    "max_chars": Checked(_PROSE, int),
    "pattern": Checked(_PROSE, re.compile),
    "example": Checked(_PROSE, str),
    "must_be": Checked(frozenset({"bool"}), bool, _must_be),
    "not_before": Checked(_DAY, lambda bound: _bound_day(bound, date.min), _not_before),
    "not_after": Checked(_DAY, lambda bound: _bound_day(bound, date.min), _not_after),
    "remind": Checked(_DAY, lambda bound: Period(**bound)),
    "max_mb": Checked(frozenset({"file_list"}), int),
    "gate": Checked(_PROSE | {"file_list"}, bool),
    "sensitivity": Checked(TYPES, Sensitivity),
}
