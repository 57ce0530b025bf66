"""Only the page itself, opened on this machine, may use the control interface."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OWN_SITES = (None, "same-origin", "none")  # none: typed into the address bar


@web.middleware
async def for_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses other machines, other host names (DNS rebinding) and other pages (forged requests)."""
    if not (_is_loopback(request.remote or "") and _is_loopback(_host(f"//{request.host}"))):
        raise web.HTTPForbidden(text="loopback only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden(text="another page's request")
    if request.headers.get("Sec-Fetch-Site") not in OWN_SITES:
        raise web.HTTPForbidden(text="another site's request")
    return await handler(request)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
