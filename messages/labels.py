"""The short words: buttons, roles, states, commands, dates; one file, every language under each key."""

import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path

Words = Mapping[str, str]  # one text a language

_FILE = Path(__file__).parent / "labels.toml"


class Labels:
    """`buttons` are what a person may also type; `words` are only shown."""

    def __init__(
        self, buttons: Mapping[str, Mapping[str, str]], words: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._texts = {**words, **buttons}
        self._buttons = tuple(buttons)
        self._typed = {_as_typed(text): key for key, texts in buttons.items() for text in texts.values()}

    @classmethod
    def load(cls, file: Path = _FILE) -> "Labels":
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        return cls(tables["buttons"], tables["words"])

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages, as the keys name them, the source first."""
        return tuple(next(iter(self._texts.values())))

    def text(self, key: str, locale: str) -> str:
        return self._texts[key][locale]

    def buttons(self) -> tuple[str, ...]:
        """Their keys: the operations that have a button."""
        return self._buttons

    def key_of(self, typed: str) -> str | None:
        """The button whose word was typed, in whichever language."""
        return self._typed.get(_as_typed(typed))


def _as_typed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
