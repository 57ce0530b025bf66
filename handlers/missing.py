"""What is still missing of an annual report, in words short enough for a list (Article 9)."""

from collections.abc import Iterable

from domain.forms import Words
from domain.indicators import Edition, edition
from handlers.steps import words
from messages.catalog import Catalog

STEP = "step"
"""The part of the way that follows the content: step:review, step:approval, step:submission, step:seal."""


def content_of(keys: Iterable[str]) -> list[str]:
    """Without the steps: what has to be entered or attached."""
    return [key for key in keys if not key.startswith(f"{STEP}:")]


def named(catalog: Catalog, keys: Iterable[str], year: int) -> list[Words]:
    """The items of `domain.annual_checklist`, each by the name that the base knows it by."""
    names = _names(edition(year))
    return [_named(catalog, key, names) for key in keys]


def _named(catalog: Catalog, key: str, names: dict[str, Words]) -> Words:
    what, _, rest = key.partition(":")
    if what in ("period", STEP):
        return words(catalog, f"missing_{rest or what}")
    if what in ("error", "word"):
        rule, _, codes = rest.partition(":")
        about = names.get(codes.partition("+")[0], Words(rule, rule))
        told = words(catalog, f"missing_{what}")
        return Words(told.zh.format(about.zh), told.en.format(about.en))
    return names.get(rest, Words(rest, rest))


def _names(edition: Edition) -> dict[str, Words]:
    return {
        **{one.code: one.short for one in edition.indicators},
        **{one.code: one.name for one in edition.duties},
        **{one.key: one.title for one in edition.sections},
    }
