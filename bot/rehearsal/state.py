"""Everything the rehearsal knows, as plain data (see `snapshot.py`). Instants are milliseconds in UTC."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class ChatType(StrEnum):
    PRIVATE = "private"
    GROUP = "group"  # a basic group: its id is -N
    SUPERGROUP = "supergroup"  # its id is -100N; only it can have topics


class Standing(StrEnum):
    """What a user is in a chat, in the words of ChatMember."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def present(self) -> bool:
        return self not in (Standing.LEFT, Standing.KICKED)

    @property
    def administers(self) -> bool:
        return self in (Standing.CREATOR, Standing.ADMINISTRATOR)


@dataclass
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone: str | None = None
    slot: str | None = (
        None  # whose phone it is on the page: liaison, deputy, officer, supervisor, or any word
    )
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False


@dataclass
class Topic:
    id: int  # the message_id of the service message that opened it
    name: str
    icon_color: int = 0x6FB9F0
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    deleted: bool = False


@dataclass
class Chat:
    id: int
    type: ChatType
    title: str | None = None
    is_forum: bool = False
    standings: dict[int, Standing] = field(default_factory=dict)  # by user id
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    action: str | None = None  # typing and its like, seen for five seconds
    action_at: int = 0

    def standing(self, user_id: int) -> Standing:
        return self.standings.get(user_id, Standing.LEFT)


@dataclass
class Message:
    chat_id: int
    message_id: int
    sender_id: int
    date: int
    content: Json  # the fields of the Bot API's Message that say what it is: text, document, contact …
    markup: Json | None = None  # any kind of reply markup; the bot is shown inline keyboards only
    reply_to: int | None = None
    topic_id: int | None = None
    forward_origin: Json | None = None
    media_group_id: str | None = None
    edited_at: int | None = None
    deleted_at: int | None = None
    reaction: list[Json] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)  # earlier contents, oldest first

    @property
    def inline_keyboard(self) -> Json | None:
        return self.markup if self.markup and "inline_keyboard" in self.markup else None


@dataclass
class StoredFile:
    file_id: str
    unique_id: str
    kind: str  # the field of Message it belongs to: document, photo, voice, sticker …
    path: str  # as getFile gives it
    size: int
    described: Json  # what Message says of it besides the ids and the size
    data: bytes | None = None  # None: zeros of that size


@dataclass
class CallbackQuery:
    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: int
    answers: list[Json] = field(default_factory=list)


@dataclass
class PendingUpdate:
    update_id: int
    body: Json
    repeats: int = 0  # how often it comes again after it was confirmed


@dataclass
class Webhook:
    url: str = ""
    secret_token: str | None = None
    max_connections: int = 40
    last_error_at: int | None = None
    last_error: str | None = None


@dataclass
class State:
    bot: User
    reads_all_group_messages: bool = False
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)  # by chat, by message_id
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, CallbackQuery] = field(default_factory=dict)
    pending: list[PendingUpdate] = field(default_factory=list)
    next_update_id: int = 860_000_001
    allowed_updates: list[str] = field(default_factory=list)  # empty: Telegram's default
    webhook: Webhook = field(default_factory=Webhook)
    profile: Json = field(default_factory=dict)  # commands, descriptions, menu buttons
    counters: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> int:
        self.counters[what] = self.counters.get(what, 0) + 1
        return self.counters[what]

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """The message, unless there is none or it was deleted."""
        found = self.messages.get(chat_id, {}).get(message_id)
        return None if found is None or found.deleted_at is not None else found
