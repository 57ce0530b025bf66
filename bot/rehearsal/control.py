"""Acting as people over HTTP JSON, for what is not in the server's process. On loopback only."""

from aiohttp import web

from bot.rehearsal.world import World


def add_control(app: web.Application, world: World) -> None:
    pass
