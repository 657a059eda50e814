"""The web application: Telegram's deliveries, health and metrics.

On aiohttp, which the calls of the Bot API hold in memory anyway; uvicorn and starlette would take 2 MB more.
"""

import asyncio
import hmac
import json
import socket
import time
from dataclasses import dataclass, field

import structlog
from aiohttp import ClientPayloadError, web

from bot.intake.polling import Poller
from bot.intake.receiver import Receiver
from bot.metrics import MEDIA_TYPE, Metrics
from bot.store.failures import UNAVAILABLE, sentence

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
MAX_BODY = 1024 * 1024
BODY_SECONDS = 10.0
LINGER_SECONDS = 1.0
"""So long the rest of a body that was refused is read and thrown away, so that the refusal gets through."""
RETRY_AFTER = 5
POLL_AGE_LIMIT = 180.0
"""Seconds without a successful poll after which the bot is not healthy: three long polls and some pauses."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Webhook:
    """Where Telegram delivers to, and the secret that it has to send along."""

    path: str
    secret: str


@dataclass(frozen=True)
class Health:
    """What /healthz looks at: the store, and the poller where there is one."""

    receiver: Receiver
    poller: Poller | None = None
    started: float = field(default_factory=time.monotonic)

    def _polls_well(self) -> bool:
        """Tell whether the last successful poll is recent; a poller that lives but gets nothing is not well."""
        if self.poller is None or self.poller.paused:
            return True
        age = self.poller.age
        return (age if age is not None else time.monotonic() - self.started) < POLL_AGE_LIMIT

    async def report(self) -> tuple[bool, dict[str, str | float | None]]:
        """Tell whether all is well, and the details."""
        age = self.poller.age if self.poller else None
        depth: int | None = None
        database = "ok"
        try:
            async with asyncio.timeout(5):
                depth = await self.receiver.measure()
        except UNAVAILABLE as error:
            database = sentence(error, self.receiver.url)
        well = self._polls_well() and database == "ok"
        details: dict[str, str | float | None] = {
            "status": "ok" if well else "failing",
            "last_poll_age_seconds": None if age is None else round(age, 1),
            "database": database,
            "inbox": depth,
        }
        return well, details


def web_app(health: Health, metrics: Metrics, webhook: Webhook | None = None) -> web.Application:
    """Build the application; without a webhook it only tells how the bot is."""

    async def healthz(_request: web.Request) -> web.Response:
        well, details = await health.report()
        return web.json_response(details, status=200 if well else 503)

    async def render_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.render(), headers={"Content-Type": MEDIA_TYPE})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", render_metrics)
    if webhook is not None:
        app.router.add_post(webhook.path, Deliveries(health.receiver, webhook.secret, metrics).take)
    return app


async def serve(app: web.Application, listener: socket.socket, *, patience: float) -> web.AppRunner:
    """Begin to serve; its ``cleanup`` ends it, with so many seconds for what is being answered."""
    runner = web.AppRunner(
        app,
        access_log=None,  # it would name every delivery
        handle_signals=False,
        shutdown_timeout=patience,
        lingering_time=LINGER_SECONDS,
    )
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return runner


class Deliveries:
    """Takes deliveries: 200 only after the commit, so that Telegram keeps whatever is not ours yet."""

    def __init__(self, receiver: Receiver, secret: str, metrics: Metrics) -> None:
        self._receiver = receiver
        self._secret = secret.encode()
        self._metrics = metrics

    async def take(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        response = await self._answer(request)
        self._metrics.deliveries.labels(str(response.status)).inc()
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        """Judge the sender before a byte of the body is read, then the body, then commit."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return _refuse(403, "forbidden")
        body = await self._body(request)
        if isinstance(body, web.Response):
            return body
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            # Whoever knows the secret is Telegram, and would send this again for a day if it were refused.
            log.exception("a delivery that is no JSON was dropped", length=len(body))
            return web.Response(text="dropped")
        try:
            if not await self._receiver.has_room():
                return _later("the inbox is full")
            await self._receiver.receive([raw])
        except UNAVAILABLE as error:
            log.error("a delivery could not be kept", reason=sentence(error, self._receiver.url))  # noqa: TRY400
            return _later("the database does not answer")
        return web.Response(text="ok")

    async def _body(self, request: web.Request) -> bytes | web.Response:
        """Read the body, neither too much of it nor for too long."""
        if (request.content_length or 0) > MAX_BODY:
            return _refuse(413, "too large")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > MAX_BODY:
                        return _refuse(413, "too large")
        except TimeoutError:
            return _refuse(408, "too slow")
        except (ClientPayloadError, ConnectionError):
            return _refuse(400, "incomplete")
        return bytes(body)


def _refuse(status: int, reason: str) -> web.Response:
    """Refuse, and have the server close the connection instead of reading on."""
    refusal = web.Response(text=reason, status=status)
    refusal.force_close()
    return refusal


def _later(reason: str) -> web.Response:
    """Have Telegram deliver again in a moment."""
    return web.Response(text=reason, status=503, headers={"Retry-After": str(RETRY_AFTER)})
