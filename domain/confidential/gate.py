"""The gate's entry points: passages or a plain text in, findings in the order of their places out."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from domain.confidential import answers, english, marks, mentions, personal, technical
from domain.confidential.findings import Finding, Part, Passage, Place, Rule
from domain.confidential.masks import mask
from domain.confidential.normalise import Normal, normalise
from domain.confidential.sightings import Sighting

# A stretch of figures that may hold a number of any kind: seven digits at least.
_FIGURES = re.compile(r"\d(?:[ ()._+·-]{0,2}[0-9A-Z]){5,}[ ()._+·-]{0,2}[0-9A-Zx]")
# What may claim the same characters, the stronger claim first.
_CLAIMS = (
    (Rule.STATE_MARK, Rule.WORK_MARK, Rule.TRADE_MARK, Rule.DEFENCE_PATENT, Rule.CLASSIFIED_MENTION),
    (
        Rule.RESIDENT_ID,  # one of 31 would pass for a credit code; hardly a credit code for an id
        Rule.USCC,
        Rule.BANK_CARD,
        Rule.UNPUBLISHED_APP,
        Rule.COORDINATES,
        Rule.MOBILE,
        Rule.LANDLINE,
    ),
    (Rule.EMAIL,),
)
_LONG, _MIDDLING = 15, 11  # characters of an old id, of a mobile number
_AHEAD = 3  # letters that a number may begin with: CN, ZL
_BEYOND = 8  # how far past a stretch of figures one must see to know that it ends there


def scan_text(text: str, today: date) -> list[Finding]:
    """Findings by line, counted from 1; a mark that is split over lines stands in its first.

    `span` counts from the beginning of the whole text, so that `text[slice(*span)]` is what was found.
    """
    lines = _line_starts(text)
    return [
        Finding(sighting.rule, Place(Part.LINE, (bisect_right(lines, span[0]),)), excerpt, span)
        for sighting, span, excerpt in _found(text, today)
    ]


def scan(passages: Iterable[Passage], today: date) -> list[Finding]:
    """Findings in passages that follow one another; a mark split over several stands in its first.

    `span` counts within that passage's text and ends with it.
    """
    passages = list(passages)
    starts = _passage_starts(passages)
    joined = "\n".join(passage.text for passage in passages)
    return [
        _in_passage(passages, starts, sighting.rule, span, excerpt)
        for sighting, span, excerpt in _found(joined, today)
    ]


def _in_passage(
    passages: Sequence[Passage], starts: Sequence[int], rule: Rule, span: tuple[int, int], excerpt: str
) -> Finding:
    at = bisect_right(starts, span[0]) - 1
    passage, begin = passages[at], starts[at]
    return Finding(rule, passage.place, excerpt, (span[0] - begin, min(span[1] - begin, len(passage.text))))


def _passage_starts(passages: Iterable[Passage]) -> list[int]:
    starts, at = [], 0
    for passage in passages:
        starts.append(at)
        at += len(passage.text) + 1
    return starts


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _found(text: str, today: date) -> Iterator[tuple[Sighting, tuple[int, int], str]]:
    normal = normalise(text)
    for sighting in _settled(_sightings(normal, today)):
        found = normal.text[sighting.start : sighting.end]
        yield sighting, normal.span(sighting.start, sighting.end), mask(sighting.rule, found)


def _sightings(normal: Normal, today: date) -> Iterator[Sighting]:
    text = normal.text
    if "密" in text or "内" in text:
        yield from marks.marks(text)
        yield from mentions.classified_mentions(text)
        yield from answers.classified_answers(text)
    yield from english.english_stamps(text)
    yield from mentions.defence_patents(text)
    yield from technical.coordinates(text)
    yield from personal.addresses(text)
    for figures in _FIGURES.finditer(text):
        yield from _numbers(text, *figures.span(), today)


def _numbers(text: str, start: int, end: int, today: date) -> Iterator[Sighting]:
    size, start, end = end - start, max(start - _AHEAD, 0), end + _BEYOND
    if size >= _LONG:
        yield from personal.credit_codes(text, start, end)
        yield from personal.resident_ids(text, start, end, today)
        yield from personal.bank_cards(text, start, end)
    if size >= _MIDDLING:
        yield from personal.mobiles(text, start, end)
    yield from personal.landlines(text, start, end)
    yield from technical.applications(text, start, end, today)


def _settled(sightings: Iterable[Sighting]) -> list[Sighting]:
    """In order of place, each stretch of text claimed once."""
    ordered = sorted(sightings, key=lambda one: (one.start, one.end))
    kept = [one for claims in _CLAIMS for one in _without_overlaps(ordered, claims)]
    return sorted(kept, key=lambda one: (one.start, one.end))


def _without_overlaps(ordered: Iterable[Sighting], claims: Sequence[Rule]) -> list[Sighting]:
    kept: list[Sighting] = []
    for one in ordered:
        if one.rule not in claims:
            continue
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif claims.index(one.rule) < claims.index(kept[-1].rule):
            kept[-1] = one
    return kept
