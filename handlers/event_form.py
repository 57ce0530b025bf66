"""新建活动, and its change: one form; what was written before stands in it when it is changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain import event_reading as reading
from domain import events as rules
from domain.access import Action
from domain.errors import Invalid, Refused, Stale
from domain.events import Event, Kind, Plan, State
from domain.forms import Answers, Choice, Draft, Form, Reply, Step, Value
from handlers import event_keep, forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import form
from handlers.routes import command, press
from handlers.steps import chosen, step, words
from storage import drafts, events

TITLE_CHARS, WHERE_CHARS, WHOM_CHARS, AGENDA_CHARS = 60, 200, 100, 1200
MOST_PLACES = 2000


@command("event_new", Action.EVENT_KEEP)
async def begin(ctx: Ctx) -> None:
    await forms.open_form(ctx, "event_new")


@press("event_edit", Action.EVENT_KEEP)
async def begin_change(ctx: Ctx, pressed: Press) -> None:
    """The form with the present plan in it."""
    event = await event_keep.seen(ctx, pressed, State.DRAFT, State.PUBLISHED)
    if event.has_begun(ctx.now):
        raise Refused("events/begun")
    name = f"event_change:{event.rev}"
    if await drafts.find(ctx.tx, name, person_id=ctx.me.id, base_id=None, subject_id=event.id) is None:
        await _prefill(ctx, event, name)
    await forms.open_form(ctx, name, subject_id=event.id)


async def _prefill(ctx: Ctx, event: Event, name: str) -> None:
    draft = await drafts.add(
        ctx.tx,
        name,
        1,
        person_id=ctx.me.id,
        base_id=None,
        subject_id=event.id,
        now=ctx.now,
        expires_at=ctx.now + forms.KEPT_MS,
    )
    await drafts.save(ctx.tx, draft.with_answers(_answers(ctx, event.plan)), draft.rev)


# --- the steps --------------------------------------------------------------------------------------------


def _build(ctx: Ctx, argument: str) -> Form:
    kinds = tuple(Choice(kind.value, words(ctx.catalog, f"event_kind_{kind}")) for kind in Kind)
    name, label = (f"event_change:{argument}", "event_edit") if argument else ("event_new", "event_new")
    limit: dict[str, object] = {"min": 1, "max": MOST_PLACES}
    steps = (
        chosen(ctx, "event_kind", kinds),
        step(ctx, "event_title", hint="event_title", checks={"max_chars": TITLE_CHARS}),
        _timed(ctx, "event_starts"),
        _timed(ctx, "event_ends"),
        step(ctx, "event_where", hint="event_where", checks={"max_chars": WHERE_CHARS}),
        step(ctx, "event_whom", required=False, hint="event_whom", checks={"max_chars": WHOM_CHARS}),
        step(ctx, "event_quota", "int", required=False, hint="event_quota", checks=limit),
        step(ctx, "event_each", "int", required=False, hint="event_each", checks=limit),
        replace(_timed(ctx, "event_until"), required=False),
        step(ctx, "event_plate", "bool", hint="event_plate"),
        _agenda(ctx),
        _questions(ctx),
        step(ctx, "event_files", "file_list", required=False, hint="event_files"),
    )
    return Form(name, 1, Action.EVENT_KEEP, words(ctx.catalog, f"form_{label}"), steps)


def _agenda(ctx: Ctx) -> Step:
    limit: dict[str, object] = {"max_chars": AGENDA_CHARS}
    return step(ctx, "event_agenda", "longtext", required=False, hint="event_agenda", checks=limit)


def _timed(ctx: Ctx, key: str) -> Step:
    """A local time; the end and the deadline are asked again when the start changes."""
    asked = step(ctx, key, "text", hint=key)
    now = _local(ctx, ctx.now)

    def parse(reply: Reply, answers: Answers) -> Value:
        text, start = str(asked.parse(reply, answers)), str(answers.get("event_starts", ""))
        return _checked(key, _moment(ctx, key, text, start), start, now)

    return replace(asked, parse=parse, about=() if key == "event_starts" else ("event_starts",))


def _moment(ctx: Ctx, key: str, text: str, start: str) -> str:
    on = reading.parsed(start).date() if start else None
    return reading.moment(text, ctx.today, on=on, closing=reading.CLOSING if key == "event_until" else None)


def _checked(key: str, told: str, start: str, now: str) -> str:
    """Raises Invalid where it does not fit the others."""
    if key == "event_starts" and told <= now:
        raise Invalid("events/starts_in_the_past")
    if key == "event_ends" and told <= start:
        raise Invalid("events/ends_before_start")
    if key == "event_until" and not now < told <= start:
        raise Invalid("events/deadline_after_start")
    return told


def _questions(ctx: Ctx) -> Step:
    asked = step(ctx, "event_questions", "longtext", required=False, hint="event_questions")

    def parse(reply: Reply, answers: Answers) -> Value:
        return reading.questions(str(asked.parse(reply, answers)))

    return replace(asked, parse=parse)


# --- between answers and a plan ---------------------------------------------------------------------------


def _plan(ctx: Ctx, answers: Answers) -> Plan:
    """Raises Refused where its days have passed while the form lay open."""
    starts_at = _instant(ctx, answers["event_starts"])
    until = answers["event_until"]
    plan = Plan(
        kind=Kind(str(answers["event_kind"])),
        title=str(answers["event_title"]),
        starts_at=starts_at,
        ends_at=_instant(ctx, answers["event_ends"]),
        where=str(answers["event_where"]),
        register_until=_instant(ctx, until) if until else starts_at,
        whom=_text(answers["event_whom"]),
        agenda=_text(answers["event_agenda"]),
        quota=_count(answers["event_quota"]),
        quota_per_base=_count(answers["event_each"]),
        asks_plate=answers["event_plate"] == "yes",
        questions=tuple(map(str, _list(answers["event_questions"]))),
        files=tuple(int(str(one)) for one in _list(answers["event_files"])),
    )
    return rules.check(plan, ctx.now)


def _answers(ctx: Ctx, plan: Plan) -> Mapping[str, object]:
    """A plan as the form would have it."""
    return {
        "event_kind": plan.kind.value,
        "event_title": plan.title,
        "event_starts": _local(ctx, plan.starts_at),
        "event_ends": _local(ctx, plan.ends_at),
        "event_where": plan.where,
        "event_whom": plan.whom,
        "event_quota": plan.quota,
        "event_each": plan.quota_per_base,
        "event_until": _local(ctx, plan.register_until),
        "event_plate": "yes" if plan.asks_plate else "no",
        "event_agenda": plan.agenda,
        "event_questions": list(plan.questions) or None,
        "event_files": list(plan.files),
    }


def _instant(ctx: Ctx, told: object) -> int:
    local = reading.parsed(str(told))
    return ctx.services.calendar.at(local.date(), local.time())


def _local(ctx: Ctx, instant: int) -> str:
    zone = ctx.services.calendar.zone
    return datetime.fromtimestamp(instant / 1000, zone).strftime(reading.FORMAT)


def _text(told: object) -> str | None:
    return None if told is None else str(told)


def _count(told: object) -> int | None:
    return None if told is None else int(str(told))


def _list(told: object) -> list[object]:
    return list(told) if isinstance(told, list) else []


# --- submitted --------------------------------------------------------------------------------------------


@form("event_new", Action.EVENT_KEEP, _build)
async def submit(ctx: Ctx, draft: Draft) -> None:
    event = await events.add(ctx.tx, _plan(ctx, draft.answers), ctx.me.id, ctx.now)
    await ctx.record("event_drafted", event.subject)
    await event_keep.show(ctx, event)


@form("event_change", Action.EVENT_KEEP, _build)
async def submit_change(ctx: Ctx, draft: Draft) -> None:
    """What was changed by somebody else meanwhile is shown, not overwritten."""
    seen_rev = draft.form.partition(":")[2]
    event = await event_keep.locked(ctx, draft.subject_id or 0)
    if str(event.rev) != seen_rev:
        raise Stale(rules.SUBJECT, event.id)
    await event_keep.change(ctx, event, _plan(ctx, draft.answers))
