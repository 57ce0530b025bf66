"""Every way in names its Action; nothing is reached without one."""

import pytest
from telegram.ext import ApplicationBuilder

from domain.access import TABLE, Action
from domain.notices import Offer
from handlers import features, routes
from handlers.callbacks import pack
from handlers.forms import FORMS
from handlers.routes import REGISTRY, Route

features.load()


def test_there_are_routes() -> None:
    assert len(REGISTRY.commands) > 10
    assert len(REGISTRY.presses) > 20


@pytest.mark.parametrize("route", REGISTRY.all(), ids=lambda route: route.name)
def test_every_route_names_an_action_of_the_table(route: Route) -> None:
    assert isinstance(route.action, Action)
    assert route.action is Action.OPEN or TABLE[route.action]


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_every_form_names_an_action_of_the_table(kind: str) -> None:
    assert TABLE[FORMS[kind].action]


def test_what_is_open_to_everybody_is_this_and_no_more() -> None:
    assert sorted(route.name for route in REGISTRY.all() if route.action is Action.OPEN) == [
        "/menu",
        "/start",
        "membership:blocked",
        "message:contact",
        "press:agree_cross_border",
        "press:agree_processing",
        "press:refuse_cross_border",
        "press:refuse_processing",
        "press:unknown",
    ]


async def test_ptb_is_given_these_routes_and_no_others() -> None:
    async def serve(*_: object) -> None: ...

    application = ApplicationBuilder().token("1:x").updater(None).build()
    routes.register(application, serve)
    [handlers] = application.handlers.values()
    a_press = 1
    assert len(handlers) == len(REGISTRY.all()) - len(REGISTRY.presses) + a_press


def test_every_press_can_be_packed() -> None:
    for op in REGISTRY.presses:
        assert pack(Offer(op, 2**62, 2**40))


def test_two_routes_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes"):
        routes.command("menu", Action.MENU)(serve_nothing)


async def serve_nothing() -> None: ...
