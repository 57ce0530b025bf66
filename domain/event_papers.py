"""What the papers of an event say: badges and entries for calendars."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadgeFacts:
    """`scanned` is what the QR code holds: the address of the check-in page, or the code alone."""

    event: str
    name: str
    post: str
    base: str
    scanned: str


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """An entry of a calendar. Instants in ms UTC; another entry of the same `uid` and a higher `sequence`
    takes its place (RFC 5545, 3.8.7.4)."""

    uid: str
    sequence: int
    title: str
    starts_at: int
    ends_at: int
    where: str
    description: str | None
    organiser: str
    email: str | None
    written_at: int
    cancelled: bool = False
