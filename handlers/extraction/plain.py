"""Plain text and comma-separated values, line by line; cells are set apart by bars, prose by commas."""

from domain.confidential.findings import Part
from handlers.extraction import kinds
from handlers.extraction.result import Gathered

_CELLS = str.maketrans(",;\t", "|||")


def read(data: bytes, gathered: Gathered, *, csv: bool) -> None:
    """Raises NotTaken: UNKNOWN, TOO_BIG."""
    text = kinds.text_of(data)
    for number, line in enumerate((text.translate(_CELLS) if csv else text).splitlines(), 1):
        gathered.text(line, Part.LINE, number)
