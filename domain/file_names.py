"""Names of files and folders made of what people are called, valid on every system and never a path."""

import unicodedata
from collections.abc import Iterable

LONGEST = 80
"""Characters: three bytes each of them stay within the 255 that a file system takes."""

_FORBIDDEN = frozenset('/\\:*?"<>|')
_RESERVED = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}


def fit(text: str) -> str:
    """A name of at most 80 characters, its suffix kept; what no system takes is an underscore."""
    seen = " ".join("".join(map(_seen, unicodedata.normalize("NFC", text))).split()).strip(" .")
    stem, dot, suffix = seen.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = seen, "", ""
    cut = stem[: LONGEST - len(dot + suffix)].rstrip(" .")
    name = (cut or "_") + dot + suffix
    return f"_{name}" if name.partition(".")[0].lower() in _RESERVED else name


def apart(names: Iterable[str]) -> list[str]:
    """Each fitted, and no two alike even where capitals make no difference: 合同.pdf, 合同 (2).pdf."""
    taken: set[str] = set()
    return [_untaken(fit(name), taken) for name in names]


def _untaken(name: str, taken: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    found, n = name, 1
    while found.casefold() in taken:
        n += 1
        found = f"{stem} ({n}){dot}{suffix}"
    taken.add(found.casefold())
    return found


def _seen(character: str) -> str:
    if character in _FORBIDDEN:
        return "_"
    return "" if unicodedata.category(character)[0] == "C" else character
