"""What a person does. Acting never waits: it changes the chat and queues the bot's update."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rehearsal import files
from bot.rehearsal.journal import Event
from bot.rehearsal.objects import present, query_json, user_json
from bot.rehearsal.press import Press
from bot.rehearsal.seen import Seen, seen
from bot.rehearsal.state import CallbackQuery, Chat, ChatType, Json, Message, Standing, Topic, User
from bot.rehearsal.texts import caption as as_caption
from bot.rehearsal.texts import message_text

if TYPE_CHECKING:
    from bot.rehearsal.groups import Group
    from bot.rehearsal.world import World


class CannotAct(Exception):  # said of a person
    """Something that a person's Telegram would not let them do."""


@dataclass(frozen=True)
class Attachment:
    """A file a person sends; with a size and no data, a huge one can be sent without having it."""

    name: str
    data: bytes | None = None
    size: int | None = None
    mime_type: str | None = None
    kind: str = "document"


class Actor:
    def __init__(self, world: "World", user: User) -> None:
        self.world = world
        self.user = user
        self.id = user.id
        self._read: dict[int, int] = {}  # by chat: how many of the bot's happenings are behind this person

    def start(self, payload: str = "") -> Seen:
        """Presses Start, by a link with a payload or without; a blocked bot is unblocked by it."""
        if self.user.blocked:
            self.unblock()
        self._set_started()
        return self.send(f"/start {payload}".rstrip())

    def send(
        self,
        text: str,
        *,
        reply_to: Seen | int | None = None,
        chat: "Group | None" = None,
        topic: Topic | int | None = None,
    ) -> Seen:
        return self._post(message_text(text, None, None), chat, reply_to, topic)

    def edit(self, message: Seen, text: str) -> Seen:
        """Changes the text or the caption of a message of their own."""
        found = self._own(message)
        field = "text" if "text" in found.content else "caption"
        changed = message_text(text, None, None) if field == "text" else as_caption(text, None, None)
        rest = {
            name: value
            for name, value in found.content.items()
            if name not in (field, "entities", "caption_entities")
        }
        self.world.change(found, rest | changed, None)
        return seen(self.world.state, found)

    def delete(self, message: Seen) -> None:
        """Deletes for both sides, own or the bot's; the bot is not told."""
        found = self.world.state.message(message.chat_id, message.message_id)
        if found is None:
            raise CannotAct("the message is gone")
        found.deleted_at = self.world.now()
        self.world.events.tell(Event("deleted", found.chat_id, found.message_id))

    def share_contact(self, *, reply_to: Seen | int | None = None) -> Seen:
        """Their own number, as a button that asks for it sends it."""
        return self._post({"contact": self.contact()}, reply_to=reply_to)

    def share_contact_of(self, whom: "Actor | Json") -> Seen:
        """Someone else's card from the address book; one who is not in Telegram comes as a Contact object."""
        return self._post({"contact": whom.contact() if isinstance(whom, Actor) else whom})

    def forward_contact(self, whom: "Actor", *, by: "Actor | None" = None) -> Seen:
        """A message in which `by` (they themselves, when nobody is given) shared the contact of `whom`."""
        origin = {
            "type": "user",
            "sender_user": user_json((by or whom).user),
            "date": self.world.now() // 1000,
        }
        return self._post({"contact": whom.contact()}, origin=origin)

    def share_users(self, asked: Json, *whom: "Actor") -> Seen:
        """People picked from a list, as a button with `request_users` sends them, with what it asked for."""
        if len(whom) > asked.get("max_quantity", 1):
            raise CannotAct("more people were picked than the button takes")
        users = [one.as_shared(asked) for one in whom]
        return self._post({"users_shared": {"request_id": asked["request_id"], "users": users}})

    def as_shared(self, asked: Json) -> Json:
        """A SharedUser."""
        user = self.user
        name = present(first_name=user.first_name, last_name=user.last_name)
        return {
            "user_id": self.id,
            **(name if asked.get("request_name") else {}),
            **(present(username=user.username) if asked.get("request_username") else {}),
        }

    def contact(self) -> Json:
        phone = (self.user.phone or "").removeprefix("+")
        if not phone:
            raise CannotAct(f"{self.user.first_name} has no phone number in this rehearsal")
        return {"phone_number": phone, "first_name": self.user.first_name, "user_id": self.id} | present(
            last_name=self.user.last_name
        )

    def press(self, label: str, message: Seen | None = None, *, chat: "Group | None" = None) -> Press:
        """An inline button by its label: of this message as it was seen, or of the newest one that has it."""
        on = message or self._newest_with(label, chat)
        button = on.button(label)
        if "callback_data" not in button:
            raise CannotAct(f"the button {label!r} is no callback button: {button}")
        return self.press_data(button["callback_data"], on)

    def press_data(self, data: str, message: Seen | None = None, *, chat: "Group | None" = None) -> Press:
        """A press with any data, on a button or forged; without a message on the newest of the bot."""
        on = message or self._newest_with("", chat)
        self._act(self.world.state.chats[on.chat_id])
        number = str(4_400_000_000_000_000 + self.world.state.count("queries"))
        query = CallbackQuery(number, self.id, on.chat_id, on.message_id, data, self.world.now())
        self.world.state.queries[number] = query
        self.world.updates.push("callback_query", query_json(self.world.state, query))
        return Press(self.world, query)

    def send_document(
        self,
        name: str,
        data: bytes | None = None,
        *,
        size: int | None = None,
        mime_type: str | None = None,
        caption: str | None = None,
        reply_to: Seen | int | None = None,
        chat: "Group | None" = None,
        topic: Topic | int | None = None,
    ) -> Seen:
        attachment = Attachment(name, data, size, mime_type)
        return self._post(self._content(attachment, caption), chat, reply_to, topic)

    def send_photo(
        self,
        data: bytes = files.DOT,
        *,
        caption: str | None = None,
        reply_to: Seen | int | None = None,
        chat: "Group | None" = None,
        topic: Topic | int | None = None,
    ) -> Seen:
        attachment = Attachment("photo.jpg", data, kind="photo")
        return self._post(self._content(attachment, caption), chat, reply_to, topic)

    def send_voice(self, data: bytes = b"OggS", *, reply_to: Seen | int | None = None) -> Seen:
        return self._post(self._content(Attachment("voice.oga", data, kind="voice")), reply_to=reply_to)

    def send_sticker(self, emoji: str = "👍") -> Seen:
        content = self._content(Attachment("sticker.webp", b"RIFF", kind="sticker"))
        return self._post({"sticker": content["sticker"] | {"emoji": emoji}})

    def send_album(
        self,
        attachments: Iterable[Attachment],
        caption: str | None = None,
        *,
        reply_to: Seen | int | None = None,
        chat: "Group | None" = None,
        topic: Topic | int | None = None,
    ) -> list[Seen]:
        """Several files under one media_group_id, each an update of its own; the first has the caption."""
        group_id = str(13_000_000_000_000_000 + self.world.state.count("albums"))
        captions = [caption] + [None] * 9
        return [
            self._post(self._content(attachment, words), chat, reply_to, topic, album=group_id)
            for attachment, words in zip(attachments, captions, strict=False)
        ]

    def block(self) -> None:
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        self._set_blocked(blocked=False)

    def deactivate(self) -> None:
        """Deletes the account."""
        self.user.deactivated = True
        self.world.changed()

    def _set_blocked(self, *, blocked: bool) -> None:
        chat = self.world.state.chats[self.id]
        bot = self.world.bot
        chat.standings.setdefault(bot.id, Standing.MEMBER)
        self.user.blocked = blocked
        self.world.change_standing(chat, bot, Standing.KICKED if blocked else Standing.MEMBER, self.user)

    def _content(self, attachment: Attachment, caption: str | None = None) -> Json:
        stored = files.store(
            self.world.state,
            attachment.kind,
            attachment.name,
            attachment.data,
            size=attachment.size,
            mime_type=attachment.mime_type,
        )
        return files.content(stored) | as_caption(caption, None, None)

    def _post(
        self,
        content: Json,
        chat: "Group | None" = None,
        reply_to: Seen | int | None = None,
        topic: Topic | int | None = None,
        *,
        origin: Json | None = None,
        album: str | None = None,
    ) -> Seen:
        where = chat.chat if chat else self.world.state.chats[self.id]
        self._act(where)
        message = self.world.post(
            where,
            self.user,
            content,
            reply_to=reply_to.message_id if isinstance(reply_to, Seen) else reply_to,
            topic_id=topic.id if isinstance(topic, Topic) else topic,
            forward_origin=origin,
            media_group_id=album,
        )
        return seen(self.world.state, message)

    def _act(self, chat: Chat) -> None:
        """Whoever acts in a chat has read it."""
        if self.user.deactivated or (chat.type is ChatType.PRIVATE and self.user.blocked):
            raise CannotAct(f"{self.user.first_name} deleted the account or blocked the bot")
        if chat.type is not ChatType.PRIVATE and not chat.standing(self.id).present:
            raise CannotAct(f"{self.user.first_name} is not in {chat.title}")
        if chat.type is ChatType.PRIVATE:
            self._set_started()
        self._read[chat.id] = len(self.world.happenings.get(chat.id, []))

    def _set_started(self) -> None:
        if not self.user.started:
            self.user.started = True
            self.world.changed()

    def _own(self, message: Seen) -> Message:
        found = self.world.state.message(message.chat_id, message.message_id)
        if found is None or found.sender_id != self.id:
            raise CannotAct("only a message of one's own can be edited")
        return found

    def _newest_with(self, label: str, chat: "Group | None") -> Seen:
        messages = self.world.state.messages.get(chat.id if chat else self.id, {})
        for message in reversed(messages.values()):
            if message.sender_id != self.world.bot.id or message.deleted_at is not None:
                continue
            shown = seen(self.world.state, message)
            if not label or shown.has(label):
                return shown
        raise LookupError(f"no message of the bot has a button {label!r}")
