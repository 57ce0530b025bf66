"""A group: its people, its topics, the bot's place in it."""

from typing import TYPE_CHECKING

from bot.rehearsal.objects import user_json
from bot.rehearsal.seen import Seen, seen
from bot.rehearsal.state import Chat, ChatType, Standing, Topic, User

if TYPE_CHECKING:
    from bot.rehearsal.acting import Actor
    from bot.rehearsal.world import World


class Group:
    def __init__(self, world: "World", chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def topics(self) -> list[Topic]:
        return [topic for topic in self.chat.topics.values() if not topic.deleted]

    def messages(self) -> list[Seen]:
        stored = self.world.state.messages.get(self.id, {})
        return [seen(self.world.state, one) for one in stored.values() if one.deleted_at is None]

    def add(self, person: "Actor") -> None:
        self.world.change_standing(self.chat, person.user, Standing.MEMBER, self._owner())
        self.world.post(self.chat, self._owner(), {"new_chat_members": [user_json(person.user)]})

    def remove(self, person: "Actor") -> None:
        self.world.change_standing(self.chat, person.user, Standing.LEFT)
        self.world.post(self.chat, self._owner(), {"left_chat_member": user_json(person.user)})

    def add_bot(self, *, admin: bool = True) -> None:
        standing = Standing.ADMINISTRATOR if admin else Standing.MEMBER
        self.world.change_standing(self.chat, self.world.bot, standing, self._owner())
        self.world.post(self.chat, self._owner(), {"new_chat_members": [user_json(self.world.bot)]})

    def remove_bot(self) -> None:
        """Throws the bot out: it is told once, by my_chat_member."""
        self.world.change_standing(self.chat, self.world.bot, Standing.KICKED, self._owner())

    def topic(self, name: str) -> Topic:
        """A topic opened by the group's owner."""
        content = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
        message = self.world.post(self.chat, self._owner(), content, opens_topic=True)
        topic = self.chat.topics.setdefault(message.message_id, Topic(message.message_id, name))
        self.world.changed()
        return topic

    def migrate(self) -> "Group":
        """The basic group becomes a supergroup with another id; this object follows it and is returned."""
        if self.chat.type is not ChatType.GROUP:
            raise ValueError("only a basic group becomes a supergroup")
        old, owner = self.chat, self._owner()
        new = self.world.open_chat(ChatType.SUPERGROUP, old.title or "")
        new.standings = dict(old.standings)
        self.world.post(old, owner, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        self.world.post(new, owner, {"migrate_from_chat_id": old.id})
        self.world.groups.pop(old.id)
        self.world.groups[new.id] = self
        self.chat = new
        self.world.changed()
        return self

    def _owner(self) -> User:
        """Who acts for the group: its creator, or for a group without people a stranger who becomes it."""
        for user_id, standing in self.chat.standings.items():
            if standing is Standing.CREATOR:
                return self.world.state.users[user_id]
        owner = self.world.person("Owner").user
        self.chat.standings[owner.id] = Standing.CREATOR
        return owner
