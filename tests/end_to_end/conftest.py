"""The whole bot over real HTTP, on a real database: a sandbox, and what is needed to start the bot against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot import app
from bot.sandbox.testing import Sandbox
from bot.sandbox.world import YOU
from bot.settings_form import load
from knowledge.engine import Knowledge
from tests.end_to_end.conversation import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.settings import Settings


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The built-in knowledge, read once."""
    return Knowledge.load()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A local Telegram of this test's own."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def settings_of(sandbox: Sandbox, sqlite_url: str) -> Callable[..., Settings]:
    """Settings of a bot that talks to the sandbox, with changes."""

    def make(**changes: object) -> Settings:
        basic = {"token": sandbox.token, "api_url": sandbox.url, "database_url": sqlite_url, "admins": str(YOU)}
        return load(**{"_env_file": None, **basic, **changes})

    return make


@pytest_asyncio.fixture
async def factline(
    settings_of: Callable[..., Settings], knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[app.Factline]:
    """The running bot."""
    monkeypatch.setattr(app, "load_knowledge", lambda _settings: knowledge)
    async with app.started(settings_of(), web=False) as running:
        yield running


@pytest.fixture
def you(sandbox: Sandbox, factline: app.Factline) -> Person:
    """You, in your private chat; an admin."""
    return Person(sandbox)
