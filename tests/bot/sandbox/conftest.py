"""A running sandbox, a real PTB bot that talks to it over HTTP, and raw calls for what PTB would not send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from telegram import Bot

from bot.sandbox.testing import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url) as connected:
        yield connected


@pytest.fixture
def call(sandbox: Sandbox) -> Iterator[Callable[..., dict[str, Any]]]:
    """Call a method with JSON parameters, as they are, and return the whole answer."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as client:

        def send(method: str, **params: Any) -> dict[str, Any]:
            response = client.post(f"/bot{sandbox.token}/{method}", json=params)
            answer: dict[str, Any] = response.json()
            assert answer.get("error_code", 200) == response.status_code
            return answer

        yield send
