"""数据核对: what the rules find, errors first, and the words that stay with the report (Article 9)."""

from domain.access import Action
from domain.annual_checklist import word_key
from domain.annual_content import Part, Source
from domain.annual_editing import Written
from domain.annual_report import EDITABLE, Report
from domain.errors import Forbidden, Stale
from domain.figures import Flaw
from domain.forms import Draft, Form, Remark, Step
from domain.indicators import Severity
from domain.notices import Offer
from domain.verification import Discrepancy
from handlers import annual, forms
from handlers.annual_home import as_seen, mine, to_report
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.gated import REVIEWER, gated
from handlers.routes import press
from handlers.steps import step, words
from storage import annual as reports

LISTED = 8
NAMED = 6
_BLANK = f"verification/{Flaw.BLANK}"
_ORDER = list(Severity)


@press("annual_check", Action.REPORT_FILL)
async def check(ctx: Ctx, pressed: Press) -> None:
    await show(ctx, await mine(ctx, pressed.id))


async def show(ctx: Ctx, report: Report) -> None:
    """Each in a sentence that names the numbers; blanks are only counted."""
    found = await annual.findings(ctx.tx, report)
    blank = [one.codes[0] for one in found if one.template == _BLANK]
    listed = _ordered(found)
    said = report.content.explanations
    facts = {
        "year": report.year,
        "blank": len(blank),
        "named": [annual.named(code, report.year) for code in blank[:NAMED]],
        "rows": [
            {
                "n": n,
                "severity": one.severity,
                "template": one.template,
                "facts": one.facts,
                "words": said.get(word_key(one)),
            }
            for n, one in enumerate(listed[:LISTED], 1)
        ],
        "more": max(len(listed) - LISTED, 0),
    }
    asked = [
        Offer(f"annual_word.{n}", report.id, report.rev, text=f"{_word(ctx)} {n}")
        for n, one in enumerate(listed[:LISTED], 1)
        if one.severity is not Severity.ERROR and report.state in EDITABLE
    ]
    rows = tuple(tuple(asked[i : i + 3]) for i in range(0, len(asked), 3))
    fill = (Offer("annual_figures", report.id, report.rev),)
    ctx.show("annual/fill_check", facts, (*rows, fill, *to_report(report)), subject=report.subject)


def _ordered(found: list[Discrepancy]) -> list[Discrepancy]:
    """Errors first; among equals in the order of the rules."""
    told = [one for one in found if one.template != _BLANK]
    return sorted(told, key=lambda one: _ORDER.index(one.severity))


def _word(ctx: Ctx) -> str:
    return ctx.catalog.label("annual_word", ctx.locale)


@press("annual_word", Action.REPORT_FILL)
async def explain(ctx: Ctx, pressed: Press) -> None:
    """说明 to the finding of this number, as the page shows them."""
    report = await as_seen(ctx, pressed)
    listed = _ordered(await annual.findings(ctx.tx, report))[:LISTED]
    place = int(pressed.arg) - 1 if pressed.arg.isdecimal() else -1
    if not 0 <= place < len(listed):
        raise Forbidden
    name = f"annual_word:{word_key(listed[place])}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _build(ctx: Ctx, key: str) -> Form:
    title = words(ctx.catalog, "form_annual_word")
    asked = step(ctx, "finding_words", "longtext", hint="finding_words", checks={"max_chars": 500})
    return gated(ctx, Form(f"annual_word:{key}", 1, Action.REPORT_FILL, title, (asked,)))


async def _beside(ctx: Ctx, draft: Draft, asked: Step) -> tuple[Remark, ...]:
    """What is to be explained."""
    report = await reports.get(ctx.tx, draft.subject_id or 0)
    found = await annual.findings(ctx.tx, report) if report and asked.key != REVIEWER else []
    return tuple(Remark(one.template, one.facts) for one in found if word_key(one) == _key(draft))


def _key(draft: Draft) -> str:
    return draft.form.partition(":")[2]


@form("annual_word", Action.REPORT_FILL, _build, Manner(at_once=True, beside=_beside))
async def explained(ctx: Ctx, draft: Draft) -> None:
    """Stays with the report as long as the rule finds it."""
    report = await mine(ctx, draft.subject_id or 0)
    if _key(draft) not in {word_key(one) for one in await annual.findings(ctx.tx, report)}:
        raise Stale("annual_report", report.id)
    by, text = draft.answers.get(REVIEWER), str(draft.answers["finding_words"])
    entry = Written(Part.EXPLANATION, _key(draft), text, Source.TYPED, str(by) if by else None)
    await show(ctx, await annual.write(ctx, report, [entry]))
