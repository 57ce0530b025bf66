"""年度工作总结 (Article 9), complete, to be printed and sealed after the centre's 形式审查."""

from domain.annual_papers import Explained, ReportFacts, Signed
from domain.indicators import Section
from messages.attachments.paper import Paper
from messages.attachments.tables import write_duties, write_figures
from messages.attachments.wording import Wording, wording


def report(facts: ReportFacts, locale: str = "zh_CN") -> bytes:
    """The sections, the tables before the last of them, which is the annex; who reviewed; the seal."""
    words = wording(locale)
    title = words("report_title", year=facts.figures.year)
    paper = Paper(f"{facts.base} {title}")
    paper.title(title)
    _write_head(paper, words, facts)
    *sections, annex = facts.figures.edition.sections
    for section in sections:
        _write_section(paper, words, section, facts.sections.get(section.key) or _elsewhere(words, facts))
    paper.heading(words("figures_heading"))
    write_figures(paper, words, facts.figures)
    paper.heading(words("duties_heading"))
    write_duties(paper, words, facts.figures.edition, facts.duties)
    _write_section(paper, words, annex, facts.sections.get(annex.key, ""))
    _write_explained(paper, words, facts.explained)
    _write_attachments(paper, words, facts.attachments)
    paper.prose(_signed(words, "reviewed", facts.reviewed))
    paper.prose(_signed(words, "approved", facts.approved))
    paper.signature(words("seal", base=facts.base), words.day(facts.dated))
    return paper.saved()


def _write_head(paper: Paper, words: Wording, facts: ReportFacts) -> None:
    paper.prose(words("report_base", base=facts.base))
    paper.prose(words("report_year", year=facts.figures.year))
    paper.prose(words("report_period", period=words.period(facts.period)))
    paper.prose(words("report_cut_off", day=words.day(facts.period.cut_off)))
    paper.gap()


def _write_section(paper: Paper, words: Wording, section: Section, text: str) -> None:
    paper.heading(words.pick(section.title))
    paper.prose(text)


def _elsewhere(words: Wording, facts: ReportFacts) -> str:
    return words("in_document", name=facts.document) if facts.document else words("not_written")


def _write_explained(paper: Paper, words: Wording, explained: tuple[Explained, ...]) -> None:
    if not explained:
        paper.prose(words("explained_none"))
    for n, one in enumerate(explained, 1):
        paper.prose(words("explained_found", n=n, rule=one.rule, found=one.found), leads=True)
        paper.prose(words("explained_words", words=one.words))


def _write_attachments(paper: Paper, words: Wording, names: tuple[str, ...]) -> None:
    if names:
        paper.prose(words("attachments"), leads=True)
    for n, name in enumerate(names, 1):
        paper.prose(words("attachment", n=n, name=name))


def _signed(words: Wording, key: str, signed: Signed | None) -> str:
    if signed is None:
        return words(key, name=words("name_open"), day=words.day(None))
    return words(key, name=signed.name, day=words.day(signed.on)) + words(
        "of_version", version=signed.version
    )
