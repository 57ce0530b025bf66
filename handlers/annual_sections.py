"""The text of the annual report: section by section in the chat, or all of it as one document (Article 9)."""

from domain.access import Action
from domain.annual_checklist import MADE_BY_THE_BOT
from domain.annual_content import Part, Purpose, Source
from domain.annual_editing import Written
from domain.annual_report import Report
from domain.errors import Forbidden
from domain.forms import Draft, Form, Remark, Step
from domain.indicators import Section, edition
from domain.notices import Offer
from handlers import annual, forms
from handlers.annual_home import mine, to_report
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.gated import REVIEWER, gated
from handlers.routes import press
from handlers.steps import step
from storage import annual as reports

SECTION_CHARS = 4000


@press("annual_sections", Action.REPORT_FILL)
async def sections(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await mine(ctx, pressed.id))


async def _show(ctx: Ctx, report: Report) -> None:
    written = report.content.sections
    found = _sections(report.year)
    facts = {
        "year": report.year,
        "rows": [{"name": one.title, "chars": len(written.get(one.key, ""))} for one in found],
        "documents": [file.name for file in report.files if file.purpose is Purpose.NARRATIVE][:5],
    }
    picks = [
        (Offer(f"annual_section.{one.key}", report.id, report.rev, text=one.title.pick(ctx.locale)),)
        for one in found
    ]
    whole = (Offer("annual_narrative", report.id, report.rev),)
    ctx.show("annual/fill_sections", facts, (*picks, whole, *to_report(report)), subject=report.subject)


def _sections(year: int) -> list[Section]:
    """What the base writes; the annex is made of what is here."""
    return [one for one in edition(year).sections if one.key not in MADE_BY_THE_BOT]


@press("annual_section", Action.REPORT_FILL)
async def write(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    if pressed.arg not in {one.key for one in _sections(report.year)}:
        raise Forbidden
    name = f"annual_section:{report.year}:{pressed.arg}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _build(ctx: Ctx, argument: str) -> Form:
    year, _, key = argument.partition(":")
    title = {one.key: one.title for one in _sections(int(year))}[key]
    asked = step(ctx, "section_text", "longtext", hint="section_text", checks={"max_chars": SECTION_CHARS})
    return gated(ctx, Form(f"annual_section:{argument}", 1, Action.REPORT_FILL, title, (asked,)))


async def _beside(ctx: Ctx, draft: Draft, asked: Step) -> tuple[Remark, ...]:
    """The text that is there, which the next one replaces."""
    report = await reports.get(ctx.tx, draft.subject_id or 0)
    text = report.content.sections.get(draft.form.rpartition(":")[2]) if report else None
    return (Remark("annual/fill_written", {"text": text}),) if text and asked.key != REVIEWER else ()


@form("annual_section", Action.REPORT_FILL, _build, Manner(at_once=True, beside=_beside))
async def written(ctx: Ctx, draft: Draft) -> None:
    """With the name of who answers for what the gate found in it, where it found anything."""
    report = await mine(ctx, draft.subject_id or 0)
    key, text = draft.form.rpartition(":")[2], str(draft.answers["section_text"])
    by = draft.answers.get(REVIEWER)
    entry = Written(Part.SECTION, key, text, Source.TYPED, str(by) if by else None)
    await _show(ctx, await annual.write(ctx, report, [entry]))
