"""The Bot API in machine-readable form, to hold calls against.

`check_call(method, params)` names what is wrong with a call: unknown or missing parameters, wrong JSON types.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

SPECIFICATION = Path(__file__).resolve().parents[4] / "shared" / "botapi" / "api.json"
SCALARS: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
    "InputFile": str,
}


def present() -> bool:
    return SPECIFICATION.exists()


@cache
def specification() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SPECIFICATION.read_text())
    return read


def parameters(method: str) -> dict[str, Any]:
    """The fields of a method by name; KeyError when the Bot API has no such method."""
    return {field["name"]: field for field in specification()["methods"][method].get("fields", [])}


def _is_part(name: str, params: dict[str, Any]) -> bool:
    """Whether it is a file that another parameter names: `attach://<name>` (Bot API, Sending files)."""
    return any(f"attach://{name}" in str(value) for value in params.values())


def check_call(method: str, params: dict[str, Any]) -> list[str]:
    """What is wrong with a call of the log; an empty list when nothing is."""
    if method not in specification()["methods"]:
        return [f"{method}: no such method"]
    fields = parameters(method)
    missing = [name for name, field in fields.items() if field["required"] and params.get(name) in (None, "")]
    given = {
        name: value for name, value in params.items() if value is not None and not _is_part(name, params)
    }
    return (
        [f"{method}: {name} is required" for name in missing]
        + [f"{method}: {name} is no parameter" for name in given if name not in fields]
        + [
            fault
            for name, value in given.items()
            if name in fields
            for fault in _mistyped(f"{method}: {name}", fields[name]["types"], value)
        ]
    )


def check_calls(calls: Iterable[Any]) -> list[str]:
    """As `check_call`, for a whole log of Call."""
    return [fault for call in calls for fault in check_call(call.method, call.params)]


def _mistyped(path: str, kinds: list[str], value: Any) -> list[str]:
    """Nothing when the value fits one of the types, else the shortest account of why not."""
    faults = [_faults(path, kind, value) for kind in kinds]
    return min(faults, key=len)


def _faults(path: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path} is no array: {value!r}"]
        inner = kind.removeprefix("Array of ")
        return [fault for i, one in enumerate(value) for fault in _faults(f"{path}[{i}]", inner, one)]
    if kind in SCALARS:
        fits = isinstance(value, SCALARS[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if fits else [f"{path} is no {kind}: {value!r}"]
    return _object_faults(path, kind, value)


def _object_faults(path: str, kind: str, value: Any) -> list[str]:
    described = specification()["types"][kind]
    if described.get("subtypes"):
        return _mistyped(path, described["subtypes"], value)
    if not isinstance(value, dict):
        return [f"{path} is no {kind}: {value!r}"]
    fields = {field["name"]: field for field in described.get("fields", [])}
    return (
        [f"{path}.{name} is no field of {kind}" for name in value if name not in fields]
        + [
            f"{path}.{name} is required"
            for name, one in fields.items()
            if one["required"] and name not in value
        ]
        + [
            fault
            for name, one in value.items()
            if name in fields
            for fault in _mistyped(f"{path}.{name}", fields[name]["types"], one)
        ]
    )
