"""对接人: whom a base asks at the centre, and whom the centre asks at a base (Article 8)."""

from domain import directory as finding
from domain.access import Action
from domain.bases import Base
from domain.forms import Draft, Form
from domain.notices import Offer, Rows
from domain.people import Role
from domain.privacy import Seen
from handlers import forms
from handlers.callbacks import Press
from handlers.context import Ctx
from handlers.forms import Manner, form
from handlers.keyboards import BACK
from handlers.privacy_log import saw
from handlers.routes import command, press
from handlers.steps import step, words
from storage import bases, people
from storage.people import Holder

SHOWN = 20
SHOWN_OF_CENTRE = 8


@command("contacts", Action.CONTACTS)
async def contacts(ctx: Ctx) -> None:
    """For a base its counterpart, or all officers while it has none; for the centre, the bases' people."""
    actor = ctx.require(Action.CONTACTS)
    if not actor.of_centre:
        await _of_centre(ctx, await bases.get(ctx.tx, actor.bases[0]))
        return
    await _of_bases(ctx, ctx.words_after("contacts"))


async def _of_centre(ctx: Ctx, base: Base) -> None:
    officers = await people.holders(ctx.tx, [Role.OFFICER])
    own = [one for one in officers if one.person.id == base.counterpart_id]
    beside = await people.holders(ctx.tx, [Role.LIAISON, Role.DEPUTY], base.id)
    await saw(ctx, Seen.CONTACTS, person_ids=[one.person.id for one in beside])
    centre = await ctx.centre()
    facts = {
        "counterparts": [_shown(one) for one in (own or officers)[:SHOWN_OF_CENTRE]],
        "own": bool(own),
        "colleagues": [_shown(one) for one in beside if one.person.id != ctx.me.id][:SHOWN_OF_CENTRE],
        "department": base.department,
        "centre": centre.centre,
        "tel": centre.tel,
        "email": centre.email,
    }
    ctx.show("contacts/centre", facts, BACK)


async def _of_bases(ctx: Ctx, wanted: str) -> None:
    """Whose name is wanted, or whose base is."""
    known = {base.id: base for base in await bases.listed(ctx.tx)}
    found_bases = {base.id for base in finding.matching(known.values(), wanted)}
    held = await people.holders(ctx.tx, [Role.LIAISON, Role.DEPUTY])
    found = [
        one for one in held if one.membership.base_id in found_bases or (wanted and wanted in one.person.name)
    ]
    rows = [_shown(one) | _unit(known[one.membership.base_id or 0]) for one in found[:SHOWN]]
    await saw(ctx, Seen.CONTACTS, person_ids=[one.person.id for one in found[:SHOWN]])
    facts = {"wanted": wanted, "rows": rows, "more": max(len(found) - SHOWN, 0)}
    ways: Rows = (
        (Offer("find_contact"), *((Offer("go.contacts", label="all_contacts"),) if wanted else ())),
    )
    ctx.show("contacts/bases", facts, (*ways, *BACK))


def _unit(base: Base) -> dict[str, object]:
    return {"base": base.short_name, "department": base.department}


def _shown(holder: Holder) -> dict[str, object]:
    return {
        "name": holder.person.name,
        "role": holder.membership.role,
        "tel": holder.person.office_phone or holder.person.phone,
    }


@press("find_contact", Action.BASES)
async def ask(ctx: Ctx, _: Press) -> None:
    await forms.open_form(ctx, "find_contact")


def _form(ctx: Ctx, _: str) -> Form:
    asked = step(ctx, "wanted", hint="wanted", checks={"max_chars": 60})
    return Form("find_contact", 1, Action.BASES, words(ctx.catalog, "form_find_contact"), (asked,))


@form("find_contact", Action.BASES, _form, Manner(at_once=True))
async def find(ctx: Ctx, draft: Draft) -> None:
    await _of_bases(ctx, str(draft.answers["wanted"]))
