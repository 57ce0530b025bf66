"""What a report consists of: its hash, what differs between two versions, the trace of later corrections."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.annual_content import (
    Change,
    Content,
    Entry,
    File,
    Part,
    Purpose,
    Revision,
    Source,
    content,
    diff,
    revisions,
)
from domain.annual_papers import Period

NOW = 1_796_000_000_000
PERIOD = Period(date(2025, 12, 1), date(2026, 11, 30))


def entry(key: str, text: str, part: Part = Part.FIGURE, source: Source = Source.TYPED) -> Entry:
    return Entry(part, key, text, source, 1, NOW, "误" if source is Source.REVISED else None)


def file(n: int, purpose: Purpose = Purpose.EVIDENCE, name: str = "合同.xlsx") -> File:
    return File(n, purpose, name, f"{n:02}" * 32, 1, NOW)


texts = st.dictionaries(st.text(min_size=1, max_size=4), st.text(min_size=1, max_size=4), max_size=4)
contents = st.builds(
    Content,
    st.just(7),
    st.just(2026),
    st.sampled_from([None, ("2025-12-01", "2026-11-30")]),
    texts,
    texts,
    texts,
    st.lists(st.tuples(st.just("evidence"), st.sampled_from("ab"), st.sampled_from(["x" * 64, "y" * 64])))
    .map(set)
    .map(sorted)
    .map(tuple),
)


def test_blanks_and_papers_that_come_later_are_no_content() -> None:
    entries = [entry("I04", "12"), entry("I05", ""), entry("overview", "略", Part.SECTION)]
    made = content(7, 2026, PERIOD, entries, [file(1), file(2, Purpose.SEALED), file(3, Purpose.SIGNED_PAGE)])
    assert made == Content(
        7,
        2026,
        ("2025-12-01", "2026-11-30"),
        {"I04": "12"},
        {"overview": "略"},
        {},
        (("evidence", "合同.xlsx", "01" * 32),),
    )


def test_the_canonical_form_is_fixed_so_that_a_hash_can_be_checked_by_anybody() -> None:
    made = Content(7, 2026, None, {"I05": "1", "I04": "２"}, {}, {}, ())
    assert made.canonical == (
        '{"base_id":7,"explanations":{},"figures":{"I04":"２","I05":"1"},"files":[],"period":null,'
        '"sections":{},"year":2026}'
    )
    assert made.sha256 == "bd143597731fda149a52c7acb051c30b3824a65a1b86fac5a36ff2bc043d0486"


@given(contents)
def test_a_content_comes_back_from_its_canonical_form(made: Content) -> None:
    assert Content.parsed(made.canonical) == made
    assert Content.parsed(made.canonical).sha256 == made.sha256


@given(contents, contents)
def test_two_contents_have_one_hash_if_and_only_if_nothing_differs(one: Content, other: Content) -> None:
    same = one.sha256 == other.sha256
    assert same == (not diff(one, other) and one.period == other.period)
    assert [(c.old, c.new) for c in diff(one, other)] == [(c.new, c.old) for c in diff(other, one)]


def test_what_the_next_version_changes() -> None:
    old = content(7, 2026, PERIOD, [entry("I04", "12"), entry("I05", "3")], [file(1)])
    new = content(
        7,
        2026,
        PERIOD,
        [entry("I04", "13"), entry("I05", "3"), entry("R16:I04", "新增", Part.EXPLANATION)],
        [file(2)],
    )
    assert diff(old, new) == (
        Change(Part.FIGURE, "I04", "12", "13"),
        Change(Part.EXPLANATION, "R16:I04", None, "新增"),
        Change(Part.FILE, "evidence/合同.xlsx", "01" * 32, "02" * 32),
    )
    assert diff(old, old) == ()


def test_the_trace_of_a_correction_says_what_was_and_what_is() -> None:
    history = [
        entry("I04", "12"),
        entry("I05", "1"),
        entry("I04", "13"),
        entry("I04", "14", source=Source.REVISED),
        entry("I04", "略", Part.SECTION),
        entry("I04", "15", source=Source.REVISED),
        entry("I06", "2", source=Source.REVISED),
    ]
    assert list(revisions(history)) == [
        Revision("I04", "13", "14", "误", 1, NOW),
        Revision("I04", "14", "15", "误", 1, NOW),
        Revision("I06", "", "2", "误", 1, NOW),
    ]
