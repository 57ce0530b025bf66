"""Forms are data: steps with a parser each, and a draft that holds the answers.

There is no stored current step: it is the first applicable step without an answer. Going back, changing one
answer, a review and a step that a deployment adds all follow from that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from domain.access import Action
from domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages."""

    zh: str
    en: str

    def pick(self, locale: str) -> str:
        return self.en if locale == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Choice:
    """An option: the key is stored, the words are shown."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person sent: a text, an option's key, or the id of a file received, of `size` octets."""

    text: str | None = None
    choice: str | None = None
    file: int | None = None
    size: int | None = None


Value = object
"""An answer as it is stored: JSON. None means that an optional step was skipped."""

Answers = Mapping[str, Value]
Parse = Callable[[Reply, Answers], Value]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on an answer, shown with the next prompt: a template and its facts."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)


def _always(_: Answers) -> bool:
    return True


def _silent(_: Value) -> tuple[Remark, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Step:
    """`parse` raises Invalid; a `many` step collects what it parses until it is finished, at most `most`.

    `when` looks at earlier answers only. A step `about` others is asked again when one of them changes.
    """

    key: str
    label: Words
    type: str
    parse: Parse
    choices: tuple[Choice, ...] = ()
    required: bool = True
    many: bool = False
    most: int = 20
    when: Callable[[Answers], bool] = _always
    about: tuple[str, ...] = ()
    warn: Callable[[Value], tuple[Remark, ...]] = _silent
    hint: Words | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """`before` is said with the first prompt."""

    name: str
    version: int
    action: Action
    title: Words
    steps: tuple[Step, ...]
    before: tuple[Remark, ...] = ()

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


COLLECTING = "+"
"""A `many` step keeps what it has so far under its key with this suffix, until it is finished."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in; a draft about a base's work belongs to the base. Instants in ms UTC."""

    id: int
    form: str
    version: int
    base_id: int | None
    person_id: int
    subject_id: int | None
    answers: Answers
    rev: int
    expires_at: int

    def is_expired(self, now: int) -> bool:
        return self.expires_at <= now

    def with_answers(self, answers: Answers) -> "Draft":
        return replace(self, answers=answers, rev=self.rev + 1)


def applicable(form: Form, answers: Answers) -> list[Step]:
    """The steps that these answers ask for, in order."""
    return [step for step in form.steps if step.when(answers)]


def is_answered(step: Step, answers: Answers) -> bool:
    """Whether an answer stands: a deployment may have dropped its option, or require what was skipped."""
    value = answers.get(step.key)
    if value is None or value == []:
        return step.key in answers and not step.required
    offered = {choice.key for choice in step.choices}
    return not offered or offered.issuperset(value if isinstance(value, list) else [value])


def current(form: Form, answers: Answers, editing: str | None = None) -> Step | None:
    """The step to be asked: the one being changed, or the first without an answer, or None."""
    steps = applicable(form, answers)
    chosen = next((step for step in steps if step.key == editing), None)
    return chosen or next((step for step in steps if not is_answered(step, answers)), None)


def progress(form: Form, answers: Answers, step: Step) -> tuple[int, int]:
    """The step's place and how many there are: 第 3/7 步."""
    steps = applicable(form, answers)
    return steps.index(step) + 1, len(steps)


def remarks(form: Form, answers: Answers, step: Step | None) -> tuple[Remark, ...]:
    """What the prompt of `step` says on the answer before it; the review (None) says what there is on all."""
    steps = applicable(form, answers)
    place = steps.index(step) if step else len(steps)
    heard = steps[max(place - 1, 0) : place] if step else steps
    return tuple(remark for s in heard if is_answered(s, answers) for remark in s.warn(answers[s.key]))


def answer(form: Form, answers: Answers, step: Step, reply: Reply) -> Answers:
    """The answers with this reply taken in. Raises Invalid.

    On a `many` step a press on an option that is already chosen takes it out again.
    """
    value = step.parse(reply, answers)
    if not step.many:
        return _settled(form, answers, step, value)
    new = value if isinstance(value, list) else [value]
    got = _gathered(collected(answers, step), new, toggle=reply.choice is not None)
    if len(got) > step.most:
        raise Invalid("forms/full", most=step.most)
    return {**_without(answers, step.key), step.key + COLLECTING: got}


def finish(form: Form, answers: Answers, step: Step) -> Answers:
    """End the collecting of a `many` step. Raises Invalid where something is needed and nothing came."""
    got = collected(answers, step)
    if step.required and not got:
        raise Invalid("forms/nothing_yet")
    return _settled(form, answers, step, got)


def skip(form: Form, answers: Answers, step: Step) -> Answers:
    """Leave an optional step out. Raises Invalid for another."""
    if step.required:
        raise Invalid("fields/required")
    return _settled(form, answers, step, [] if step.many else None)


def back(form: Form, answers: Answers) -> Answers:
    """Ask the last answered step again: its answer goes, but what it collected is gone on with."""
    now = current(form, answers)
    steps = applicable(form, answers)
    before = steps[: steps.index(now)] if now else steps
    if not before:
        return answers
    last = before[-1]
    kept = _without(answers, last.key)
    return {**kept, last.key + COLLECTING: collected(answers, last)} if last.many else kept


def collected(answers: Answers, step: Step) -> list[Value]:
    """What a `many` step has so far."""
    got = answers.get(step.key + COLLECTING, answers.get(step.key) or [])
    return list(got) if isinstance(got, list) else []


def prune(form: Form, answers: Answers) -> Answers:
    """Only answers that the steps still ask for: a changed answer may make others pointless."""
    while True:
        asked = {step.key for step in applicable(form, answers)}
        kept = {key: value for key, value in answers.items() if key.removesuffix(COLLECTING) in asked}
        if len(kept) == len(answers):
            return kept
        answers = kept


def _settled(form: Form, answers: Answers, step: Step, value: Value) -> Answers:
    """The answers with this one in; those about another value of it, or no longer asked for, go."""
    kept = _without(answers, step.key + COLLECTING)
    if step.key not in answers or answers[step.key] != value:
        hanging = [other.key for other in form.steps if step.key in other.about]
        kept = {key: kept[key] for key in kept if key.removesuffix(COLLECTING) not in hanging}
    return prune(form, {**kept, step.key: value})


def _gathered(got: list[Value], new: list[Value], *, toggle: bool) -> list[Value]:
    if toggle and all(value in got for value in new):
        return [value for value in got if value not in new]
    return [*got, *(value for value in new if value not in got)]


def _without(answers: Answers, key: str) -> dict[str, Value]:
    return {name: value for name, value in answers.items() if name != key}
