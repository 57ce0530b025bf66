"""A typical case as a docx (Article 10)."""

from collections.abc import Sequence

from domain.forms import Words
from messages.attachments.paper import CENTRE, LEFT, Paper
from messages.attachments.wording import wording

_FIGURES = ((26, CENTRE), (80, LEFT), (50, CENTRE))
Figure = tuple[int, Words, str, Words]
"""Year, name, value as the verified report has it, unit."""


def case_paper(
    base: str,
    title: str,
    sections: Sequence[tuple[str, str]],
    figures: Sequence[Figure],
    locale: str = "zh_CN",
) -> bytes:
    """`sections` by their key, in order; figures of the verified annual reports."""
    words = wording(locale)
    paper = Paper(title)
    paper.title(title)
    paper.prose(words("case_base", base=base))
    for key, text in sections:
        paper.heading(words(f"case_{key}"))
        paper.prose(text)
    if figures:
        paper.heading(words("case_figures"))
        headings = [words(f"case_{name}") for name in ("year", "figure", "value")]
        rows = [
            (str(year), words.pick(name), f"{value} {words.pick(unit)}")
            for year, name, value, unit in figures
        ]
        paper.table(_FIGURES, headings, rows)
        paper.prose(words("case_source"))
    return paper.saved()
