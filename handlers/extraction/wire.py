"""What the child tells its parent: one JSON array a line, the first that it began, the last how it ended."""

import json
from collections.abc import Iterator

from domain.confidential.findings import Finding, Part, Passage, Place, Rule
from handlers.extraction.result import Declined, Examined, Extracted, Kind, Reason

MAX_BYTES = 64 * 1024 * 1024
_BEGUN = "begun"
_PASSAGE, _CLOSED, _TAKEN = "passage", "closed", "taken"
_FINDING, _JUDGED, _DECLINED = "finding", "judged", "declined"


class Garbled(Exception):
    """The child said something that it never says."""


Result = Extracted | Examined | Declined


def begun() -> bytes:
    """The line of a child that has its file open and its limits set: what ends it now is the file's doing."""
    return _line(_BEGUN)


def told(result: Result) -> Iterator[bytes]:
    """The lines of a result. Halves of characters, which some files have, become question marks."""
    if isinstance(result, Declined):
        yield _line(_DECLINED, result.reason)
    elif isinstance(result, Examined):
        for one in result.findings:
            yield _line(_FINDING, one.rule, one.place.part, one.place.numbers, one.excerpt)
        yield _line(_JUDGED, result.kind)
    else:
        yield from _told(result)


def _told(result: Extracted) -> Iterator[bytes]:
    for passage in result.passages:
        yield _line(_PASSAGE, passage.place.part, passage.place.numbers, passage.text)
    for place in result.unreadable:
        yield _line(_CLOSED, place.part, place.numbers)
    yield _line(_TAKEN, result.kind)


def _line(*words: object) -> bytes:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


class Hearing:
    """Puts a result together from the child's output as it arrives."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._closed: list[Place] = []
        self._findings: list[Finding] = []
        self._tail = b""
        self._heard = 0
        self.begun = False
        self.result: Result | None = None

    def feed(self, data: bytes) -> None:
        """Raises Garbled, also when there is more than a child may say."""
        self._heard += len(data)
        if self._heard > MAX_BYTES:
            raise Garbled
        *lines, self._tail = (self._tail + data).split(b"\n")
        try:
            for line in lines:
                self._hear(*json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise Garbled from error

    def _hear(self, word: str, *rest: object) -> None:
        match word, *rest:
            case ("begun",):
                self.begun = True
            case "passage", str(part), list(numbers), str(text):
                self._passages.append(Passage(_place(part, numbers), text))
            case "closed", str(part), list(numbers):
                self._closed.append(_place(part, numbers))
            case "taken", str(kind):
                self.result = Extracted(Kind(kind), self._passages, self._closed)
            case "finding", str(rule), str(part), list(numbers), str(excerpt):
                self._findings.append(Finding(Rule(rule), _place(part, numbers), excerpt))
            case "judged", str(kind):
                self.result = Examined(Kind(kind), self._findings)
            case "declined", str(reason):
                self.result = Declined(Reason(reason))
            case _:
                raise Garbled


def _place(part: str, numbers: list[object]) -> Place:
    if not all(type(number) is int for number in numbers):
        raise Garbled
    return Place(Part(part), tuple(number for number in numbers if isinstance(number, int)))
