"""What the bot says of itself: commands, descriptions, the menu button."""

import json
import re
from typing import Any

from bot.rehearsal.methods.registry import method
from bot.rehearsal.objects import bot_json
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import Json
from bot.rehearsal.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS_LIMIT = 100
LIMITS = {"name": 64, "description": 512, "short_description": 120}


@method("getMe")
def get_me(world: World, params: Params) -> Json:
    return bot_json(world.state)


@method("logOut")
@method("close")
def close(world: World, params: Params) -> bool:
    world.updates.stop()
    return True


def _commands_key(params: Params) -> str:
    return f"commands {json.dumps(params.mapped('scope'), sort_keys=True)} {params.text('language_code')}"


@method("setMyCommands", "commands scope language_code")
def set_my_commands(world: World, params: Params) -> bool:
    commands = params.objects("commands") or []
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("too many commands specified")
    for command in commands:
        _check_command(command)
    world.state.profile[_commands_key(params)] = [
        {"command": command["command"].removeprefix("/"), "description": command["description"]}
        for command in commands
    ]
    world.changed()
    return True


def _check_command(command: Json) -> None:
    if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


@method("getMyCommands", "scope language_code")
def get_my_commands(world: World, params: Params) -> list[Json]:
    found: list[Json] = world.state.profile.get(_commands_key(params), [])
    return found


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(world: World, params: Params) -> bool:
    world.state.profile.pop(_commands_key(params), None)
    world.changed()
    return True


def _set(world: World, params: Params, what: str) -> bool:
    text = params.text(what)
    if len(text) > LIMITS[what]:
        raise bad_request(f"bot {what.replace('_', ' ')} is too long")
    world.state.profile[f"{what} {params.text('language_code')}"] = text
    world.changed()
    return True


def _get(world: World, params: Params, what: str) -> Json:
    return {what: world.state.profile.get(f"{what} {params.text('language_code')}", "")}


@method("setMyName", "name language_code")
def set_my_name(world: World, params: Params) -> bool:
    return _set(world, params, "name")


@method("setMyDescription", "description language_code")
def set_my_description(world: World, params: Params) -> bool:
    return _set(world, params, "description")


@method("setMyShortDescription", "short_description language_code")
def set_my_short_description(world: World, params: Params) -> bool:
    return _set(world, params, "short_description")


@method("getMyName", "language_code")
def get_my_name(world: World, params: Params) -> Json:
    return _get(world, params, "name")


@method("getMyDescription", "language_code")
def get_my_description(world: World, params: Params) -> Json:
    return _get(world, params, "description")


@method("getMyShortDescription", "language_code")
def get_my_short_description(world: World, params: Params) -> Json:
    return _get(world, params, "short_description")


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(world: World, params: Params) -> bool:
    button = params.mapped("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    world.state.profile[f"menu {params.get('chat_id', '')}"] = button
    world.changed()
    return True


@method("getChatMenuButton", "chat_id")
def get_chat_menu_button(world: World, params: Params) -> Any:
    everywhere = world.state.profile.get("menu ", {"type": "commands"})
    return world.state.profile.get(f"menu {params.get('chat_id', '')}", everywhere)
