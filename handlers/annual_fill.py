"""The figures of the annual report, in the chat: group by group, last year's value beside each (Article 9).

Every answer is entered in the transaction in which it is given; the form keeps only where one is.
"""

from collections.abc import Mapping
from decimal import Decimal

from domain import quantities
from domain.access import Action
from domain.annual_content import Part, Source
from domain.annual_editing import Written
from domain.annual_report import Report
from domain.errors import Forbidden, Invalid
from domain.fields import YES_NO, Field, parser
from domain.figures import Flaw, plain
from domain.forms import Answers, Draft, Form, Parse, Remark, Reply, Step, Value, Words
from domain.indicators import Duty, Edition, Indicator, edition
from domain.notices import Offer, Rows
from domain.verification import settled
from handlers import annual, forms
from handlers.annual_home import mine, to_report
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.routes import press
from handlers.steps import words
from storage import annual as reports

DUTIES = "duties"
"""The group of what is answered with yes or no."""
PER_ROW = 4
TAKE_BACK = frozenset({"清空", "clear"})
"""Typed for a figure, they take back what was there: a blank is never 0."""

Item = Indicator | Duty


def groups(told: Edition, locale_words: Words) -> dict[str, tuple[Words, tuple[Item, ...]]]:
    """The entries of each group, with its name; `locale_words` is that of the duties."""
    found: dict[str, tuple[Words, tuple[Item, ...]]] = {
        key: (name, told.of_group(key)) for key, name in told.groups.items()
    }
    return found | {DUTIES: (locale_words, told.duties)}


# --- the pages --------------------------------------------------------------------------------------------


@press("annual_figures", Action.REPORT_FILL)
async def figures(ctx: Ctx, pressed: Press) -> None:
    await show_figures(ctx, await mine(ctx, pressed.id))


async def show_figures(ctx: Ctx, report: Report) -> None:
    """How far each group is, and the other ways of filling in."""
    present = settled_texts(report)
    found = groups(edition(report.year), _duties(ctx))
    facts = {
        "year": report.year,
        "groups": [
            {"name": name, "done": sum(one.code in present for one in items), "total": len(items)}
            for name, items in found.values()
        ],
    }
    picks = [
        Offer(f"annual_group.{key}", report.id, report.rev, text=name.pick(ctx.locale))
        for key, (name, _) in found.items()
    ]
    ways = ("annual_paste", "annual_proposed", "annual_sheet", "annual_sheet_back")
    others = [Offer(op, report.id, report.rev) for op in ways]
    offers = (*_in_rows(picks, 3), *_in_rows(others, 2), *to_report(report))
    ctx.show("annual/fill_figures", facts, offers, subject=report.subject)


@press("annual_group", Action.REPORT_FILL)
async def group(ctx: Ctx, pressed: Press) -> None:
    report = await mine(ctx, pressed.id)
    if pressed.arg not in groups(edition(report.year), _duties(ctx)):
        raise Forbidden
    await _show_group(ctx, report, pressed.arg)


async def _show_group(ctx: Ctx, report: Report, key: str) -> None:
    """This year's and last year's value of each, side by side."""
    name, items = groups(edition(report.year), _duties(ctx))[key]
    last = await annual.last_figures(ctx.tx, report)
    present = settled_texts(report)
    facts = {
        "year": report.year,
        "group": name,
        "duties": key == DUTIES,
        "rows": [
            {
                "code": one.code,
                "name": _name(one),
                "unit": one.unit.words if isinstance(one, Indicator) else "",
                "this": present.get(one.code),
                "last": last.get(one.code),
            }
            for one in items
        ],
    }
    fill = Offer(f"annual_group_fill.{key}", report.id, report.rev, label="annual_group_fill")
    picks = [Offer(f"annual_one.{one.code}", report.id, report.rev, text=one.code) for one in items]
    back = Offer("annual_figures", report.id, report.rev, label="home")
    ctx.show(
        "annual/fill_group", facts, ((fill,), *_in_rows(picks, PER_ROW), (back,)), subject=report.subject
    )


def settled_texts(report: Report) -> Mapping[str, str]:
    """What was entered, and the sums that are computed of it, by code."""
    told, entered = edition(report.year), report.content.figures
    sums = settled(entered, told)
    return {**entered, **{one.code: plain(sums[one.code]) for one in _computed(told) if one.code in sums}}


def _computed(told: Edition) -> list[Indicator]:
    return [one for one in told.indicators if one.sum_of]


def _is_computed(one: Item) -> bool:
    return isinstance(one, Indicator) and bool(one.sum_of)


def _duties(ctx: Ctx) -> Words:
    return words(ctx.catalog, "annual_duties")


def _name(one: Item) -> Words:
    return one.short if isinstance(one, Indicator) else one.name


def _in_rows(offers: list[Offer], width: int) -> Rows:
    return tuple(tuple(offers[i : i + width]) for i in range(0, len(offers), width))


# --- entering ---------------------------------------------------------------------------------------------


@press("annual_group_fill", Action.REPORT_FILL)
async def fill_group(ctx: Ctx, pressed: Press) -> None:
    await _open(ctx, await mine(ctx, pressed.id), pressed.arg)


@press("annual_one", Action.REPORT_FILL)
async def fill_one(ctx: Ctx, pressed: Press) -> None:
    await _open(ctx, await mine(ctx, pressed.id), pressed.arg)


async def _open(ctx: Ctx, report: Report, what: str) -> None:
    """`what` is a group or a code; an unknown one is Forbidden, as the form cannot be built."""
    name = f"annual_figures:{report.year}:{what}"
    await forms.open_form(ctx, name, base_id=report.base_id, subject_id=report.id)


def _build(ctx: Ctx, argument: str) -> Form:
    year, _, what = argument.partition(":")
    told = edition(int(year))
    found = groups(told, _duties(ctx))
    title, items = found[what] if what in found else _alone(told, what)
    steps = tuple(figure_step(ctx, one) for one in items if what == one.code or not _is_computed(one))
    return Form(f"annual_figures:{argument}", 1, Action.REPORT_FILL, title, steps)


def _alone(told: Edition, code: str) -> tuple[Words, tuple[Item, ...]]:
    """Raises KeyError."""
    found: dict[str, Item] = {**told.by_code, **{duty.code: duty for duty in told.duties}}
    one = found[code]
    return _name(one), (one,)


def figure_step(ctx: Ctx, one: Item) -> Step:
    """A figure with its unit and definition; skipped, it stays as it is."""
    if isinstance(one, Duty):
        label = Words(f"{one.code} {one.name.zh}", f"{one.code} {one.name.en}")
        parse = parser(Field(one.code, label, "bool", required=False), lambda: ctx.today)
        return Step(one.code, label, "bool", parse, choices=YES_NO, required=False)
    unit = one.unit.words
    label = Words(f"{one.code} {one.short.zh} / {unit.zh}", f"{one.code} {one.short.en} / {unit.en}")
    kind = "money_wan" if one.unit.money else "int"
    return Step(one.code, label, kind, _parser(one), required=False, hint=one.definition)


def _parser(one: Indicator) -> Parse:
    """A plain number in the table's unit, whatever unit it was written in; empty where it is taken back."""

    def parse(reply: Reply, _: Answers) -> Value:
        if reply.text is None:
            raise Invalid("fields/text")
        if reply.text.strip().casefold() in TAKE_BACK:
            return ""
        quantity = quantities.read(reply.text, one.unit)
        if isinstance(quantity.value, Decimal):
            return plain(quantity.value)
        flaw: Flaw = quantity.value
        told = {"code": one.code, "name": one.short}
        if flaw is Flaw.BLANK:
            raise Invalid("verification/blank", **told)
        raise Invalid(f"verification/{flaw}", **told, unit=one.unit.words, written=quantity.written)

    return parse


async def _keep(ctx: Ctx, draft: Draft, asked: Step, value: Value) -> None:
    report = await mine(ctx, draft.subject_id or 0)
    await annual.write(ctx, report, [Written(Part.FIGURE, asked.key, str(value), Source.TYPED)])


async def _beside(ctx: Ctx, draft: Draft, asked: Step) -> tuple[Remark, ...]:
    """What was just saved, and what is there of the figure that is asked."""
    report = await reports.get(ctx.tx, draft.subject_id or 0)
    if report is None:
        return ()
    present, last = report.content.figures, await annual.last_figures(ctx.tx, report)
    saved = [code for code, value in draft.answers.items() if value is not None]
    told = [Remark("annual/fill_saved", _value(report, saved[-1], present))] if saved else []
    there = {"year": report.year - 1, "last": last.get(asked.key), "this": present.get(asked.key)}
    return (*told, Remark("annual/fill_beside", {**there, "duty": asked.type == "bool"}))


def _value(report: Report, code: str, present: Mapping[str, str]) -> dict[str, object]:
    one = edition(report.year).by_code.get(code)
    return {
        "code": code,
        "name": annual.named(code, report.year),
        "value": present.get(code),
        "unit": one.unit.words if one else "",
        "duty": one is None,
    }


@form("annual_figures", Action.REPORT_FILL, _build, Manner(at_once=True, keep=_keep, beside=_beside))
async def finished(ctx: Ctx, draft: Draft) -> None:
    """Everything is saved already: back to the group."""
    report = await mine(ctx, draft.subject_id or 0)
    await _show_group(ctx, report, _group_of(report, draft.form.rpartition(":")[2]))


def _group_of(report: Report, what: str) -> str:
    told = edition(report.year)
    if what in told.groups or what == DUTIES:
        return what
    return told.by_code[what].group if what in told.by_code else DUTIES
