"""The Measures: every article is there, found by how people write its number and by its words."""

from datetime import date

import pytest

from domain.measures import load, number_in, numeral


def test_all_eleven_articles_are_there_in_order() -> None:
    articles = load().articles
    assert [one.number for one in articles] == list(range(1, 12))
    assert articles[8].text.startswith("示范基地于每年12月15日前")
    assert [len(one.paragraphs) for one in articles] == [1, 1, 1, 4, 5, 1, 5, 1, 1, 1, 1]
    assert articles[10].name.zh == "第十一条"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("7", 7), ("第七条", 7), ("七", 7), ("第7条", 7), (" 第 7 条 ", 7), ("十一", 11), ("第十一条", 11),
        ("十", 10), ("Article 9", 9), ("art. 3", 3), ("二十一", 21), ("三十", 30),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(said: str, number: int) -> None:
    assert number_in(said) == number


@pytest.mark.parametrize("said", ["", "质押", "第条", "十十", "一二", "第七条的解释", "12月15日", "一十一十"])
def test_other_words_are_no_number(said: str) -> None:
    assert number_in(said) is None


@pytest.mark.parametrize("number", range(1, 100))
def test_a_number_that_is_written_is_read_again(number: int) -> None:
    assert number_in(numeral(number)) == number


def test_there_is_no_article_beyond_the_last() -> None:
    assert load().article(0) is None
    assert load().article(12) is None
    assert load().article(11) is load().articles[10]


def test_a_word_finds_the_articles_that_say_it_with_its_surroundings() -> None:
    [hit] = load().find("质押")
    assert hit.article.number == 7
    assert "质押融资" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert [one.article.number for one in load().find("联络员")] == [8]
    assert [one.article.number for one in load().find("示范基地 12月15日")] == [9]
    assert load().find("liaison officer")[0].article.number == 8
    assert load().find("区块链") == []
    assert load().find("  ") == []


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2026-12-01", "2028-12-01"), ("2024-02-29", "2026-02-28")],
)
def test_they_are_in_force_for_two_years_from_their_issue(issued: str, until: str) -> None:
    assert load().in_force_until(date.fromisoformat(issued)) == date.fromisoformat(until)
