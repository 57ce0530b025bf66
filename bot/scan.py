"""`lianluo scan`: files or lines of text before the confidentiality gate; with no token and no database."""

import html
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from domain.confidential.findings import Finding, Part, Place, Rule, Severity, worst
from domain.confidential.gate import scan_text
from handlers.extraction.reader import examine
from handlers.extraction.result import Declined
from messages import Catalog

_CODES = {Severity.BLOCK: 3, Severity.WARN: 4, Severity.INFORM: 0, Severity.NONE: 0}


@dataclass(frozen=True, slots=True)
class Teller:
    """Findings in words, or as JSON."""

    catalog: Catalog
    locale: str
    as_json: bool

    def of_file(self, file: Path, findings: Iterable[Finding]) -> Iterator[str]:
        """A line each; in words, a file in which nothing was found has a line too."""
        found = list(findings)
        for one in found:
            told = self._told(one)
            yield (
                json.dumps({"file": str(file), **told}, ensure_ascii=False)
                if self.as_json
                else _line(file, told)
            )
        if not found and not self.as_json:
            yield f"{file}: {self.catalog.label('upload_kept', self.locale)}"

    def of_line(self, number: int, findings: Iterable[Finding]) -> Iterator[str]:
        """As JSON one object, whatever was found; in words a line for each finding."""
        found = [self._told(replace(one, place=Place(Part.LINE, (number,)))) for one in findings]
        if self.as_json:
            severity = worst(findings).name.lower()
            yield json.dumps({"severity": severity, "findings": found}, ensure_ascii=False)
            return
        yield from (_line(number, told) for told in found)

    def declined(self, declined: Declined) -> Finding:
        """A file that is not taken has not been read: somebody has to look at it."""
        reason = self.catalog.label(f"declined_{declined.reason}", self.locale)
        return Finding(Rule.UNREADABLE, Place(Part.FILE), reason)

    def _told(self, one: Finding) -> dict[str, str]:
        place = html.unescape(self.catalog.render("gate/place", self.locale, {"place": one.place}))
        return {
            "severity": one.severity.name.lower(),
            "rule": one.rule.value,
            "place": place,
            "excerpt": one.excerpt,
        }


def _line(where: object, told: dict[str, str]) -> str:
    return f"{where}: " + " ".join(word for word in told.values() if word)


async def files(
    paths: Iterable[Path], today: date, teller: Teller
) -> AsyncIterator[tuple[Path, list[Finding]]]:
    """What is found in each file."""
    for path in paths:
        examined = await examine(path, path.name, today)
        found = [teller.declined(examined)] if isinstance(examined, Declined) else examined.findings
        yield path, found


def lines(text: Iterable[bytes], today: date) -> Iterator[tuple[int, list[Finding]]]:
    """What is found in each line, by its number; each stands for itself."""
    for number, line in enumerate(text, start=1):
        yield number, scan_text(line.decode(errors="replace").rstrip("\r\n"), today)


def outcome(severity: Severity) -> int:
    """The exit code."""
    return _CODES[severity]
