"""The bot, assembled: settings, store, knowledge, PTB's application, intake, workers, upkeep; starts and stops them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from telegram.error import EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application

from bot import child
from bot.delivery.limiter import ReplyLimiter
from bot.delivery.pacer import Pacer
from bot.delivery.running import Delivery, delivery
from bot.flood import seconds_of
from bot.http import Http
from bot.intake.errors import IntakeError
from bot.intake.lock import Alone, alone
from bot.intake.polling import Poller
from bot.intake.receiver import Receiver
from bot.intake.webhook import Health, Webhook, serve, web_app
from bot.intake.workers import Limits, Workers
from bot.metrics import Metrics
from bot.running import Tasks, spare_the_collector, stop_signals
from bot.settings import Settings, SettingsError
from bot.store import upkeep
from bot.store.journal import Journal
from bot.store.migrate import upgrade_aside
from bot.store.store import Store
from handlers import digests, menus, texts
from handlers.announcing_words import Words
from handlers.context import CONTEXT_TYPES, App, Services
from handlers.failures import process_with
from handlers.routes import ALLOWED_UPDATES, add_routes
from knowledge.compiling import compiled, into_cache
from knowledge.engine import Knowledge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path
    from typing import Any

    from aiohttp.web import AppRunner

    from knowledge.compiling import Compiled

CONNECTIONS = 64
DRAIN_SECONDS = 20.0
WEB_SECONDS = 5.0
HANDOVER_SECONDS = 10.0
"""So long a start waits for an earlier process on the same database to end."""
WEBHOOK_PATH = "/webhook"

log = structlog.get_logger(__name__)


def load_knowledge(settings: Settings) -> Knowledge:
    """Load the built-in articles and the operator's own, with their texts where those are there."""
    folders = (settings.articles,) if settings.articles is not None else ()
    return Knowledge.load(*folders, texts_folder=settings.articles, compile_=_compiled_aside)


def _compiled_aside(folders: Sequence[Path]) -> Compiled:
    """Compile in a process of its own; here, at the start and at each reload, it would leave 66 MB behind.

    What comes back comes from the cache, where it can be mapped.
    """
    return child.call(into_cache, folders) or compiled(folders)


def build(settings: Settings, pacer: Pacer | None = None) -> App:
    """Make PTB's application, with every handler and without its Updater."""
    if settings.token is None:
        raise SettingsError("FACTLINE_TOKEN is missing: set it to the token that @BotFather gave.")
    request = Http(settings.api_url, connections=CONNECTIONS)
    limiter = ReplyLimiter(pacer or Pacer(settings.broadcast_rate))
    builder = Application.builder().token(settings.token.get_secret_value()).updater(None).job_queue(None)
    app: App = (
        builder.base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(request)
        .get_updates_request(request)
        .rate_limiter(limiter)
        .context_types(CONTEXT_TYPES)
        .build()
    )
    add_routes(app, settings.admins)
    return app


class Factline:
    """The running bot."""

    def __init__(self, settings: Settings, store: Store, app: App, services: Services, sending: Delivery) -> None:
        self.settings = settings
        self.delivery = sending
        self.store = store
        self.app = app
        self.services = services
        self._tasks = Tasks()
        single = settings.webhook_url is None or store.is_sqlite
        self.workers = Workers(store, process_with(app), metrics=services.metrics, alone=single, limits=Limits())
        self.receiver = Receiver(store, wake=self.workers.wake, metrics=services.metrics)
        self.poller: Poller | None = None
        if settings.webhook_url is None:
            self.poller = Poller(app.bot, self.receiver, allowed_updates=ALLOWED_UPDATES, metrics=services.metrics)
        self._intake: asyncio.Task[Any] | None = None
        self._web: AppRunner | None = None

    async def start(self, held: Alone | None, *, web: bool) -> None:
        """Start everything; what was left unfinished by an earlier run is handled first."""
        if held is not None:
            self._tasks.start("lock", held.watch())
        self._tasks.start("journal", self.services.journal.run())
        self._tasks.start("upkeep", upkeep.run(self.store))
        self._tasks.start("workers", self.workers.run())
        self.delivery.start(self._tasks.start)
        self._tasks.start("changes", digests.tell_changes_at_start(self.services))
        self._tasks.start("menus", menus.publish(self.app.bot, self.settings.admins))
        if web:
            await self._start_web()
        if self.poller is not None:
            self._intake = self._tasks.start("polling", self.poller.run())
        else:
            await self._set_webhook()

    async def _start_web(self) -> None:
        """Serve health, metrics and, where one is set, the webhook."""
        webhook = None
        if self.settings.webhook_url is not None:
            path = urlsplit(self.settings.webhook_url).path.rstrip("/") or WEBHOOK_PATH
            webhook = Webhook(path, self.settings.secret_of_webhook())
        try:
            listener = _listen(self.settings.listen, self.settings.port)
        except OSError as error:
            where = f"{self.settings.listen}:{self.settings.port}"
            if webhook is not None:
                raise IntakeError(f"The web server cannot listen on {where}: {error.strerror}.") from None
            log.warning("no health page: the address is taken", address=where, reason=error.strerror)
            return
        health = Health(self.receiver, self.poller)
        self._web = await serve(web_app(health, self.services.metrics, webhook), listener, patience=WEB_SECONDS)

    async def _set_webhook(self) -> None:
        """Tell Telegram where to deliver."""
        parts = urlsplit(self.settings.webhook_url or "")
        url = (self.settings.webhook_url or "") + ("" if parts.path.rstrip("/") else WEBHOOK_PATH)
        with _explained(self.settings):
            await self.app.bot.set_webhook(
                url,
                allowed_updates=ALLOWED_UPDATES,
                secret_token=self.settings.secret_of_webhook(),
                max_connections=40,
            )

    async def wait(self) -> None:
        """Wait until something that has to run fails, and raise its error."""
        await self._tasks.failure()

    async def stop(self) -> None:
        """Take nothing in any more, finish what is being answered, write down what is to be kept."""
        if self._intake is not None:
            await self._tasks.cancel(self._intake)
        if self._web is not None:
            await self._web.cleanup()
        await self.workers.stop(DRAIN_SECONDS)
        await self.delivery.stop()
        await self.store.commits.close()
        await self._tasks.cancel(deadline=WEB_SECONDS)


def _listen(host: str, port: int) -> socket.socket:
    """Open the port before the server starts, so that a port that is taken is one sentence and no exit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def _explained(settings: Settings) -> Any:  # noqa: ANN401 - a generator, for contextlib
    """Turn what Telegram or the network say at the start into one sentence for the operator."""
    where = settings.api_url
    try:
        yield
    except (InvalidToken, EndPointNotFound):
        raise IntakeError("Telegram does not accept the bot's token (401): check FACTLINE_TOKEN.") from None
    except RetryAfter as error:
        raise IntakeError(f"Telegram asks to wait {seconds_of(error):g} seconds before the next start.") from None
    except NetworkError as error:
        raise IntakeError(f"Telegram cannot be reached at {where} ({type(error).__name__}).") from None
    except TelegramError as error:
        raise IntakeError(f"Telegram refused the start: {error.message}.") from None


@asynccontextmanager
async def started(settings: Settings, *, web: bool = True) -> AsyncIterator[Factline]:
    """Run the bot within a block; at its end it has drained and closed everything."""
    pacer = Pacer(settings.broadcast_rate)
    app = build(settings, pacer)
    knowledge = await asyncio.to_thread(load_knowledge, settings)
    await asyncio.to_thread(texts.prepare, child.call)
    async with contextlib.AsyncExitStack() as stack:
        store = await stack.enter_async_context(await Store.open(settings.database_url.get_secret_value()))
        held = None
        if settings.webhook_url is None or store.is_sqlite:
            held = await stack.enter_async_context(alone(store, wait=HANDOVER_SECONDS))
        with _explained(settings):
            await app.initialize()
        stack.push_async_callback(app.shutdown)
        services = Services(
            knowledge=knowledge,
            load=lambda: load_knowledge(settings),
            store=store,
            journal=Journal(store),
            settings=settings,
            metrics=Metrics(),
        )
        app.bot_data.services = services
        voice = (Words(), digests.Composer(services))
        sending = await stack.enter_async_context(
            delivery(settings, store, pacer, metrics=services.metrics, alone=store.is_sqlite, voice=voice)
        )
        factline = Factline(settings, store, app, services, sending)
        stack.push_async_callback(factline.stop)
        await factline.start(held, web=web)
        log.info(
            "started", bot=app.bot.username, articles=len(knowledge.base.articles), polling=factline.poller is not None
        )
        yield factline


async def run(settings: Settings, *, web: bool = True, ready: Callable[[], None] | None = None) -> None:
    """Run the bot until a signal ends it; says when it is ready; raises what makes going on pointless."""
    with stop_signals() as stopped:
        await upgrade_aside(settings.database_url.get_secret_value())
        async with started(settings, web=web) as factline:
            if ready is not None:
                ready()
            spare_the_collector()
            failure = asyncio.create_task(factline.wait())
            signalled = asyncio.create_task(stopped.wait())
            try:
                await asyncio.wait({failure, signalled}, return_when=asyncio.FIRST_COMPLETED)
                if failure.done():
                    failure.result()
                log.info("stopping")
            finally:
                failure.cancel()
                signalled.cancel()
