"""Plain text and comma-separated values, line by line."""

from domain.confidential.findings import Part
from handlers.extraction import kinds
from handlers.extraction.result import Gathered


def read(data: bytes, gathered: Gathered) -> None:
    """Raises NotTaken: UNKNOWN, TOO_BIG."""
    for number, line in enumerate(kinds.text_of(data).splitlines(), 1):
        gathered.text(line, Part.LINE, number)
