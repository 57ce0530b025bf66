"""What texts about an event need, and whom of a base they are for."""

from collections.abc import Iterable

from domain.event_places import ALIVE, Entry, Roll
from domain.events import Event
from domain.notices import To
from domain.people import Role
from storage import people, settings
from storage.engine import Tx

MOST_LISTED = 20
_BASE_PEOPLE = frozenset({Role.LIAISON, Role.DEPUTY})

Facts = dict[str, object]


def of(event: Event) -> Facts:
    """The plan, as every page shows it."""
    plan = event.plan
    return {
        "kind": plan.kind,
        "title": plan.title,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "where": plan.where,
        "whom": plan.whom,
        "agenda": plan.agenda,
        "register_until": plan.register_until,
        "files": len(plan.files),
        "state": event.state,
        "reason": event.reason,
    }


def brief(event: Event) -> Facts:
    """What a short text names it by."""
    plan = event.plan
    return {"title": plan.title, "starts_at": plan.starts_at, "where": plan.where}


async def contact(tx: Tx, event: Event) -> Facts:
    """The organiser while they are with the centre, else the centre itself."""
    centre = await settings.centre(tx)
    person = await people.get(tx, event.organiser_id)
    if not (await people.actor(tx, person)).of_centre:
        return {"contact": centre.centre, "tel": centre.tel}
    return {"contact": person.name, "tel": person.office_phone or centre.tel}


def listed(entries: Iterable[Entry]) -> list[Facts]:
    """Attendees and how they stand."""
    rows: list[Facts] = [
        {"name": one.attendee.name, "standing": one.standing, "confirm_by": one.confirm_by} for one in entries
    ]
    return rows[:MOST_LISTED]


def alive(roll: Roll, base_ids: Iterable[int]) -> list[Entry]:
    known = set(base_ids)
    return [one for one in roll.entries if one.alive and one.base_id in known]


async def keeper(tx: Tx, entry: Entry) -> To:
    """Who hears of an entry: who made it or, when they have left the base, its liaison and deputy."""
    actor = await people.actor(tx, await people.get(tx, entry.registered_by))
    if entry.base_id in actor.bases:
        return To(person_id=entry.registered_by)
    return To(base_id=entry.base_id, roles=_BASE_PEOPLE)


async def kept_by(tx: Tx, roll: Roll) -> dict[To, list[Entry]]:
    """Those who have a place or wait, by who hears of them."""
    found: dict[To, list[Entry]] = {}
    for one in roll.of(*ALIVE):
        found.setdefault(await keeper(tx, one), []).append(one)
    return found
