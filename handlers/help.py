"""使用说明: help by role, and about the question that is open (the handbooks in `docs/` say the same)."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import forms as rules
from domain.access import Action
from domain.notices import Offer, Rows
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Page
from handlers.keyboards import BACK
from handlers.routes import REGISTRY, command, press

IN_ROW = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """The template `help/<key>` and the words `topic_<key>`, for whoever may `needs`; whoever is filling in a
    form of this or an action of `about` is shown it at once.
    """

    key: str
    needs: Action
    about: frozenset[Action] = frozenset()


TOPICS = (
    Topic("request", Action.REQUEST_FILE, frozenset({Action.REQUEST_SAY})),
    Topic("report", Action.REPORT_FILL, frozenset({Action.REPORT_CLAIM})),
    Topic("review", Action.REPORT_APPROVE, frozenset({Action.REPORT})),
    Topic("review", Action.REPORT_REVIEW),
    Topic("questions", Action.QUESTION_ASK),
    Topic("events", Action.EVENT_REGISTER),
    Topic("supply", Action.SUPPLY, frozenset({Action.SUPPLY_FILE, Action.SUPPLY_REVIEW})),
    Topic("cases", Action.CASES, frozenset({Action.CASE_FILE, Action.CASE_REVIEW})),
    Topic("exchanges", Action.EXCHANGES, frozenset({Action.EXCHANGE_KEEP})),
    Topic("notices", Action.NOTICE_RECEIVE),
    Topic("liaison", Action.ABSENCE, frozenset({Action.HANDOVER, Action.HANDOVER_PROPOSE})),
    Topic("desk", Action.REQUEST_ACCEPT, frozenset({Action.REQUEST_RECORD, Action.CALL_RECORD})),
    Topic(
        "check",
        Action.REPORT_CHECK,
        frozenset({Action.REPORT_RECORD, Action.REPORT_RECEIVE, Action.REPORT_PERIOD}),
    ),
    Topic("announce", Action.ANNOUNCE, frozenset({Action.ANNOUNCE_SIGN})),
    Topic("event_desk", Action.EVENT_KEEP),
    Topic("bases", Action.BASES, frozenset({Action.BASE_KEEP, Action.INVITE, Action.HANDOVER_REGISTER})),
    Topic("incidents", Action.INCIDENTS),
    Topic("settings", Action.SETTINGS),
    Topic("files", Action.GATE_ANSWER),
)
_OWN = ("request", "requests", "report", "desk", "outstanding", "announce", "bases")
_EVERYONES = ("contacts", "profile", "rules", "cancel", "language", "privacy")


@command("help", Action.MENU)
async def show_help(ctx: Ctx) -> None:
    """The page about the form in hand; the overview where there is none."""
    page = await forms.in_hand(ctx)
    about = _topic_of(ctx, page.route.action) if page is not None else None
    await (_show(ctx, about, page) if about else _overview(ctx, page))


@press("help", Action.MENU)
async def show_topic(ctx: Ctx, pressed: Press) -> None:
    chosen = next((one for one in _topics(ctx) if one.key == pressed.arg), None)
    if pressed.arg and chosen is None:
        ctx.toast("errors/bad_press")
        return
    page = await forms.in_hand(ctx)
    await (_show(ctx, chosen, page) if chosen else _overview(ctx, page))


async def _overview(ctx: Ctx, page: Page | None) -> None:
    centre = await ctx.centre()
    actor = ctx.require(Action.MENU)
    facts = {
        "here": _here(page),
        "of_centre": actor.of_centre,
        "commands": ["menu", *(one for one in _OWN if _reaches(ctx, one)), *_EVERYONES],
        "tel": centre.tel,
        "email": centre.email,
    }
    offers = [Offer(f"help.{one.key}", label=f"topic_{one.key}") for one in _topics(ctx)]
    rows = tuple(tuple(offers[i : i + IN_ROW]) for i in range(0, len(offers), IN_ROW))
    ctx.show("help/home", facts, (*_go_on(page), *rows, *BACK))


async def _show(ctx: Ctx, topic: Topic, page: Page | None) -> None:
    others: Rows = ((Offer("help"),),)
    ctx.show(f"help/{topic.key}", {"here": _here(page)}, (*_go_on(page), *others, *BACK))


def _topics(ctx: Ctx) -> list[Topic]:
    """Those that concern the person, each once."""
    return list({one.key: one for one in TOPICS if ctx.may(one.needs)}.values())


def _topic_of(ctx: Ctx, action: Action) -> Topic | None:
    return next((one for one in _topics(ctx) if action is one.needs or action in one.about), None)


def _reaches(ctx: Ctx, name: str) -> bool:
    route = REGISTRY.commands.get(name)
    return route is not None and ctx.may(route.action)


def _here(page: Page | None) -> Mapping[str, object] | None:
    """The form in hand and its open question; of a form that is filled in, its name alone."""
    if page is None:
        return None
    here: dict[str, object] = {"title": page.form.title, "label": None}
    if step := page.step:
        i, n = rules.progress(page.form, page.draft.answers, step)
        here |= {"label": step.label, "required": step.required, "type": step.type, "i": i, "n": n}
    return here


def _go_on(page: Page | None) -> Rows:
    return ((page.offer("resume"), page.offer("cancel")),) if page is not None else ()
