"""Where a call goes: the chat, the topic and the message it names, or Telegram's refusal."""

from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request, forbidden
from bot.rehearsal.state import Chat, ChatType, Message, Standing
from bot.rehearsal.world import World


def named_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """Any chat that the bot knows."""
    if name not in params:
        raise bad_request(f"{name} is empty")
    chat = world.state.chats.get(params.get(name)) if isinstance(params.get(name), int) else None
    if chat is None or not _known(world, chat):
        raise bad_request("chat not found")
    if chat.migrated_to:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    return chat


def open_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """A chat in which the bot may do something now."""
    chat = named_chat(world, params, name)
    if chat.type is ChatType.PRIVATE:
        _check_person(world, chat)
    else:
        _check_membership(world, chat)
    return chat


def _known(world: World, chat: Chat) -> bool:
    if chat.type is not ChatType.PRIVATE:
        return world.bot.id in chat.standings
    shared = (other for other in world.state.chats.values() if world.bot.id in other.standings)
    return world.state.users[chat.id].started or any(chat.id in other.standings for other in shared)


def _check_person(world: World, chat: Chat) -> None:
    person = world.state.users[chat.id]
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")


def _check_membership(world: World, chat: Chat) -> None:
    kind = "supergroup" if chat.type is ChatType.SUPERGROUP else "group"
    standing = chat.standing(world.bot.id)
    if standing is Standing.KICKED:
        raise forbidden(f"bot was kicked from the {kind} chat")
    if not standing.present:
        raise forbidden(f"bot is not a member of the {kind} chat")


def thread(world: World, chat: Chat, params: Params) -> int | None:
    """The topic a message goes to, None for the chat itself."""
    if "message_thread_id" not in params:
        return None
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    if topic.closed and not chat.standing(world.bot.id).administers:
        raise bad_request("TOPIC_CLOSED")
    return topic.id


def replied(world: World, chat: Chat, params: Params) -> int | None:
    """The message that reply_parameters names."""
    wanted = params.mapped("reply_parameters")
    if not wanted:
        return None
    if "message_id" not in wanted:
        raise bad_request('can\'t find field "message_id"')
    if world.state.message(chat.id, wanted["message_id"]):
        return int(wanted["message_id"])
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def named_message(world: World, chat: Chat, params: Params, purpose: str) -> Message:
    """The message a call names; `purpose` is how Telegram speaks of it: edit, delete, pin, forward …"""
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = world.state.message(chat.id, params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message
