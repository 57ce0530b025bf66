"""The services of Article 7, read from data: a service is added, offered or changed there, nowhere else."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from domain import fields
from domain.access import Action
from domain.calendar import Calendar
from domain.errors import Invalid
from domain.fields import CHECKS, Field, Today
from domain.forms import Answers, Choice, Form, Parse, Remark, Reply, Step, Value, Words

VERSION = 1
_FILE = Path(__file__).parent / "data" / "catalogue.json"
_SURE = "_sure"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,18}")
"""A button carries it (callback_data)."""
_NOT_CHECKS = frozenset({"key", "label", "type", "required", "options", "hint", "when", "on"})
_CHOSEN = frozenset({"enum", "multi_enum"})
_COLLECTED = frozenset({"file_list", "multi_enum"})


class Faulty(ValueError):
    """The catalogue's data names something that is not known: the service, the field and what."""


class Endorsement(StrEnum):
    NONE = "none"  # the liaison files it
    HEAD = "head"  # the head of the responsible department agrees first
    SEAL = "seal"  # a sealed page goes with it


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from an answer among `answers`, or from a day that is less than so many working days off.

    `warn` and `stop` are names under warnings/, said with the next prompt or instead of taking the answer;
    `suggest` are codes of services; `escalate` brings the request to the staff at once.
    """

    answers: frozenset[str] = frozenset()
    within_working_days: int = 0
    warn: str | None = None
    stop: str | None = None
    suggest: tuple[str, ...] = ()
    escalate: bool = False

    def follows(self, value: Value, today: date, calendar: Calendar) -> bool:
        if self.within_working_days and isinstance(value, str):
            return date.fromisoformat(value) < calendar.working_day_after(today, self.within_working_days)
        return not self.answers.isdisjoint(_given(value))


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a service; it is asked when the answers of `when` were given, and has effects."""

    field: Field
    when: Mapping[str, frozenset[str]]
    effects: tuple[Effect, ...]

    def applies(self, answers: Answers) -> bool:
        return not any(wanted.isdisjoint(_given(answers.get(key))) for key, wanted in self.when.items())


def _given(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Service:
    """`limit_days`: working days until the first answer; `route`: the line of work that takes it.

    `before` are names under warnings/, said with the first prompt.
    """

    code: str
    article: str
    words: Words
    category: str
    route: str
    endorsement: Endorsement
    offered: bool
    limit_days: int
    before: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Chooser:
    """A word people use for several services; none: the centre's contact chooses."""

    words: Words
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """`on` this day the base is told that the answer's period ends on `deadline`; both natural days."""

    key: str
    on: date
    deadline: date


def service(code: str) -> Service:
    """Raises KeyError."""
    return _catalogue().services[code]


def services() -> tuple[Service, ...]:
    return tuple(_catalogue().services.values())


def offered() -> tuple[Service, ...]:
    return tuple(service for service in services() if service.offered)


def choosers() -> tuple[Chooser, ...]:
    return _catalogue().choosers


# --- the form of a service --------------------------------------------------------------------------------


def form(
    wanted: Service,
    today: Today = date.today,
    calendar: Calendar | None = None,
    events: tuple[Choice, ...] = (),
) -> Form:
    """The service's form: its own fields, then those that all have in common.

    `events` are those that can be registered for; where there are none, no event is asked for.
    """
    before = tuple(Remark(f"warnings/{name}") for name in wanted.before)
    made = _Maker(today, calendar or Calendar(), events)
    steps = tuple(step for asked in (*wanted.asked, *_catalogue().common) for step in made.steps(asked))
    return Form(f"service:{wanted.code}", VERSION, Action.REQUEST_FILE, wanted.words, steps, before)


def is_urgent(wanted: Service, answers: Answers, today: date, calendar: Calendar) -> bool:
    """Whether an answer brings the request to the staff at once."""
    return any(
        effect.escalate and effect.follows(answers.get(asked.field.key), today, calendar)
        for asked in wanted.asked
        for effect in asked.effects
    )


def reminders(wanted: Service, answers: Answers) -> tuple[Reminder, ...]:
    """What the answers ask to be reminded of."""
    found = []
    for field in (asked.field for asked in wanted.asked):
        period, day = field.remind, answers.get(field.key)
        if period and day:
            on, deadline = (_days_after(day, n) for n in (period.after_days, period.deadline_days))
            found.append(Reminder(field.key, on, deadline))
    return tuple(found)


def _days_after(day: Value, days: int) -> date:
    return date.fromisoformat(str(day)) + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes steps of fields, for a day and with the events there are."""

    today: Today
    calendar: Calendar
    events: tuple[Choice, ...]

    def steps(self, asked: Asked) -> list[Step]:
        """The field's step, and the question whether an unusual figure is meant."""
        field = asked.field
        if field.type == "event_ref":
            field = replace(field, options=self.events)
            return [self._step(field, asked)] if self.events else []
        confirmation = [self._confirmation(asked)] if "confirm_over" in field.checks else []
        return [self._step(field, asked), *confirmation]

    def _step(self, field: Field, asked: Asked) -> Step:
        return Step(
            key=field.key,
            label=field.label,
            type=field.type,
            parse=self._parser(field, asked.effects),
            choices=field.choices,
            required=field.required,
            many=field.type in _COLLECTED,
            when=asked.applies,
            warn=lambda value: self._remarks(asked, value),
            hint=field.hint,
        )

    def _parser(self, field: Field, effects: tuple[Effect, ...]) -> Parse:
        parse = fields.parser(field, self.today)

        def parse_unless_stopped(reply: Reply, answers: Answers) -> Value:
            value = parse(reply, answers)
            for effect in effects:
                if effect.stop and effect.follows(value, self.today(), self.calendar):
                    raise Invalid(f"warnings/{effect.stop}")
            return value

        return parse_unless_stopped

    def _confirmation(self, asked: Asked) -> Step:
        confirm = replace(_catalogue().confirm, key=asked.field.key + _SURE)
        return Step(
            key=confirm.key,
            label=confirm.label,
            type=confirm.type,
            parse=fields.parser(confirm, self.today),
            choices=confirm.choices,
            when=lambda answers: _is_over(asked, answers.get(asked.field.key)),
            about=(asked.field.key,),
        )

    def _remarks(self, asked: Asked, value: Value) -> tuple[Remark, ...]:
        """What the data says on this answer: a look at the figure, a caution, other services."""
        unusual = [Remark("fields/confirm_over", {"value": value})] if _is_over(asked, value) else []
        following = [e for e in asked.effects if e.follows(value, self.today(), self.calendar)]
        return (
            *unusual,
            *(remark for effect in following for remark in _said(effect)),
            *_suggested(following),
        )


def _is_over(asked: Asked, value: Value) -> bool:
    bound = asked.field.checks.get("confirm_over")
    return bound is not None and value is not None and Decimal(str(value)) > Decimal(str(bound))


def _said(effect: Effect) -> list[Remark]:
    named = [effect.warn] if effect.warn else []
    return [Remark(f"warnings/{name}") for name in (*named, *(["escalated"] if effect.escalate else []))]


def _suggested(following: list[Effect]) -> list[Remark]:
    """Other services that may be needed, of those that can be had here."""
    codes = dict.fromkeys(code for effect in following for code in effect.suggest)
    words = [service(code).words for code in codes if service(code).offered]
    return [Remark("warnings/suggest", {"services": words})] if words else []


# --- reading the data -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Catalogue:
    services: Mapping[str, Service]
    common: tuple[Asked, ...]
    choosers: tuple[Chooser, ...]
    confirm: Field


@cache
def _catalogue() -> Catalogue:
    return read(json.loads(_FILE.read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Catalogue:
    """The catalogue of such data. Raises Faulty, which says where and what."""
    common = _fields("common_fields", data["common_fields"])
    found = {entry["code"]: _service(entry, common) for entry in data["services"]}
    chosen = tuple(Chooser(Words(**c["label"]), tuple(c["services"])) for c in data["choosers"])
    confirm = data["confirm"]
    _refuse(len(found) < len(data["services"]), "services", "a code twice")
    _refuse_unknown("choosers", (code for c in chosen for code in c.services), found)
    for one in found.values():
        suggested = (code for asked in one.asked for effect in asked.effects for code in effect.suggest)
        _refuse_unknown(one.code, suggested, found)
    once = Field("confirm", Words(**confirm["label"]), "enum", options=(_choice(confirm["option"]),))
    return Catalogue(found, common, chosen, once)


def _service(entry: Mapping[str, Any], common: tuple[Asked, ...]) -> Service:
    asked = _fields(entry["code"], entry["fields"])
    keys = [one.field.key for one in (*asked, *common)]
    with _reading(entry["code"]):
        _refuse(len(set(keys)) < len(keys), "fields", "a key twice")
        limit = entry["limit"]
        _refuse((limit["of"], limit["calendar"]) != ("first_answer", "working"), "limit", f"{limit}")
        return Service(
            code=entry["code"],
            article=entry["article"],
            words=Words(**entry["name"]),
            category=entry["category"],
            route=entry["route"],
            endorsement=Endorsement(entry["endorsement"]),
            offered=entry["offered"],
            limit_days=limit["days"],
            before=tuple(name for name in (entry["warn_before"], entry.get("closed_as")) if name),
            asked=asked,
        )


def _fields(where: str, entries: list[dict[str, Any]]) -> tuple[Asked, ...]:
    asked: list[Asked] = []
    for entry in entries:
        with _reading(f"{where}.{entry['key']}"):
            asked.append(_asked(entry, {one.field.key: one.field for one in asked}))
    return tuple(asked)


def _asked(entry: Mapping[str, Any], earlier: Mapping[str, Field]) -> Asked:
    field = _field(entry)
    when = {key: frozenset(answers) for key, answers in entry.get("when", {}).items()}
    _refuse_unknown("when", when, earlier)
    for key, answers in when.items():
        _refuse_unknown(f"when {key}", answers, _keys(earlier[key]))
    return Asked(field, when, tuple(_effect(field, one) for one in entry.get("on", ())))


def _field(entry: Mapping[str, Any]) -> Field:
    field = Field(
        key=entry["key"],
        label=Words(**entry["label"]),
        type=entry["type"],
        required=entry["required"],
        options=tuple(map(_choice, entry.get("options", ()))),
        checks={name: bound for name, bound in entry.items() if name not in _NOT_CHECKS},
        hint=Words(**entry["hint"]) if "hint" in entry else None,
    )
    _refuse(not _KEY.fullmatch(field.key), "key", "a short word of a-z 0-9 _")
    _refuse_unknown("type", [field.type], fields.TYPES)
    _refuse_options(field)
    _refuse_checks(field)
    return field


def _choice(entry: Mapping[str, str]) -> Choice:
    return Choice(entry["key"], Words(entry["zh"], entry["en"]))


def _keys(field: Field) -> frozenset[str]:
    return frozenset(choice.key for choice in field.choices)


def _effect(field: Field, entry: Mapping[str, Any]) -> Effect:
    rest = {name: value for name, value in entry.items() if name not in ("is", "suggest")}
    effect = Effect(frozenset(entry.get("is", ())), suggest=tuple(entry.get("suggest", ())), **rest)
    _refuse((field.type == "date") != bool(effect.within_working_days), "on", "a period is for a date")
    _refuse_unknown("on", effect.answers, _keys(field))
    return effect


def _refuse_options(field: Field) -> None:
    _refuse((field.type in _CHOSEN) != bool(field.options), "options", "are for enum and multi_enum")
    said = [(choice.key, choice.words.zh, choice.words.en) for choice in field.options]
    _refuse(any(len(set(words)) < len(said) for words in zip(*said, strict=True)), "options", "one twice")
    split = any(fields.SEPARATOR.search(word) for words in said for word in words)
    _refuse(field.type == "multi_enum" and split, "options", "a separator in one")


def _refuse_checks(field: Field) -> None:
    _refuse_unknown("check", field.checks, CHECKS)
    for name, bound in field.checks.items():
        _refuse(field.type not in CHECKS[name].types, name, f"is not for {field.type}")
        CHECKS[name].admit(bound)
    _refuse(("pattern" in field.checks) != ("example" in field.checks), "pattern", "goes with an example")


def _refuse_unknown(where: str, named: Iterable[str], known: Container[str]) -> None:
    unknown = sorted(name for name in named if name not in known)
    _refuse(bool(unknown), where, f"not known: {', '.join(unknown)}")


def _refuse(wrong: bool, where: str, what: str) -> None:
    if wrong:
        raise Faulty(f"{where}: {what}")


@contextmanager
def _reading(where: str) -> Iterator[None]:
    """Whatever is wrong with the data in here is Faulty, and says where."""
    try:
        yield
    except (LookupError, TypeError, ValueError, ArithmeticError, re.error) as error:
        what = error if isinstance(error, Faulty) else repr(error)
        raise Faulty(f"{where}: {what}") from error
