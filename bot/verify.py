"""`lianluo verify`: the figures of a file against the rules. It needs no token and no database."""

import html
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from domain.figures import visible
from domain.indicators import Severity, editions
from domain.verification import Discrepancy, Figures
from messages import Catalog

PASSED, ERRORS, WARNINGS = 0, 3, 4


class Unreadable(Exception):
    """What is wrong with the file, in one line."""


def read(file: Path) -> Figures:
    """`{"I04": 512, …}`. Raises Unreadable."""
    try:
        told = json.loads(
            file.read_text(encoding="utf-8-sig"), parse_int=Decimal, object_pairs_hook=_each_key_once
        )
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file}: not JSON: {error}") from error
    if not isinstance(told, dict):
        raise Unreadable(f'{file}: not an object such as {{"I04": 512}}')
    return told


def _each_key_once(pairs: list[tuple[str, object]]) -> Figures:
    """A figure that is given twice is no figure: the last would hide the first. Raises ValueError."""
    told = dict(pairs)
    if len(told) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{visible(next(key for key in keys if keys.count(key) > 1))} is there twice")
    return told


def unknown(figures: Figures) -> list[str]:
    """The keys that name neither an indicator nor a duty."""
    newest = editions()[-1]
    known = {*newest.by_code, *(duty.code for duty in newest.duties)}
    return [visible(key) for key in figures if key not in known]


def lines(found: Iterable[Discrepancy], catalog: Catalog, locale: str, as_json: bool) -> list[str]:
    """One a finding, in that language."""
    return [_line(one, catalog, locale, as_json) for one in found]


def _line(one: Discrepancy, catalog: Catalog, locale: str, as_json: bool) -> str:
    message = html.unescape(catalog.render(one.template, locale, one.facts))
    if as_json:
        told = {"rule": one.rule, "severity": one.severity, "message": message}
        return json.dumps(told, ensure_ascii=False)
    return f"{one.rule} {catalog.label(f'discrepancy_{one.severity}', locale)} {message}"


def outcome(found: Iterable[Discrepancy]) -> int:
    """The exit code."""
    severities = {one.severity for one in found}
    if Severity.ERROR in severities:
        return ERRORS
    return WARNINGS if severities else PASSED
