"""What people write in the forms of events: when, and who comes.

Local times are kept as the form shows them, `2026-12-10 14:00`: so written they sort as they follow.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from domain.errors import Invalid
from domain.event_places import MOST_AT_ONCE, Attendee

FORMAT = "%Y-%m-%d %H:%M"
CLOSING = time(17, 30)
"""A deadline of which only the day is told ends with the office."""
NAME_CHARS, POST_CHARS = 40, 60
QUESTIONS, QUESTION_CHARS = 5, 100

_DAY = r"(?:(?P<year>[0-9]{4})\s*[-./年]\s*)?(?P<month>[0-9]{1,2})\s*[-./月]\s*(?P<day>[0-9]{1,2})\s*[日号]?"
_CLOCK = r"(?P<half>上午|下午|晚上)?\s*(?P<hour>[0-9]{1,2})\s*[:点时]\s*(?:(?P<minute>[0-9]{1,2})分?)?"
_NEXT = r"(?P<next>次日|第二天|next day)"
_WHEN = re.compile(rf"(?:{_DAY}|{_NEXT})?[\sT]*(?:{_CLOCK})?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,，、;；|\t]\s*")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}")


def moment(text: str, today: date, *, on: date | None = None, closing: time | None = None) -> str:
    """A local time. Raises Invalid.

    A day without a year is the next one that comes; a time without a day, or 次日 01:00, counts from `on`;
    a day without a time ends at `closing`.
    """
    match = _WHEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise Invalid("events/when")
    try:
        day, clock = _day(match, today, on), _clock(match, closing)
    except ValueError:
        raise Invalid("events/when") from None
    return datetime.combine(day, clock).strftime(FORMAT)


def _day(match: re.Match[str], today: date, on: date | None) -> date:
    if match["month"]:
        day = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        return day.replace(year=day.year + 1) if match["year"] is None and day < today else day
    if on is None:
        raise ValueError("no day")
    return on + timedelta(days=1) if match["next"] else on


def _clock(match: re.Match[str], closing: time | None) -> time:
    if match["hour"] is None:
        if closing is None:
            raise ValueError("no time")
        return closing
    hour = int(match["hour"])
    return time(
        hour + 12 if match["half"] in ("下午", "晚上") and hour < 12 else hour, int(match["minute"] or 0)
    )


def parsed(local: str) -> datetime:
    """Without a zone: the office's own."""
    return datetime.strptime(local, FORMAT)  # noqa: DTZ007  its zone is the calendar's


def attendees(text: str, *, plates: bool) -> list[Attendee]:
    """One a line: 姓名，职务 and, where it is asked, 车牌. Raises Invalid."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Invalid("events/attendees")
    if len(lines) > MOST_AT_ONCE:
        raise Invalid("forms/full", most=MOST_AT_ONCE)
    return [_attendee(line, plates=plates) for line in lines]


def _attendee(line: str, *, plates: bool) -> Attendee:
    parts = [part for part in _SEPARATOR.split(line) if part]
    if len(parts) < 2:
        parts = line.split()
    plate = None
    if plates and len(parts) > 2 and (found := _plate(parts[-1])):
        plate, parts = found, parts[:-1]
    name, post = parts[0], " ".join(parts[1:])
    if not post or len(name) > NAME_CHARS or len(post) > POST_CHARS:
        raise Invalid("events/attendee_line", line=line[:NAME_CHARS], plates=plates)
    return Attendee(name, post, plate)


def _plate(text: str) -> str | None:
    plate = unicodedata.normalize("NFKC", text).upper()
    return plate if _PLATE.fullmatch(plate) else None


def written(attendee: Attendee) -> str:
    """As it is read again."""
    return "，".join(part for part in (attendee.name, attendee.post, attendee.plate) if part)


def questions(text: str) -> list[str]:
    """One a line. Raises Invalid."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > QUESTIONS or any(len(line) > QUESTION_CHARS for line in lines):
        raise Invalid("events/questions", most=QUESTIONS, chars=QUESTION_CHARS)
    return lines
