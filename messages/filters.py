"""What turns a fact into words: dates, instants, phones, sizes, money, roles, states.

Nothing here belongs to a language: its formats and words are labels. Everything returns plain text, which
the templates escape.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.confidential.findings import Place
from domain.forms import Words

_KB, _MB = 1024, 1024 * 1024
_ELLIPSIS = "…"
_NOTHING = "—"

Filter = Callable[..., object]
Day = date | str | int  # a date, an ISO date, or an instant in ms UTC


class Filters:
    """The filters of one language; `word` gives its labels, `now` the present instant (ms UTC)."""

    def __init__(
        self, locale: str, word: Callable[[str], str], zone: ZoneInfo, now: Callable[[], int]
    ) -> None:
        self._locale = locale
        self._word = word
        self._zone = zone
        self._now = now

    def table(self) -> Mapping[str, Filter]:
        return {
            "annual_state": self._labelled("annual_state"),
            "answer": self.answer,
            "carrier": self._labelled("carrier"),
            "declined": self._labelled("declined"),
            "deletion": self._labelled("deletion"),
            "place": self.place,
            "purpose": self._labelled("purpose"),
            "rule": self._labelled("rule"),
            "answered": self.answered,
            "check": self._labelled("check"),
            "command": self._labelled("command"),
            "consent": self._labelled("consent"),
            "cut": self.cut,
            "date": self.date_of,
            "day": self.day,
            "expects": self._labelled("expects"),
            "event_kind": self._labelled("event_kind"),
            "event_standing": self._labelled("event_standing"),
            "event_state": self._labelled("event_state"),
            "fair": self.fair,
            "group": self._labelled("group"),
            "listed": self.listed,
            "masked": masked,
            "moment": self.moment,
            "move": self._labelled("move"),
            "trace": self._labelled("trace"),
            "one_line": self.one_line,
            "reach": self._labelled("reach"),
            "role": self._labelled("role"),
            "duty_kind": self._labelled("duty_kind"),
            "exchange_every": self._labelled("exchange_every"),
            "exchange_move": self._labelled("exchange_move"),
            "exchange_side": self._labelled("exchange_side"),
            "exchange_state": self._labelled("exchange_state"),
            "exchange_way": self._labelled("exchange_way"),
            "handover_state": self._labelled("handover_state"),
            "handover_via": self._labelled("handover_via"),
            "status": self._labelled("status"),
            "question_move": self._labelled("question_move"),
            "question_state": self._labelled("question_state"),
            "seen": self._labelled("seen"),
            "period": self._labelled("access"),
            "size": size,
            "standing": self._labelled("standing"),
            "state": self._labelled("state"),
            "source": self._labelled("source"),
            "signing": self._labelled("signing"),
            "upload": self._labelled("upload"),
            "via": self._labelled("via"),
            "side": self._labelled("side"),
            "supply_state": self._labelled("supply_state"),
            "open_kind": self._labelled("open_kind"),
            "case_state": self._labelled("case_state"),
            "case_section": self._labelled("case_section"),
            "use": self._labelled("use"),
            "industry": self._labelled("industry"),
            "stage": self._labelled("stage"),
            "way": self._labelled("way"),
            "introduction": self._labelled("introduction"),
            "wan": self.wan,
        }

    def date_of(self, value: Day) -> str:
        """A day with its weekday and year: of an instant, its day at the centre."""
        return self._dated("format_date", self._day_of(value))

    def day(self, value: Day) -> str:
        """The same; the year is shown unless it is the present one."""
        day = self._day_of(value)
        this_year = day.year == self._local(self._now()).year
        return self._dated("format_day" if this_year else "format_date", day)

    def moment(self, value: int) -> str:
        time = self._local(value).strftime("%H:%M")
        return self._word("format_moment").format(day=self.day(value), time=time)

    def wan(self, value: str | int | Decimal) -> str:
        """Money, given in 万元."""
        amount = Decimal(value)
        yuan = amount * 10_000
        return self._word("format_wan").format(wan=f"{amount:,}", yuan=f"{yuan.normalize():,f}")

    def listed(self, words: Iterable[object]) -> str:
        return self._word("list_separator").join(str(self.shown(word)) for word in words)

    def place(self, place: Place) -> str:
        """第 3 页第 2 行: the label's pieces are cut by `|`, and each `{}` takes the place's next number."""
        numbers, said = iter(place.numbers), ""
        for piece in self._word(f"place_{place.part}").split("|"):
            number = next(numbers, None) if "{}" in piece else 0
            if number is None:
                break
            said += piece.format(number)
        return said

    def cut(self, text: object, most: int) -> str:
        return cut(str(self.shown(text)), most)

    def one_line(self, text: object) -> str:
        return " ".join(str(self.shown(text)).split())

    def answer(self, value: object, kind: str = "text") -> str:
        """A form's answer in words; `kind` is the type of its field (`field_types` of the catalogue).

        The catalogue is edited while old answers stay: one that does not fit its type is shown as it is.
        """
        try:
            return self._answered(value, kind)
        except (ValueError, ArithmeticError):
            return str(value)

    def _answered(self, value: object, kind: str) -> str:
        match value:
            case bool():
                return self._word("yes" if value else "no")
            case None | "" | []:
                return _NOTHING
            case str() if kind == "date":
                return self.date_of(value)
            case str() | int() | Decimal() if kind == "money_wan":
                return self.wan(value)
            case int() if kind == "file_list":
                return self._word("format_files").format(n=value)
            case list() | tuple():
                return self.listed(value)
            case _:
                return str(self.shown(value))

    def answered(self, row: Mapping[str, object]) -> str:
        """The answer of a row of `label`, `value` and, where the value is not text already, `type`."""
        return self.answer(row["value"], str(row.get("type", "text")))

    def fair(self, texts: Iterable[object], total: int) -> int:
        """How long each text may be so that all stay within `total`: short ones leave room to long ones."""
        lengths = sorted(_units(str(self.shown(text))) for text in texts)
        for n, length in enumerate(lengths):
            others = len(lengths) - n
            if length * others > total:
                return total // others
            total -= length
        return max(lengths, default=0)

    def shown(self, fact: object) -> object:
        """Words of both languages in this one, and a dash for nothing."""
        if fact is None:
            return _NOTHING
        return fact.pick(self._locale) if isinstance(fact, Words) else fact

    def _day_of(self, value: Day) -> date:
        if isinstance(value, int):
            return self._local(value).date()
        return date.fromisoformat(value) if isinstance(value, str) else value

    def _local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant / 1000, self._zone)

    def _dated(self, form: str, day: date) -> str:
        weekday, month = self._word(f"weekday_{day.isoweekday()}"), self._word(f"month_{day.month}")
        return self._word(form).format(day=day, weekday=weekday, month=month)

    def _labelled(self, prefix: str) -> Filter:
        return lambda key: self._word(f"{prefix}_{key}")


def masked(phone: str) -> str:
    """138****8000: enough to recognise a number one knows."""
    digits = "".join(c for c in phone if c.isdigit())
    national = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    shown = 3 if len(national) >= 9 else 0
    hidden = max(len(national) - shown - 4, 0)
    return national[:shown] + "*" * hidden + national[shown + hidden :]


def size(octets: int) -> str:
    if octets >= _MB:
        return f"{round(octets / _MB, 1):g} MB"
    return f"{-(-octets // _KB)} KB"


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis: at most `most` UTF-16 units, as Telegram counts."""
    if _units(text) <= most:
        return text
    return text.encode("utf-16-le")[: (most - 1) * 2].decode("utf-16-le", errors="ignore") + _ELLIPSIS


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
