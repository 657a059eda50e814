"""The Bot API over HTTP: `/bot{token}/{method}` in, the method's result or a refusal out, faults in between."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import TYPE_CHECKING, Any, Final

from bot.sandbox.bodies import parse_body, read_body
from bot.sandbox.checks import Params
from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.faults import Fault
from bot.sandbox.methods.call import Call, Upload
from bot.sandbox.methods.table import BY_LOWER_NAME, METHODS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from bot.sandbox.journal import Entry
    from bot.sandbox.world import World

TRANSPORT: Final = "factline.transport"
SILENT: Final = frozenset({"getUpdates"})


class BotApi:
    """The ASGI application that the bot talks to."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or lose it as the fault plan says."""
        path = scope["path_params"]
        try:
            body = await read_body(receive)
            method = self._method(path["token"], path["method"])
            params, files = parse_body(scope, body)
        except ApiError as error:
            await respond(send, error.status, error.body())
            return
        entry = self.world.journal.open(method, params) if method not in SILENT else None
        fault = self.world.faults.draw(method, params.get("chat_id"))
        try:
            status, answer = await self._outcome(method, params, files, entry, fault)
        finally:
            if entry is not None:
                self.world.journal.settle(entry)
        if fault is not None and fault.value.startswith(("reset", "timeout")):
            if fault.value.startswith("timeout"):
                await asyncio.sleep(self.world.faults.hold_seconds)
            scope["extensions"][TRANSPORT].abort()
            return
        await respond(send, status, answer)

    def _method(self, token: str, name: str) -> str:
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.world.token:
            raise ApiError(401, "Unauthorized")
        try:
            return BY_LOWER_NAME[name.lower()]
        except KeyError:
            raise ApiError(404, "Not Found: method not found") from None

    async def _outcome(
        self, method: str, params: dict[str, Any], files: dict[str, Upload], entry: Entry | None, fault: Fault | None
    ) -> tuple[int, dict[str, Any]]:
        """Return status and body of a call after it took effect, unless a fault or a refusal came before."""
        if delay := self.world.faults.delay():
            await asyncio.sleep(delay)
        status, answer = _fault_answer(fault, self.world.faults.retry_after)
        if fault is None or fault.applies:
            real_status, real_answer = await self.call(method, params, files)
            if fault is None:
                status, answer = real_status, real_answer
            if entry is not None:
                entry.applied = real_status == 200
                _note(entry, real_answer)
        if entry is not None:
            entry.status, entry.description = status, str(answer.get("description", ""))
            entry.fault = fault.value if fault else ""
        return status, answer

    async def call(
        self, method: str, params: dict[str, Any], files: dict[str, Upload] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Carry out a method and return the HTTP status and the body of the answer."""
        call = Call(self.world, Params(params), files or {})
        try:
            self._check_limits(method, params)
            result = METHODS[method](call)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            return error.status, error.body()
        return 200, {"ok": True, "result": result}

    async def call_by_name(self, name: str, params: dict[str, Any]) -> None:
        """Carry out a method that a webhook answered with, if there is one of that name."""
        if method := BY_LOWER_NAME.get(name.lower()):
            entry = self.world.journal.open(method, params)
            await self._outcome(method, params, {}, entry, None)
            self.world.journal.settle(entry)

    def _check_limits(self, method: str, params: dict[str, Any]) -> None:
        if not self.world.limits.enabled:
            return
        try:
            chat = self.world.chats.get(int(params.get("chat_id", 0)))
        except (TypeError, ValueError):
            chat = None
        if chat is not None:
            self.world.limits.check(method, chat)


def _note(entry: Entry, answer: dict[str, Any]) -> None:
    """Keep in the journal where the message came to stand."""
    result = answer.get("result")
    if isinstance(result, dict):
        entry.message_id = result.get("message_id")
        entry.thread_id = result.get("message_thread_id")
        entry.text = result.get("text", result.get("caption"))
        entry.chat_id = result.get("chat", {}).get("id")
    if entry.chat_id is None:
        try:
            entry.chat_id = int(entry.params.get("chat_id", ""))
        except (TypeError, ValueError):
            entry.chat_id = None


def _fault_answer(fault: Fault | None, retry_after: int) -> tuple[int, dict[str, Any]]:
    if fault is Fault.TOO_MANY:
        return 429, too_many_requests(retry_after).body()
    if fault is Fault.INTERNAL:
        return 500, ApiError(500, "Internal Server Error").body()
    if fault in {Fault.BAD_GATEWAY, Fault.BAD_GATEWAY_AFTER}:
        return 502, ApiError(502, "Bad Gateway").body()
    return 0, {}


async def respond(send: Send, status: int, body: dict[str, Any]) -> None:
    """Send a JSON answer; a 429 names its seconds in a header, too."""
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
    if retry_after := body.get("parameters", {}).get("retry_after"):
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
