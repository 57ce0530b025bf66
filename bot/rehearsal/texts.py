"""A text on its way in: parsed, cleaned, trimmed, measured and with its entities, as Telegram does it."""

import re

from bot.rehearsal.formatting import in_order, parse_html, utf16_length
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import Json

TEXT_LIMIT = 4096  # UTF-16 code units, after the entities were parsed
CAPTION_LIMIT = 1024
FOUND = {  # what Telegram itself finds in a text, in order of precedence
    "url": re.compile(
        r"https?://[^\s<>\"]+|(?<![@\w.])(?:[\w-]+\.)+(?:com|org|net|cn|me|io)(?:/[^\s<>\"]*)?\b"
    ),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "bot_command": re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\w)"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z]\w{2,31}\b"),
    "hashtag": re.compile(r"(?<!\w)#\w*[^\W\d]\w*"),
}
BLANK = re.compile(r"[\s\u180e\u200b-\u200f\u202a-\u202f\u205f-\u2064\u2800\ufeff]*")  # shows as nothing
CONTROL = re.compile("[\0-\x09\x0b\x0c\x0e-\x1f]")
REMOVED = re.compile("[\r\u2028\u2029\u202a-\u202e\u033f\u0333]")


def read(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Parses and cleans; the text may be empty."""
    if not parse_mode:
        return trim(text, list(entities or []))
    if parse_mode.lower() not in ("html", "markdown", "markdownv2"):
        raise bad_request("unsupported parse_mode")
    if parse_mode.lower() != "html":
        raise bad_request("can't parse entities: the rehearsal knows parse_mode HTML only")
    return trim(*parse_html(text))


def message_text(text: str, parse_mode: str | None, entities: list[Json] | None) -> Json:
    """The `text` and `entities` of a Message."""
    if not text:
        raise bad_request("message text is empty")
    shown, found = read(text, parse_mode, entities)
    if BLANK.fullmatch(shown):
        raise bad_request("text must be non-empty")
    if utf16_length(shown) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _content("text", "entities", shown, found)


def caption(text: str | None, parse_mode: str | None, entities: list[Json] | None) -> Json:
    """The `caption` and `caption_entities` of a Message, nothing when it is empty."""
    shown, found = read(text or "", parse_mode, entities)
    if utf16_length(shown) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return _content("caption", "caption_entities", shown, found) if shown else {}


def _content(text_field: str, entities_field: str, text: str, entities: list[Json]) -> Json:
    everything = in_order(entities + found_in(text, entities))
    return {text_field: text} | ({entities_field: everything} if everything else {})


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without control characters, and without the spaces and line feeds around it; those that an entity
    holds at the beginning stay, an entity's end moves with the end of the text."""
    cleaned, entities = _without(REMOVED, CONTROL.sub(" ", text), entities)
    shown = cleaned.rstrip(" \n")
    first = min((entity["offset"] for entity in entities), default=len(shown))
    lead = min(len(shown) - len(shown.lstrip(" \n")), first)
    shown = shown[lead:]
    length = utf16_length(shown)
    moved = [entity | {"offset": entity["offset"] - lead} for entity in entities]
    fitted = [entity | {"length": min(entity["length"], length - entity["offset"])} for entity in moved]
    return shown, [entity for entity in fitted if entity["length"] > 0]


def _without(removed: re.Pattern[str], text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    if not removed.search(text):
        return text, entities
    gone = [utf16_length(text[: match.start()]) for match in removed.finditer(text)]

    def moved(position: int) -> int:
        return position - sum(place < position for place in gone)

    kept = [
        entity
        | {
            "offset": moved(entity["offset"]),
            "length": moved(entity["offset"] + entity["length"]) - moved(entity["offset"]),
        }
        for entity in entities
    ]
    return removed.sub("", text), kept


def found_in(text: str, entities: list[Json]) -> list[Json]:
    """Commands, links and the like that no given link or code covers."""
    closed = ("text_link", "text_mention", "code", "pre", *FOUND)
    taken = [_span(entity) for entity in entities if entity["type"] in closed]
    found: list[Json] = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            offset, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if not any(begin < offset + length and offset < end for begin, end in taken):
                found.append({"type": kind, "offset": offset, "length": length})
                taken.append((offset, offset + length))
    return found


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
