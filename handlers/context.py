"""What every handler may use, typed: `context.services`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot

from handlers.answers import Answers
from handlers.care import Buckets, Recent
from handlers.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.metrics import Metrics
    from bot.settings import Settings
    from bot.store.journal import Journal
    from bot.store.store import Store
    from bot.store.transactions import Transactions
    from handlers.people import Asker
    from knowledge.engine import Knowledge
    from knowledge.outcome import Context as Thread
    from knowledge.outcome import Language, Outcome

Item = TypeVar("Item")

PROFILE_SECONDS = 60.0
"""So long another replica may answer in a language that was just changed here."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of someone in a chat."""

    chosen: Language | None
    chat: Language | None
    blocked: bool


@dataclass
class Care:
    """How often anyone is answered: a burst, then what Telegram itself lets a bot send to a chat."""

    people: Buckets[int] = field(default_factory=lambda: Buckets(burst=20, rate=1.0))
    groups: Buckets[int] = field(default_factory=lambda: Buckets(burst=30, rate=1 / 3))
    inline: Buckets[int] = field(default_factory=lambda: Buckets(burst=30, rate=3.0))
    alarms: Buckets[str] = field(default_factory=lambda: Buckets(burst=3, rate=1 / 300))
    """Lines to the admins, by kind of error."""


@dataclass
class Services:
    """The parts of the bot that handlers work with; `knowledge` is swapped by a reload, the rest stays."""

    knowledge: Knowledge
    load: Callable[[], Knowledge]
    store: Store
    journal: Journal
    settings: Settings
    metrics: Metrics
    care: Care = field(default_factory=Care)
    profiles: Recent[tuple[int, int], Profile] = field(default_factory=lambda: Recent(PROFILE_SECONDS))
    answers: Answers = field(default_factory=Answers)
    threads: Threads = field(init=False)
    seen: Recent[int, str] = field(default_factory=lambda: Recent(3600.0))
    """Chats that the store has heard of lately, by what it has heard."""
    failures: Recent[int, int] = field(default_factory=lambda: Recent(3600.0))
    """How often an update has failed."""

    def __post_init__(self) -> None:
        self.threads = Threads(alone=self.store.is_sqlite)

    @property
    def commits(self) -> Transactions:
        """What shares transactions with others."""
        return self.store.commits

    async def keep(self, verb: Callable[[AsyncConnection, Sequence[Item]], Awaitable[object]], item: Item) -> None:
        """Have written down what the handling of an update leaves behind; what reads or writes it later finds it.

        On SQLite that needs no waiting. All writes are committed in order: this one before the press of a button, and
        before or together with the mark that the update is done, which the chat's next one waits for. An update that
        waited for two commits of its own, and then for the mark's, had its slot twice as long. A write that fails is
        logged: the reply is out, and to send it again would be worse.
        """
        if self.store.is_sqlite:
            self.commits.leave(verb, item)
        else:
            await self.commits.add(verb, item)

    def answer(self, text: str, previous: Thread | None = None, language: Language | None = None) -> Outcome:
        """Answer a question by the knowledge as it is now."""
        return self.answers.answer(self.knowledge, text, previous, language)

    def now(self) -> datetime:
        """Return the time, aware."""
        return datetime.now(UTC)


class Shared:
    """PTB makes one of these per application; the services are put into it before the first update."""

    services: Services


class Context(CallbackContext[ExtBot[None], dict[str, Any], dict[str, Any], Shared]):
    """PTB's context with the services; its own `user_data` and `chat_data` are never evicted, so nothing uses them."""

    asker: Asker
    """Who the update is from; the gate sets it before any handler runs."""

    @property
    def services(self) -> Services:
        """The parts of the bot."""
        return self.bot_data.services


App = Application[ExtBot[None], Context, dict[str, Any], dict[str, Any], Shared, None]
CONTEXT_TYPES: ContextTypes[Context, dict[str, Any], dict[str, Any], Shared] = ContextTypes(
    context=Context, bot_data=Shared
)
