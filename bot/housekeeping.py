"""What is no longer needed is not kept (I6): once an hour, a few deletions in one transaction."""

import logging

from bot.logs import describe
from domain import people as people_rules
from storage import download_links, drafts, made_files, outbox, people, updates
from storage.engine import Database, Tx, durably
from storage.files import FileStore
from storage.partials import Partials
from storage.partials import sweep as sweep_partials

log = logging.getLogger(__name__)

EVERY_S = 3600.0
DAY_MS = 24 * 60 * 60 * 1000
LINKS_KEPT_MS = 30 * DAY_MS
TEXTS_KEPT_MS = 7 * DAY_MS
"""A message's text is emptied a week after it was settled, and what it took along goes then."""
EXPIRED_DRAFTS_KEPT_MS = 30 * DAY_MS
"""So long a person may still go on with a draft that has expired."""


async def sweep(database: Database, files: FileStore, partials: Partials, now: int) -> None:
    """Must not raise: the next hour tries again."""
    try:
        await durably(database, lambda tx: _sweep(tx, now))
        await sweep_partials(database, partials, now)
        await made_files.sweep(database, files)
    except Exception as error:  # noqa: BLE001  nothing is lost by keeping things an hour longer
        log.warning("the sweep failed\n%s", describe(error))


async def _sweep(tx: Tx, now: int) -> None:
    await updates.prune(tx, now)
    await outbox.forget_texts(tx, now - TEXTS_KEPT_MS)
    await drafts.prune(tx, now - EXPIRED_DRAFTS_KEPT_MS)
    await download_links.prune(tx, now - LINKS_KEPT_MS)
    await people.prune_guesses(tx, now - people_rules.GUESSES_WITHIN_MS)
