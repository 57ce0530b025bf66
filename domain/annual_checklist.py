"""What an annual report has to contain before it is reviewed, and what of it is there (Article 9)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.annual_content import Content, Purpose
from domain.annual_findings import NO_PERIOD
from domain.figures import Flaw, visible
from domain.indicators import Edition, Severity
from domain.verification import Discrepancy

MADE_BY_THE_BOT = frozenset({"annex"})
"""附：数据核对说明、保密审查意见: it consists of the words and signatures that are here already."""

_ITEMS_THEMSELVES = frozenset({f"verification/{Flaw.BLANK}", NO_PERIOD})
"""A missing figure and the missing period are items of their own."""


@dataclass(frozen=True, slots=True)
class Item:
    """`key` says what it is: period, figure:I04, duty:D01, section:overview, error:R04:I24, word:R16:I04."""

    key: str
    done: bool


def word_key(found: Discrepancy) -> str:
    """The key of the word that a finding asks for: a rule and the figures to which it was applied.

    What is found in a list as a whole is of no figure: it goes by what is said of the list.
    """
    return f"{found.rule}:{'+'.join(found.codes) or found.template.rpartition('/')[2]}"


def checklist(content: Content, edition: Edition, findings: Iterable[Discrepancy]) -> tuple[Item, ...]:
    """Each item once; the order in which anything was entered plays no part."""
    return tuple(dict.fromkeys(_items(content, edition, findings)))


def missing(content: Content, edition: Edition, findings: Iterable[Discrepancy]) -> tuple[str, ...]:
    """The keys of what is not there yet."""
    return tuple(item.key for item in checklist(content, edition, findings) if not item.done)


def _items(content: Content, edition: Edition, findings: Iterable[Discrepancy]) -> Iterator[Item]:
    yield Item("period", content.period is not None)
    for one in edition.indicators:
        if one.required:
            yield Item(f"figure:{one.code}", _there(content.figures, one.code))
    for duty in edition.duties:
        yield Item(f"duty:{duty.code}", _there(content.figures, duty.code))
    yield from _sections(content, edition)
    yield from _findings(content, findings)


def _sections(content: Content, edition: Edition) -> Iterator[Item]:
    as_document = any(purpose == Purpose.NARRATIVE for purpose, _, _ in content.files)
    for section in edition.sections:
        if section.key not in MADE_BY_THE_BOT:
            yield Item(f"section:{section.key}", as_document or _there(content.sections, section.key))


def _findings(content: Content, findings: Iterable[Discrepancy]) -> Iterator[Item]:
    for found in findings:
        if found.template in _ITEMS_THEMSELVES:
            continue
        key = word_key(found)
        if found.severity is Severity.ERROR:
            yield Item(f"error:{key}", done=False)
        else:
            yield Item(f"word:{key}", done=_there(content.explanations, key))


def _there(texts: Mapping[str, str], key: str) -> bool:
    """A text of spaces and of what cannot be seen is none."""
    return bool(visible(texts.get(key, "")))
