"""Telegram's side of the wire, in memory: everything above it is the real PTB."""

import asyncio
import json
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"

Reply = tuple[int, dict[str, Any]]


def failure(code: int, description: str, **parameters: Any) -> Reply:
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


def message(update_id: int, chat: int = 1, text: str = "hello") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private"},
            "from": person,
            "text": text,
        },
    }


class FakeTelegram(BaseRequest):
    """Keeps updates until they are acknowledged, and fails as told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.failures: list[Reply | Exception] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.acknowledged = 0

    @property
    def read_timeout(self) -> float | None:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> Any:
        assert method == "POST"
        name = url.rsplit("/", 1)[-1]
        parameters: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        self.calls.append((name, parameters))
        await asyncio.sleep(0)
        if name == "getUpdates" and self.failures:
            planned = self.failures.pop(0)
            if isinstance(planned, Exception):
                raise planned
            return planned[0], json.dumps(planned[1]).encode()
        result: Any = True
        if name == "getUpdates":
            result = await self._updates(int(parameters.get("offset", 0)))
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        if offset:
            self.acknowledged = max(self.acknowledged, offset - 1)
            self.updates = [update for update in self.updates if update.get("update_id", offset) >= offset]
        if not self.updates:
            await asyncio.sleep(0.01)
        return self.updates[:100]

    def bot(self) -> Bot:
        return Bot(TOKEN, request=self, get_updates_request=self)
