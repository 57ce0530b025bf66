"""What an answer to a send means for its row: one table, read at a glance."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.multipart import Missing
from bot.transport import Answer, Unanswered, Unreached

FIRST_PAUSE_MS = 500
LONGEST_PAUSE_MS = 30_000
LONGEST_MISS_MS = 5_000


class Why(StrEnum):
    """Why a send is to be tried again."""

    THROTTLED = "throttled"  # 429: this chat has to wait
    BROKEN = "broken"  # Telegram has a fault
    UNREACHED = "unreached"  # nothing can be sent to anybody


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Not done; to be tried again at `instant`, in ms UTC."""

    instant: int
    why: Why


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been done."""


@dataclass(frozen=True, slots=True)
class Dead:
    """The person cannot be reached."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became the supergroup `chat_id`."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The message or topic it was about is not there: it is made again."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The token is not known: nothing is sent until it is."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Our fault."""

    description: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Overtaken."""

    reason: str


Outcome = Sent | RetryAt | Uncertain | Dead | Moved | Gone | Halt | Refused | Dropped

_OUTCOMES: tuple[tuple[str, Outcome], ...] = (
    ("message is not modified", Sent()),
    ("message to delete not found|message identifier is not specified", Dropped("gone")),
    ("message can't be deleted", Dropped("too old to be deleted")),
    ("query is too old|query_id_invalid|query id is invalid", Dropped("too late")),
    ("message to (edit|be replied|reply) not found|repl(y|ied) message not found", Gone()),
    (
        "message can't be edited|message_id_invalid|there is no (text|caption|media) in the message to edit",
        Gone(),
    ),
    ("message thread not found|topic_(deleted|closed|id_invalid)", Gone()),
    ("bot was blocked", Dead("blocked")),
    ("user is deactivated", Dead("deactivated")),
    ("can't initiate conversation", Dead("never started")),
    ("bots? can't send messages to (the )?bot", Dead("a bot")),
    ("chat not found|user not found|peer_id_invalid|input_user_deactivated", Dead("chat gone")),
    ("kicked|not a member|group (chat was|is) (deactivated|deleted)", Dead("chat left")),
)
_PATTERNS = tuple((re.compile(words, re.IGNORECASE), outcome) for words, outcome in _OUTCOMES)


def outcome_of(answer: Answer, now: int, attempts: int, misses: int = 0) -> Outcome:
    """`attempts`: how often this was tried before; `misses`: how often in a row nobody could be reached."""
    if answer.ok:
        return Sent(answer.message_id)
    if answer.by_gateway:
        return _outcome_of_page(answer.status, now, misses)
    if answer.migrated_to is not None:
        return Moved(answer.migrated_to)
    match answer.error_code:
        case 429:
            return RetryAt(now + 1000 * (answer.retry_after or 1), Why.THROTTLED)
        case 401:
            return Halt()
        case 504:
            return Uncertain()
        case code if code >= 500:
            return RetryAt(now + pause(attempts), Why.BROKEN)
    for pattern, outcome in _PATTERNS:
        if pattern.search(answer.description):
            return outcome
    return Dead("forbidden") if answer.error_code == 403 else Refused(answer.description)


def _outcome_of_page(status: int, now: int, misses: int) -> Outcome:
    """A proxy or gateway spoke, not Telegram: whom it turns away is not dead, and our token not unknown."""
    match status:
        case 413:
            return Refused("too large for a gateway")
        case 502 | 504:  # handed on, and no answer came
            return Uncertain()
    return RetryAt(now + pause(misses, LONGEST_MISS_MS), Why.UNREACHED)


def outcome_of_error(error: Unreached | Unanswered | Missing, now: int, misses: int) -> Outcome:
    """`misses`: how often in a row nobody could be reached."""
    if isinstance(error, Missing):
        return Refused("the file is not in the store")
    if isinstance(error, Unreached):
        return RetryAt(now + pause(misses, LONGEST_MISS_MS), Why.UNREACHED)
    return Uncertain()


def pause(times: int, longest: int = LONGEST_PAUSE_MS) -> int:
    """Milliseconds until the next try: twice as long each time."""
    return min(FIRST_PAUSE_MS << min(times, 16), longest)
