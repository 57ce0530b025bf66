"""The Measures themselves: their articles, found by number or by words, and how long they are in force.

The text is that of the draft for comments; until the centre sets the date of issue it is 参考版本.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from domain.forms import Words

_FILE = Path(__file__).parent / "data" / "measures.json"
_DIGITS = "零一二三四五六七八九"
_NUMBER = re.compile(
    r"(?:第|article|art\.?|no\.?)?\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*条?", re.IGNORECASE
)
_AROUND = 18


@dataclass(frozen=True, slots=True)
class Article:
    """`gist` names its subject in a few words; `summary` is for who does not read Chinese."""

    number: int
    gist: Words
    summary: str
    paragraphs: tuple[str, ...]

    @property
    def name(self) -> Words:
        return Words(f"第{numeral(self.number)}条", f"Article {self.number}")

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def told(self) -> Words:
        """The text, which there is in Chinese only, with the summary before it for who does not read that."""
        return Words(self.text, f"{self.summary}\n\n{self.text}")

    @property
    def searched(self) -> str:
        return f"{self.gist.zh} {self.gist.en} {self.told.en}".lower()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that says the words, and the place where it first does."""

    article: Article
    excerpt: str


@dataclass(frozen=True, slots=True)
class Measures:
    title: Words
    years_in_force: int
    articles: tuple[Article, ...]

    def article(self, number: int) -> Article | None:
        return self.articles[number - 1] if 1 <= number <= len(self.articles) else None

    def find(self, words: str) -> list[Hit]:
        """The articles that say every one of the words, which blanks part; by number."""
        wanted = words.lower().split()
        found = [one for one in self.articles if wanted and all(word in one.searched for word in wanted)]
        return [Hit(one, _excerpt(one, wanted[0])) for one in found]

    def in_force_until(self, issued: date) -> date:
        """Two years from the day of issue (Article 11); of 29 February, the 28th."""
        year = issued.year + self.years_in_force
        try:
            return issued.replace(year=year)
        except ValueError:
            return date(year, 2, 28)


@cache
def load() -> Measures:
    told = json.loads(_FILE.read_text(encoding="utf-8"))
    articles = (
        Article(one["number"], Words(**one["gist"]), one["summary_en"], tuple(one["paragraphs"]))
        for one in told["articles"]
    )
    return Measures(Words(**told["title"]), told["years_in_force"], tuple(articles))


def numeral(number: int) -> str:
    """A number below a hundred in Chinese: 十, 十一, 二十一."""
    tens, ones = divmod(number, 10)
    ten = f"{_DIGITS[tens] if tens > 1 else ''}十" if tens else ""
    return ten + (_DIGITS[ones] if ones or not tens else "")


def number_in(words: str) -> int | None:
    """The number of an article as people write it: 7, 第七条, 七, Article 7. None for other words."""
    found = _NUMBER.fullmatch(words.strip())
    if found is None:
        return None
    digits = found[1]
    return int(digits) if digits.isdecimal() else _chinese(digits)


def _chinese(digits: str) -> int | None:
    """Numbers below a hundred: 七, 十, 十一, 二十一."""
    tens, ten, ones = digits.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    return (_DIGITS.index(tens) if tens else 1 if ten else 0) * 10 + (_DIGITS.index(ones) if ones else 0)


def _excerpt(article: Article, word: str) -> str:
    at = article.text.lower().find(word)
    if at < 0:
        return article.gist.zh
    begin, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    said = article.text[begin:end].replace("\n", " ")
    return f"{'…' if begin else ''}{said}{'…' if end < len(article.text) else ''}"
