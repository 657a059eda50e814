"""The sandbox's server: Bot API, client API and chat page in one Starlette application, on loopback only."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.bot_api import TRANSPORT, BotApi
from bot.sandbox.client_api import client_routes
from bot.sandbox.webhook import WebhookSender
from bot.sandbox.world import World, furnished

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp, Receive, Scope, Send

STATIC: Final = Path(__file__).parent / "static"


def create_app(world: World, *, webhook_pause: float = 2.0) -> Starlette:
    """Return the whole sandbox as an application."""
    api = BotApi(world)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(WebhookSender(world, api, pause=webhook_pause).run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    routes = [Route("/bot{token}/{method}", api), *client_routes(world, STATIC)]
    return Starlette(routes=routes, lifespan=lifespan)


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets the application reach its transport, so that faults can cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does this only for sockets that were made with an explicit protocol number; without it each answer
        # waits 40 ms for an acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app = _with_transport(self.app, transport)


def _with_transport(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[TRANSPORT] = transport
        await app(scope, receive, send)

    return wrapped


class SandboxServer(uvicorn.Server):
    """A server that ends long polls and event streams before it waits for connections to close."""

    def __init__(self, world: World, host: str, port: int, *, webhook_pause: float = 2.0, signals: bool = True) -> None:
        require_loopback(host)
        config = uvicorn.Config(
            create_app(world, webhook_pause=webhook_pause),
            host,
            port,
            http=_Protocol,
            ws="none",
            log_config=None,
            access_log=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self.world = world
        self._signals = signals
        self.up = asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Catch signals only where the server has the process to itself."""
        return super().capture_signals() if self._signals else nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open up; `up` is set once connections are accepted."""
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close down; whoever waits is told first."""
        self.world.updates.end_polls()
        self.world.events.tell("bye")
        await super().shutdown(sockets)


def require_loopback(host: str) -> None:
    """Refuse any address that others could reach: the sandbox lets everybody be everybody."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"The sandbox listens on loopback only, not on {host}.")


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, or raise OSError while the caller can still say what is wrong."""
    require_loopback(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


async def serve(host: str = "127.0.0.1", port: int = 8080, *, world: World | None = None) -> None:
    """Run the sandbox alone until a signal stops it."""
    with listen(host, port) as listener:
        await SandboxServer(world or furnished(), host, port).serve(sockets=[listener])


@asynccontextmanager
async def beside(world: World, host: str = "127.0.0.1", port: int = 8080) -> AsyncIterator[str]:
    """Run the sandbox beside a bot in the same loop and yield its address; signals stay the caller's business."""
    with listen(host, port) as listener:
        server = SandboxServer(world, host, port, signals=False)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await server.up.wait()
        shown = f"[{host}]" if ":" in host else host
        try:
            yield f"http://{shown}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running
