"""Methods about chats and their members."""

from bot.rehearsal import files
from bot.rehearsal.methods.places import named_chat, open_chat
from bot.rehearsal.methods.registry import method
from bot.rehearsal.objects import chat_json, member_json, message_json, present
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import ChatType, Json, Standing
from bot.rehearsal.world import World


@method("getChat", "chat_id")
def get_chat(world: World, params: Params) -> Json:
    """A ChatFullInfo."""
    chat = named_chat(world, params)
    if chat.type is not ChatType.PRIVATE:
        open_chat(world, params)
    pinned = world.state.message(chat.id, chat.pinned[-1]) if chat.pinned else None
    return chat_json(world.state, chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
        **present(pinned_message=pinned and message_json(world.state, pinned)),
    }


@method("getChatMember", "chat_id user_id")
def get_chat_member(world: World, params: Params) -> Json:
    chat = open_chat(world, params)
    number = params.integer("user_id")
    user = world.bot if number == world.bot.id else world.state.users.get(number)
    if user is None:
        raise bad_request("user not found")
    private = chat.type is ChatType.PRIVATE and number in (chat.id, world.bot.id)
    return member_json(user, Standing.MEMBER if private else chat.standing(number))


@method("leaveChat", "chat_id")
def leave_chat(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    if chat.type is ChatType.PRIVATE:
        raise bad_request("chat not found")
    world.change_standing(chat, world.bot, Standing.LEFT)
    return True


@method("getFile", "file_id")
def get_file(world: World, params: Params) -> Json:
    return files.get_file(world.state, params.text("file_id"))
