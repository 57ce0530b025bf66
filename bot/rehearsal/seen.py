"""A message as a person sees it, at one moment."""

from dataclasses import dataclass, field
from html import escape

from bot.rehearsal.objects import message_json
from bot.rehearsal.state import Json, Message, State

TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


@dataclass(frozen=True)
class Seen:
    message_id: int
    chat_id: int
    from_bot: bool
    sender_id: int
    text: str  # of the message, or the caption of its file
    html: str
    buttons: list[list[Json]]  # the inline keyboard, as the Bot API describes it
    keyboard: list[list[str]]  # the labels of the reply keyboard that came with it
    document: Json | None = None
    photo: Json | None = None  # the largest size
    contact: Json | None = None
    reply_to: int | None = None
    topic: int | None = None
    edited: bool = False
    deleted: bool = False
    raw: Json = field(default_factory=dict)  # the whole Message of the Bot API

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    def button(self, label: str) -> Json:
        """The button with this label, or the only one whose label contains it."""
        buttons = [button for row in self.buttons for button in row]
        exact = [button for button in buttons if button["text"] == label]
        near = exact or [button for button in buttons if label in button["text"]]
        if not near or (not exact and len(near) > 1):
            raise LookupError(f"no one button {label!r} among {self.labels} of message {self.message_id}")
        return near[0]

    def has(self, label: str) -> bool:
        return any(label in own for own in self.labels)

    def data(self, label: str) -> str:
        return str(self.button(label)["callback_data"])


def seen(state: State, message: Message) -> Seen:
    raw: Json = message_json(state, message)
    text: str = raw.get("text") or raw.get("caption") or ""
    photo = raw.get("photo")
    markup = message.markup or {}
    return Seen(
        message_id=message.message_id,
        chat_id=message.chat_id,
        from_bot=message.sender_id == state.bot.id,
        sender_id=message.sender_id,
        text=text,
        html=to_html(text, raw.get("entities") or raw.get("caption_entities") or []),
        buttons=markup.get("inline_keyboard", []),
        keyboard=[[button["text"] for button in row] for row in markup.get("keyboard", [])],
        document=raw.get("document"),
        photo=photo[-1] if photo else None,
        contact=raw.get("contact"),
        reply_to=message.reply_to,
        topic=message.topic_id,
        edited=message.edited_at is not None,
        deleted=message.deleted_at is not None,
        raw=raw,
    )


def to_html(text: str, entities: list[Json]) -> str:
    """The text with its entities as Telegram's HTML; those that Telegram found by itself stay text."""
    units = text.encode("utf-16-le")
    marks = [mark for order, entity in enumerate(entities) for mark in _marks(order, entity)]
    html, last = "", 0
    for position, _, _, tag in sorted(marks):
        html += escape(units[last * 2 : position * 2].decode("utf-16-le"), quote=False) + tag
        last = position
    return html + escape(units[last * 2 :].decode("utf-16-le"), quote=False)


def _marks(order: int, entity: Json) -> list[tuple[int, int, int, str]]:
    """Where the tags go: at one place, ends come first, the inner before the outer."""
    opening, closing = _tags(entity)
    if not opening:
        return []
    begin, length = entity["offset"], entity["length"]
    return [(begin, 1, order, opening), (begin + length, 0, -order, closing)]


def _tags(entity: Json) -> tuple[str, str]:
    if entity["type"] == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if entity["type"] == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if entity["type"] == "pre" and entity.get("language"):
        return f'<pre><code class="language-{entity["language"]}">', "</code></pre>"
    return TAGS.get(entity["type"], ("", ""))
