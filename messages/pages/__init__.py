"""The web pages: one template a page, the words of both languages in words.toml, styles and scripts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from messages.catalog import Catalog, Facts
from messages.filters import Filters, size

FOLDER: Final = Path(__file__).parent
ASSETS: Final = {
    "page.css": "text/css",
    "icon.svg": "image/svg+xml",
    "upload.js": "text/javascript",
    "transfer.js": "text/javascript",
}
"""What the pages ask for, with the media types; they lie in FOLDER."""

Words = Mapping[str, str]


class Pages:
    """The pages, in the languages of the catalog."""

    def __init__(self, catalog: Catalog, timezone: str = "Asia/Shanghai") -> None:
        self._catalog = catalog
        self._zone = ZoneInfo(timezone)
        tables = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
        self._words = {name: _in_locale(tables["page"], name) for name in catalog.locales}
        self._script_words = {name: _in_locale(tables["script"], name) for name in catalog.locales}
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters["size"] = size

    def render(self, page: str, locale: str | None, facts: Facts, *, now: int) -> str:
        """HTML. A template sees its facts, the words as `w`, and those of its script as `script_words`."""
        name = self._catalog.known(locale)
        filters = Filters(name, lambda key: self._catalog.label(key, name), self._zone, lambda: now)
        return self._environment.get_template(f"{page}.j2").render(
            facts,
            lang=name.replace("_", "-"),
            w=self._words[name],
            script_words=self._script_words[name],
            moment=filters.moment,
        )

    def known(self, locale: str | None) -> str:
        return self._catalog.known(locale)

    def preferred(self, accept_language: str) -> str:
        """The language of somebody of whom only the browser's header is known."""
        return self._catalog.known(accept_language.partition(",")[0].partition(";")[0].strip() or None)


def _in_locale(table: Mapping[str, Words], locale: str) -> Words:
    return {key: words[locale] for key, words in table.items()}
