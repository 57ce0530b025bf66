"""The Bot API's methods. Importing this fills `METHODS`."""

from bot.rehearsal.methods import chats, editing, intake, profile, sending, topics
from bot.rehearsal.methods.registry import METHODS, Method

__all__ = ["METHODS", "Method", "chats", "editing", "intake", "profile", "sending", "topics"]
