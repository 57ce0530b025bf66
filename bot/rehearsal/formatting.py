"""parse_mode HTML, as Telegram's TDLib parses it: byte offsets in errors, UTF-16 offsets in entities."""

from dataclasses import dataclass
from string import ascii_letters, digits, hexdigits

from bot.rehearsal.refusal import Refusal, bad_request
from bot.rehearsal.state import Json

SPACES = " \t\r\n\0\v"
END = "\0"
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
ARGUMENTS = {  # (tag, attribute): the prefix that its value must have, and that is cut off
    ("a", "href"): "",
    ("tg-emoji", "emoji-id"): "",
    ("code", "class"): "language-",
    ("span", "class"): "tg-",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """The text and its entities; refused as Telegram refuses."""
    return _Parser(markup).parse()


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int


class _Parser:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.text = ""
        self.length = 0  # of the text, in UTF-16 code units
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.markup):
            self._step()
        if self.open:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        if any("\ud800" <= character <= "\udfff" for character in self.text):
            raise _cannot(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return self.text, in_order([_without_language(entity) for entity in self.entities])

    def _step(self) -> None:
        if self._peek() != "<":
            self._append(self._character())
        elif self.markup.startswith("</", self.at):
            self._end_tag()
        else:
            self._start_tag()

    def _peek(self) -> str:
        return self.markup[self.at] if self.at < len(self.markup) else END

    def _append(self, character: str) -> None:
        self.text += character
        self.length += utf16_length(character)

    def _character(self) -> str:
        """The next character of the text, which an HTML entity may stand for."""
        decoded = _decode(self.markup, self.at)
        character, self.at = decoded or (self.markup[self.at], self.at + 1)
        return character

    def _take_until(self, stops: str) -> str:
        begin = self.at
        while self._peek() not in stops:
            self.at += 1
        return self.markup[begin : self.at]

    def _skip_spaces(self) -> None:
        while self._peek() != END and self._peek() in SPACES:
            self.at += 1

    def _bytes(self, position: int) -> int:
        return len(self.markup[:position].encode())

    def _start_tag(self) -> None:
        begin = self.at
        offset = self._bytes(begin)
        self.at += 1
        tag = self._take_until(SPACES + ">").lower()
        if self._peek() == END:
            raise _cannot(f"Unclosed start tag at byte offset {offset}")
        if tag not in TAGS:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {offset}')
        argument = self._arguments(tag, offset)
        if tag == "span" and argument != "spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.at += 1
        self.open.append(_Open(tag, argument, self.length))

    def _arguments(self, tag: str, offset: int) -> str:
        argument = ""
        while True:
            self._skip_spaces()
            if self._peek() == ">":
                return argument
            name, value = self._attribute(tag, offset)
            if (tag, name) == ("blockquote", "expandable"):
                argument = "expandable"
            prefix = ARGUMENTS.get((tag, name))
            if prefix is not None and value.startswith(prefix):
                argument = value.removeprefix(prefix)

    def _attribute(self, tag: str, offset: int) -> tuple[str, str]:
        name = self._take_until(SPACES + "=>\"'/").lower()
        if not name:
            raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        self._skip_spaces()
        if self._peek() not in ("=", END):
            return name, ""
        if self._peek() == "=":
            self.at += 1
            self._skip_spaces()
        if self._peek() == END:
            raise _cannot(f'Unclosed start tag "{tag}" at byte offset {offset}')
        value = self._quoted() if self._peek() in "\"'" else self._token()
        if self._peek() == END:
            raise _cannot(f"Unclosed start tag at byte offset {offset}")
        return name, value

    def _token(self) -> str:
        begin = self.at
        while self._peek() in ascii_letters + digits + ".-":
            self.at += 1
        if self._peek() not in SPACES + ">":
            raise _cannot(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
        return self.markup[begin : self.at].lower()

    def _quoted(self) -> str:
        quote = self.markup[self.at]
        self.at += 1
        value = ""
        while self._peek() not in (quote, END):
            value += self._character()
        if self._peek() == quote:
            self.at += 1
        return value

    def _end_tag(self) -> None:
        offset = self._bytes(self.at)
        if not self.open:
            raise _cannot(f"Unexpected end tag at byte offset {offset}")
        self.at += 2
        found = self._take_until(SPACES + ">").lower()
        self._skip_spaces()
        if self._peek() != ">":
            raise _cannot(f"Unclosed end tag at byte offset {offset}")
        self.at += 1
        opened = self.open.pop()
        if found and found != opened.tag:
            expected = f'expected "</{opened.tag}>", found "</{found}>"'
            raise _cannot(f"Unmatched end tag at byte offset {offset}, {expected}")
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "type": TAGS[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        if opened.tag in ("pre", "code"):
            self._close_code(opened, entity)
            return
        entity |= _details(opened, self._inner(opened))
        if entity.get("url") != "":
            self.entities.append(entity)

    def _inner(self, opened: _Open) -> str:
        return self.text.encode("utf-16-le")[opened.offset * 2 :].decode("utf-16-le")

    def _close_code(self, opened: _Open, entity: Json) -> None:
        """`<pre><code class="language-x">` (in either order) is one entity with a language."""
        language = opened.argument or None
        other = self.entities[-1] if self.entities else {}
        together = {"pre", "code"} == {entity["type"], other.get("type")}
        same_place = (entity["offset"], entity["length"]) == (other.get("offset"), other.get("length"))
        language = language or other.get("language")
        if together and same_place and language:
            self.entities[-1] = entity | {"type": "pre", "language": language}
        else:
            self.entities.append(entity | ({"language": language} if opened.argument else {}))


def _without_language(entity: Json) -> Json:
    if entity["type"] == "code":
        entity.pop("language", None)
    return entity


def _details(opened: _Open, inner: str) -> Json:
    if opened.tag == "a":
        return _link(opened.argument or inner)
    if opened.tag == "tg-emoji":
        if not opened.argument.isdecimal() or int(opened.argument) == 0:
            raise _cannot("Invalid custom emoji identifier specified")
        return {"custom_emoji_id": opened.argument}
    if opened.argument == "expandable":
        return {"type": "expandable_blockquote"}
    return {}


def _link(target: str) -> Json:
    prefix = "tg://user?id="
    if target.startswith(prefix) and target.removeprefix(prefix).isdecimal():
        return {
            "type": "text_mention",
            "user": {"id": int(target.removeprefix(prefix)), "is_bot": False, "first_name": ""},
        }
    return {"url": checked_url(target)}


def checked_url(target: str) -> str:
    """A link as Telegram normalises it, "" for what it takes for no link."""
    scheme, separator, rest = target.partition("://")
    host = (rest if separator else target).partition("/")[0]
    if separator and scheme.lower() in ("tg", "ton", "tonsite"):
        return target
    if not host or "." not in host or (separator and scheme.lower() not in ("http", "https")):
        return ""
    full = target if separator else f"http://{target}"
    return full if full.count("/") > 2 else f"{full}/"


def _decode(markup: str, at: int) -> tuple[str, int] | None:
    """The character that an HTML entity stands for and where it ends; None when it is no known entity."""
    if markup[at] != "&":
        return None
    if markup.startswith("&#", at):
        base, begin, alphabet = (
            (16, at + 3, hexdigits) if markup[at + 2 : at + 3] == "x" else (10, at + 2, digits)
        )
    else:
        base, begin, alphabet = 0, at + 1, ascii_letters
    end = begin
    while end < len(markup) and markup[end] in alphabet:
        end += 1
    character = _numbered(markup[begin:end], base, end - at) if base else NAMED.get(markup[begin:end])
    return (character, end + (markup[end : end + 1] == ";")) if character else None


def _numbered(number: str, base: int, length: int) -> str | None:
    code = int(number, base) if number else 0
    return chr(code) if 0 < code < 0x10FFFF and length < 10 else None


def in_order(entities: list[Json]) -> list[Json]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _cannot(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")
