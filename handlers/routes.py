"""Every way in: a route names its Action, and nothing is reached without one.

A feature registers its routes with the decorators; `register` hands them to PTB as ordinary handlers.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.ext.filters import BaseFilter

from domain.access import Action
from handlers.callbacks import Press, unpack
from handlers.context import Ctx

Handle = Callable[..., Awaitable[None]]
Serve = Callable[["Route", Update], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """`private`: works in a chat with one person only. `addressed`: meant for the bot wherever it is said."""

    name: str
    action: Action
    handle: Handle
    private: bool = True
    addressed: bool = True


@dataclass(slots=True)
class Registry:
    commands: dict[str, Route] = field(default_factory=dict)
    presses: dict[str, Route] = field(default_factory=dict)
    messages: list[tuple[BaseFilter, Route]] = field(default_factory=list)
    memberships: list[Route] = field(default_factory=list)

    def all(self) -> list[Route]:
        return [
            *self.commands.values(),
            *self.presses.values(),
            *(route for _, route in self.messages),
            *self.memberships,
        ]


REGISTRY = Registry()


def command(name: str, action: Action) -> Callable[[Handle], Handle]:
    """`/name`, and the words of the label `name` typed as a message."""

    def register_command(handle: Handle) -> Handle:
        _put(REGISTRY.commands, name, Route(f"/{name}", action, handle))
        return handle

    return register_command


def press(op: str, action: Action) -> Callable[[Handle], Handle]:
    """A button whose callback_data names `op`; the handler is given the Press."""

    def register_press(handle: Handle) -> Handle:
        _put(REGISTRY.presses, op, Route(f"press:{op}", action, handle))
        return handle

    return register_press


def message(name: str, wanted: BaseFilter, action: Action) -> Callable[[Handle], Handle]:
    """A message that is no command, by PTB's filters; the first that matches has it."""

    def register_message(handle: Handle) -> Handle:
        REGISTRY.messages.append((wanted, Route(f"message:{name}", action, handle, addressed=False)))
        return handle

    return register_message


def membership(name: str, action: Action) -> Callable[[Handle], Handle]:
    """The bot being blocked, unblocked, added or removed."""

    def register_membership(handle: Handle) -> Handle:
        REGISTRY.memberships.append(Route(f"membership:{name}", action, handle, private=False))
        return handle

    return register_membership


def register(application: Application[Any, Any, Any, Any, Any, Any], serve: Serve) -> None:
    """Give PTB a handler a route, in the order: commands, presses, messages, memberships."""

    def callback(route: Route) -> Callable[[Update, Any], Coroutine[Any, Any, None]]:
        async def handle(update: Update, _: Any) -> None:
            await serve(route, update)

        return handle

    fresh = filters.UpdateType.MESSAGE
    for name, route in REGISTRY.commands.items():
        application.add_handler(CommandHandler(name, callback(route), fresh))
    application.add_handler(CallbackQueryHandler(_any_press(serve)))
    for wanted, route in REGISTRY.messages:
        application.add_handler(MessageHandler(wanted, callback(route)))
    for route in REGISTRY.memberships:
        application.add_handler(ChatMemberHandler(callback(route), ChatMemberHandler.MY_CHAT_MEMBER))


def _any_press(serve: Serve) -> Callable[[Update, Any], Coroutine[Any, Any, None]]:
    """Presses are looked up by op: one that no route knows is answered by the route for unknown ones."""

    async def handle(update: Update, _: Any) -> None:
        query = update.callback_query
        pressed = unpack(query.data or "") if query else None
        route = REGISTRY.presses.get(pressed.op) if pressed else None
        if pressed is None or route is None:
            await serve(REGISTRY.presses["unknown"], update)
            return
        await serve(_bound(route, pressed), update)

    return handle


def _bound(route: Route, pressed: Press) -> Route:
    async def handle(ctx: Ctx) -> None:
        await route.handle(ctx, pressed)

    return Route(route.name, route.action, handle, route.private)


def _put(routes: dict[str, Route], name: str, route: Route) -> None:
    if name in routes:
        raise ValueError(f"two routes for {route.name}")
    routes[name] = route
