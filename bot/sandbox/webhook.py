"""Delivers updates to the bot's webhook: in order within a chat, side by side across chats, until it says 2xx."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi
    from bot.sandbox.model import Json
    from bot.sandbox.world import World

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 60.0
LONGEST_RETRY_AFTER: Final = 3600.0


class WebhookSender:
    """Runs while the server does; idle as long as no webhook is set."""

    def __init__(self, world: World, api: BotApi, *, pause: float = FIRST_PAUSE) -> None:
        self.world = world
        self.api = api
        self.pause = pause
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Start a delivery for each chat that has something waiting, as connections allow."""
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            try:
                while True:
                    for update in list(self.world.updates.pending) if self.world.webhook.get("url") else ():
                        chat = chat_key(update)
                        if chat not in self._busy and len(self._busy) < self.world.webhook["max_connections"]:
                            self._busy[chat] = asyncio.create_task(self._deliver(client, chat, update))
                    await self.world.updates.arrival(1.0)
            finally:
                for task in list(self._busy.values()):
                    task.cancel()

    async def _deliver(self, client: httpx.AsyncClient, chat: str, update: Json) -> None:
        try:
            attempt = 0
            while self.world.webhook.get("url") and update in self.world.updates.pending:
                retry_after = await self._post(client, update)
                if retry_after is None:
                    if update in self.world.updates.pending:
                        self.world.updates.pending.remove(update)
                    return
                # The first repetition comes at once, the others at doubling distances.
                pause = min(self.pause * 2 ** (attempt - 1), LONGEST_PAUSE) if attempt else 0.0
                attempt += 1
                await asyncio.sleep(max(pause, retry_after))
        finally:
            self._busy.pop(chat, None)
            self.world.updates.wake()

    async def _post(self, client: httpx.AsyncClient, update: Json) -> float | None:
        """Return None if the webhook took the update, else the least number of seconds to wait."""
        hook = self.world.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
        try:
            response = await client.post(hook["url"], json=update, headers=headers)
        except httpx.HTTPError as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return 0.0
        if response.is_success:
            await self._reply(response)
            return None
        self._note(f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}")
        try:
            return min(float(response.headers.get("retry-after", 0)), LONGEST_RETRY_AFTER)
        except ValueError:
            return 0.0

    async def _reply(self, response: httpx.Response) -> None:
        """Carry out a method that stands in the webhook's answer; nobody learns how it went."""
        if "json" not in response.headers.get("content-type", ""):
            return
        try:
            body = response.json()
        except ValueError:
            return
        if isinstance(body, dict) and isinstance(body.get("method"), str):
            await self.api.call_by_name(body.pop("method"), body)

    def _note(self, text: str) -> None:
        self.world.webhook |= {"last_error_date": self.world.now(), "last_error_message": text}


def chat_key(update: Json) -> str:
    """Return what keeps updates in order: the chat, else the user."""
    for kind, body in update.items():
        if kind == "update_id" or not isinstance(body, dict):
            continue
        chat = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
        return str(chat.get("id", ""))
    return ""
