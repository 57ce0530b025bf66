"""Methods that change what is there: edits, deletions, pins, reactions, answers to presses."""

from bot.rehearsal.journal import Event
from bot.rehearsal.keyboards import read_inline
from bot.rehearsal.methods.places import named_message, open_chat
from bot.rehearsal.methods.registry import method
from bot.rehearsal.methods.sending import MEDIA, media_content
from bot.rehearsal.objects import message_json, present
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import Refusal, bad_request
from bot.rehearsal.state import Chat, ChatType, Json, Message
from bot.rehearsal.texts import caption, message_text
from bot.rehearsal.world import World

DELETABLE_FOR = 48 * 3_600_000  # ms
ANSWERABLE_FOR = 30_000  # ms
ANSWER_LIMIT = 200
DELETE_LIMIT = 100
TEXT = ("text", "entities")
CAPTION = ("caption", "caption_entities")
TOO_LONG = {  # what the server says of an edit, other than of a send
    "Bad Request: message is too long": bad_request("MESSAGE_TOO_LONG"),
    "Bad Request: message caption is too long": bad_request("MEDIA_CAPTION_TOO_LONG"),
}
REACTIONS = (  # what ReactionTypeEmoji takes
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)


def _editable(world: World, params: Params) -> Message:
    """Of the bot's own, not forwarded, and sent without a reply keyboard."""
    message = named_message(world, open_chat(world, params), params, "edit")
    replied_with = message.markup is not None and message.inline_keyboard is None
    if message.sender_id != world.bot.id or message.forward_origin or replied_with:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, message: Message, content: Json, markup: Json | None) -> Json:
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    world.change(message, content, markup)
    return message_json(world.state, message)


def _without(content: Json, fields: tuple[str, ...]) -> Json:
    return {name: value for name, value in content.items() if name not in fields}


def _edited(refusal: Refusal) -> Refusal:
    return TOO_LONG.get(refusal.description, refusal)


@method("editMessageText", "chat_id message_id text parse_mode entities link_preview_options reply_markup")
def edit_message_text(world: World, params: Params) -> Json:
    try:
        text = message_text(params.text("text"), params.get("parse_mode"), params.objects("entities"))
    except Refusal as refusal:
        raise _edited(refusal) from None
    markup = read_inline(params.get("reply_markup"))
    message = _editable(world, params)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, _without(message.content, TEXT) | text, markup)


@method(
    "editMessageCaption",
    "chat_id message_id caption parse_mode caption_entities show_caption_above_media reply_markup",
)
def edit_message_caption(world: World, params: Params) -> Json:
    try:
        words = caption(params.text("caption"), params.get("parse_mode"), params.objects("caption_entities"))
    except Refusal as refusal:
        raise _edited(refusal) from None
    markup = read_inline(params.get("reply_markup"))
    message = _editable(world, params)
    if not {"document", "photo", "voice"} & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    return _change(world, message, _without(message.content, CAPTION) | words, markup)


@method("editMessageMedia", "chat_id message_id media reply_markup")
def edit_message_media(world: World, params: Params) -> Json:
    """Another file and caption in place of what there was, text too."""
    item = params.mapped("media")
    if item.get("type") not in MEDIA:
        raise bad_request(f'can\'t parse InputMedia: type "{item.get("type")}" is unsupported')
    content = media_content(world, params, item)
    markup = read_inline(params.get("reply_markup"))
    return _change(world, _editable(world, params), content, markup)


@method("editMessageReplyMarkup", "chat_id message_id reply_markup")
def edit_message_reply_markup(world: World, params: Params) -> Json:
    markup = read_inline(params.get("reply_markup"))
    message = _editable(world, params)
    return _change(world, message, message.content, markup)


@method("deleteMessage", "chat_id message_id")
def delete_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    message = named_message(world, chat, params, "delete")
    _check_deletable(world, chat, message)
    world.erase(message)
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(world: World, params: Params) -> bool:
    """Those that are not there, or can't be deleted any more, are passed over."""
    chat = open_chat(world, params)
    wanted = params.listed("message_ids") or []
    if not 1 <= len(wanted) <= DELETE_LIMIT:
        raise bad_request(
            "message identifiers are not specified" if not wanted else "too many message identifiers"
        )
    for message in filter(None, (world.state.message(chat.id, int(number)) for number in wanted)):
        if _deletable(world, chat, message):
            world.erase(message)
    return True


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    if not _mine_to_delete(world, chat, message):
        raise bad_request("message can't be deleted")
    if not _deletable(world, chat, message):
        raise bad_request("message can't be deleted for everyone")


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    return _mine_to_delete(world, chat, message) and world.now() - message.date <= DELETABLE_FOR


def _mine_to_delete(world: World, chat: Chat, message: Message) -> bool:
    own = message.sender_id == world.bot.id
    return own or chat.type is ChatType.PRIVATE or chat.standing(world.bot.id).administers


@method("pinChatMessage", "chat_id message_id disable_notification")
def pin_chat_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    _check_pinning(world, chat)
    message = named_message(world, chat, params, "pin")
    chat.pinned = [*(one for one in chat.pinned if one != message.message_id), message.message_id]
    world.changed()
    return True


@method("unpinChatMessage", "chat_id message_id")
def unpin_chat_message(world: World, params: Params) -> bool:
    """The message named, or the one pinned last."""
    chat = open_chat(world, params)
    _check_pinning(world, chat)
    number = params.integer("message_id") if "message_id" in params else next(reversed(chat.pinned), 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    world.changed()
    return True


def _check_pinning(world: World, chat: Chat) -> None:
    if chat.type is not ChatType.PRIVATE and not chat.standing(world.bot.id).administers:
        raise bad_request("not enough rights to manage pinned messages in the chat")


@method("setMessageReaction", "chat_id message_id reaction is_big")
def set_message_reaction(world: World, params: Params) -> bool:
    message = named_message(world, open_chat(world, params), params, "react")
    reaction = params.objects("reaction") or []
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one.get("type") != "emoji" or one.get("emoji") not in REACTIONS.split() for one in reaction):
        raise bad_request("REACTION_INVALID")
    message.reaction = reaction
    world.events.tell(Event("reaction", message.chat_id, message.message_id, {"reaction": reaction}))
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(world: World, params: Params) -> bool:
    """Within 30 seconds of the press."""
    query = world.state.queries.get(params.text("callback_query_id"))
    if query is None or world.now() - query.at > ANSWERABLE_FOR:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": params.text("text"), "show_alert": params.flag("show_alert")}
    query.answers.append(answer | present(url=params.get("url")))
    world.events.tell(Event("answered", query.chat_id, query.message_id, {"query": query.id, **answer}))
    return True
