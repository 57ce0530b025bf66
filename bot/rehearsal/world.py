"""The rehearsed Telegram: its people, chats and messages, and what it tells the bot."""

# ruff: noqa: ASYNC109 # a time-out is a question here, not a deadline: what came instead is told

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.rehearsal import snapshot
from bot.rehearsal.faults import Faults
from bot.rehearsal.groups import Group
from bot.rehearsal.journal import Call, Calls, Event, Events
from bot.rehearsal.limits import Limits
from bot.rehearsal.objects import chat_json, member_json, message_json, present, user_json
from bot.rehearsal.people import Person
from bot.rehearsal.seen import Seen, seen
from bot.rehearsal.state import Chat, ChatType, Json, Message, Standing, State, User
from bot.rehearsal.updates import Updates

Clock = Callable[[], int]


class World:
    """Holds the state and passes on what happens in it. Everything here is synchronous."""

    def __init__(self, state: State, clock: Clock, *, limits: Limits | None = None, seed: int = 0) -> None:
        self.state = state
        self.now = clock
        self.events = Events()
        self.calls = Calls()
        self.faults = Faults(clock, seed)
        self.limits = limits or Limits()
        self.updates = Updates(state, self.events, self.faults)
        self.people = {user.id: Person(self, user) for user in state.users.values()}
        self.groups = {chat.id: Group(self, chat) for chat in state.chats.values() if _current_group(chat)}
        self.happenings: dict[int, list[Seen]] = {}  # by chat: what the bot sent, edited and deleted
        self.revoked = False

    @property
    def bot(self) -> User:
        return self.state.bot

    def person(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 # the Bot API's name
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "zh-hans",
        phone: str | None = None,
        slot: str | None = None,
    ) -> Person:
        """Someone with Telegram, who has not met the bot yet; whoever has a slot comes first on the page."""
        number = id if id is not None else 10_000_000 + self.state.count("people")
        user = User(number, first_name, last_name, username, language_code, phone, slot)
        self.state.users[number] = user
        self.state.chats[number] = Chat(number, ChatType.PRIVATE)
        self.people[number] = Person(self, user)
        self.changed()
        return self.people[number]

    def group(
        self,
        title: str,
        *,
        members: Iterable[Person] = (),
        forum: bool = False,
        supergroup: bool = False,
        with_bot: bool = True,
        admin: bool = True,
    ) -> Group:
        """A group of the first member's making; a forum is a supergroup. The bot joins it as `admin`, or as a
        member that sees only what privacy mode lets through."""
        kind = ChatType.SUPERGROUP if supergroup or forum else ChatType.GROUP
        chat = self.open_chat(kind, title, forum=forum)
        standings = [Standing.CREATOR, *[Standing.MEMBER] * 200]
        chat.standings = {person.id: standing for person, standing in zip(members, standings, strict=False)}
        group = self.groups[chat.id] = Group(self, chat)
        self.changed()
        if with_bot:
            group.add_bot(admin=admin)
        return group

    def open_chat(self, kind: ChatType, title: str, *, forum: bool = False) -> Chat:
        number = self.state.count("chats")
        base = -1_001_000_000_000 if kind is ChatType.SUPERGROUP else -4_000_000
        chat = Chat(base - number, kind, title, forum)
        self.state.chats[chat.id] = chat
        return chat

    def revoke(self) -> None:
        """From now on the token is answered with 401, waiting polls too."""
        self.revoked = True
        self.updates.stop()

    def restore(self) -> None:
        self.revoked = False

    def post(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        markup: Json | None = None,
        reply_to: int | None = None,
        topic_id: int | None = None,
        forward_origin: Json | None = None,
        media_group_id: str | None = None,
        opens_topic: bool = False,
    ) -> Message:
        """A new message in a chat; the bot hears of it unless it is its own."""
        own_count = (
            chat.type is ChatType.SUPERGROUP
        )  # everywhere else message ids are the bot's, not the chat's
        message_id = self.state.count(f"messages {chat.id}" if own_count else "messages")
        message = Message(
            chat.id,
            message_id,
            sender.id,
            self.now(),
            content,
            markup,
            reply_to,
            message_id if opens_topic else topic_id,
            forward_origin,
            media_group_id,
        )
        self.state.messages.setdefault(chat.id, {})[message_id] = message
        self._tell("sent", message)
        if sender is not self.bot and self._reaches_bot(chat, message):
            self.updates.push("message", message_json(self.state, message))
        return message

    def change(self, message: Message, content: Json, markup: Json | None) -> None:
        """An edited message keeps its earlier contents."""
        message.versions.append(message.content)
        message.content = content
        message.markup = markup
        message.edited_at = self.now()
        self._tell("edited", message)
        if message.sender_id != self.bot.id and self._reaches_bot(self.state.chats[message.chat_id], message):
            self.updates.push("edited_message", message_json(self.state, message))

    def erase(self, message: Message) -> None:
        message.deleted_at = self.now()
        self._tell("deleted", message)

    def changed(self) -> None:
        """Told when people, groups, topics or what the bot says of itself are no longer what they were."""
        self.events.tell(Event("changed"))

    def _tell(self, kind: str, message: Message) -> None:
        if message.sender_id == self.bot.id:
            self.happenings.setdefault(message.chat_id, []).append(seen(self.state, message))
        self.events.tell(Event(kind, message.chat_id, message.message_id))

    def _reaches_bot(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: of a group's talk, commands, replies to the bot and service messages only."""
        if chat.type is ChatType.PRIVATE:
            return not self.state.users[chat.id].blocked
        standing = chat.standing(self.bot.id)
        if not standing.present:
            return False
        if standing.administers or self.state.reads_all_group_messages:
            return True
        replied = message.reply_to and self.state.message(chat.id, message.reply_to)
        talk = {
            "text",
            "caption",
            "document",
            "photo",
            "voice",
            "sticker",
            "contact",
        } & message.content.keys()
        return not talk or self._commands(message) or bool(replied and replied.sender_id == self.bot.id)

    def _commands(self, message: Message) -> bool:
        word = message.content.get("text", "").split(" ")[0]
        return word.startswith("/") and word.partition("@")[2] in ("", self.bot.username)

    def change_standing(self, chat: Chat, user: User, standing: Standing, by: User | None = None) -> None:
        """Someone joins, leaves, is promoted or thrown out; for the bot itself it is my_chat_member."""
        before = chat.standing(user.id)
        chat.standings[user.id] = standing
        own = user.id == self.bot.id
        self.changed()
        if before is standing or not (own or chat.standing(self.bot.id).administers):
            return
        body = {
            "chat": chat_json(self.state, chat),
            "from": user_json(by or user),
            "date": self.now() // 1000,
            "old_chat_member": member_json(user, before),
            "new_chat_member": member_json(user, standing),
        }
        self.updates.push("my_chat_member" if own else "chat_member", body)

    def record(self, call: Call) -> None:
        self.calls.all.append(call)
        about = {"method": call.method, "outcome": call.outcome.value}
        self.events.tell(Event("call", call.params.get("chat_id"), None, about))

    async def drained(self, timeout: float = 5.0) -> None:
        """Waits until the bot has confirmed every update; TimeoutError names those that are left."""
        if not await self.events.until(lambda: not self.updates.pending, timeout):
            left = [update.update_id for update in self.updates.pending]
            raise TimeoutError(f"updates not confirmed within {timeout} s: {left}")

    async def expect_call(
        self, method: str, *, timeout: float = 5.0, times: int = 1, **params: object
    ) -> list[Call]:
        """Waits until a method was called (with these parameters) so many times in all."""
        if not await self.events.until(lambda: len(self.calls.of(method, **params)) >= times, timeout):
            found = len(self.calls.of(method, **params))
            asked = present(**params) or "any parameters"
            raise TimeoutError(f"{found} of {times} calls of {method} with {asked} within {timeout} s")
        return self.calls.of(method, **params)

    def save(self, path: Path) -> None:
        """The state as JSON, with the files' bytes."""
        path.write_text(snapshot.dump(self.state))


def _current_group(chat: Chat) -> bool:
    return chat.type is not ChatType.PRIVATE and chat.migrated_to is None
