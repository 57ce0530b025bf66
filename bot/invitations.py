"""Invitations from the command line, and with them a change of liaison."""

from dataclasses import replace

from telegram.error import InvalidToken, TelegramError

from bot.config import Config, Misconfigured
from domain import handover as rules
from domain.calendar import Calendar
from domain.handover import Handover, State
from domain.notices import Subject
from domain.people import INVITATION_DAYS, Membership, Role
from storage import audit, bases, handovers, people, settings, vacations
from storage.engine import Database, Tx, Unavailable

DAY_MS = 24 * 60 * 60 * 1000


async def bot_username(config: Config, database: Database) -> str:
    """The bot's name as `run` has last seen it; asked of Telegram when it never ran. Raises Misconfigured."""
    async with database.read() as tx:
        known = await settings.bot_username(tx)
    return known or await _ask(config)


class Unfit(Exception):
    """This cannot be asked for as things are. The message is one clear line."""


async def invite(database: Database, role: Role, name: str, base_code: str | None, now: int) -> str | None:
    """A new code for the person, who is put on record if they are not; None if there is no such base.

    Raises Unfit for an office that another holds, who is enrolled.
    """
    async with database.tx() as tx:
        base = await bases.by_code(tx, base_code) if base_code else None
        if base_code and base is None:
            return None
        base_id = base.id if base else None
        if base_id is not None and role in rules.HANDED_OVER:
            await _make_room(tx, role, name, base_id, now)
        person_id = await _person(tx, role, name, base_id, now)
        expires_at = now + INVITATION_DAYS * DAY_MS
        code = await people.invite(tx, person_id, role, base_id, now=now, expires_at=expires_at)
        await audit.record(tx, now, None, "invited", Subject("person", person_id), role=role, base=base_id)
    return code


async def hand_over(
    database: Database, calendar: Calendar, role: Role, name: str, base_code: str, now: int
) -> str | None:
    """A code for the successor, registered: with their enrolment everything goes over (先办后补).

    None if there is no such base. Raises Unfit while a change to another person is under way.
    """
    async with database.tx() as tx:
        base = await bases.by_code(tx, base_code)
        if base is None:
            return None
        handover = await _registered(tx, await _change(tx, role, name, base.id, now), calendar, now)
        person_id = handover.successor_id or 0
        await people.revoke_invitations(tx, [person_id], now)
        expires_at = now + INVITATION_DAYS * DAY_MS
        code = await people.invite(tx, person_id, role, base.id, now=now, expires_at=expires_at)
        await audit.record(tx, now, None, "handover_registered", handover.subject, role=role, base=base.id)
    return code


async def _change(tx: Tx, role: Role, name: str, base_id: int, now: int) -> Handover:
    """The one under way to this person, or a new one."""
    held = [one.person for one in await people.holders(tx, rules.HANDED_OVER, base_id)]
    leaver = next((one.person for one in await people.holders(tx, [role], base_id)), None)
    successor = next((one for one in held if one.name == name), None)
    if leaver is not None and successor is not None and leaver.id == successor.id:
        raise Unfit(f"--handover: {name} is the {role} already")
    made = await handovers.propose(
        tx,
        base_id=base_id,
        role=role,
        leaver_id=leaver.id if leaver else None,
        successor_id=successor.id if successor else None,
        successor_name=name,
        successor_tel=None,
        proposed_by=None,
        now=now,
    )
    if made is not None:
        return made
    [under_way] = [one for one in await handovers.unsettled_of(tx, base_id) if one.role is role]
    if under_way.successor_name != name:
        raise Unfit(f"--handover: a change to {under_way.successor_name} is under way")
    return await handovers.lock(tx, under_way.id) or under_way


async def _registered(tx: Tx, handover: Handover, calendar: Calendar, now: int) -> Handover:
    if handover.state is not State.PROPOSED:
        return handover
    own = await vacations.calendar_of(tx, calendar, handover.base_id)
    registered = rules.register(handover, None, now, own)
    if registered.successor_id is None:
        person_id = await people.add(tx, registered.successor_name, now)
        registered = replace(registered, successor_id=person_id)
    registered = await handovers.await_form(tx, registered, now)
    if not await handovers.save(tx, registered):
        raise Unfit("--handover: somebody else changed it just now; try again")
    return registered


async def _make_room(tx: Tx, role: Role, name: str, base_id: int, now: int) -> None:
    """An office has one holder: another who was only named leaves it. Raises Unfit for one enrolled."""
    others = [one for one in await people.holders(tx, [role], base_id) if one.person.name != name]
    for one in others:
        if one.person.telegram_id is not None:
            raise Unfit(f"--base: its {role}, {one.person.name}, is enrolled; --handover changes that")
    await people.relieve_all(tx, [(one.person.id, one.membership) for one in others], now)


def link(username: str, code: str) -> str:
    return f"https://t.me/{username}?start={code}"


async def _person(tx: Tx, role: Role, name: str, base_id: int | None, now: int) -> int:
    """The person whom the base has named for this role, or a new one, who has the role once enrolled."""
    found = await people.find(tx, base_id, role, name) if base_id is not None else None
    if found is not None:
        return found.id
    person_id = await people.add(tx, name, now)
    if base_id is not None:
        await people.appoint(tx, person_id, Membership(role, base_id), now)
    return person_id


async def _ask(config: Config) -> str:
    from bot.transport import Connection, bot_of

    proxy = config.proxy.get_secret_value() if config.proxy else None
    bot = bot_of(config.api_url, config.bot_token, Connection(proxy))
    try:
        async with bot:
            return bot.username
    except InvalidToken:
        raise Misconfigured("LIANLUO_TOKEN: Telegram does not know this token") from None
    except TelegramError:
        raise Unavailable(f"{config.api_url} cannot be reached; is LIANLUO_PROXY right?") from None
