"""An event for a calendar (RFC 5545): its update moves the entry, its CANCEL takes it out."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from domain.event_papers import CalendarFacts
from messages.attachments.wording import printable

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

_PRODUCT = "-//lianluo//events//ZH"
_LINK = re.compile(r"https?://\S+")


def calendar_file(facts: CalendarFacts) -> bytes:
    """UTF-8, lines folded; the times in UTC, which every reader shows in its own zone."""
    from icalendar import Calendar, vCalAddress, vText

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if facts.cancelled else "PUBLISH")
    organiser = vCalAddress(f"mailto:{facts.email}" if facts.email else "invalid:nomail")
    organiser.params["CN"] = vText(printable(facts.organiser))
    calendar.add_component(_event(facts, organiser))
    return bytes(calendar.to_ical())


def _event(facts: CalendarFacts, organiser: "vCalAddress") -> "Event":
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", facts.uid)
    event.add("sequence", facts.sequence)
    event.add("dtstamp", _utc(facts.written_at))
    event.add("dtstart", _utc(facts.starts_at))
    event.add("dtend", _utc(facts.ends_at))
    event.add("summary", printable(facts.title))
    event.add("location", printable(facts.where))
    event.add("status", "CANCELLED" if facts.cancelled else "CONFIRMED")
    event.add("organizer", organiser)
    if facts.description:
        event.add("description", printable(facts.description))
    if link := _LINK.search(facts.where):
        event.add("url", link[0])
    if not facts.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", printable(facts.title))
        alarm.add("trigger", timedelta(hours=-2))
        event.add_component(alarm)
    return event


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant // 1000, UTC)
