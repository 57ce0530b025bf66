"""Offers laid out as Telegram keyboards."""

from typing import Any

from domain.notices import Offer, Rows
from handlers.callbacks import pack
from messages.catalog import Catalog

Markup = dict[str, Any]

BACK: Rows = ((Offer("home"),),)
"""The way to the menu, under every page."""


def inline(rows: Rows, catalog: Catalog, locale: str) -> Markup:
    """Buttons under a message; no rows take away what was there."""
    return {"inline_keyboard": [[_button(offer, catalog, locale) for offer in row] for row in rows]}


def share_contact(catalog: Catalog, locale: str) -> Markup:
    """Telegram's own contact button: the only proof of a number."""
    button = {"text": catalog.label("share_phone", locale), "request_contact": True}
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def pick_user(request_id: int, catalog: Catalog, locale: str) -> Markup:
    """Telegram's own list of people, to pick one of (KeyboardButtonRequestUsers); the name comes along."""
    asked = {"request_id": request_id, "user_is_bot": False, "max_quantity": 1, "request_name": True}
    button = {"text": catalog.label("pick_user", locale), "request_users": asked}
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def none() -> Markup:
    """Takes the reply keyboard away."""
    return {"remove_keyboard": True}


def _button(offer: Offer, catalog: Catalog, locale: str) -> dict[str, str]:
    text = offer.text or catalog.label(offer.label or offer.op.replace(".", "_"), locale)
    return {"text": text, "callback_data": pack(offer)}
