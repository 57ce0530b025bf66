"""报名, 取消报名, and the answer to an offer from the waiting list."""

from collections.abc import Mapping
from dataclasses import replace

from domain import event_places as places
from domain import event_reading as reading
from domain.access import Action, may
from domain.errors import Forbidden, Stale
from domain.event_places import Entry, Registration, Roll, Standing
from domain.events import SUBJECT, Plan
from domain.forms import Answers, Draft, Form, Remark, Reply, Step, Value, Words
from domain.notices import Offer, Rows
from handlers import event_facts, event_roll, events, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.routes import press
from handlers.steps import step, words
from storage import bases
from storage import events as stored

# --- 报名 -------------------------------------------------------------------------------------------------


@press("register", Action.EVENT_REGISTER)
async def begin(ctx: Ctx, pressed: Press) -> None:
    """The form's name says what it asks for: whether for plates, how many questions, and for which base.

    Its draft is the person's own: two of a base may register at the same time.
    """
    event = await events.for_me(ctx, pressed.id)
    if not event.takes_registrations(ctx.now):
        ctx.toast("events/closed")
        await events.show_to_base(ctx, await stored.roll(ctx.tx, event))
        return
    invited = {one.base_id for one in await stored.invited(ctx.tx, event.id)}
    actor = ctx.require(Action.EVENT_REGISTER)
    base_id = next((b for b in actor.bases if b in invited and may(actor, Action.EVENT_REGISTER, b)), None)
    if base_id is None:
        raise Forbidden
    plan = event.plan
    name = f"event_register:{asks(plan)}_{base_id}"
    await forms.open_form(ctx, name, subject_id=event.id)


def asks(plan: Plan) -> str:
    return f"{int(plan.asks_plate)}_{len(plan.questions)}"


def build(ctx: Ctx, argument: str) -> Form:
    plates, questions, _ = argument.split("_")
    steps = (_attendees(ctx, plates=plates == "1"), *(_question(ctx, n) for n in range(int(questions))))
    title = words(ctx.catalog, "form_event_register")
    return Form(f"event_register:{argument}", 1, Action.EVENT_REGISTER, title, steps)


def _attendees(ctx: Ctx, *, plates: bool) -> Step:
    asked = step(ctx, "attendees", "longtext", hint="attendees_plates" if plates else "attendees")

    def parse(reply: Reply, answers: Answers) -> Value:
        found = reading.attendees(str(asked.parse(reply, answers)), plates=plates)
        return [reading.written(one) for one in found]

    return replace(asked, parse=parse)


def _question(ctx: Ctx, n: int) -> Step:
    asked = step(ctx, "event_question")
    label = Words(*(f"{told} {n + 1}" for told in (asked.label.zh, asked.label.en)))
    return replace(asked, key=f"q{n}", label=label)


async def beside(ctx: Ctx, draft: Draft, asked: Step) -> tuple[Remark, ...]:
    """What it is for and, at a question of the organiser's, the question."""
    event = await stored.get(ctx.tx, draft.subject_id or 0)
    if event is None:
        return ()
    if asked.key.startswith("q") and int(asked.key[1:]) < len(event.plan.questions):
        return (Remark("events/question", {"question": event.plan.questions[int(asked.key[1:])]}),)
    roll = await stored.roll(ctx.tx, event)
    return (Remark("events/registering", {**event_facts.brief(event), "free": roll.free}),)


@form("event_register", Action.EVENT_REGISTER, build, Manner(beside=beside))
async def submit(ctx: Ctx, draft: Draft) -> None:
    """Under the lock of the event: the order of the presses is the order of the places."""
    before = await _locked(ctx, draft.subject_id or 0)
    asked = registration(draft, before)
    actor = ctx.require(Action.EVENT_REGISTER, asked.base_id)
    after = places.register(before, asked, actor, ctx.now, stored.new_code)
    roll = await event_roll.keep(ctx, before, after)
    new = fresh(before, roll)
    await ctx.record("event_registered", roll.event.subject, base=asked.base_id, n=len(new))
    facts = {
        **event_facts.brief(roll.event),
        **await event_facts.contact(ctx.tx, roll.event),
        "base": (await bases.get(ctx.tx, asked.base_id)).name,
        "sure": [one.attendee.name for one in new if one.standing is Standing.REGISTERED],
        "waiting": [one.attendee.name for one in new if one.standing is Standing.WAITING],
        "ahead": _ahead(roll, new),
    }
    ctx.show("events/registered", facts, ((Offer("event", roll.event.id),),), subject=roll.event.subject)


def fresh(before: Roll, after: Roll) -> list[Entry]:
    """The entries that were not there before."""
    had = {one.code for one in before.entries}
    return [one for one in after.entries if one.code not in had]


def registration(draft: Draft, roll: Roll) -> Registration:
    """What a draft of the form asks for. Raises Stale where the event asks for something else by now."""
    told_asks, _, base = draft.form.partition(":")[2].rpartition("_")
    if told_asks != asks(roll.event.plan):
        raise Stale(SUBJECT, roll.event.id)
    told = draft.answers["attendees"]
    lines = "\n".join(map(str, told if isinstance(told, list) else []))
    questions = roll.event.plan.questions
    answers: Mapping[str, str] = {one: str(draft.answers[f"q{n}"]) for n, one in enumerate(questions)}
    plates = roll.event.plan.asks_plate
    return Registration(int(base), reading.attendees(lines, plates=plates), answers)


def _ahead(roll: Roll, new: list[Entry]) -> int:
    """How many waited before these came."""
    known = {one.code for one in new}
    return sum(one.code not in known for one in roll.of(Standing.WAITING))


# --- 取消报名 ---------------------------------------------------------------------------------------------


@press("unregister", Action.EVENT_REGISTER)
async def ask_whom(ctx: Ctx, pressed: Press) -> None:
    """Whoever is pressed on this page is taken off: the page is the second question."""
    event = await events.for_me(ctx, pressed.id)
    mine = event_facts.alive(await stored.roll(ctx.tx, event), ctx.require(Action.EVENTS).bases)
    rows: Rows = tuple((Offer("unregister_do", one.id, text=_worded(ctx, one)),) for one in mine)
    facts = {**event_facts.brief(event), "mine": event_facts.listed(mine)}
    ctx.show("events/withdraw", facts, (*rows, (Offer("event", event.id, label="home"),)))


def _worded(ctx: Ctx, entry: Entry) -> str:
    return f"{ctx.catalog.label('unregister_do', ctx.locale)} {entry.attendee.name}"


@press("unregister_do", Action.EVENT_REGISTER)
async def withdraw(ctx: Ctx, pressed: Press) -> None:
    before = await _of_entry(ctx, pressed.id)
    after = places.withdraw(before, pressed.id, ctx.require(Action.EVENT_REGISTER), ctx.now)
    await _done(ctx, before, after, pressed.id, "events/withdrawn")


@press("event_confirm", Action.EVENT_REGISTER)
async def confirm(ctx: Ctx, pressed: Press) -> None:
    before = await _of_entry(ctx, pressed.id)
    after = places.confirm(before, pressed.id, ctx.require(Action.EVENT_REGISTER), ctx.now)
    await _done(ctx, before, after, pressed.id, "events/confirmed")


async def _done(ctx: Ctx, before: Roll, after: Roll, entry_id: int, template: str) -> None:
    roll = await event_roll.keep(ctx, before, after)
    entry = next(one for one in roll.entries if one.id == entry_id)
    await ctx.record(f"event_{entry.standing}", roll.event.subject, entry=entry_id)
    facts = {**event_facts.brief(roll.event), "name": entry.attendee.name}
    ctx.show(template, facts, ((Offer("event", roll.event.id),),), subject=roll.event.subject)


@press("event_badges", Action.EVENT_REGISTER)
async def send_badges(ctx: Ctx, pressed: Press) -> None:
    """The badges and the calendar entry once more, for whoever asks."""
    event = await events.for_me(ctx, pressed.id)
    mine = event_facts.alive(await stored.roll(ctx.tx, event), ctx.require(Action.EVENTS).bases)
    sure = [one.id for one in mine if one.standing is Standing.REGISTERED]
    if not sure:
        ctx.toast("events/no_badges")
        return
    await ctx.start_job(
        event_roll.PAPERS, event_id=event.id, person_id=ctx.me.id, entries=sure, badges=True, at=ctx.now
    )
    ctx.toast("events/badges_coming")


async def _of_entry(ctx: Ctx, entry_id: int) -> Roll:
    """The roll that the entry is on, locked. Raises Forbidden where there is none, or another base has it."""
    entry = await stored.entry(ctx.tx, entry_id)
    if entry is None:
        raise Forbidden
    ctx.require(Action.EVENT_REGISTER, entry.base_id)
    return await _locked(ctx, entry.event_id)


async def _locked(ctx: Ctx, event_id: int) -> Roll:
    await events.for_me(ctx, event_id)
    roll = await stored.locked_roll(ctx.tx, event_id)
    if roll is None:
        raise Forbidden
    return roll
