"""What the page shows, as JSON: the frame (people, groups, the bot) and the messages."""

from bot.rehearsal import menus
from bot.rehearsal.objects import present
from bot.rehearsal.state import Chat, ChatType, Json, Message, State, StoredFile, User
from bot.rehearsal.world import World

SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "forum_topic_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "users_shared",
)
FILES = ("document", "photo", "voice", "sticker")
QUOTED = 120  # characters


def frame(world: World) -> Json:
    state = world.state
    listening = world.updates.waiting or bool(state.webhook.url)
    return {
        "bot": {"id": world.bot.id, "username": world.bot.username, "listening": listening},
        "people": [_person(state, user) for user in state.users.values()],
        "groups": [_group(state, group.chat) for group in world.groups.values()],
    }


def _person(state: State, user: User) -> Json:
    chats = [chat for chat in state.chats.values() if chat.id == user.id or chat.standing(user.id).present]
    name = " ".join(filter(None, (user.first_name, user.last_name)))
    return {
        "id": user.id,
        "name": name,
        "started": user.started,
        "blocked": user.blocked,
        "deactivated": user.deactivated,
        "bot": menus.told(state, "name", user) or state.bot.first_name,
        "description": menus.told(state, "description", user),
        "commands": {str(chat.id): found for chat in chats if (found := menus.commands(state, user, chat))},
        "pinned": _pinned(state, state.chats[user.id]),
    } | present(username=user.username, phone=user.phone, slot=user.slot, language=user.language_code)


def _group(state: State, chat: Chat) -> Json:
    return {
        "id": chat.id,
        "title": chat.title,
        "forum": chat.is_forum,
        "members": [number for number, standing in chat.standings.items() if standing.present],
        "topics": [
            {"id": topic.id, "name": topic.name, "color": topic.icon_color, "closed": topic.closed}
            for topic in chat.topics.values()
            if not topic.deleted
        ],
        "pinned": _pinned(state, chat),
    }


def _pinned(state: State, chat: Chat) -> Json | None:
    shown = [found for number in chat.pinned if (found := state.message(chat.id, number))]
    return quote(state, shown[-1]) if shown else None


def histories(world: World, limit: int) -> list[Json]:
    """The newest messages of every private chat, group and topic."""
    chats = [chat for chat in world.state.chats.values() if not chat.migrated_to]
    places = [(chat, topic) for chat in chats for topic in (None, *chat.topics)]
    return [history(world, chat, topic, limit=limit) for chat, topic in places]


def history(world: World, chat: Chat, topic: int | None, *, limit: int, before: int | None = None) -> Json:
    """A page of a chat or topic, oldest first; `more` when there are older ones."""
    found: list[Message] = []
    for one in reversed(world.state.messages.get(chat.id, {}).values()):
        if one.deleted_at is None and one.topic_id == topic and (before is None or one.message_id < before):
            found.append(one)
            if len(found) > limit:
                break
    unread = unconfirmed(world)
    return {
        "chat": chat.id,
        "topic": topic,
        "more": len(found) > limit,
        "messages": [
            message(world.state, one, read=(chat.id, one.message_id) not in unread)
            for one in reversed(found[:limit])
        ],
        "keyboard": keyboard(world, chat),
    }


def unconfirmed(world: World) -> set[tuple[int, int]]:
    """The messages that the bot has not confirmed yet, by chat and message_id."""
    bodies = (update.body.get("message") for update in world.updates.pending)
    return {(body["chat"]["id"], body["message_id"]) for body in bodies if body}


def keyboard(world: World, chat: Chat) -> Json | None:
    """The reply keyboard under a private chat, with the message it came with."""
    if chat.type is not ChatType.PRIVATE:
        return None
    for one in reversed(world.state.messages.get(chat.id, {}).values()):
        markup = one.markup or {}
        if one.deleted_at is None and ("keyboard" in markup or "remove_keyboard" in markup):
            return markup | {"message": one.message_id} if "keyboard" in markup else None
    return None


def message(state: State, one: Message, *, read: bool = True) -> Json:
    content = one.content
    replied = state.message(one.chat_id, one.reply_to) if one.reply_to else None
    origin = (one.forward_origin or {}).get("sender_user", {})
    return {
        "chat": one.chat_id,
        "id": one.message_id,
        "from": one.sender_id,
        "date": one.date,
        "text": content.get("text") or content.get("caption") or "",
        "entities": content.get("entities") or content.get("caption_entities") or [],
        "read": read,
        "edited": one.edited_at is not None,
        "reactions": [reaction.get("emoji", "") for reaction in one.reaction],
        "buttons": (one.markup or {}).get("inline_keyboard", []),
        **present(
            file=_file(state, content),
            contact=content.get("contact"),
            service={name: content[name] for name in SERVICE if name in content} or None,
            reply=replied and quote(state, replied),
            topic=one.topic_id,
            forwarded=origin.get("first_name"),
            album=one.media_group_id,
            force_reply=(one.markup or {}).get("force_reply") or None,
            placeholder=(one.markup or {}).get("input_field_placeholder"),
        ),
    }


def quote(state: State, one: Message) -> Json:
    """As much of a message as is shown where it is replied to or pinned."""
    text = one.content.get("text") or one.content.get("caption") or ""
    kind = next((name for name in (*FILES, "contact") if name in one.content), None)
    name = one.content.get("document", {}).get("file_name")
    return {"id": one.message_id, "from": one.sender_id, "text": text[:QUOTED]} | present(
        kind=kind, name=name
    )


def _file(state: State, content: Json) -> Json | None:
    kind = next((name for name in FILES if name in content), None)
    if kind is None:
        return None
    described = content[kind][-1] if kind == "photo" else content[kind]
    stored: StoredFile = state.files[described["file_id"]]
    return {"kind": kind, "id": stored.file_id, "size": stored.size} | present(
        name=described.get("file_name"), mime=described.get("mime_type"), emoji=described.get("emoji")
    )
