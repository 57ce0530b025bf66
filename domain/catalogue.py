"""The services of Article 7, read from data: a service is added, offered or changed there, nowhere else."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain import fields
from domain.access import Action
from domain.fields import Field
from domain.forms import Answers, Choice, Form, Remark, Step, Value, Words

_FILE = Path(__file__).parent / "data" / "catalogue.json"
_NOT_CHECKS = frozenset({"key", "label", "type", "required", "options", "hint", "on", "when"})
_KNOWN_CHECKS = frozenset(
    {
        "min",
        "max",
        "more_than",
        "confirm_over",
        "max_chars",
        "pattern",
        "example",
        "must_be",
        "not_before",
        "not_after",
        "max_mb",
        "gate",
        "sensitivity",
        "remind",
    }
)


class Faulty(ValueError):
    """The catalogue's data names something that is not known: the service, the field and what."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a service, when it is asked (`when`: another field's answers), and what follows (`on`)."""

    field: Field
    when: dict[str, list[str]]
    on: tuple[dict[str, Any], ...]

    def applies(self, answers: Answers) -> bool:
        return all(answers.get(key) in wanted for key, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Service:
    """`limit_days`: working days until the first answer; `route`: the line of work that takes it."""

    code: str
    article: str
    words: Words
    route: str
    endorsement: str
    offered: bool
    limit_days: int
    before: str | None
    asked: tuple[Asked, ...]


def service(code: str) -> Service:
    """Raises KeyError."""
    return _services()[code]


def services() -> tuple[Service, ...]:
    return tuple(_services().values())


def offered() -> tuple[Service, ...]:
    return tuple(service for service in services() if service.offered)


def form(wanted: Service, today: fields.Today = date.today) -> Form:
    """The service's form: its own fields, then those that all have in common."""
    before = (Remark(f"warnings/{wanted.before}"),) if wanted.before else ()
    steps = tuple(_step(asked, today) for asked in (*wanted.asked, *_common()))
    return Form(f"service:{wanted.code}", 1, Action.REQUEST_FILE, wanted.words, steps, before)


def _step(asked: Asked, today: fields.Today) -> Step:
    field = asked.field
    return Step(
        key=field.key,
        label=field.label,
        type=field.type,
        parse=fields.parser(field, today),
        choices=field.choices,
        required=field.required,
        many=field.type == "file_list",
        when=asked.applies,
        warn=lambda value: _warnings(asked, value),
        hint=field.hint,
    )


def _warnings(asked: Asked, value: Value) -> tuple[Remark, ...]:
    """What the data says on this answer: a word of caution, another service, or the hand of the staff."""
    answers = value if isinstance(value, list) else [value]
    said = [effect for effect in asked.on if not set(effect.get("is", ())).isdisjoint(map(str, answers))]
    return tuple(warning for effect in said for warning in _said(effect))


def _said(effect: dict[str, Any]) -> list[Remark]:
    suggested = [service(code).words for code in effect.get("suggest", ())]
    said = [Remark("warnings/suggest", {"services": suggested})] if suggested else []
    return said + [Remark(f"warnings/{effect[kind]}") for kind in ("warn", "stop") if kind in effect]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return data


@cache
def _services() -> dict[str, Service]:
    return {entry["code"]: _service(entry) for entry in _data()["services"]}


@cache
def _common() -> tuple[Asked, ...]:
    return tuple(_asked("common", entry) for entry in _data()["common_fields"])


def _service(entry: dict[str, Any]) -> Service:
    return Service(
        code=entry["code"],
        article=entry["article"],
        words=Words(**entry["name"]),
        route=entry["route"],
        endorsement=entry["endorsement"],
        offered=entry["offered"],
        limit_days=entry["limit"]["days"],
        before=entry["warn_before"],
        asked=tuple(_asked(entry["code"], field) for field in entry["fields"]),
    )


def _asked(code: str, entry: dict[str, Any]) -> Asked:
    where = f"{code}.{entry['key']}"
    if entry["type"] not in fields.TYPES:
        raise Faulty(f"{where}: no such type: {entry['type']}")
    checks = {name: bound for name, bound in entry.items() if name not in _NOT_CHECKS}
    if unknown := set(checks) - _KNOWN_CHECKS:
        raise Faulty(f"{where}: no such check: {', '.join(sorted(unknown))}")
    field = Field(
        key=entry["key"],
        label=Words(**entry["label"]),
        type=entry["type"],
        required=entry["required"],
        options=tuple(Choice(o["key"], Words(o["zh"], o["en"])) for o in entry.get("options", ())),
        checks=checks,
        hint=Words(**entry["hint"]) if "hint" in entry else None,
    )
    return Asked(field, entry.get("when", {}), tuple(entry.get("on", ())))
