"""State as the Bot API's JSON objects."""

from bot.rehearsal.state import (
    CallbackQuery,
    Chat,
    ChatType,
    Json,
    Message,
    Standing,
    State,
    StoredFile,
    User,
)


def present(**fields: object) -> Json:
    """The fields that have a value: the Bot API leaves out what is not there."""
    return {name: value for name, value in fields.items() if value is not None}


def user_json(user: User) -> Json:
    if user.deactivated:
        return {"id": user.id, "is_bot": user.is_bot, "first_name": ""}
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name} | present(
        last_name=user.last_name, username=user.username, language_code=user.language_code
    )


def bot_json(state: State) -> Json:
    return user_json(state.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": state.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat_json(state: State, chat: Chat) -> Json:
    if chat.type is ChatType.PRIVATE:
        person = state.users[chat.id]
        return {"id": chat.id, "type": "private", "first_name": person.first_name} | present(
            last_name=person.last_name, username=person.username
        )
    return {"id": chat.id, "type": chat.type.value, "title": chat.title} | present(
        is_forum=chat.is_forum or None
    )


def message_json(state: State, message: Message, *, quoted: bool = False) -> Json:
    """A Message; one that is quoted inside another carries no reply of its own."""
    chat = state.chats[message.chat_id]
    sender = state.bot if message.sender_id == state.bot.id else state.users[message.sender_id]
    reply = None if quoted or message.reply_to is None else state.message(chat.id, message.reply_to)
    return {
        "message_id": message.message_id,
        "from": user_json(sender),
        "chat": chat_json(state, chat),
        "date": message.date // 1000,
        **present(
            message_thread_id=message.topic_id,
            is_topic_message=message.topic_id and True,
            forward_origin=message.forward_origin,
            reply_to_message=reply and message_json(state, reply, quoted=True),
            edit_date=message.edited_at and message.edited_at // 1000,
            media_group_id=message.media_group_id,
            reply_markup=message.inline_keyboard,
        ),
        **message.content,
    }


def query_json(state: State, query: CallbackQuery) -> Json:
    message = state.message(query.chat_id, query.message_id)
    shown = (
        message_json(state, message)
        if message
        else {
            "chat": chat_json(state, state.chats[query.chat_id]),
            "message_id": query.message_id,
            "date": 0,
        }
    )
    return {
        "id": query.id,
        "from": user_json(state.users[query.user_id]),
        "message": shown,
        "chat_instance": str(7_000_000_000 + abs(query.chat_id)),
        "data": query.data,
    }


def file_json(stored: StoredFile) -> Json:
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}


RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member_json(user: User, standing: Standing) -> Json:
    """A ChatMember of the kind that the standing names."""
    extra: dict[Standing, Json] = {
        Standing.CREATOR: {"is_anonymous": False},
        Standing.ADMINISTRATOR: {right: right not in ("can_be_edited", "is_anonymous") for right in RIGHTS}
        | {"can_pin_messages": True, "can_manage_topics": True},
        Standing.KICKED: {"until_date": 0},
    }
    return {"user": user_json(user), "status": standing.value} | extra.get(standing, {})
