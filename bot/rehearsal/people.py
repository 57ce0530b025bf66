"""A person: what they do (`acting.py`), and here what they see and wait for."""

# ruff: noqa: ASYNC109 # a time-out is a question here, not a deadline: what came instead is told

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.rehearsal.acting import Actor, CannotAct
from bot.rehearsal.seen import Seen, seen
from bot.rehearsal.state import Json, Message

if TYPE_CHECKING:
    from bot.rehearsal.groups import Group

ACTION_SHOWN = 5_000  # ms


class NotSeen(AssertionError):  # as in: not seen within five seconds
    """What was expected of the bot did not come in time; the text says what came instead."""


class Person(Actor):
    def messages(self, chat: "Group | None" = None) -> list[Seen]:
        """The chat as it stands now, oldest first, without what was deleted."""
        stored = self.world.state.messages.get(chat.id if chat else self.id, {})
        return [seen(self.world.state, one) for one in stored.values() if one.deleted_at is None]

    @property
    def last(self) -> Seen:
        return self.messages()[-1]

    def refreshed(self, message: Seen) -> Seen:
        """The message as it is now."""
        return seen(self.world.state, self.world.state.messages[message.chat_id][message.message_id])

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the reply keyboard under the private chat, empty when there is none."""
        return [[button["text"] for button in row] for row in self._keyboard()[1]]

    def tap(self, label: str, *, whom: "Actor | None" = None) -> Seen:
        """A button of the reply keyboard: sends its text, the contact when it asks for one, or whom it has
        one pick."""
        message, rows = self._keyboard()
        buttons = {button["text"]: button for row in rows for button in row}
        if label not in buttons:
            raise CannotAct(f"no button {label!r} on the reply keyboard: {list(buttons)}")
        if buttons[label].get("request_contact"):
            return self.share_contact(reply_to=message.message_id if message else None)
        if asked := buttons[label].get("request_users"):
            if whom is None:
                raise CannotAct(f"the button {label!r} asks for people: name one")
            return self.share_users(asked, whom)
        return self.send(label)

    def _keyboard(self) -> tuple[Message | None, list[list[Json]]]:
        for message in reversed(self.world.state.messages.get(self.id, {}).values()):
            markup = message.markup or {}
            if message.deleted_at is None and ("keyboard" in markup or "remove_keyboard" in markup):
                return message, markup.get("keyboard", [])
        return None, []

    @property
    def typing(self) -> str | None:
        """The action that the bot shows in the private chat right now."""
        chat = self.world.state.chats[self.id]
        fresh = self.world.now() - chat.action_at < ACTION_SHOWN
        return chat.action if fresh else None

    def unread(self, chat: "Group | None" = None) -> list[Seen]:
        """What the bot sent, edited or deleted since this person last acted there or was told by `expect`."""
        chat_id = chat.id if chat else self.id
        return self.world.happenings.get(chat_id, [])[self._read.get(chat_id, 0) :]

    async def expect(
        self,
        text: str | re.Pattern[str] | None = None,
        *,
        chat: "Group | None" = None,
        where: Callable[[Seen], bool] | None = None,
        timeout: float = 15.0,
    ) -> Seen:
        """The first message sent or edited (with `where`, also deleted) since this person last acted or
        expected that contains the text. What lies before it counts as read."""

        def matches(one: Seen) -> bool:
            return _contains(one, text) and (where(one) if where else not one.deleted)

        def found() -> int | None:
            return next((place for place, one in enumerate(self.unread(chat)) if matches(one)), None)

        if not await self.world.events.until(lambda: found() is not None, timeout):
            raise NotSeen(self._instead(text, chat, timeout))
        place = found() or 0
        match = self.unread(chat)[place]
        chat_id = chat.id if chat else self.id
        self._read[chat_id] = self._read.get(chat_id, 0) + place + 1
        return match

    def _instead(self, text: object, chat: "Group | None", timeout: float) -> str:
        came = "\n".join(f"  {_line(one)}" for one in self.unread(chat)) or "  nothing"
        before = "\n".join(f"  {_line(one)}" for one in self.messages(chat)[-6:])
        return (
            f"{self.user.first_name} did not see {text!r} within {timeout} s; "
            f"since the last act came\n{came}\nthe chat ends with\n{before}"
        )


def _contains(one: Seen, text: str | re.Pattern[str] | None) -> bool:
    if text is None:
        return True
    return bool(text.search(one.text)) if isinstance(text, re.Pattern) else text in one.text


def _line(one: Seen) -> str:
    marks = [mark for mark, set_ in (("edited", one.edited), ("deleted", one.deleted)) if set_]
    return (
        f"#{one.message_id} {'bot' if one.from_bot else 'person'} {one.text!r} {one.labels} {' '.join(marks)}"
    )
