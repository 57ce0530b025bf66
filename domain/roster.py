"""Rows of a list of bases, as a centre keeps it: checked whole before anything is kept (Articles 3 and 8)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain import numbers
from domain.bases import Base
from domain.people import Person, Role

_HEADINGS = {
    "code": "代码 编号 基地代码 基地编号 单位代码 单位编号",
    "name": "单位全称 名称 单位名称 基地名称 全称 单位",
    "short_name": "简称 单位简称 基地简称",
    "uscc": "统一社会信用代码 社会信用代码 信用代码",
    "kind": "类型 单位类型 基地类型 类别",
    "city": "城市 所在市 市州 所在城市 所在地",
    "batch": "批次 认定批次",
    "recognised_on": "认定日期 认定时间",
    "project_start": "项目开始日期 项目起始日期 项目开始时间 建设开始日期",
    "department": "责任处室 对接部门 责任部门 对接处室",
    "liaison_name": "联络员 联络员姓名 A角 A角姓名",
    "liaison_phone": "联络员电话 联络员手机 联络员手机号 联络员联系电话 A角电话 A角手机",
    "deputy_name": "备岗联络员 备岗联络员姓名 B角 B角姓名",
    "deputy_phone": "备岗联络员电话 备岗联络员手机 备岗联络员手机号 备岗联络员联系电话 B角电话 B角手机",
    "head_name": "责任处室负责人 责任处室负责人姓名 处室负责人 部门负责人",
    "head_phone": "责任处室负责人电话 责任处室负责人手机 处室负责人电话 部门负责人电话",
}
COLUMNS = tuple(_HEADINGS)
_COLUMN_OF = {
    word.lower(): column for column, words in _HEADINGS.items() for word in [column, *words.split()]
}
_PHONE_BESIDE_A_NAME = frozenset({"电话", "手机", "手机号", "联系电话", "联系方式"})
_NOTE = re.compile(r"\([^()]*\)|[*\s]")

_OPTIONAL = frozenset(
    {"short_name", "project_start", "deputy_name", "deputy_phone", "head_name", "head_phone", "liaison_phone"}
)
_PEOPLE = {Role.LIAISON: "liaison", Role.DEPUTY: "deputy", Role.HEAD: "head"}
_MAX_CHARS = 200
_CUT_BY_EXCEL = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_LOST_DIGITS = "lost digits when a spreadsheet made a number of it: enter it as text"
_INVISIBLE = frozenset({"Cc", "Cf"})
_KEPT = ("id", "status", "counterpart_id", "project_end")  # a list of bases says nothing of these


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
    row: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record: bases by code, and who is named for them, by the base's id and the role."""

    bases: Mapping[str, Base]
    people: Mapping[tuple[int, Role], Sequence[Person]]


@dataclass(frozen=True, slots=True)
class Move:
    """What a list changes in a role: `person` gets the name and number, or a new one relieves `leaving`."""

    named: Named
    person: Person | None = None
    leaving: tuple[Person, ...] = ()

    @property
    def phone(self) -> str | None:
        """A list without a number leaves the one on record."""
        return self.named.phone or (self.person.phone if self.person else None)

    def __str__(self) -> str:
        role, new = self.named.role, self.named.name
        if self.person is None:
            before = "、".join(person.name for person in self.leaving)
            return f"{role}: {before} → {new} (replaced)" if before else f"{role}: {new} added"
        if self.person.name != new:
            return f"{role}: {self.person.name} → {new} (renamed)"
        return f"{role}: {new}: number {_masked(self.person.phone)} → {_masked(self.phone)}"


@dataclass(frozen=True, slots=True)
class Change:
    """A base of a list beside what was on record; none `before` means that it is new."""

    base: Base
    before: Base | None = None
    moves: tuple[Move, ...] = ()

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """Name, old and new value of every field that changes."""
        if self.before is None:
            return []
        pairs = [(f, getattr(self.before, f) or "", getattr(self.base, f) or "") for f in COLUMNS[:10]]
        return [(name, old, new) for name, old, new in pairs if old != new]

    def lines(self) -> list[str]:
        fields = [f"{self.base.code}: {name}: {old or '∅'} → {new or '∅'}" for name, old, new in self.fields]
        return fields + [f"{self.base.code}: {move}" for move in self.moves]


def columns_of(headings: Iterable[str]) -> list[str | None]:
    """The column that each heading names, in English or Chinese; None for one that is not ours."""
    columns: list[str | None] = []
    for heading in headings:
        plain = _NOTE.sub("", unicodedata.normalize("NFKC", heading)).lower()
        before = columns[-1] if columns else None
        if plain in _PHONE_BESIDE_A_NAME and before and before in {f"{who}_name" for who in _PEOPLE.values()}:
            columns.append(before.replace("_name", "_phone"))
        else:
            columns.append(_COLUMN_OF.get(plain))
    return columns


def shown(column: str) -> str:
    """`short_name (简称)`."""
    return f"{column} ({_HEADINGS[column].split()[0]})"


def check(
    rows: Sequence[tuple[int, Mapping[str, str]]], progress: Callable[[int], None] | None = None
) -> tuple[list[Candidate], list[Problem]]:
    """The bases of a list of (row number, cells), and everything that is wrong with it in itself."""
    liaisons: dict[str, set[str]] = defaultdict(set)
    for _, cells in rows:
        liaisons[cells["code"]].add(cells["liaison_name"])
    codes: set[str] = set()
    usccs: set[str] = set()
    candidates: list[Candidate] = []
    problems: list[Problem] = []
    for done, (row, cells) in enumerate(rows):
        if progress:
            progress(done)
        found = [Problem(row, name, reason) for name, reason in _problems(cells, codes, usccs)]
        if cells["code"] and len(liaisons[cells["code"]]) > 1:
            found.append(
                Problem(row, "liaison_name", f"{cells['code']} is listed with more than one liaison")
            )
        problems += found
        codes.add(cells["code"])
        usccs.add(_uscc(cells["uscc"]))
        if not found:
            candidates.append(_candidate(row, cells))
    return candidates, problems


def compare(candidates: Iterable[Candidate], record: Record) -> tuple[list[Change], list[Problem]]:
    """What a checked list changes, base by base, and what stands against the record."""
    owners = {base.uscc: base.code for base in record.bases.values()}
    changes: list[Change] = []
    problems: list[Problem] = []
    for candidate in candidates:
        before = record.bases.get(candidate.base.code)
        standing = {role: record.people.get((before.id, role), ()) if before else () for role in _PEOPLE}
        found = list(_against(candidate, owners, standing))
        problems += found
        if not found:
            moves = (_move(named, standing[named.role]) for named in candidate.people)
            base = replace(candidate.base, **{name: getattr(before, name) for name in _KEPT if before})
            changes.append(Change(base, before, tuple(move for move in moves if move)))
    return changes, problems


def _against(
    candidate: Candidate, owners: Mapping[str, str], standing: Mapping[Role, Sequence[Person]]
) -> Iterator[Problem]:
    code = candidate.base.code
    if owners.get(candidate.base.uscc, code) != code:
        yield Problem(candidate.row, "uscc", f"is {owners[candidate.base.uscc]}'s on record")
    for named in candidate.people:
        enrolled = [person.name for person in standing[named.role] if _is_enrolled(person)]
        if enrolled and _same(named, standing[named.role]) is None:
            yield Problem(
                candidate.row,
                f"{_PEOPLE[named.role]}_name",
                f"is not {enrolled[0]}, who is enrolled: that is changed by a handover",
            )


def _move(named: Named, standing: Sequence[Person]) -> Move | None:
    same = _same(named, standing)
    if same is None:
        return Move(named, leaving=tuple(standing))
    if (same.name, same.phone) == (named.name, named.phone or same.phone):
        return None
    return Move(named, same)


def _same(named: Named, standing: Sequence[Person]) -> Person | None:
    """Who is meant: the one of this name, or of this number (one's own, not the office's, once enrolled)."""
    by_name = next((person for person in standing if person.name == named.name), None)
    if by_name or named.phone is None:
        return by_name
    return next((person for person in standing if _own_number(person) == named.phone), None)


def _own_number(person: Person) -> str | None:
    return person.phone_shared if _is_enrolled(person) else person.phone


def _is_enrolled(person: Person) -> bool:
    return person.telegram_id is not None


def _masked(phone: str | None) -> str:
    return numbers.mask_phone(phone) if phone else "∅"


def _problems(cells: Mapping[str, str], codes: set[str], usccs: set[str]) -> Iterator[tuple[str, str]]:
    for column in COLUMNS:
        if not cells[column] and column not in _OPTIONAL:
            yield column, "is empty"
        elif len(cells[column]) > _MAX_CHARS:
            yield column, f"is longer than {_MAX_CHARS} characters"
        elif any(unicodedata.category(character) in _INVISIBLE for character in cells[column]):
            yield column, "has characters that nobody sees"
    if cells["code"] in codes:
        yield "code", "is there already"
    yield from _uscc_problems(cells["uscc"], usccs)
    for column in ("recognised_on", "project_start"):
        if cells[column] and not _is_date(cells[column]):
            yield column, "is not a date such as 2024-12-20"
    for who in _PEOPLE.values():
        yield from _person_problems(who, cells)


def _uscc_problems(text: str, usccs: set[str]) -> Iterator[tuple[str, str]]:
    if _CUT_BY_EXCEL.fullmatch(text):
        yield "uscc", _LOST_DIGITS
    elif text and numbers.uscc(text) is None:
        yield "uscc", "is not a unified social credit code (18 characters, GB 32100)"
    elif text and _uscc(text) in usccs:
        yield "uscc", "is there already"


def _person_problems(who: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    phone = cells[f"{who}_phone"]
    if phone and not cells[f"{who}_name"]:
        yield f"{who}_name", "is empty beside a phone number"
    if _CUT_BY_EXCEL.fullmatch(phone):
        yield f"{who}_phone", _LOST_DIGITS
    elif phone and numbers.phone(phone) is None:
        yield f"{who}_phone", "is not a phone number"


def _candidate(row: int, cells: Mapping[str, str]) -> Candidate:
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
    return Candidate(base, people, row)


def _uscc(text: str) -> str:
    return numbers.uscc(text) or text


def _phone(text: str) -> str | None:
    return numbers.phone(text) if text else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2024-12-20")
