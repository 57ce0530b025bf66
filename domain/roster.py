"""Rows of a list of bases, as a centre keeps it: checked whole before anything is kept (Articles 3 and 8)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain import numbers
from domain.bases import Base
from domain.people import Role

COLUMNS = (
    "code",
    "name",
    "short_name",
    "uscc",
    "kind",
    "city",
    "batch",
    "recognised_on",
    "project_start",
    "department",
    "liaison_name",
    "liaison_phone",
    "deputy_name",
    "deputy_phone",
    "head_name",
    "head_phone",
)
_OPTIONAL = frozenset(
    {"short_name", "project_start", "deputy_name", "deputy_phone", "head_name", "head_phone", "liaison_phone"}
)
_PEOPLE = {Role.LIAISON: "liaison", Role.DEPUTY: "deputy", Role.HEAD: "head"}
_MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row (numbered as a spreadsheet numbers it)."""

    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Named:
    role: Role
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    base: Base
    people: tuple[Named, ...]


def check(
    rows: Iterable[tuple[int, Mapping[str, str]]], known_codes: set[str], known_usccs: set[str]
) -> tuple[list[Candidate], list[Problem]]:
    """The bases of a list of (row number, cells), and everything that is wrong with it."""
    codes, usccs = set(known_codes), set(known_usccs)
    candidates: list[Candidate] = []
    problems: list[Problem] = []
    for row, cells in rows:
        found = [Problem(row, field, reason) for field, reason in _problems(cells, codes, usccs)]
        problems += found
        codes.add(cells["code"])
        usccs.add(_uscc(cells["uscc"]))
        if not found:
            candidates.append(_candidate(cells))
    return candidates, problems


def _problems(cells: Mapping[str, str], codes: set[str], usccs: set[str]) -> Iterator[tuple[str, str]]:
    for field in COLUMNS:
        if not cells[field] and field not in _OPTIONAL:
            yield field, "is empty"
        elif len(cells[field]) > _MAX_CHARS:
            yield field, f"is longer than {_MAX_CHARS} characters"
    if cells["code"] in codes:
        yield "code", "is there already"
    yield from _uscc_problems(cells["uscc"], usccs)
    for field in ("recognised_on", "project_start"):
        if cells[field] and not _is_date(cells[field]):
            yield field, "is not a date such as 2024-12-20"
    for who in _PEOPLE.values():
        yield from _person_problems(who, cells)


def _uscc_problems(text: str, usccs: set[str]) -> Iterator[tuple[str, str]]:
    if text and numbers.uscc(text) is None:
        yield "uscc", "is not a unified social credit code (18 characters, GB 32100)"
    elif text and _uscc(text) in usccs:
        yield "uscc", "is there already"


def _person_problems(who: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    phone = cells[f"{who}_phone"]
    if phone and not cells[f"{who}_name"]:
        yield f"{who}_name", "is empty beside a phone number"
    if phone and numbers.phone(phone) is None:
        yield f"{who}_phone", "is not a phone number"


def _candidate(cells: Mapping[str, str]) -> Candidate:
    base = Base(
        id=0,
        code=cells["code"],
        name=cells["name"],
        short_name=cells["short_name"] or cells["name"],
        uscc=_uscc(cells["uscc"]),
        kind=cells["kind"],
        city=cells["city"],
        batch=cells["batch"],
        recognised_on=cells["recognised_on"],
        project_start=cells["project_start"] or None,
        department=cells["department"],
    )
    people = tuple(
        Named(role, cells[f"{who}_name"], _phone(cells[f"{who}_phone"]))
        for role, who in _PEOPLE.items()
        if cells[f"{who}_name"]
    )
    return Candidate(base, people)


def _uscc(text: str) -> str:
    return text.strip().upper()


def _phone(text: str) -> str | None:
    return numbers.phone(text) if text else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2024-12-20")
