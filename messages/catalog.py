"""Everything the bot says: templates by name, labels by key, in the person's language."""

import html
import re
import time
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from messages.filters import Filters, cut
from messages.labels import Labels

_HERE = Path(__file__).parent
_TAG = re.compile(r"<[^>]*>")
_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_TOAST = 200  # Bot API, answerCallbackQuery: text

Facts = Mapping[str, object]


def _present() -> int:
    return time.time_ns() // 1_000_000


class Catalog:
    """`locale` serves whoever has none or an unknown one; `now` is the present instant in ms UTC."""

    def __init__(
        self, timezone: str = "Asia/Shanghai", locale: str = "zh_CN", now: Callable[[], int] = _present
    ) -> None:
        self._labels = Labels.load()
        if locale not in self.locales:
            raise ValueError(f"no messages in {locale}; there are: {', '.join(self.locales)}")
        self._default = locale
        zone = ZoneInfo(timezone)
        self._environments = {
            name: _environment(name, Filters(name, self._worded(name), zone, now)) for name in self.locales
        }

    @property
    def locales(self) -> tuple[str, ...]:
        return self._labels.locales

    def render(self, template: str, locale: str | None, facts: Facts) -> str:
        """Telegram HTML. A fact that is wanted and not given raises; one that is None shows as —.

        A fact may be Words or, where the template says so, a message of its own with `template` and `facts`
        (a Refused or a Warning).
        """
        return _rendered(self._environments[self.known(locale)], template, facts)

    def plain(self, template: str, locale: str | None, facts: Facts) -> str:
        """The same words without markup, for the answer to a press: at most 200 characters."""
        return cut(self.text(template, locale, facts), _TOAST)

    def text(self, template: str, locale: str | None, facts: Facts) -> str:
        """The words without markup, whole: for another channel than Telegram."""
        return html.unescape(_TAG.sub("", self.render(template, locale, facts)))

    def label(self, key: str, locale: str | None) -> str:
        return self._labels.text(key, self.known(locale))

    def label_keys_by_word(self, word: str) -> str | None:
        """The key of the button whose word was typed, in whichever language."""
        return self._labels.key_of(word)

    def known(self, locale: str | None) -> str:
        """The language that serves a locale (`zh-hans`, `en-GB` as Telegram names them, or None)."""
        if locale in self._environments:
            return locale
        language = (locale or "").lower().replace("-", "_").partition("_")[0]
        return next((name for name in self.locales if name.partition("_")[0] == language), self._default)

    def _worded(self, locale: str) -> Callable[[str], str]:
        return lambda key: self._labels.text(key, locale)


class _Environment(Environment):
    """Jinja with plain globals: it goes through all of them for each text, and its ChainMap is slow."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def _environment(locale: str, filters: Filters) -> Environment:
    environment = _Environment(
        loader=FileSystemLoader(_HERE / locale),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        finalize=filters.shown,
    )
    environment.filters.update(filters.table())
    environment.globals["said"] = lambda template, facts: Markup(_rendered(environment, template, facts))  # noqa: S704 - it was escaped when it was rendered
    return environment


def _rendered(environment: Environment, template: str, facts: Facts) -> str:
    text = environment.get_template(f"{template}.j2").render(facts)
    return _GAP.sub("\n\n", text).strip()
