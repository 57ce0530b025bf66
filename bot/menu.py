"""The menu of commands that Telegram shows, in both languages."""

import logging

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from messages.catalog import Catalog

log = logging.getLogger(__name__)

COMMANDS = ("menu", "help", "cancel", "language", "privacy", "rules")
_LANGUAGES = {None: "zh_CN", "en": "en"}
"""Telegram's language codes; None serves all others."""


async def publish(bot: Bot, catalog: Catalog) -> None:
    """Set at every start, which changes nothing that is as it was; a failure is no reason not to start."""
    try:
        for code, locale in _LANGUAGES.items():
            commands = [BotCommand(name, catalog.label(f"command_{name}", locale)) for name in COMMANDS]
            await bot.set_my_commands(commands, language_code=code)
    except TelegramError as error:
        log.warning("the menu of commands could not be set: %s", type(error).__name__)
