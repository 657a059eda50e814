"""The web application: Telegram's deliveries, health and metrics."""

import asyncio
import hmac
import json
import time
from dataclasses import dataclass, field

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.intake.polling import Poller
from bot.intake.receiver import Receiver
from bot.metrics import MEDIA_TYPE, Metrics
from bot.store.failures import UNAVAILABLE, sentence

SECRET_HEADER = b"x-telegram-bot-api-secret-token"
MAX_BODY = 1024 * 1024
BODY_SECONDS = 10.0
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


def web_app(health: Health, metrics: Metrics, webhook: Webhook | None = None) -> Starlette:
    """Build the application; without a webhook it only tells how the bot is."""

    async def healthz(_request: Request) -> Response:
        well, details = await health.report()
        return JSONResponse(details, status_code=200 if well else 503)

    async def render_metrics(_request: Request) -> Response:
        return Response(metrics.render(), media_type=MEDIA_TYPE)

    routes = [Route("/healthz", healthz), Route("/metrics", render_metrics)]
    if webhook is not None:
        deliveries = Deliveries(health.receiver, webhook.secret, metrics)
        routes.append(Route(webhook.path, deliveries.take, methods=["POST"]))
    return Starlette(routes=routes)


class Deliveries:
    """Takes deliveries: 200 only after the commit, so that Telegram keeps whatever is not ours yet."""

    def __init__(self, receiver: Receiver, secret: str, metrics: Metrics) -> None:
        self._receiver = receiver
        self._secret = secret.encode()
        self._metrics = metrics

    async def take(self, request: Request) -> Response:
        """Take one delivery."""
        response = await self._answer(request)
        self._metrics.deliveries.labels(str(response.status_code)).inc()
        return response

    async def _answer(self, request: Request) -> Response:
        """Judge the sender before a byte of the body is read, then the body, then commit."""
        given = next((value for name, value in request.headers.raw if name == SECRET_HEADER), b"")
        if not hmac.compare_digest(given, self._secret):
            return _refuse(403, "forbidden")
        body = await self._body(request)
        if isinstance(body, Response):
            return body
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            # Whoever knows the secret is Telegram, and would send this again for a day if it were refused.
            log.exception("a delivery that is no JSON was dropped", length=len(body))
            return PlainTextResponse("dropped")
        try:
            if not await self._receiver.has_room():
                return _later("the inbox is full")
            await self._receiver.receive([raw])
        except UNAVAILABLE as error:
            log.error("a delivery could not be kept", reason=sentence(error, self._receiver.url))  # noqa: TRY400
            return _later("the database does not answer")
        return PlainTextResponse("ok")

    async def _body(self, request: Request) -> bytes | Response:
        """Read the body, neither too much of it nor for too long."""
        announced = request.headers.get("content-length", "0")
        if not announced.isdigit() or int(announced) > MAX_BODY:
            return _refuse(413, "too large")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > MAX_BODY:
                        return _refuse(413, "too large")
        except TimeoutError:
            return _refuse(408, "too slow")
        except ClientDisconnect:
            return _refuse(400, "incomplete")
        return bytes(body)


def _refuse(status: int, reason: str) -> Response:
    """Refuse, and have the server close the connection instead of reading on."""
    return PlainTextResponse(reason, status_code=status, headers={"Connection": "close"})


def _later(reason: str) -> Response:
    """Have Telegram deliver again in a moment."""
    return PlainTextResponse(reason, status_code=503, headers={"Retry-After": str(RETRY_AFTER)})
