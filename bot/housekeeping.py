"""What is no longer needed is not kept (I6): once an hour, by the table of periods (domain/retention.py)."""

import logging

from bot import retention
from bot.logs import describe
from bot.retention import Keeping
from storage.partials import Partials
from storage.partials import sweep as sweep_partials

log = logging.getLogger(__name__)

EVERY_S = 3600.0


async def sweep(keeping: Keeping, partials: Partials, now: int) -> None:
    """Must not raise: the next hour tries again."""
    try:
        async for _ in retention.apply(keeping, now):
            pass
        await sweep_partials(keeping.database, partials, now)
    except Exception as error:  # noqa: BLE001  nothing is lost by keeping things an hour longer
        log.warning("the sweep failed\n%s", describe(error))
