"""数据表: the figures by group, this year's beside last year's, and the duties of Article 5."""

from collections.abc import Iterator, Mapping

from domain.annual_papers import Figures, Row, TablesFacts
from domain.annual_papers import tables as grouped
from domain.indicators import Edition
from messages.attachments.paper import CENTRE, LEFT, RIGHT, Paper
from messages.attachments.wording import Wording, wording

_FIGURES = ((14, CENTRE), (58, LEFT), (26, CENTRE), (20, RIGHT), (20, RIGHT), (18, RIGHT))
_DUTIES = ((15, CENTRE), (109, LEFT), (32, CENTRE))


def tables(facts: TablesFacts, locale: str = "zh_CN") -> bytes:
    """数据表, sealed together with the letter."""
    words = wording(locale)
    title = words("tables_title", year=facts.figures.year)
    paper = Paper(title)
    paper.title(title)
    paper.prose(words("report_base", base=facts.base))
    paper.prose(words("report_period", period=words.period(facts.period)))
    write_figures(paper, words, facts.figures)
    paper.heading(words("duties_heading"))
    write_duties(paper, words, facts.figures.edition, facts.duties)
    paper.signature(words("seal", base=facts.base), words.day(None))
    return paper.saved()


def write_figures(paper: Paper, words: Wording, figures: Figures) -> None:
    headings = (
        *(words(f"column_{name}") for name in ("code", "name", "unit")),
        *(words("column_this", year=year) for year in (figures.year, figures.year - 1)),
        words("column_change"),
    )
    for group, rows in grouped(figures):
        paper.subheading(words.pick(group))
        paper.table(_FIGURES, headings, [_cells(words, row) for row in rows])
    for note in _notes(words, figures.edition):
        paper.prose(note)


def write_duties(paper: Paper, words: Wording, edition: Edition, duties: Mapping[str, bool]) -> None:
    headings = [words(f"column_{name}") for name in ("code", "duty", "answer")]
    rows = [(one.code, words.pick(one.name), _answer(words, duties.get(one.code))) for one in edition.duties]
    paper.table(_DUTIES, headings, rows)


def _cells(words: Wording, row: Row) -> tuple[str, ...]:
    one = row.indicator
    figures = (words.figure(row.this), words.figure(row.last), words.figure(row.change, signed=True))
    return (one.code, words.pick(one.name), words.pick(one.unit.words), *figures)


def _answer(words: Wording, answer: bool | None) -> str:
    return words.figure(None) if answer is None else words("yes" if answer else "no")


def _notes(words: Wording, edition: Edition) -> Iterator[str]:
    yield words("note_scope", scope=words.pick(edition.scope))
    totals = "、".join(f"{one.code} {words.pick(one.short)}" for one in edition.indicators if one.sum_of)
    yield words("note_blank", total=totals)
