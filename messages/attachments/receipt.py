"""报送回执: what arrived, when, and the checksum by which each file can be known again."""

from domain.annual_papers import ReceiptFacts, ReceivedFile
from messages.attachments.paper import CENTRE, LEFT, RIGHT, Paper
from messages.attachments.wording import wording

_COLUMNS = ((14, CENTRE), (44, LEFT), (25, RIGHT), (73, LEFT))
_COLUMN_NAMES = ("number", "file", "octets", "sha256")
_HALF = 32
"""A checksum stands on two lines of 32 digits."""


def receipt(facts: ReceiptFacts, locale: str = "zh_CN") -> bytes:
    words = wording(locale)
    paper = Paper(f"{words('receipt_title')} {facts.number}")
    paper.title(words("receipt_title"))
    paper.prose(words("receipt_number", number=facts.number))
    at = words("moment", day=words.day(facts.at.date()), time=f"{facts.at:%H:%M}")
    paper.prose(
        words(
            "receipt_body",
            base=facts.base,
            year=facts.year,
            version=facts.version,
            at=at,
            n=len(facts.files),
        )
    )
    paper.table(
        _COLUMNS,
        [words(f"column_{name}") for name in _COLUMN_NAMES],
        [_cells(n, one) for n, one in enumerate(facts.files, 1)],
    )
    paper.prose(words("receipt_not_approval", day=words.day(facts.review_by)))
    paper.prose(words("receipt_contact", contact=facts.contact, tel=facts.tel))
    paper.signature(facts.centre, words.day(facts.at.date()))
    return paper.saved()


def _cells(n: int, file: ReceivedFile) -> tuple[str, ...]:
    return str(n), file.name, f"{file.size:,}", "\n".join((file.sha256[:_HALF], file.sha256[_HALF:]))
