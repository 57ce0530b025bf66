"""Working days and working time.

Order: the centre's own overrides, chinesecalendar (the State Council's notices, with 调休), `holidays`,
Monday to Friday. It never raises; it says whether the answer is confirmed: a year that is not published
yet is provisional.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

MINUTE_MS = 60_000

Hours = tuple[time, time]
OFFICE_HOURS: tuple[Hours, ...] = ((time(9), time(12)), (time(14), time(17, 30)))

Vacation = tuple[date, date]
"""The first and the last day of a base's 寒假 or 暑假."""


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked, and whether that rests on what has been published."""

    working: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Instants are ms UTC; days are those of `timezone`. `overrides`: whether the centre works that day."""

    timezone: str = "Asia/Shanghai"
    hours: Sequence[Hours] = OFFICE_HOURS
    overrides: Mapping[date, bool] = field(default_factory=dict)
    vacations: tuple[Vacation, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def of_base(self, vacations: Iterable[Vacation]) -> "Calendar":
        """The calendar of a base: no time that waits for it runs in its vacations."""
        return replace(self, vacations=tuple(vacations))

    def today(self, now: int) -> date:
        return datetime.fromtimestamp(now / 1000, UTC).astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> int:
        """The instant at which the office's clock shows this."""
        return round(datetime.combine(day, clock, self.zone).timestamp() * 1000)

    def day(self, day: date) -> Day:
        if self.is_vacation(day):
            return Day(working=False, confirmed=True)
        if day in self.overrides:
            return Day(self.overrides[day], confirmed=True)
        return _published(day)

    def is_vacation(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.vacations)

    def deadline(self, filed_at: int, working_days: int) -> tuple[int, bool]:
        """The end of office hours on the last day, and whether it is confirmed.

        The day of filing is not counted.
        """
        day, confirmed = self._counted(self.today(filed_at), working_days)
        return self.at(day, self.hours[-1][1]), confirmed

    def working_day_after(self, day: date, working_days: int) -> date:
        """The last of so many working days; the day itself is not counted."""
        return self._counted(day, working_days)[0]

    def working_day_before(self, day: date) -> date:
        """The day itself if it is worked, else the last working day before it."""
        return next(d for d in (day - timedelta(days=n) for n in count()) if self.day(d).working)

    def working_days(self, since: int, until: int) -> int:
        """Working days after the day of one instant, up to and with the day of another."""
        first, last = self.today(since), self.today(until)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.day(day).working for day in days)

    def working_minutes(self, since: int, until: int) -> int:
        """Whole minutes of office hours between two instants."""
        first, last = self.today(since), self.today(until)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        spent = sum(self._spent(day, since, until) for day in days if self.day(day).working)
        return spent // MINUTE_MS

    def percent_used(self, since: int, due: int, now: int) -> int:
        """How much of the working time from `since` to `due` is gone: over 100 when it is overdue."""
        whole = self.working_minutes(since, due)
        if whole == 0:
            return 100 if now >= due else 0
        return self.working_minutes(since, now) * 100 // whole

    def _counted(self, day: date, working_days: int) -> tuple[date, bool]:
        confirmed = True
        while working_days > 0:
            day += timedelta(days=1)
            answer = self.day(day)
            confirmed &= answer.confirmed
            working_days -= answer.working
        return day, confirmed

    def _spent(self, day: date, since: int, until: int) -> int:
        spans = ((self.at(day, opens), self.at(day, closes)) for opens, closes in self.hours)
        return sum(max(0, min(closes, until) - max(opens, since)) for opens, closes in spans)


@lru_cache(maxsize=4096)
def _published(day: date) -> Day:
    import chinese_calendar

    try:
        return Day(chinese_calendar.is_workday(day), confirmed=True)
    except NotImplementedError:
        return Day(day.weekday() < 5 and day not in _statutory(day.year), confirmed=False)


@lru_cache(maxsize=8)
def _statutory(year: int) -> frozenset[date]:
    """What is known of a year before its notice: the holidays of the law (全国年节及纪念日放假办法)."""
    import holidays

    try:
        return frozenset(holidays.country_holidays("CN", years=year))
    except (NotImplementedError, ValueError):
        return frozenset()
