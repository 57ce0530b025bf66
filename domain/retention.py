"""How long each kind of trace is kept (PIPL Article 19: as short as the purpose allows). Data, to be edited.

The base's records (requests, reports, registrations, telephone records, the audit trail of ids) are kept as
official records and are in no row of this table.
"""

from dataclasses import dataclass
from enum import StrEnum

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


class Kind(StrEnum):
    UPDATES = "updates"  # the ids of what was handled; its text is emptied at once
    TEXTS = "texts"  # what the bot said, and what it took along
    SENDS = "sends"  # that something was said, without its text
    STRANGERS = "strangers"  # that something was said to somebody who is nobody's contact
    DRAFTS = "drafts"  # forms that have expired
    LEFT_FILES = "left_files"  # files of forms that were given up or have expired
    PLACES = "places"  # where a file stood in a chat
    ALBUMS = "albums"  # that files had come together
    ATTENDEES = "attendees"  # 车牌, and what the organiser asked: not who was there
    EVENT_DESKS = "event_desks"  # browsers at the door of an event
    GUESSES = "guesses"  # wrong codes
    INVITATIONS = "invitations"  # used or expired
    UPLOAD_LINKS = "upload_links"
    DOWNLOAD_LINKS = "download_links"
    JOBS = "jobs"  # done or given up
    LEAVERS = "leavers"  # Telegram id, phone and name of people who hold no office any more
    ABSENCES = "absences"  # 暂离
    CORRECTIONS = "corrections"  # 更正, done
    CONSENTS = "consents"  # withdrawn: the proof that it had been given
    INCIDENTS = "incidents"  # what the gate blocked
    ACCESS = "access"  # who saw whose data


@dataclass(frozen=True, slots=True)
class Period:
    """How long after its end a trace is kept."""

    kind: Kind
    ms: int

    def before(self, now: int) -> int:
        """The instant before which it must have ended to go."""
        return now - self.ms


PERIODS = (
    Period(Kind.UPDATES, 30 * DAY_MS),
    Period(Kind.TEXTS, 7 * DAY_MS),
    Period(Kind.SENDS, 3 * 365 * DAY_MS),
    Period(Kind.STRANGERS, 30 * DAY_MS),
    Period(Kind.DRAFTS, 30 * DAY_MS),
    Period(Kind.LEFT_FILES, 7 * DAY_MS),
    Period(Kind.PLACES, 7 * DAY_MS),
    Period(Kind.ALBUMS, 30 * DAY_MS),
    Period(Kind.ATTENDEES, 180 * DAY_MS),
    Period(Kind.EVENT_DESKS, 30 * DAY_MS),
    Period(Kind.GUESSES, HOUR_MS),
    Period(Kind.INVITATIONS, 90 * DAY_MS),
    Period(Kind.UPLOAD_LINKS, 30 * DAY_MS),
    Period(Kind.DOWNLOAD_LINKS, 30 * DAY_MS),
    Period(Kind.JOBS, 30 * DAY_MS),
    Period(Kind.LEAVERS, DAY_MS),
    Period(Kind.ABSENCES, 2 * 365 * DAY_MS),
    Period(Kind.CORRECTIONS, 365 * DAY_MS),
    Period(Kind.CONSENTS, 3 * 365 * DAY_MS),
    Period(Kind.INCIDENTS, 5 * 365 * DAY_MS),
    Period(Kind.ACCESS, 3 * 365 * DAY_MS),
)
"""One a kind, in the order in which they are applied."""


def kept_ms(kind: Kind) -> int:
    return next(one.ms for one in PERIODS if one.kind is kind)
