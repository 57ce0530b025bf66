"""What an annual report consists of (Article 9): entries with their history, files, and the hash of it all.

The hash is over the content alone, however and in whatever order it was entered: it is what is reviewed,
approved and submitted, so that a signature belongs to exactly one content. When and by whom a version was
submitted stands beside it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

from domain.annual_papers import Period


class Part(StrEnum):
    FIGURE = "figure"  # of an indicator, or the answer to a duty, by its code
    SECTION = "section"  # prose, by the key of the section
    EXPLANATION = "explanation"  # a word to what a rule found, by domain.annual_checklist.word_key
    FILE = "file"  # in a comparison alone: a file by its purpose and name


class Source(StrEnum):
    TYPED = "typed"  # in the chat
    SHEET = "sheet"  # in the workbook that the bot sent
    PASTED = "pasted"  # in a list
    PROPOSED = "proposed"  # by the bot, from what it knows; confirmed by the base
    CORRECTED = "corrected"  # proposed, and put right with a reason
    RECORDED = "recorded"  # 代录 by an officer
    REVISED = "revised"  # after acceptance, with a reason: last year's figure put right


NEEDS_REASON = frozenset({Source.CORRECTED, Source.REVISED})


class Purpose(StrEnum):
    NARRATIVE = "narrative"  # the sections as one document, or the whole report on paper
    EVIDENCE = "evidence"  # 附表 of contracts and patents, and what supports them
    SIGNED_PAGE = "signed_page"  # 签字页
    SEALED = "sealed"  # 盖章件
    ORIGINAL = "original"  # what an officer recorded from


PART_OF_CONTENT = frozenset({Purpose.NARRATIVE, Purpose.EVIDENCE})
"""The others come later and speak of the content."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`text` exactly as it was entered; an empty one takes back what was there. `at` in ms UTC."""

    part: Part
    key: str
    text: str
    source: Source
    by: int
    at: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment that has been admitted: `sha256` in 64 hexadecimal digits."""

    attachment_id: int
    purpose: Purpose
    name: str
    sha256: str
    by: int
    at: int


@dataclass(frozen=True, slots=True)
class Content:
    """Texts by key, without blanks; a file is its purpose, name and sha256; days are ISO texts."""

    base_id: int
    year: int
    period: tuple[str, str] | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str, str], ...] = ()

    @property
    def there(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.figures or self.sections or self.explanations or self.files)

    @property
    def canonical(self) -> str:
        """JSON with sorted keys and no idle space."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        return sha256(self.canonical.encode()).hexdigest()

    @classmethod
    def parsed(cls, canonical: str) -> "Content":
        told: dict[str, Any] = json.loads(canonical)
        period = tuple(told["period"]) if told["period"] else None
        return cls(**{**told, "period": period, "files": tuple(tuple(one) for one in told["files"])})


def content(
    base_id: int, year: int, period: Period | None, entries: Iterable[Entry], files: Iterable[File]
) -> Content:
    """Of the present entries, one for each key, and the files."""
    texts: dict[Part, dict[str, str]] = {part: {} for part in Part}
    for entry in entries:
        if entry.text:
            texts[entry.part][entry.key] = entry.text
    counted = {(f.purpose.value, f.name, f.sha256) for f in files if f.purpose in PART_OF_CONTENT}
    return Content(
        base_id,
        year,
        (period.first.isoformat(), period.cut_off.isoformat()) if period else None,
        texts[Part.FIGURE],
        texts[Part.SECTION],
        texts[Part.EXPLANATION],
        tuple(sorted(counted)),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What was and what is: a text, or the sha256 of a file; None where it is not there."""

    part: Part
    key: str
    old: str | None
    new: str | None


def diff(old: Content, new: Content) -> tuple[Change, ...]:
    """What the next version changes, in the order of parts and keys."""
    before, after = _texts(old), _texts(new)
    return tuple(
        Change(part, key, before.get((part, key)), after.get((part, key)))
        for part, key in sorted(before.keys() | after.keys(), key=_place)
        if before.get((part, key)) != after.get((part, key))
    )


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that was put right after acceptance: the trace of it."""

    code: str
    old: str
    new: str
    reason: str
    by: int
    at: int


def revisions(history: Sequence[Entry]) -> Iterator[Revision]:
    """Those of a report, from all its entries, the oldest first."""
    written: dict[str, str] = {}
    for entry in history:
        if entry.part is not Part.FIGURE:
            continue
        if entry.source is Source.REVISED:
            old = written.get(entry.key, "")
            yield Revision(entry.key, old, entry.text, entry.reason or "", entry.by, entry.at)
        written[entry.key] = entry.text


def _texts(told: Content) -> dict[tuple[Part, str], str]:
    """Everything by part and key; two files of one name are told apart by their hash."""
    names = [(purpose, name) for purpose, name, _ in told.files]
    files = {
        (Part.FILE, f"{purpose}/{name}" + (f"/{sha[:8]}" if names.count((purpose, name)) > 1 else "")): sha
        for purpose, name, sha in told.files
    }
    return {
        **{(Part.FIGURE, key): text for key, text in told.figures.items()},
        **{(Part.SECTION, key): text for key, text in told.sections.items()},
        **{(Part.EXPLANATION, key): text for key, text in told.explanations.items()},
        **files,
    }


def _place(found: tuple[Part, str]) -> tuple[int, str]:
    part, key = found
    return list(Part).index(part), key
