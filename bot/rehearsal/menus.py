"""What the bot says of itself, to one person in one chat: its name, its description, its commands."""

import json

from bot.rehearsal.state import Chat, ChatType, Json, State, User


def commands(state: State, user: User, chat: Chat) -> list[Json]:
    """By the narrowest scope that has any, in the person's language before all languages."""
    for scope in _scopes(user, chat):
        for language in _languages(user):
            found: list[Json] | None = state.profile.get(f"commands {json.dumps(scope)} {language}")
            if found:
                return found
    return []


def _scopes(user: User, chat: Chat) -> list[Json]:
    here = {"chat_id": chat.id, "type": "chat"}
    everywhere: list[Json] = [{"type": "default"}, {}]
    if chat.type is ChatType.PRIVATE:
        return [here, {"type": "all_private_chats"}, *everywhere]
    member = {"chat_id": chat.id, "type": "chat_member", "user_id": user.id}
    administrators: list[Json] = (
        [{"chat_id": chat.id, "type": "chat_administrators"}, {"type": "all_chat_administrators"}]
        if chat.standing(user.id).administers
        else []
    )
    return [member, *administrators[:1], here, *administrators[1:], {"type": "all_group_chats"}, *everywhere]


def told(state: State, what: str, user: User) -> str:
    """The name, description or short_description."""
    words = (state.profile.get(f"{what} {language}") for language in _languages(user))
    return next((str(one) for one in words if one), "")


def _languages(user: User) -> tuple[str, ...]:
    own = (user.language_code or "").partition("-")[0]
    return (own, "") if own else ("",)
