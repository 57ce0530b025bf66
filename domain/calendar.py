"""Working days and working time.

Order: the centre's own overrides, chinesecalendar (the State Council's notices, with 调休), `holidays`,
Monday to Friday. It never raises; it says whether the answer is confirmed: a year that is not published
yet is provisional.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE_MS = 60_000

Hours = tuple[time, time]
OFFICE_HOURS: tuple[Hours, ...] = ((time(9), time(12)), (time(14), time(17, 30)))


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked, and whether that rests on what has been published."""

    working: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Instants are ms UTC; days are those of `timezone`."""

    timezone: str = "Asia/Shanghai"
    hours: Sequence[Hours] = OFFICE_HOURS
    overrides: Mapping[date, bool] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self, now: int) -> date:
        return self._local(now).date()

    def day(self, day: date) -> Day:
        if day in self.overrides:
            return Day(self.overrides[day], confirmed=True)
        return _published(day)

    def deadline(self, filed_at: int, working_days: int) -> tuple[int, bool]:
        """The end of office hours on the last day, and whether confirmed; the day of filing is not counted."""
        day, left, confirmed = self.today(filed_at), working_days, True
        while left > 0:
            day += timedelta(days=1)
            answer = self.day(day)
            confirmed &= answer.confirmed
            left -= answer.working
        return self._instant(day, self.hours[-1][1]), confirmed

    def working_day_before(self, day: date) -> date:
        """The day itself if it is worked, else the last working day before it."""
        while not self.day(day).working:
            day -= timedelta(days=1)
        return day

    def working_minutes(self, since: int, until: int) -> int:
        """Minutes of office hours between two instants."""
        day, last = self.today(since), self.today(until)
        total = 0
        while day <= last:
            if self.day(day).working:
                total += sum(self._overlap(day, hours, since, until) for hours in self.hours)
            day += timedelta(days=1)
        return total // MINUTE_MS

    def at(self, day: date, clock: time) -> int:
        return self._instant(day, clock)

    def _overlap(self, day: date, hours: Hours, since: int, until: int) -> int:
        opens, closes = (self._instant(day, clock) for clock in hours)
        return max(0, min(closes, until) - max(opens, since))

    def _local(self, instant: int) -> datetime:
        return datetime.fromtimestamp(instant / 1000, UTC).astimezone(self.zone)

    def _instant(self, day: date, clock: time) -> int:
        return round(datetime.combine(day, clock, self.zone).timestamp() * 1000)


@lru_cache(maxsize=4096)
def _published(day: date) -> Day:
    import chinese_calendar

    try:
        return Day(chinese_calendar.is_workday(day), confirmed=True)
    except NotImplementedError:
        return Day(_expected(day), confirmed=False)


def _expected(day: date) -> bool:
    """What can be known of a year without a notice: the statutory holidays and the weekends."""
    import holidays

    try:
        return day.weekday() < 5 and day not in holidays.country_holidays("CN", years=day.year)
    except (NotImplementedError, ValueError):
        return day.weekday() < 5
