"""How the bot comes by its updates."""

import re

from bot.rehearsal.methods.registry import method
from bot.rehearsal.objects import present
from bot.rehearsal.params import Params
from bot.rehearsal.refusal import bad_request
from bot.rehearsal.state import Json
from bot.rehearsal.updates import checked_webhook_url
from bot.rehearsal.world import World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(world: World, params: Params) -> list[Json]:
    world.updates.allow(params.listed("allowed_updates"))
    return await world.updates.take(
        params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
    )


@method(
    "setWebhook",
    "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
)
def set_webhook(world: World, params: Params) -> bool:
    url, secret = checked_webhook_url(params.text("url")), params.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.flag("drop_pending_updates"):
        world.updates.drop_pending()
    world.updates.allow(params.listed("allowed_updates"))
    webhook = world.state.webhook
    webhook.secret_token = secret or None
    webhook.max_connections = params.integer("max_connections", 40)
    webhook.last_error = webhook.last_error_at = None
    world.updates.set_webhook(url)
    return True


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.drop_pending()
    world.updates.set_webhook("")
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> Json:
    webhook = world.state.webhook
    return {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
        **present(
            max_connections=webhook.max_connections if webhook.url else None,
            last_error_date=webhook.last_error_at and webhook.last_error_at // 1000,
            last_error_message=webhook.last_error,
            allowed_updates=world.state.allowed_updates or None,
        ),
    }
