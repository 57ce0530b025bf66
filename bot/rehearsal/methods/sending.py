"""Methods that put messages into a chat."""

from dataclasses import dataclass
from typing import Any

from bot.rehearsal import files
from bot.rehearsal.journal import Event
from bot.rehearsal.keyboards import read_markup
from bot.rehearsal.methods.places import named_chat, named_message, open_chat, replied, thread
from bot.rehearsal.methods.registry import method
from bot.rehearsal.objects import message_json, present, user_json
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request, too_many_requests
from bot.rehearsal.state import Chat, ChatType, Json, Message
from bot.rehearsal.texts import caption, message_text
from bot.rehearsal.world import World

QUIET = "disable_notification protect_content allow_paid_broadcast message_effect_id"
PLACE = f"chat_id message_thread_id reply_parameters {QUIET}"
SEND = f"{PLACE} reply_markup"
MEDIA = {"document", "photo"}
CAPTION = "caption parse_mode caption_entities"
ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


@dataclass(frozen=True)
class Place:
    chat: Chat
    reply_to: int | None
    topic_id: int | None


def _place(world: World, params: Params, messages: int = 1, chat: Chat | None = None) -> Place:
    chat = chat or open_chat(world, params)
    place = Place(chat, replied(world, chat, params), thread(world, chat, params))
    wait = world.limits.retry_after(chat.id, chat.type, world.now(), messages)
    if wait:
        raise too_many_requests(wait)
    return place


def _put(world: World, place: Place, content: Json, **more: Any) -> Message:
    return world.post(
        place.chat, world.bot, content, reply_to=place.reply_to, topic_id=place.topic_id, **more
    )


def _send(world: World, params: Params, content: Json, **more: Any) -> Json:
    chat = open_chat(world, params)
    markup = read_markup(params.get("reply_markup"), private=chat.type is ChatType.PRIVATE)
    message = _put(world, _place(world, params, chat=chat), content, markup=markup, **more)
    return message_json(world.state, message)


def _caption(params: Params) -> Json:
    return caption(params.text("caption"), params.get("parse_mode"), params.objects("caption_entities"))


@method("sendMessage", f"{SEND} text parse_mode entities link_preview_options")
def send_message(world: World, params: Params) -> Json:
    content = message_text(params.text("text"), params.get("parse_mode"), params.objects("entities"))
    return _send(world, params, content)


@method("sendDocument", f"{SEND} document thumbnail disable_content_type_detection {CAPTION}")
def send_document(world: World, params: Params) -> Json:
    return _send_file(world, params, "document")


@method("sendPhoto", f"{SEND} photo has_spoiler show_caption_above_media {CAPTION}")
def send_photo(world: World, params: Params) -> Json:
    return _send_file(world, params, "photo")


@method("sendVoice", f"{SEND} voice duration {CAPTION}")
def send_voice(world: World, params: Params) -> Json:
    return _send_file(world, params, "voice")


@method("sendSticker", f"{SEND} sticker emoji")
def send_sticker(world: World, params: Params) -> Json:
    return _send_file(world, params, "sticker")


def _send_file(world: World, params: Params, kind: str) -> Json:
    words = _caption(params)
    stored = files.sent_file(world.state, params, kind, params.get(kind))
    return _send(world, params, files.content(stored) | words)


@method("sendContact", f"{SEND} phone_number first_name last_name vcard")
def send_contact(world: World, params: Params) -> Json:
    for name in ("phone_number", "first_name"):
        if name not in params:
            raise bad_request(f'can\'t find parameter "{name}"')
    names = ("phone_number", "first_name", "last_name", "vcard")
    return _send(world, params, {"contact": present(**{name: params.get(name) for name in names})})


@method("sendMediaGroup", f"{PLACE} media")
def send_media_group(world: World, params: Params) -> list[Json]:
    """Two to ten of one kind (one alone goes as a message by itself)."""
    media = params.objects("media") or []
    _check_album(media)
    contents = [media_content(world, params, item) for item in media]
    place = _place(world, params, len(media))
    album = str(13_500_000_000_000_000 + world.state.count("albums")) if len(media) > 1 else None
    sent = [_put(world, place, content, media_group_id=album) for content in contents]
    return [message_json(world.state, message) for message in sent]


def _check_album(media: list[Any]) -> None:
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > 10:
        raise bad_request("too many messages to send as an album")
    kinds = {item.get("type") for item in media}
    for kind in kinds - MEDIA:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")


def media_content(world: World, params: Params, item: Json) -> Json:
    """What an InputMedia stands for, with its caption."""
    if not item.get("media"):
        raise bad_request("can't parse InputMedia: media not found")
    words = caption(item.get("caption"), item.get("parse_mode"), item.get("caption_entities"))
    stored = files.sent_file(world.state, params, item["type"], item["media"])
    return files.content(stored) | words


@method(
    "forwardMessage",
    "chat_id from_chat_id message_id message_thread_id disable_notification protect_content",
)
def forward_message(world: World, params: Params) -> Json:
    source = named_message(world, named_chat(world, params, "from_chat_id"), params, "forward")
    origin = source.forward_origin or {
        "type": "user",
        "sender_user": user_json(_sender(world, source)),
        "date": source.date // 1000,
    }
    message = _put(world, _place(world, params), source.content, forward_origin=origin)
    return message_json(world.state, message)


def _sender(world: World, message: Message) -> Any:
    return world.bot if message.sender_id == world.bot.id else world.state.users[message.sender_id]


@method("copyMessage", f"{SEND} from_chat_id message_id show_caption_above_media {CAPTION}")
def copy_message(world: World, params: Params) -> Json:
    """As a message of the bot's own; a caption given replaces the one there was."""
    source = named_message(world, named_chat(world, params, "from_chat_id"), params, "copy")
    content = dict(source.content)
    if "text" not in content and params.get("caption") is not None:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= _caption(params)
    return {"message_id": _send(world, params, content)["message_id"]}


@method("sendChatAction", "chat_id message_thread_id action")
def send_chat_action(world: World, params: Params) -> bool:
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(world, params)
    thread(world, chat, params)
    chat.action, chat.action_at = params.text("action"), world.now()
    world.events.tell(Event("action", chat.id, about={"action": chat.action}))
    return True
