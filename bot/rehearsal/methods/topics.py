"""Topics of a forum."""

from bot.rehearsal.methods.places import open_chat
from bot.rehearsal.methods.registry import method
from bot.rehearsal.objects import present
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import Chat, Json, Topic
from bot.rehearsal.world import World

NAME_LIMIT = 128


def _forum(world: World, params: Params, deed: str) -> Chat:
    chat = open_chat(world, params)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.standing(world.bot.id).administers:
        raise bad_request(f"not enough rights to {deed}")
    return chat


def _topic(world: World, params: Params, deed: str) -> Topic:
    chat = _forum(world, params, deed)
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None or topic.deleted:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not name or len(name) > NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
    return name


def _set_closed(world: World, params: Params, *, closed: bool) -> bool:
    topic = _topic(world, params, "close or reopen the topic")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    world.changed()
    return True


@method("createForumTopic", "chat_id name icon_color icon_custom_emoji_id")
def create_forum_topic(world: World, params: Params) -> Json:
    chat = _forum(world, params, "create a topic")
    name, color = _name(params), params.integer("icon_color", 0x6FB9F0)
    created: Json = {"name": name, "icon_color": color} | present(
        icon_custom_emoji_id=params.get("icon_custom_emoji_id")
    )
    message = world.post(chat, world.bot, {"forum_topic_created": created}, opens_topic=True)
    chat.topics[message.message_id] = Topic(
        message.message_id, name, color, params.get("icon_custom_emoji_id")
    )
    world.changed()
    return {"message_thread_id": message.message_id} | created


@method("editForumTopic", "chat_id message_thread_id name icon_custom_emoji_id")
def edit_forum_topic(world: World, params: Params) -> bool:
    topic = _topic(world, params, "edit the topic")
    name = _name(params) if "name" in params else topic.name
    icon = params.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    if (name, icon) == (topic.name, topic.icon_custom_emoji_id):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name, topic.icon_custom_emoji_id = name, icon
    world.changed()
    return True


@method("closeForumTopic", "chat_id message_thread_id")
def close_forum_topic(world: World, params: Params) -> bool:
    return _set_closed(world, params, closed=True)


@method("reopenForumTopic", "chat_id message_thread_id")
def reopen_forum_topic(world: World, params: Params) -> bool:
    return _set_closed(world, params, closed=False)


@method("deleteForumTopic", "chat_id message_thread_id")
def delete_forum_topic(world: World, params: Params) -> bool:
    """With all its messages."""
    topic = _topic(world, params, "delete the topic")
    topic.deleted = True
    world.changed()
    for message in world.state.messages.get(params.integer("chat_id"), {}).values():
        if message.topic_id == topic.id and message.deleted_at is None:
            world.erase(message)
    return True
