"""选择范围: one picker of people, for whatever is sent to many.

A feature registers what it picks for with `@purpose(kind)`: who may, until when, where the page leads back.
"""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from domain.access import Action
from domain.audience import By, Office, Picked, Selection, cleared, options, select, toggled
from domain.errors import Forbidden, Stale
from domain.notices import Offer, Rows, Subject
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.routes import press
from handlers.serving import redraws
from storage import audience

AUDIENCE = "audience"
BASES_SHOWN = 20
BASES_A_PAGE = 50
PHONES_SHOWN = 20
OPTIONS_A_PAGE = 20
NAMES = "audience/names"

Back = Callable[[Ctx, int], Awaitable[Rows]]
"""The offers that lead back, given the subject's id. Raises Forbidden or Stale where none is to be picked."""

PURPOSES: dict[str, Back] = {}


def purpose(kind: str) -> Callable[[Back], Back]:
    def register_purpose(back: Back) -> Back:
        PURPOSES[kind] = back
        return back

    return register_purpose


async def chosen(ctx: Ctx, subject: Subject) -> tuple[Picked, Selection]:
    """What is picked for a subject, and whom that is now."""
    picked = await audience.of_subject(ctx.tx, subject)
    return picked, select(await audience.offices(ctx.tx), picked)


# --- the pages --------------------------------------------------------------------------------------------


@press("audience", Action.AUDIENCE)
async def show(ctx: Ctx, pressed: Press) -> None:
    await _show(ctx, await _locked(ctx, pressed.id))


@redraws(AUDIENCE)
async def redraw(ctx: Ctx, audience_id: int) -> None:
    await _show(ctx, await _locked(ctx, audience_id))


async def _show(ctx: Ctx, picked: Picked) -> None:
    offices = await audience.offices(ctx.tx)
    found = select(offices, picked)
    facts = {
        "rows": [{"by": by, "words": _words(ctx, offices, by, picked.of(by))} for by in By],
        "people": len(found.people),
        "bases": len(found.bases),
        "by_phone": len(found.by_phone),
        "named": _by_base(found)[:BASES_SHOWN],
        "more": max(len(found.bases) - BASES_SHOWN, 0),
    }
    dimensions = [Offer(f"audience_by.{by}_0", picked.id, picked.rev, label=f"audience_{by}") for by in By]
    rows = tuple(tuple(dimensions[i : i + 2]) for i in range(0, len(dimensions), 2))
    names = ((Offer("audience_names", picked.id),),) if found.offices else ()
    ctx.show("audience/page", facts, (*rows, *names, *await _back(ctx, picked)))


@press("audience_by", Action.AUDIENCE)
async def show_dimension(ctx: Ctx, pressed: Press) -> None:
    by, page, _ = _read(pressed)
    await _show_dimension(ctx, await _seen(ctx, pressed), by, page)


async def _show_dimension(ctx: Ctx, picked: Picked, by: By, page: int) -> None:
    offices = await audience.offices(ctx.tx)
    all_words = options(offices, by)
    first = page * OPTIONS_A_PAGE
    shown = all_words[first : first + OPTIONS_A_PAGE]
    buttons = [
        Offer(f"audience_set.{by}_{page}_{_mark(word)}", picked.id, picked.rev, text=text)
        for word in shown
        for text in (_ticked(ctx, offices, picked, by, word),)
    ]
    turning = [
        Offer(f"audience_by.{by}_{turned}", picked.id, picked.rev, label=label)
        for label, turned, there in (
            ("page_previous", page - 1, page > 0),
            ("page_next", page + 1, first + OPTIONS_A_PAGE < len(all_words)),
        )
        if there
    ]
    last = (
        Offer(f"audience_all.{by}_{page}", picked.id, picked.rev, label="audience_all"),
        Offer("audience", picked.id, picked.rev, label="home"),
    )
    facts = {
        "by": by,
        "words": _words(ctx, offices, by, picked.of(by)),
        "people": len(select(offices, picked).people),
    }
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    ctx.show("audience/dimension", facts, (*rows, *((tuple(turning),) if turning else ()), last))


@press("audience_set", Action.AUDIENCE)
async def toggle(ctx: Ctx, pressed: Press) -> None:
    picked = await _seen(ctx, pressed)
    by, page, mark = _read(pressed)
    known = {_mark(word): word for word in options(await audience.offices(ctx.tx), by)}
    if mark not in known:
        raise Stale(AUDIENCE, picked.id)
    saved = replace(picked, words=toggled(picked, by, known[mark]), rev=picked.rev + 1)
    await audience.save(ctx.tx, saved)
    await _show_dimension(ctx, saved, by, page)


@press("audience_all", Action.AUDIENCE)
async def take_all(ctx: Ctx, pressed: Press) -> None:
    picked = await _seen(ctx, pressed)
    by, page, _ = _read(pressed)
    saved = replace(picked, words=cleared(picked, by), rev=picked.rev + 1)
    await audience.save(ctx.tx, saved)
    await _show_dimension(ctx, saved, by, page)


@press("audience_names", Action.AUDIENCE)
async def show_names(ctx: Ctx, pressed: Press) -> None:
    """All names, as many messages as they need; the picker comes again below."""
    picked = await _locked(ctx, pressed.id)
    found = select(await audience.offices(ctx.tx), picked)
    named = _by_base(found)
    for i in range(0, len(named), BASES_A_PAGE):
        ctx.say(NAMES, {"rows": named[i : i + BASES_A_PAGE]})
    missed = [{"base": one.base.short_name, "name": one.person.name} for one in found.by_phone]
    for i in range(0, len(missed), BASES_A_PAGE):
        ctx.say("audience/by_phone", {"rows": missed[i : i + BASES_A_PAGE]})
    ctx.say(
        "audience/listed", {"people": len(found.people)}, ((Offer("audience", picked.id, label="home"),),)
    )


# --- words ------------------------------------------------------------------------------------------------


def _by_base(found: Selection) -> list[dict[str, object]]:
    """Whom each base has who can be written to."""
    names: dict[str, dict[str, None]] = {}
    for one in found.offices:
        if one.reached:
            names.setdefault(one.base.short_name, {})[one.person.name] = None
    return [{"base": base, "names": list(named)} for base, named in names.items()]


def _words(ctx: Ctx, offices: list[Office], by: By, words: tuple[str, ...]) -> list[str]:
    return [_word(ctx, offices, by, word) for word in words][:OPTIONS_A_PAGE]


def _word(ctx: Ctx, offices: list[Office], by: By, word: str) -> str:
    if by in (By.ROLE, By.STATUS):
        return ctx.catalog.label(f"{by}_{word}", ctx.locale)
    if by is By.BASE:
        return next((one.base.short_name for one in offices if one.word(by) == word), word)
    return word


def _ticked(ctx: Ctx, offices: list[Office], picked: Picked, by: By, word: str) -> str:
    return f"{'✓ ' if word in picked.of(by) else ''}{_word(ctx, offices, by, word)}"


def _mark(word: str) -> str:
    """Short enough for a button, and the same whatever words come and go beside it."""
    return f"{zlib.crc32(word.encode()):x}"


# --- finding it -------------------------------------------------------------------------------------------


def _read(pressed: Press) -> tuple[By, int, str]:
    """The dimension, the page and the option. Raises Forbidden: no page of ours offers any other."""
    by, _, rest = pressed.arg.partition("_")
    page, _, mark = rest.partition("_")
    if by not in set(By) or not page.isdigit():
        raise Forbidden
    return By(by), int(page), mark


async def _locked(ctx: Ctx, audience_id: int) -> Picked:
    picked = await audience.lock(ctx.tx, audience_id)
    if picked is None:
        raise Forbidden
    await _back(ctx, picked)
    return picked


async def _seen(ctx: Ctx, pressed: Press) -> Picked:
    picked = await _locked(ctx, pressed.id)
    if picked.rev != pressed.rev:
        raise Stale(AUDIENCE, picked.id)
    return picked


async def _back(ctx: Ctx, picked: Picked) -> Rows:
    return await PURPOSES[picked.subject_kind](ctx, picked.subject_id)
