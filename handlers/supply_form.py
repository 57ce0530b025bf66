"""A card is filled in, filed, reviewed and, where the centre asks for changes, filed again."""

from dataclasses import replace
from decimal import Decimal

from domain import matching
from domain.access import Action
from domain.errors import Forbidden, Invalid
from domain.forms import Answers, Choice, Draft, Form, Reply, Step, Value
from domain.notices import Notice, Offer
from domain.people import Role
from domain.supply import IPC_SECTIONS, Card, Industry, Move, Said, Side, Stage, Way, decide, offers
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import chosen, chosen_many, step, words
from handlers.supply import OFFICERS, locked, moved, own_base, show, tell_base
from handlers.supply_facts import facts_of
from storage import numbers, supply

TITLE_CHARS = 60
SUMMARY_CHARS = 800


def _form(ctx: Ctx, argument: str) -> Form:
    """`offer`, `seek`: a new card; what seeks has no patents of its own."""
    side = Side(argument) if argument in list(Side) else None
    if side is None:
        raise KeyError(argument)
    steps = _steps(ctx, side)
    return gated(
        ctx, Form(f"supply:{side}", 1, Action.SUPPLY_FILE, words(ctx.catalog, f"form_supply_{side}"), steps)
    )


def _steps(ctx: Ctx, side: Side) -> tuple[Step, ...]:
    def options(prefix: str, keys: tuple[str, ...]) -> tuple[Choice, ...]:
        return tuple(Choice(key, words(ctx.catalog, f"{prefix}_{key}")) for key in keys)

    patents = (step(ctx, "supply_patents", "patent_no_list", required=False),) if side is Side.OFFER else ()
    return (
        step(ctx, "supply_title", hint=f"supply_title_{side}", checks={"max_chars": TITLE_CHARS}),
        chosen_many(ctx, "supply_industries", options("industry", tuple(Industry))),
        chosen_many(ctx, "supply_ipc", options("ipc", tuple(IPC_SECTIONS)), required=False),
        step(ctx, "supply_summary", "longtext", hint="supply_summary", checks={"max_chars": SUMMARY_CHARS}),
        step(ctx, "supply_keywords", hint="supply_keywords", checks={"max_chars": 200}),
        *patents,
        chosen(ctx, "supply_stage", options("stage", tuple(Stage))),
        chosen_many(ctx, "supply_ways", options("way", tuple(Way))),
        step(ctx, "supply_least", "money_wan", required=False),
        _no_less(step(ctx, "supply_most", "money_wan", required=False, hint="supply_most")),
    )


def _no_less(asked: Step) -> Step:
    """The upper amount, which is asked again when the lower one changes."""

    def parse(reply: Reply, answers: Answers) -> Value:
        most, least = asked.parse(reply, answers), answers.get("supply_least")
        if least and Decimal(str(most)) < Decimal(str(least)):
            raise Invalid("fields/at_least", min=str(least))
        return most

    return replace(asked, parse=parse, about=("supply_least",))


def _said(draft: Draft) -> Said:
    told = draft.answers

    def listed(key: str) -> tuple[str, ...]:
        value = told.get(key)
        return tuple(str(one) for one in value) if isinstance(value, list) else ()

    def amount(key: str) -> Decimal | None:
        return Decimal(str(told[key])) if told.get(key) else None

    return Said(
        title=str(told["supply_title"]),
        summary=str(told["supply_summary"]),
        industries=tuple(Industry(one) for one in listed("supply_industries")),
        ipc=listed("supply_ipc"),
        keywords=matching.keywords_in(str(told["supply_keywords"])),
        stage=Stage(str(told["supply_stage"])),
        ways=tuple(Way(one) for one in listed("supply_ways")),
        patents=listed("supply_patents"),
        least=amount("supply_least"),
        most=amount("supply_most"),
    )


def _known(card: Card) -> dict[str, object]:
    """The answers that made it."""
    said = card.said
    told: dict[str, object] = {
        "supply_title": said.title,
        "supply_industries": [one.value for one in said.industries],
        "supply_ipc": list(said.ipc),
        "supply_summary": said.summary,
        "supply_keywords": "，".join(said.keywords),
        "supply_stage": said.stage.value if said.stage else None,
        "supply_ways": [one.value for one in said.ways],
        "supply_least": str(said.least) if said.least is not None else None,
        "supply_most": str(said.most) if said.most is not None else None,
    }
    return told | ({"supply_patents": list(said.patents)} if card.side is Side.OFFER else {})


@press("supply_new", Action.SUPPLY_FILE)
async def begin(ctx: Ctx, pressed: Press) -> None:
    if pressed.arg not in list(Side):
        ctx.toast("errors/bad_press")
        return
    await forms.open_form(ctx, f"supply:{pressed.arg}", base_id=own_base(ctx))


@press("supply_file_again", Action.SUPPLY_FILE)
async def begin_again(ctx: Ctx, pressed: Press) -> None:
    """The answers as they were; the review offers to change each."""
    card = await locked(ctx, pressed.id)
    decide(card, Move.FILE_AGAIN, ctx.require(Action.SUPPLY_FILE), ctx.today, seen_rev=pressed.rev)
    await forms.open_form(
        ctx, f"supply:{card.side}", base_id=card.base_id, subject_id=card.id, known=_known(card)
    )


@form("supply", Action.SUPPLY_FILE, _form)
async def submit(ctx: Ctx, draft: Draft) -> None:
    if draft.base_id is None:
        raise Forbidden
    card = await (_filed_again(ctx, draft) if draft.subject_id else _filed(ctx, draft))
    notice = Notice(
        OFFICERS,
        "supply/new_officer",
        await facts_of(ctx, card),
        offers(card, frozenset({Role.OFFICER})),
        subject=card.subject,
    )
    await ctx.tell([notice])
    rows = ((Offer("supply_card", card.id, card.rev),), (Offer("go.supply", label="supply"),))
    ctx.show("supply/filed", await facts_of(ctx, card), rows, subject=card.subject)


async def _filed(ctx: Ctx, draft: Draft) -> Card:
    number = await numbers.next_of(ctx.tx, supply.SERIES, ctx.today.year)
    side = Side(draft.form.partition(":")[2])
    card = await supply.add(ctx.tx, number, draft.base_id or 0, side, _said(draft), ctx.me.id, ctx.now)
    await ctx.record("supply_filed", card.subject, base=card.base_id)
    return card


async def _filed_again(ctx: Ctx, draft: Draft) -> Card:
    card = await locked(ctx, draft.subject_id or 0)
    after = decide(card, Move.FILE_AGAIN, ctx.require(Action.SUPPLY_FILE), ctx.today, said=_said(draft))
    await supply.save(ctx.tx, after)
    await ctx.record("supply_file_again", after.subject, before=card.state, after=after.state)
    return after


# --- the centre's review ----------------------------------------------------------------------------------


@press("supply_pass", Action.SUPPLY_REVIEW)
async def publish(ctx: Ctx, pressed: Press) -> None:
    after = await moved(ctx, await locked(ctx, pressed.id), Move.PASS, pressed.rev)
    await tell_base(ctx, after, "supply/listed")
    await show(ctx, after)


@press("supply_return", Action.SUPPLY_REVIEW)
async def begin_return(ctx: Ctx, pressed: Press) -> None:
    card = await locked(ctx, pressed.id)
    decide(card, Move.RETURN, ctx.require(Action.SUPPLY_REVIEW), ctx.today, seen_rev=pressed.rev)
    await forms.open_form(ctx, "supply_return", subject_id=card.id)


def _return_form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "supply_remark", "longtext", hint="supply_remark", checks={"max_chars": 500})
    return Form("supply_return", 1, Action.SUPPLY_REVIEW, words(ctx.catalog, "form_supply_return"), (asked,))


@form("supply_return", Action.SUPPLY_REVIEW, _return_form)
async def give_back(ctx: Ctx, draft: Draft) -> None:
    remark = str(draft.answers["supply_remark"])
    after = await moved(ctx, await locked(ctx, draft.subject_id or 0), Move.RETURN, remark=remark)
    await tell_base(ctx, after, "supply/returned")
    await show(ctx, after)
