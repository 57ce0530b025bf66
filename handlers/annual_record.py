"""代录: an officer enters for a base what came by mail, on paper or by telephone, through to the seal."""

from datetime import date

from domain.access import Action
from domain.annual_checklist import word_key
from domain.annual_progress import progress
from domain.annual_report import EDITABLE, Report, State, Via
from domain.errors import Forbidden, Stale
from domain.forms import Draft, Form
from domain.indicators import Severity
from domain.notices import Notice, Offer, Rows, To
from domain.people import Role
from domain.verification import Discrepancy
from handlers import annual, forms, reports
from handlers.annual import locked
from handlers.annual_recordings import RECORDINGS, SIGNED_NEXT, Came, Recording
from handlers.annual_sheets import CHANNEL
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.keyboards import BACK
from handlers.routes import press
from handlers.steps import recording_steps, words
from storage import annual as stored
from storage import bases

WORDS_OFFERED = 6
CODES_SHOWN = 3


# --- the page ---------------------------------------------------------------------------------------------


@press("annual_record", Action.REPORT_RECORD)
async def begin(ctx: Ctx, pressed: Press) -> None:
    """The report of a base (id) on a year (rev), opened if nobody has."""
    base_id, year = pressed.id, pressed.rev
    try:
        await bases.get(ctx.tx, base_id)
    except LookupError:
        raise Forbidden from None
    report = await stored.of_base(ctx.tx, base_id, year)
    if report is None and year != await reports.year_of(ctx):
        raise Forbidden
    await show(ctx, await stored.open_report(ctx.tx, base_id, year, ctx.now))


async def show(ctx: Ctx, report: Report) -> None:
    """What is there, what can be recorded next."""
    reached = progress(report, await annual.findings(ctx.tx, report))
    lacking = [key for key in reached.missing if key.startswith(("figure:", "duty:", "section:"))]
    facts = await annual.facts(ctx, report) | {
        "lacking": len(lacking),
        "errors": sum(key.startswith("error:") for key in reached.missing),
        "words": sum(key.startswith("word:") for key in reached.missing),
    }
    ctx.show("annual/record", facts, await _offers(ctx, report), subject=report.subject)


async def _offers(ctx: Ctx, report: Report) -> Rows:
    def way(op: str) -> Offer:
        return Offer(op, report.id, report.rev)

    rows: list[tuple[Offer, ...]] = []
    if report.state in EDITABLE:
        rows.append((way("annual_rec_list"), way("annual_rec_files")))
        rows += [(one,) for one in await _words_lacking(ctx, report)]
    if report.state in SIGNED_NEXT and report.content.there:
        rows.append((way("annual_rec_sign"),))
    if report.state is State.APPROVED:
        rows.append((way("annual_rec_submit"),))
    if report.state is State.SEALING:
        rows.append((way("annual_rec_seal"),))
    return (*rows, (Offer("annual", report.id, report.rev), *BACK[0]))


async def _words_lacking(ctx: Ctx, report: Report) -> list[Offer]:
    """A button for each finding that waits for the base's word; its place in the list stands for it."""
    found = await annual.findings(ctx.tx, report)
    said = report.content.explanations
    return [
        Offer(f"annual_rec_word.{n}", report.id, report.rev, text=_to_word(ctx, one))
        for n, one in enumerate(found)
        if one.severity is not Severity.ERROR and word_key(one) not in said
    ][:WORDS_OFFERED]


def _to_word(ctx: Ctx, found: Discrepancy) -> str:
    """Its first figures, or that it is of the lists: a button is short."""
    word = ctx.catalog.label("annual_rec_word", ctx.locale)
    of_lists = ctx.catalog.label("purpose_evidence", ctx.locale)
    return f"{word} {'+'.join(found.codes[:CODES_SHOWN]) or of_lists}"


# --- the forms --------------------------------------------------------------------------------------------


def _register(op: str, recording: Recording) -> None:
    """A button that opens the form, and the form that records."""

    async def begin_form(ctx: Ctx, pressed: Press) -> None:
        report = await locked(ctx, pressed.id)
        if pressed.rev != report.rev or report.state not in recording.before:
            raise Stale("annual_report", report.id)
        argument = await _argument(ctx, report, pressed)
        await forms.open_form(ctx, f"{op}:{argument}", subject_id=report.id)

    def build(ctx: Ctx, argument: str) -> Form:
        asked = (*recording_steps(ctx), *recording.steps(ctx, argument))
        return Form(op, 1, Action.REPORT_RECORD, words(ctx.catalog, op), asked)

    async def save(ctx: Ctx, draft: Draft) -> None:
        report = await locked(ctx, draft.subject_id or 0)
        if report.state not in recording.before:
            raise Stale("annual_report", report.id)
        answers = draft.answers
        came = Came(Via(str(answers["source"])), date.fromisoformat(str(answers["received_on"])))
        report = await recording.do(ctx, report, came, answers, draft.form.partition(":")[2])
        await ctx.record(op, report.subject, via=came.via, received_on=came.on.isoformat())
        await _tell_base(ctx, report, came)
        await show(ctx, report)

    press(op, Action.REPORT_RECORD)(begin_form)
    form(op, Action.REPORT_RECORD, build, Manner(channel=CHANNEL))(save)


async def _argument(ctx: Ctx, report: Report, pressed: Press) -> str:
    """The year; of a word, the key of what it is said to. Raises Forbidden where that is not found."""
    if pressed.op != "annual_rec_word":
        return str(report.year)
    found = await annual.findings(ctx.tx, report)
    if not pressed.arg.isdecimal() or int(pressed.arg) >= len(found):
        raise Forbidden
    return word_key(found[int(pressed.arg)])


for _op, _recording in RECORDINGS.items():
    _register(_op, _recording)


async def _tell_base(ctx: Ctx, report: Report, came: Came) -> None:
    """What was done for it, from what, so that it can object."""
    base = await bases.get(ctx.tx, report.base_id)
    facts = {
        "base": base.name,
        "year": report.year,
        "state": report.state.value,
        "actor": ctx.me.name,
        "via": came.via.value,
        "received_on": came.on.isoformat(),
    }
    to = To(base_id=report.base_id, roles=frozenset({Role.LIAISON, Role.DEPUTY}))
    offers = ((Offer("annual", report.id, report.rev),),)
    await ctx.tell([Notice(to, "annual/recorded_for_you", facts, offers, subject=report.subject)])
