"""Invitations from the command line."""

from telegram.error import InvalidToken, TelegramError

from bot.config import Config, Misconfigured
from domain.notices import Subject
from domain.people import INVITATION_DAYS, Membership, Role
from storage import audit, bases, people, settings
from storage.engine import Database, Tx, Unavailable

DAY_MS = 24 * 60 * 60 * 1000


async def bot_username(config: Config, database: Database) -> str:
    """The bot's name as `run` has last seen it; asked of Telegram when it never ran. Raises Misconfigured."""
    async with database.read() as tx:
        known = await settings.bot_username(tx)
    return known or await _ask(config)


async def invite(database: Database, role: Role, name: str, base_code: str | None, now: int) -> str | None:
    """A new code for the person, who is put on record if they are not; None if there is no such base."""
    async with database.tx() as tx:
        base = await bases.by_code(tx, base_code) if base_code else None
        if base_code and base is None:
            return None
        base_id = base.id if base else None
        person_id = await _person(tx, role, name, base_id, now)
        expires_at = now + INVITATION_DAYS * DAY_MS
        code = await people.invite(tx, person_id, role, base_id, now=now, expires_at=expires_at)
        await audit.record(tx, now, None, "invited", Subject("person", person_id), role=role, base=base_id)
    return code


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
