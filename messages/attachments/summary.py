"""年度情况汇总: how the bases stand and what they reported together, for the centre's own use."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.collation import Reported, Standing, Total, Year
from messages.attachments.chart import Bar, bars
from messages.attachments.paper import CENTRE, LEFT, RIGHT, Paper
from messages.attachments.wording import Wording, wording

_BASES = ((14, CENTRE), (66, LEFT), (24, CENTRE), (26, CENTRE), (26, CENTRE))
_FIGURES = ((13, CENTRE), (49, LEFT), (14, RIGHT), (24, RIGHT), (20, RIGHT), (20, RIGHT), (16, RIGHT))
_FIGURE_COLUMNS = ("code", "name", "bases", "total", "comparable", "comparable_last", "ratio")


def summary(year: Year, locale: str = "zh_CN") -> bytes:
    words = wording(locale)
    title = words("summary_title", year=year.year)
    paper = Paper(title)
    paper.title(title)
    paper.heading(words("summary_standing"))
    paper.prose(_sentence(words, year))
    paper.picture(bars([""], list(_standings(words, year))), words("summary_standing"))
    _write_bases(paper, words, year.reported)
    totals = list(year.totals().values())
    paper.heading(words("summary_figures"))
    if year.period:
        paper.prose(words("report_period", period=words.period(year.period)))
    paper.prose(words("summary_note", year=year.year, last=year.year - 1))
    for group, rows in _grouped(words, year, totals):
        paper.subheading(group)
        headings = [words(f"column_{name}") for name in _FIGURE_COLUMNS]
        paper.table(_FIGURES, headings, [_cells(words, row) for row in rows])
    _write_charts(paper, words, year, totals)
    paper.signature(year.centre, words.day(year.as_of))
    return paper.saved()


def _sentence(words: Wording, year: Year) -> str:
    counts = {one.value: year.counted(one) for one in Standing}
    told = words(
        "summary_sentence", as_of=words.day(year.as_of), due=year.due, extended=year.extended, **counts
    )
    extra = [
        words(f"summary_{key}", n=n)
        for key, n in (
            ("late", year.late),
            ("elsewhere", counts["elsewhere"]),
            ("waived", counts["waived"]),
        )
        if n
    ]
    return words("summary_and").join([told, *extra]) + words("summary_end")


def _standings(words: Wording, year: Year) -> Iterator[Bar]:
    for one in Standing:
        if (n := year.counted(one)) or one in (Standing.ACCEPTED, Standing.MISSING):
            yield Bar(words(f"standing_{one}"), (float(n),), (str(n),))


def _write_bases(paper: Paper, words: Wording, reported: Sequence[Reported]) -> None:
    headings = [words(f"column_{name}") for name in ("number", "base", "standing", "counts_on", "remark")]
    rows = [
        (
            str(n),
            one.base,
            words(f"standing_{one.standing}"),
            f"{one.counts_on.isoformat()}" if one.counts_on else "—",
            _remark(words, one),
        )
        for n, one in enumerate(reported, 1)
    ]
    paper.table(_BASES, headings, rows)


def _remark(words: Wording, one: Reported) -> str:
    told = [words("remark_late")] if one.late else []
    if one.extended_until:
        told.append(words("remark_extended", day=one.extended_until.isoformat()))
    return words("sheet_join").join(told)


def _grouped(words: Wording, year: Year, totals: Sequence[Total]) -> Iterator[tuple[str, list[Total]]]:
    """What only some bases report is left out where none did."""
    for group, name in year.edition.groups.items():
        rows = [one for one in totals if one.indicator.group == group and (one.indicator.core or one.bases)]
        if rows:
            yield words.pick(name), rows


def _cells(words: Wording, row: Total) -> tuple[str, ...]:
    one = row.indicator
    return (
        one.code,
        words("chart_label", name=words.pick(one.name), unit=words.pick(one.unit.words)),
        str(row.bases),
        words.figure(row.sum if row.bases else None),
        words.figure(row.this if row.compared else None),
        words.figure(row.last if row.compared else None),
        "—" if row.ratio is None else f"{row.ratio:+.1%}",
    )


def _write_charts(paper: Paper, words: Wording, year: Year, totals: Sequence[Total]) -> None:
    """Amounts on one chart, what is counted on one a group; nothing where no year can be compared."""
    compared = [one for one in totals if one.compared and one.this + one.last]
    amounts = [one for one in compared if one.indicator.unit.money]
    charts = [(words("chart_amounts"), amounts)] + [
        (words.pick(name), [one for one in compared if one.indicator.group == group and one not in amounts])
        for group, name in year.edition.groups.items()
    ]
    charts = [(name, rows) for name, rows in charts if len(rows) > 1]
    if not charts:
        return
    paper.heading(words("summary_charts"))
    years = [words("column_this", year=n) for n in (year.year, year.year - 1)]
    for name, rows in charts:
        paper.subheading(name)
        paper.picture(bars(years, [_bar(words, row) for row in rows]), name)


def _bar(words: Wording, row: Total) -> Bar:
    values: tuple[Decimal, Decimal] = (row.this, row.last)
    unit = words.pick(row.indicator.unit.words)
    label = words("chart_label", name=words.pick(row.indicator.short), unit=unit)
    return Bar(label, tuple(map(float, values)), tuple(map(words.figure, values)))
