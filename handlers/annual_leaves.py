"""The content of an annual report page by page: figures by group, text, findings, files, changes."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.access import Action
from domain.annual_checklist import word_key
from domain.annual_content import Change, Part, Source, diff, revisions
from domain.annual_report import Move, Report
from domain.annual_rules import RULES
from domain.errors import Forbidden, Refused
from domain.figures import as_written, plain
from domain.indicators import Indicator, edition
from domain.notices import Offer, Rows
from domain.verification import settled
from handlers import annual as ground
from handlers import annual_charge, annual_trace
from handlers.annual import locked
from handlers.annual_reading import Reading, files, reading
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from storage import annual, people

FIGURES, TEXTS, FINDINGS, FILES = 7, 900, 3, 6
"""How many of each fit a page of a phone; of texts, characters."""
WORDS = 300
TRACED = 8
IN_A_ROW = 4

Facts = dict[str, object]
T = TypeVar("T")

_NOTHING: Facts = {"last": None, "unit": ""}
"""Yes and no have no unit, and are not compared."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its facts, and the words of the buttons by what may be remarked on, or opened."""

    facts: Facts
    items: tuple[tuple[str, str], ...] = ()
    opens: tuple[tuple[int, str], ...] = ()
    beside: Rows = ()


# --- the pages of each part -------------------------------------------------------------------------------


async def _figures(ctx: Ctx, read: Reading) -> list[Leaf]:
    """A group a page, or several where it is long; the duties at the end."""
    leaves = [
        Leaf({"group": words, "rows": [_figure(read, one) for one in some]}, _codes(some))
        for key, words in read.edition.groups.items()
        for some in _cut(read.edition.of_group(key), FIGURES)
    ]
    written = read.content.figures
    duties: list[Facts] = [
        {**_NOTHING, "code": one.code, "name": one.name, "this": _answer(ctx, written.get(one.code))}
        for one in read.edition.duties
    ]
    items = tuple((one.code, one.code) for one in read.edition.duties)
    return [*leaves, Leaf({"group": None, "rows": duties}, items)]


def _figure(read: Reading, one: Indicator) -> Facts:
    """As a number where it is one, what is computed among them; else as it was written."""
    this = settled(read.content.figures, read.edition).get(one.code)
    last = settled(read.last, edition(read.report.year - 1)).get(one.code) if one.yearly else None
    return {
        "code": one.code,
        "name": one.short,
        "unit": one.unit.words,
        "this": plain(this) if this is not None else _written(read.content.figures.get(one.code)),
        "last": plain(last) if last is not None else None,
    }


def _answer(ctx: Ctx, text: str | None) -> str | None:
    return ctx.catalog.label(text, ctx.locale) if text in ("yes", "no") else _written(text)


def _written(text: str | None) -> str | None:
    return as_written(text) if text else None


def _codes(some: Sequence[Indicator]) -> tuple[tuple[str, str], ...]:
    return tuple((one.code, one.code) for one in some)


async def _texts(ctx: Ctx, read: Reading) -> list[Leaf]:
    """Each section by itself, cut where it is long."""
    word = ctx.catalog.label("annual_remark", ctx.locale)
    return [
        Leaf({"section": one.title, "text": text}, ((one.key, word),))
        for one in read.edition.sections
        for text in _chunks(read.content.sections.get(one.key, ""))
    ]


def _chunks(text: str) -> Iterator[str]:
    yield from (text[at : at + TEXTS] for at in range(0, len(text), TEXTS))


async def _findings(ctx: Ctx, read: Reading) -> list[Leaf]:
    """What 数据核对 found, and the base's word to each."""
    found = await ground.found_in(ctx.tx, read.content)
    rows = [
        {
            "severity": one.severity.value,
            "found": {"template": one.template, "facts": one.facts},
            "words": _shortened(read.content.explanations.get(word_key(one))),
        }
        for one in found
    ]
    return [Leaf({"rows": some}) for some in _cut(rows, FINDINGS)]


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= WORDS else text[: WORDS - 1] + "…"


async def _files(ctx: Ctx, read: Reading) -> list[Leaf]:
    """Their names; a file itself is sent when its button is pressed, to whoever is in charge."""
    shown = await files(ctx.tx, ctx.require(Action.REPORT_READ), read.report)
    own = ctx.may(Action.REPORT, read.report.base_id)
    officer = await annual_charge.in_charge(ctx.tx, read.report)
    opens = own or (ctx.may(Action.REPORT_CHECK) and (officer is None or officer.id == ctx.me.id))
    told = {"opens": opens, "in_charge": officer.name if officer and not own else None}
    beside = () if own else await annual_charge.offers(ctx, read.report)
    remark, opening = (ctx.catalog.label(key, ctx.locale) for key in ("annual_remark", "annual_file"))
    return [
        Leaf(
            {"rows": [{"n": n, "purpose": one.purpose.value, "name": one.name} for n, one in some], **told},
            tuple((f"f{one.attachment_id}", f"{remark} {n}") for n, one in some),
            tuple((one.attachment_id, f"{opening} {n}") for n, one in some) if opens else (),
            beside,
        )
        for some in _cut(list(enumerate(shown, 1)), FILES)
    ]


async def _changes(_: Ctx, read: Reading) -> list[Leaf]:
    """What is another than in the version before."""
    if read.before is None:
        return []
    rows = [_change(read, one) for one in diff(read.before, read.content)]
    return [Leaf({"rows": some}) for some in _cut(rows, FIGURES)]


def _change(read: Reading, one: Change) -> Facts:
    """A file is there, or not, or another: its hash says nothing to people."""
    if one.part is Part.FILE:
        return {"part": one.part.value, "name": one.key.partition("/")[2], "old": one.old, "new": one.new}
    return {
        "part": one.part.value,
        "name": ground.named(one.key, read.report.year),
        "old": as_written(one.old) if one.old else None,
        "new": as_written(one.new) if one.new else None,
    }


async def _remarks(_: Ctx, read: Reading) -> list[Leaf]:
    """What the centre asked to be changed last."""
    asked = [one for one in read.report.remarks if one.move is Move.RETURN]
    rows = [
        {"name": ground.named(key, read.report.year), "words": _shortened(words)}
        for key, words in (asked[-1].items.items() if asked else ())
    ]
    return [Leaf({"rows": some}) for some in _cut(rows, FINDINGS)]


async def _revisions(ctx: Ctx, read: Reading) -> list[Leaf]:
    """What was put right after acceptance, the newest first."""
    found = list(revisions(await annual.history(ctx.tx, read.report.id)))[::-1]
    rows = [
        {
            "name": ground.named(one.code, read.report.year),
            "old": one.old or None,
            "new": one.new or None,
            "reason": _shortened(one.reason),
            "by": (await people.get(ctx.tx, one.by)).name,
            "at": one.at,
        }
        for one in found
    ]
    return [Leaf({"rows": some}) for some in _cut(rows, FINDINGS)]


async def _trace(ctx: Ctx, read: Reading) -> list[Leaf]:
    """Who did what with it, for the centre. Raises Forbidden."""
    if not (ctx.may(Action.REPORT_CHECK) or ctx.may(Action.REPORT_OVERSEE)):
        raise Forbidden
    return [Leaf({"rows": some}) for some in _cut(await annual_trace.rows(ctx, read.report), TRACED)]


def _cut(rows: Sequence[T], most: int) -> list[list[T]]:
    return [list(rows[at : at + most]) for at in range(0, len(rows), most)]


# --- turning the pages ------------------------------------------------------------------------------------

PARTS: Mapping[str, Callable[[Ctx, Reading], Awaitable[list[Leaf]]]] = {
    "figures": _figures,
    "texts": _texts,
    "findings": _findings,
    "files": _files,
    "changes": _changes,
    "remarks": _remarks,
    "revisions": _revisions,
    "trace": _trace,
}


def parts(report: Report, *, of_centre: bool = False) -> Rows:
    """The buttons of the parts that there are, under every page about a report."""
    returned = any(one.move is Move.RETURN for one in report.remarks)
    revised = any(one.source is Source.REVISED for one in report.entries.values())
    there = {"changes": returned, "remarks": returned, "revisions": revised, "trace": of_centre}
    shown = [
        Offer(f"annual_read.{part}_0", report.id, label=f"annual_part_{part}")
        for part in PARTS
        if there.get(part, True)
    ]
    return tuple(tuple(row) for row in _cut(shown, 2))


@press("annual_read", Action.REPORT_READ)
async def read_part(ctx: Ctx, pressed: Press) -> None:
    """Page n of a part; beyond the last one, the last."""
    report = await locked(ctx, pressed.id)
    part, _, number = pressed.arg.partition("_")
    read = await reading(ctx.tx, ctx.require(Action.REPORT_READ, report.base_id), report)
    if ctx.may(Action.REPORT_OVERSEE):
        await ctx.record("annual_overseen", report.subject, part=part)
    if part not in PARTS or not number.isdigit():
        raise Forbidden
    if read is None:
        raise Refused("annual/nothing_to_read", year=report.year)
    await _show_leaf(ctx, report, part, await PARTS[part](ctx, read), int(number))


async def _show_leaf(ctx: Ctx, report: Report, part: str, leaves: list[Leaf], number: int) -> None:
    base = (await ground.facts(ctx, report))["base"]
    head: Facts = {"base": base, "year": report.year}
    back = (Offer("annual", report.id, label="home"),)
    if not leaves:
        ctx.show("annual/read_nothing", {**head, "part": part}, (back,), subject=report.subject)
        return
    at = min(number, len(leaves) - 1)
    remarks = remarkable(ctx, report)
    turned = {"page": at + 1, "pages": len(leaves), "remarks": remarks}
    rows = (
        *_opened(report, leaves[at]),
        *leaves[at].beside,
        *(_remarked(report, leaves[at]) if remarks else ()),
        *_turns(report, part, at, len(leaves)),
        back,
    )
    ctx.show(f"annual/read_{part}", {**head, **leaves[at].facts, **turned}, rows, subject=report.subject)


def remarkable(ctx: Ctx, report: Report) -> bool:
    """Whether the person could ask for changes now."""
    rule = RULES[Move.RETURN]
    return report.state in rule.before and ctx.may(rule.action, report.base_id)


def _opened(report: Report, leaf: Leaf) -> Rows:
    """A button for each file; which one it is about stands in the place of the rev."""
    offers = [Offer("annual_file", report.id, file_id, text=word) for file_id, word in leaf.opens]
    return tuple(tuple(row) for row in _cut(offers, IN_A_ROW))


def _remarked(report: Report, leaf: Leaf) -> Rows:
    offers = [Offer(f"annual_remark.{key}", report.id, report.rev, text=word) for key, word in leaf.items]
    return tuple(tuple(row) for row in _cut(offers, IN_A_ROW))


def _turns(report: Report, part: str, at: int, of: int) -> Rows:
    turns = [(at - 1, "page_previous"), (at + 1, "page_next")]
    row = tuple(
        Offer(f"annual_read.{part}_{to}", report.id, label=word) for to, word in turns if 0 <= to < of
    )
    return (row,) if row else ()
