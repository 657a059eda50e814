"""Methods about the bot's connection: getMe, getUpdates, webhooks, logOut and close."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.sandbox.errors import bad_request, conflict
from bot.sandbox.views import user_json

if TYPE_CHECKING:
    from bot.sandbox.methods.call import Call
    from bot.sandbox.model import Json

PORTS: Final = frozenset({80, 88, 443, 8443})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def get_me(call: Call) -> Json:
    """Say who the bot is and what BotFather switched on for it."""
    profile = call.world.profile
    return user_json(call.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": profile.can_read_all,
        "supports_inline_queries": profile.supports_inline,
        "supports_guest_queries": profile.supports_guest,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """Give the updates from the offset on, waiting for the first if there is none."""
    params, queue = call.params, call.world.updates
    if call.world.webhook.get("url"):
        raise conflict(WEBHOOK_ACTIVE)
    offset, limit = params.number("offset", 0), params.number("limit", 100)
    timeout = params.number("timeout", 0)
    queue.allow(params.array("allowed_updates", "allowed updates"))
    queue.last_poll = call.world.clock()
    return await queue.poll(offset, limit, timeout)


def set_webhook(call: Call) -> bool:
    """Have updates delivered to an address; loopback may be plain HTTP on any port, since this is a sandbox."""
    params = call.params
    url = params.text("url")
    if not url:
        return delete_webhook(call)
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= (connections := params.number("max_connections", 40)) <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    call.world.updates.allow(params.array("allowed_updates", "allowed updates"))
    if params.flag("drop_pending_updates"):
        call.world.updates.pending.clear()
    call.world.webhook = {"url": url, "secret": secret, "max_connections": connections}
    call.world.updates.end_polls()
    return True


def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    if call.params.flag("drop_pending_updates"):
        call.world.updates.pending.clear()
    call.world.webhook = {}
    call.world.updates.wake()
    return True


def get_webhook_info(call: Call) -> Json:
    """Say where updates go, how many wait, and what went wrong last."""
    webhook, queue = call.world.webhook, call.world.updates
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending),
        "allowed_updates": sorted(queue.allowed),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in webhook:
            info[name] = webhook[name]
    return info


def log_out(_call: Call) -> bool:
    """Agree; there is no other server to log in to."""
    return True


def close(_call: Call) -> bool:
    """Agree; the sandbox keeps no instance per bot."""
    return True
