"""年度沟通交流记录: a base's exchanges of a year as a docx (Article 8)."""

from collections.abc import Iterator

from domain.exchange_papers import Held, YearOfExchanges
from messages.attachments.paper import CENTRE, LEFT, Paper
from messages.attachments.wording import Wording, wording

_LIST = ((14, CENTRE), (27, CENTRE), (26, CENTRE), (22, CENTRE), (40, LEFT), (27, CENTRE))
_FOLLOW_UPS = ((52, LEFT), (26, CENTRE), (32, CENTRE), (27, CENTRE), (19, CENTRE))


def exchange_record(year: YearOfExchanges, locale: str = "zh_CN") -> bytes:
    words = wording(locale)
    title = words("exchanges_title", year=year.year)
    paper = Paper(title)
    paper.title(title)
    paper.prose(words("exchanges_base", base=year.base))
    paper.prose(_summed(words, year))
    headings = [words(f"exchanges_{name}") for name in ("no", "day", "way", "kind", "people", "state")]
    paper.table(_LIST, headings, [_listed(words, n, one) for n, one in enumerate(year.held, 1)])
    paper.prose(words("exchanges_note"))
    for n, one in enumerate(year.held, 1):
        _write(paper, words, n, one)
    paper.signature(year.centre, words.day(year.made_on))
    return paper.saved()


def _summed(words: Wording, year: YearOfExchanges) -> str:
    told = words(
        "exchanges_summed", n=len(year.held), regular=year.regular, irregular=len(year.held) - year.regular
    )
    if year.unconfirmed:
        told += words("exchanges_unconfirmed", n=year.unconfirmed)
    if year.every is not None:
        told += words("exchanges_every", every=words.pick(year.every))
    return told


def _listed(words: Wording, n: int, one: Held) -> tuple[str, ...]:
    day, way = one.record.held_on.isoformat(), words.pick(one.way)
    return str(n), day, way, kind_of(words, one), one.record.people, words.pick(one.state)


def kind_of(words: Wording, one: Held) -> str:
    return words("exchanges_regular" if one.regular else "exchanges_irregular")


def _write(paper: Paper, words: Wording, n: int, one: Held) -> None:
    heading = words("exchanges_one", n=n, day=words.day(one.record.held_on), way=words.pick(one.way))
    paper.heading(heading)
    for key, text in _told(words, one):
        paper.prose(words("exchanges_line", label=words(f"exchanges_{key}"), text=text))
    if one.follow_ups:
        names = ("what", "side", "owner", "due", "done")
        rows = [
            (
                done.follow_up.what,
                words.pick(done.side),
                done.follow_up.owner,
                done.follow_up.due_on.isoformat(),
                words("no") if done.by is None else words("yes"),
            )
            for done in one.follow_ups
        ]
        paper.prose(words("exchanges_follow_ups"), leads=True)
        paper.table(_FOLLOW_UPS, [words(f"exchanges_{name}") for name in names], rows)


def _told(words: Wording, one: Held) -> Iterator[tuple[str, str]]:
    if one.purpose:
        yield "purpose", one.purpose
    yield "people", one.record.people
    yield "topics", one.record.topics
    yield "conclusions", one.record.conclusions
    yield "recorded", words("exchanges_by", side=words.pick(one.recorded_side), name=one.recorded_by)
    if one.confirmed_by is not None:
        yield "confirmed", f"{one.confirmed_by} {words.day(one.confirmed_on)}"
