"""The state as JSON and back."""

import base64
import dataclasses
import json
import types
import typing
from enum import Enum
from typing import Any

from bot.rehearsal.state import State


def dump(state: State) -> str:
    return json.dumps(dataclasses.asdict(state), ensure_ascii=False, default=_base64)


def load(text: str) -> State:
    state: State = _read(State, json.loads(text))
    return state


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


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
