"""沟通记录: either side records what was held, as arranged or afterwards, and corrects it (Article 8)."""

from dataclasses import replace
from datetime import date

from domain.access import Action
from domain.errors import Invalid
from domain.exchanges import (
    MOST_FOLLOW_UPS,
    Exchange,
    FollowUp,
    Move,
    Record,
    Side,
    State,
    Way,
    decide,
    require_held,
    side_of,
)
from domain.forms import Answers, Choice, Draft, Form, Reply, Step, Value, Words
from domain.notices import Notice, Offer, Rows, To
from handlers import exchanges as ground
from handlers import exchanges_duties as duties
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.directory import base_of
from handlers.exchanges_plan import REGULAR, kind_step, open_for, way_step
from handlers.forms import form
from handlers.gated import gated
from handlers.routes import press
from handlers.steps import chosen, step, words
from storage import exchanges

PEOPLE_CHARS, TOPICS_CHARS, CONCLUSIONS_CHARS = 150, 500, 800
WHAT_CHARS, OWNER_CHARS = 80, 30
HELD = "exchange_held"


# --- the questions ----------------------------------------------------------------------------------------


def _record_steps(ctx: Ctx) -> tuple[Step, ...]:
    return (
        step(ctx, HELD, "date", checks={"not_after": "today"}),
        way_step(ctx),
        step(ctx, "exchange_people", "longtext", hint="exchange_people", checks={"max_chars": PEOPLE_CHARS}),
        step(ctx, "exchange_topics", "longtext", checks={"max_chars": TOPICS_CHARS}),
        step(ctx, "exchange_conclusions", "longtext", checks={"max_chars": CONCLUSIONS_CHARS}),
        *(asked for n in range(1, MOST_FOLLOW_UPS + 1) for asked in _follow_up_steps(ctx, n)),
    )


def _follow_up_steps(ctx: Ctx, n: int) -> tuple[Step, ...]:
    """The next is asked for where there was one before."""
    sides = tuple(Choice(side.value, words(ctx.catalog, f"exchange_side_{side}")) for side in Side)
    what = step(ctx, "follow_up", required=False, hint="follow_up", checks={"max_chars": WHAT_CHARS})
    rest = (
        chosen(ctx, "follow_up_side", sides),
        step(ctx, "follow_up_owner", checks={"max_chars": OWNER_CHARS}),
        _not_before_held(step(ctx, "follow_up_due", "date")),
    )
    return (
        _numbered(what, n, needs=n - 1),
        *(_numbered(asked, n, needs=n) for asked in rest),
    )


def _numbered(asked: Step, n: int, *, needs: int) -> Step:
    label = Words(f"{asked.label.zh} {n}", f"{asked.label.en} {n}")

    def when(answers: Answers) -> bool:
        return needs == 0 or bool(answers.get(f"follow_up_{needs}"))

    return replace(asked, key=f"{asked.key}_{n}", label=label, when=when)


def _not_before_held(asked: Step) -> Step:
    def parse(reply: Reply, answers: Answers) -> Value:
        day = str(asked.parse(reply, answers))
        held = str(answers.get(HELD) or day)
        if day < held:
            raise Invalid("fields/not_before", day=held)
        return day

    return replace(asked, parse=parse)


def _record_of(answers: Answers) -> Record:
    return Record(
        held_on=date.fromisoformat(str(answers[HELD])),
        way=Way(str(answers["exchange_way"])),
        people=str(answers["exchange_people"]),
        topics=str(answers["exchange_topics"]),
        conclusions=str(answers["exchange_conclusions"]),
        follow_ups=tuple(
            FollowUp(
                what=str(answers[f"follow_up_{n}"]),
                side=Side(str(answers[f"follow_up_side_{n}"])),
                owner=str(answers[f"follow_up_owner_{n}"]),
                due_on=date.fromisoformat(str(answers[f"follow_up_due_{n}"])),
            )
            for n in range(1, MOST_FOLLOW_UPS + 1)
            if answers.get(f"follow_up_{n}")
        ),
    )


def _answers_of(record: Record) -> dict[str, object]:
    """As the form would have them, so that a correction begins with what was said."""
    told: dict[str, object] = {
        HELD: record.held_on.isoformat(),
        "exchange_way": record.way.value,
        "exchange_people": record.people,
        "exchange_topics": record.topics,
        "exchange_conclusions": record.conclusions,
    }
    for n, one in enumerate(record.follow_ups, 1):
        told |= {
            f"follow_up_{n}": one.what,
            f"follow_up_side_{n}": one.side.value,
            f"follow_up_owner_{n}": one.owner,
            f"follow_up_due_{n}": one.due_on.isoformat(),
        }
    if len(record.follow_ups) < MOST_FOLLOW_UPS:
        told[f"follow_up_{len(record.follow_ups) + 1}"] = None
    return told


# --- held as arranged -------------------------------------------------------------------------------------


@press("exchange_record", Action.EXCHANGE_KEEP)
async def begin(ctx: Ctx, pressed: Press) -> None:
    """The day and the way are known where it was held as arranged; both can be changed in the review."""
    exchange = await ground.seen(ctx, pressed, Move.RECORD)
    plan, known = exchange.plan, dict[str, object]()
    if plan is not None and plan.planned_on <= ctx.today:
        known = {HELD: plan.planned_on.isoformat(), "exchange_way": plan.way.value}
    await open_for(ctx, "exchange_record", exchange.base_id, exchange.id, known)


@press("exchange_correct", Action.EXCHANGE_KEEP)
async def begin_correcting(ctx: Ctx, pressed: Press) -> None:
    exchange = await ground.seen(ctx, pressed, Move.CORRECT)
    known = _answers_of(exchange.record) if exchange.record else {}
    await open_for(ctx, "exchange_correct", exchange.base_id, exchange.id, known)


def _record_form(ctx: Ctx, _: str) -> Form:
    title = words(ctx.catalog, "form_exchange_record")
    return gated(ctx, Form("exchange_record", 1, Action.EXCHANGE_KEEP, title, _record_steps(ctx)))


def _correct_form(ctx: Ctx, _: str) -> Form:
    title = words(ctx.catalog, "form_exchange_correct")
    return gated(ctx, Form("exchange_correct", 1, Action.EXCHANGE_KEEP, title, _record_steps(ctx)))


@form("exchange_record", Action.EXCHANGE_KEEP, _record_form)
async def record(ctx: Ctx, draft: Draft) -> None:
    await _keep(ctx, draft, Move.RECORD)


@form("exchange_correct", Action.EXCHANGE_KEEP, _correct_form)
async def correct(ctx: Ctx, draft: Draft) -> None:
    """A version of its own, sent to the other side again."""
    await _keep(ctx, draft, Move.CORRECT)


async def _keep(ctx: Ctx, draft: Draft, move: Move) -> None:
    exchange = await ground.locked(ctx, draft.subject_id or 0, Action.EXCHANGE_KEEP)
    told = _record_of(draft.answers)
    moved = decide(exchange, ground.command(ctx, move, exchange.rev), ctx.today, record=told)
    kept = await ground.make(ctx, exchange, moved, move, reviewer=ground.reviewer_of(draft))
    await ground.show(ctx, kept)
    await ask(ctx, kept)


# --- recorded afterwards ----------------------------------------------------------------------------------


@press("exchange_note", Action.EXCHANGE_KEEP)
async def begin_note(ctx: Ctx, pressed: Press) -> None:
    base = await base_of(ctx, pressed.id)
    await open_for(ctx, "exchange_note", base.id, base.id, {})


def _note_form(ctx: Ctx, _: str) -> Form:
    title, steps = words(ctx.catalog, "form_exchange_note"), (kind_step(ctx), *_record_steps(ctx))
    return gated(ctx, Form("exchange_note", 1, Action.EXCHANGE_KEEP, title, steps))


@form("exchange_note", Action.EXCHANGE_KEEP, _note_form)
async def note(ctx: Ctx, draft: Draft) -> None:
    base = await base_of(ctx, draft.subject_id or 0)
    side = side_of(ctx.require(Action.EXCHANGE_KEEP, base.id))
    told, regular = _record_of(draft.answers), draft.answers["exchange_kind"] == REGULAR
    require_held(told, ctx.today)
    new = Exchange(0, base.id, regular, State.RECORDED, 0, ctx.now, record=told, version=1, recorded_by=side)
    added = await exchanges.add(ctx.tx, new, ctx.now)
    await ground.entered(ctx, added, Move.RECORD, reviewer=ground.reviewer_of(draft))
    added = await duties.begin(ctx.tx, added, ctx.today, ctx.now)
    await ground.show(ctx, added)
    await ask(ctx, added)


# --- the other side is asked ------------------------------------------------------------------------------


async def ask(ctx: Ctx, exchange: Exchange) -> None:
    """Whoever did not record it is told; the side that did not is asked to confirm it."""
    facts = await ground.facts_of(ctx, exchange)
    page = Offer("exchange", exchange.id, label="exchange_page")
    here = (exchange.id, exchange.rev)
    answers: Rows = ((Offer("exchange_confirm", *here), Offer("exchange_dispute", *here)), (page,))
    asked, informed = await ground.sides(ctx, exchange)
    told = [("exchanges/asked", one, answers) for one in asked]
    told += [("exchanges/noted", one, ((page,),)) for one in informed]
    await ctx.tell(
        [
            Notice(To(person_id=one), template, facts, offers, subject=exchange.subject)
            for template, one, offers in told
        ]
    )
