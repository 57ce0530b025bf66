"""What an officer may record for a base (代录): what each form asks, and what it does with the report."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain import figures_text
from domain.annual_content import Part, Purpose, Source
from domain.annual_editing import Written
from domain.annual_report import EDITABLE, Move, Report, State, Via
from domain.errors import Invalid
from domain.fields import Field, parser
from domain.forms import Answers, Choice, Remark, Reply, Step, Value
from domain.indicators import edition
from handlers import annual
from handlers.annual_preview import as_entered
from handlers.context import Ctx
from handlers.steps import original_step, step, words

REMARKS = 3
SIGNED_NEXT = {
    State.DRAFT: Move.REVIEW,
    State.RETURNED: Move.REVIEW,
    State.REVIEWING: Move.REVIEW,
    State.APPROVING: Move.APPROVE,
}
"""Whose signature is recorded next: what is not sent yet is sent with the first."""
_PURPOSES = (Purpose.NARRATIVE, Purpose.EVIDENCE, Purpose.ORIGINAL)


@dataclass(frozen=True, slots=True)
class Came:
    """How it came, and on which day."""

    via: Via
    on: date

    @property
    def trace(self) -> str:
        return f"{self.via} {self.on.isoformat()}"


Steps = Callable[[Ctx, str], tuple[Step, ...]]
Told = Mapping[str, object]
Do = Callable[[Ctx, Report, Came, Told, str], Awaitable[Report]]


def _list_steps(ctx: Ctx, year: str) -> tuple[Step, ...]:
    """Figures and duties, a line each; what is not understood is said with the next question."""
    told = edition(int(year))

    asked = step(ctx, "figures_list", "longtext", hint="figures_list")

    def remarked(value: Value) -> tuple[Remark, ...]:
        return figures_text.read(str(value), told).remarks[:REMARKS]

    def parse(reply: Reply, answers: Answers) -> Value:
        text = asked.parse(reply, answers)
        if not figures_text.read(str(text), told).figures:
            raise Invalid("annual/nothing_understood")
        return text

    return (replace(asked, parse=parse, warn=remarked), original_step(ctx))


async def _enter_list(ctx: Ctx, report: Report, came: Came, answers: Told, _: str) -> Report:
    read = figures_text.read(str(answers["figures_list"]), edition(report.year)).figures
    written = [
        Written(Part.FIGURE, code, as_entered(value), Source.RECORDED, came.trace)
        for code, value in read.items()
    ]
    report = await annual.write(ctx, report, written)
    return await _attach(ctx, report, answers["original"], Purpose.ORIGINAL)


def _word_steps(ctx: Ctx, _: str) -> tuple[Step, ...]:
    return (step(ctx, "explanation", "longtext"),)


async def _enter_word(ctx: Ctx, report: Report, came: Came, answers: Told, key: str) -> Report:
    word = Written(Part.EXPLANATION, key, str(answers["explanation"]), Source.RECORDED, came.trace)
    return await annual.write(ctx, report, [word])


def _file_steps(ctx: Ctx, _: str) -> tuple[Step, ...]:
    choices = tuple(Choice(one.value, words(ctx.catalog, f"purpose_{one}")) for one in _PURPOSES)
    asked = Field("purpose", words(ctx.catalog, "field_purpose"), "enum", options=choices)
    purpose = Step("purpose", asked.label, "enum", parser(asked, lambda: ctx.today), choices=choices)
    return (purpose, step(ctx, "report_files", "file_list"))


async def _enter_files(ctx: Ctx, report: Report, _: Came, answers: Told, __: str) -> Report:
    return await _attach(ctx, report, answers["report_files"], Purpose(str(answers["purpose"])))


def _sign_steps(ctx: Ctx, _: str) -> tuple[Step, ...]:
    return (step(ctx, "signed_by"), original_step(ctx))


async def _sign(ctx: Ctx, report: Report, came: Came, answers: Told, _: str) -> Report:
    """What was not sent to the unit's review yet is sent with the first signature."""
    report = await _attach(ctx, report, answers["original"], Purpose.ORIGINAL)
    if report.state in (State.DRAFT, State.RETURNED):
        report = (await annual.move(ctx, report, Move.SEND, via=came.via)).report
    if report.state not in SIGNED_NEXT:
        return report
    signed_by = str(answers["signed_by"])
    move = SIGNED_NEXT[report.state]
    return (await annual.move(ctx, report, move, via=came.via, signed_by=signed_by)).report


def _no_steps(_: Ctx, __: str) -> tuple[Step, ...]:
    return ()


async def _submit(ctx: Ctx, report: Report, came: Came, _: Told, __: str) -> Report:
    """It counts for the day on which it came."""
    return (await annual.move(ctx, report, Move.SUBMIT, via=came.via, received_on=came.on)).report


def _seal_steps(ctx: Ctx, _: str) -> tuple[Step, ...]:
    return (step(ctx, "sealed_copy", "file_list", required=False, hint="sealed_copy"),)


async def _seal(ctx: Ctx, report: Report, came: Came, answers: Told, _: str) -> Report:
    report = await _attach(ctx, report, answers["sealed_copy"], Purpose.SEALED)
    return (await annual.move(ctx, report, Move.SEAL, via=came.via)).report


async def _attach(ctx: Ctx, report: Report, sent: object, purpose: Purpose) -> Report:
    ids = [int(str(one)) for one in sent] if isinstance(sent, list) else []
    return await annual.attach_files(ctx, report, ids, purpose)


@dataclass(frozen=True, slots=True)
class Recording:
    """A form: in which states it is offered, what it asks beside how and when it came, what it does."""

    before: frozenset[State]
    steps: Steps
    do: Do


RECORDINGS: Mapping[str, Recording] = {
    "annual_rec_list": Recording(EDITABLE, _list_steps, _enter_list),
    "annual_rec_word": Recording(EDITABLE, _word_steps, _enter_word),
    "annual_rec_files": Recording(EDITABLE, _file_steps, _enter_files),
    "annual_rec_sign": Recording(frozenset(SIGNED_NEXT), _sign_steps, _sign),
    "annual_rec_submit": Recording(frozenset({State.APPROVED}), _no_steps, _submit),
    "annual_rec_seal": Recording(frozenset({State.SEALING}), _seal_steps, _seal),
}
