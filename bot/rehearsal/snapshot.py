"""The state as JSON and back."""

import base64
import dataclasses
import json
import types
import typing
from enum import Enum
from typing import Any

from bot.rehearsal.state import State


def dump(state: State, *, with_data: bool = True) -> str:
    """All of it; without the bytes of files, those are null, as if they were zeros."""
    return json.dumps(state, ensure_ascii=False, default=_fields if with_data else _fields_without_data)


def load(text: str) -> State:
    state: State = _read(State, json.loads(text))
    return state


def _fields(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else vars(value)


def _fields_without_data(value: Any) -> Any:
    return None if isinstance(value, bytes) else vars(value)


def _read(kind: Any, value: Any) -> Any:
    """A JSON value as the annotated type: dataclasses, dicts with int keys, enums, bytes."""
    origin = typing.get_origin(kind)
    if value is None or kind is Any:
        return value
    if origin in (types.UnionType, typing.Union):
        return _read(next(one for one in typing.get_args(kind) if one is not type(None)), value)
    if origin is dict:
        key, item = typing.get_args(kind)
        return {key(name): _read(item, one) for name, one in value.items()}
    if origin is list:
        return [_read(typing.get_args(kind)[0], one) for one in value]
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _read(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    if kind is bytes:
        return base64.b64decode(value)
    return kind(value) if isinstance(kind, type) and issubclass(kind, Enum) else value
