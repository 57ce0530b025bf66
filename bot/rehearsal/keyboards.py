"""Reply markup on its way in: its four kinds and Telegram's rules for their buttons."""

import json
from collections.abc import Callable
from typing import Any

from bot.rehearsal.formatting import checked_url
from bot.rehearsal.refusal import Refusal, bad_request
from bot.rehearsal.state import Json

DATA_LIMIT = 64  # bytes of callback_data
USERS_LIMIT = 10  # people picked at once
MARKUP_LIMIT = 10_000  # bytes of a whole keyboard
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
FLAGS = (
    "resize_keyboard",
    "one_time_keyboard",
    "selective",
    "is_persistent",
    "force_reply",
    "remove_keyboard",
)
PRIVATE_ONLY = {
    "request_contact": "Phone number can be requested in private chats only",
    "request_location": "Location can be requested in private chats only",
    "request_poll": "Poll can be requested in private chats only",
    "request_users": "Users can be requested in private chats only",
    "request_chat": "Chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


def read_markup(raw: Any, *, private: bool) -> Json | None:
    """The markup of a message that is sent."""
    markup = _parsed(raw)
    if not markup:
        return None
    for flag in FLAGS:
        if not isinstance(markup.get(flag, False), bool):
            raise bad_request(f'field "{flag}" must be of type Boolean')
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return _keyboard(markup, private=private)
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def read_inline(raw: Any) -> Json | None:
    """The markup of a message that is edited: nothing but an inline keyboard can be put there."""
    markup = _parsed(raw)
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return _inline(markup)


def _parsed(raw: Any) -> Json:
    if raw in (None, ""):
        return {}
    try:
        markup = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def _rows(markup: Json, name: str, button: Callable[[Any], Json]) -> list[list[Json]]:
    rows = markup[name]
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        kind = "inline keyboard" if name == "inline_keyboard" else "keyboard"
        raise bad_request(f"can't parse {kind} button: expected an Array of Button")
    return [built for row in rows if (built := [button(one) for one in row])]


def _inline(markup: Json) -> Json | None:
    rows = _rows(markup, "inline_keyboard", _inline_button)
    if len(json.dumps(rows, ensure_ascii=False).encode()) > MARKUP_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Any) -> Json:
    text = _button_text(button, "inline keyboard button")
    actions = [action for action in ACTIONS if button.get(action) not in (None, "", False)]
    actions += [action for action in ACTIONS if action.startswith("switch") and button.get(action) == ""]
    if not actions:
        raise _unparsed("inline keyboard button", "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:  # Telegram takes the first without a word
        raise _unparsed("inline keyboard button", f"exactly one action expected, found {', '.join(actions)}")
    CHECKS.get(actions[0], _unchecked)(button[actions[0]])
    return {**button, "text": text}


def _button_text(button: Any, kind: str) -> str:
    if not isinstance(button, dict):
        raise _unparsed(kind, "expected an Object")
    if "text" not in button:
        raise _unparsed(kind, 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _unparsed(kind, 'Field "text" must be of type String')
    if not button["text"].strip():  # Telegram drops such a button without a word
        raise _unparsed(kind, "the text is empty")
    return button["text"].strip()


def _check_data(data: Any) -> None:
    if not isinstance(data, str) or len(data.encode()) > DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: Any) -> None:
    if not isinstance(url, str) or not checked_url(url):
        scheme, separator, _ = str(url).partition("://")
        foreign = separator and scheme.lower() not in ("http", "https", "tg")
        reason = "Unsupported URL protocol" if foreign else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _check_web_app(app: Any) -> None:
    url = app.get("url", "") if isinstance(app, dict) else ""
    if not url.startswith("https://"):
        reason = "Only HTTPS links are allowed"
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: {reason}")


def _check_copy_text(copied: Any) -> None:
    if not isinstance(copied, dict) or not 1 <= len(copied.get("text", "")) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _refuse_type(_: Any) -> None:
    raise bad_request("BUTTON_TYPE_INVALID")


def _unchecked(_: Any) -> None:
    return


CHECKS: dict[str, Callable[[Any], None]] = {
    "callback_data": _check_data,
    "url": _check_url,
    "web_app": _check_web_app,
    "copy_text": _check_copy_text,
    "pay": _refuse_type,
    "callback_game": _refuse_type,
}


def _keyboard(markup: Json, *, private: bool) -> Json | None:
    rows = _rows(markup, "keyboard", lambda button: _reply_button(button, private=private))
    return markup | {"keyboard": rows} if rows else None


def _reply_button(button: Any, *, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    text = _button_text(button, "keyboard button")
    asked = [reason for name, reason in PRIVATE_ONLY.items() if button.get(name)]
    if asked and not private:
        raise bad_request(asked[0][0].lower() + asked[0][1:])
    if "request_users" in button:
        _check_users(button["request_users"])
    return {**button, "text": text}


def _check_users(asked: Any) -> None:
    number = asked.get("request_id") if isinstance(asked, dict) else None
    if not isinstance(number, int) or abs(number) >= 2**31:
        raise _unparsed("keyboard button", 'Can\'t find field "request_id"')
    if not 1 <= asked.get("max_quantity", 1) <= USERS_LIMIT:
        raise bad_request("KEYBOARD_BUTTON_MAX_QUANTITY_INVALID")


def _unparsed(kind: str, reason: str) -> Refusal:
    return bad_request(f"can't parse {kind}: {reason}")
