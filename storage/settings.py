"""What the centre sets for itself."""

from collections.abc import Mapping

from domain.centre import Centre
from storage import queries
from storage.engine import Tx

q = queries.load("settings")


async def centre(tx: Tx) -> Centre:
    return Centre.of({row["key"]: row["value"] for row in await q.settings(tx)})


async def save(tx: Tx, values: Mapping[str, str]) -> None:
    for key, value in values.items():
        await q.set_setting(tx, key=key, value=value)


async def bot_username(tx: Tx) -> str | None:
    """The bot's name on Telegram, as it was last seen."""
    name: str | None = await q.setting(tx, key="bot_username")
    return name
