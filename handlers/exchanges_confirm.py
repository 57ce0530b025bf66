"""确认 and 有异议: the other side's word on a record; its versions and steps (Article 8)."""

from domain.access import Action
from domain.errors import Forbidden
from domain.exchanges import Exchange, Move, decide
from domain.forms import Draft, Form
from domain.notices import Notice, Offer, Rows, To
from domain.requests import Source
from handlers import exchanges as ground
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.exchanges_plan import open_for
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import original_step, recording_steps, step, words
from storage import exchanges

WORD_CHARS = 300
SHOWN = 15


@press("exchange_confirm", Action.EXCHANGE_KEEP)
async def confirm(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.seen(ctx, pressed, Move.CONFIRM)
    moved = decide(exchange, ground.command(ctx, Move.CONFIRM, pressed.rev), ctx.today)
    await _confirmed(ctx, await ground.make(ctx, exchange, moved, Move.CONFIRM))


async def _confirmed(ctx: Ctx, exchange: Exchange) -> None:
    await ground.show(ctx, exchange)
    await ground.tell(ctx, exchange, "exchanges/confirmed", await ground.facts_of(ctx, exchange))


# --- for a base that says so otherwise (代录) --------------------------------------------------------------


@press("exchange_confirm_for", Action.EXCHANGE_RECORD)
async def begin_for(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.locked(ctx, pressed.id, Action.EXCHANGE_RECORD)
    decide(exchange, ground.command(ctx, Move.CONFIRM, pressed.rev, Source.PHONE), ctx.today)
    await forms.open_form(ctx, "exchange_confirm_for", subject_id=exchange.id)


def _for_form(ctx: Ctx, _: str) -> Form:
    steps = (*recording_steps(ctx), original_step(ctx))
    title = words(ctx.catalog, "form_exchange_confirm_for")
    return Form("exchange_confirm_for", 1, Action.EXCHANGE_RECORD, title, steps)


@form("exchange_confirm_for", Action.EXCHANGE_RECORD, _for_form)
async def confirm_for(ctx: Ctx, draft: Draft) -> None:
    exchange = await ground.locked(ctx, draft.subject_id or 0, Action.EXCHANGE_RECORD)
    source = Source(str(draft.answers["source"]))
    command = ground.command(ctx, Move.CONFIRM, exchange.rev, source)
    sent = draft.answers.get("original")
    files = [int(str(one)) for one in sent] if isinstance(sent, list) else []
    kept = await ground.make(
        ctx,
        exchange,
        decide(exchange, command, ctx.today),
        Move.CONFIRM,
        side=command.side,
        source=source,
        files=files,
    )
    await _confirmed(ctx, kept)


# --- 有异议 -----------------------------------------------------------------------------------------------


@press("exchange_dispute", Action.EXCHANGE_KEEP)
async def begin_disputing(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.seen(ctx, pressed, Move.DISPUTE)
    await open_for(ctx, "exchange_dispute", exchange.base_id, exchange.id, {})


def _dispute_form(ctx: Ctx, _: str) -> Form:
    steps = (step(ctx, "exchange_word", "longtext", hint="exchange_word", checks={"max_chars": WORD_CHARS}),)
    title = words(ctx.catalog, "form_exchange_dispute")
    return gated(ctx, Form("exchange_dispute", 1, Action.EXCHANGE_KEEP, title, steps))


@form("exchange_dispute", Action.EXCHANGE_KEEP, _dispute_form)
async def dispute(ctx: Ctx, draft: Draft) -> None:
    """Whoever recorded it is asked to put it right."""
    exchange = await ground.locked(ctx, draft.subject_id or 0, Action.EXCHANGE_KEEP)
    kept = await ground.simply(ctx, exchange, Move.DISPUTE, draft, str(draft.answers["exchange_word"]))
    await ground.show(ctx, kept)
    facts = await ground.facts_of(ctx, kept)
    page = Offer("exchange", kept.id, label="exchange_page")
    ways: Rows = (
        (Offer("exchange_correct", kept.id, kept.rev), Offer("exchange_withdraw", kept.id, kept.rev)),
        (page,),
    )
    asked, informed = await ground.sides(ctx, kept)
    told = [(one, ways) for one in asked] + [(one, ((page,),)) for one in informed]
    await ctx.tell(
        [
            Notice(To(person_id=one), "exchanges/disputed", facts, offers, subject=kept.subject)
            for one, offers in told
        ]
    )


# --- how it came about ------------------------------------------------------------------------------------


@press("exchange_history", Action.EXCHANGES)
async def history(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.locked(ctx, pressed.id)
    entries = (await exchanges.entries(ctx.tx, [exchange.id])).get(exchange.id, [])
    rows = [
        {
            "move": one.move,
            "version": one.version,
            "side": one.side,
            "by": one.by_name,
            "words": one.words,
            "source": one.source,
            "at": one.at,
        }
        for one in entries[-SHOWN:]
    ]
    label = ctx.catalog.label("exchange_version", ctx.locale)
    versions = tuple(
        (Offer(f"exchange_version.{n}", exchange.id, text=label.format(n=n)),)
        for n in range(1, exchange.version)
    )
    back = ((Offer("exchange", exchange.id, label="home"),),)
    facts = await ground.facts_of(ctx, exchange)
    facts = {key: facts[key] for key in ("base", "day", "way")} | {"rows": rows}
    ctx.show("exchanges/history", facts, (*versions[-SHOWN:], *back))


@press("exchange_version", Action.EXCHANGES)
async def version(ctx: Ctx, pressed: Press) -> None:
    """What was recorded before it was corrected."""
    exchange = await ground.locked(ctx, pressed.id)
    number = int(pressed.arg) if pressed.arg.isdigit() else 0
    record = await exchanges.record_of(ctx.tx, exchange.id, number)
    if record is None:
        raise Forbidden
    facts = await ground.facts_of(ctx, exchange, record) | {"version": number}
    back = ((Offer("exchange_history", exchange.id, label="home"),),)
    ctx.show("exchanges/version", facts, back)
