"""Long texts in forms: what the gate warns of is shown beside the answer; a named person answers for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from domain.confidential.findings import Finding
from domain.confidential.gate import scan_text
from domain.confidential.verdict import asking
from domain.forms import Form, Remark, Step, Value
from handlers.context import Ctx
from handlers.steps import step

LONG = frozenset({"text", "longtext"})
REVIEWER = "reviewer"
"""The step's key: the name of the base's 保密审查人, asked for while a text has something to answer for."""
SHOWN = 5


def gated(ctx: Ctx, form: Form) -> Form:
    """The form with the gate's remarks on its long texts, and its question at the end."""
    long = [one for one in form.steps if one.type in LONG]
    if not long:
        return form
    today = ctx.today

    def asks(answers: Mapping[str, Value]) -> bool:
        return any(_found(answers.get(one.key), today) for one in long)

    steps = tuple(_remarking(one, today) if one in long else one for one in form.steps)
    asked = replace(step(ctx, REVIEWER, hint=REVIEWER), when=asks, about=tuple(one.key for one in long))
    return replace(form, steps=(*steps, asked))


def remark(findings: list[Finding]) -> Remark:
    """What was found, masked, with its place."""
    rows = [{"rule": one.rule, "place": one.place, "excerpt": one.excerpt} for one in findings[:SHOWN]]
    return Remark("gate/remark", {"findings": rows, "more": max(len(findings) - SHOWN, 0)})


def _remarking(asked: Step, today: date) -> Step:
    def warn(value: Value) -> tuple[Remark, ...]:
        found = _found(value, today)
        return (*asked.warn(value), *((remark(found),) if found else ()))

    return replace(asked, warn=warn)


def _found(value: Value, today: date) -> list[Finding]:
    texts = value if isinstance(value, list) else [value]
    return [one for text in texts if isinstance(text, str) for one in asking(scan_text(text, today))]
