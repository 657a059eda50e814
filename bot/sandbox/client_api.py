"""The client's side over HTTP: what the chat page, and tests in other processes, do as people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.actions import ACTIONS
from bot.sandbox.checks import Params
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.overview import chat_view, history, overview, people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from starlette.requests import Request

    from bot.sandbox.world import World

# The page loads nothing from elsewhere, runs no text as script, and cannot be framed by another site.
PAGE_HEADERS: Final = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
}
LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})


def client_routes(world: World, static: Path) -> list[Route]:
    """Return the routes of the page and of its API."""
    client = _Client(world, static)
    return [
        Route("/", client.page),
        Route("/static/{name}", client.static_file),
        Route("/client/people", _guarded(client.people)),
        Route("/client/state", _guarded(client.state)),
        Route("/client/messages", _guarded(client.messages)),
        Route("/client/events", _guarded(client.events)),
        Route("/client/journal", _guarded(client.journal)),
        Route("/client/file/{id}", _guarded(client.file)),
        Route("/client/{action}", _guarded(client.act), methods=["POST"]),
    ]


def _guarded(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Refuse other sites that try to speak through the user's browser, and answer refusals as JSON."""

    async def guarded(request: Request) -> Response:
        host = request.headers.get("host", "").rsplit(":", 1)[0]
        if host not in LOCAL_HOSTS:
            return JSONResponse({"ok": False, "description": "This sandbox answers to loopback names only."}, 403)
        if request.method == "POST" and "application/json" not in request.headers.get("content-type", ""):
            return JSONResponse({"ok": False, "description": "Send JSON."}, 415)
        try:
            return await endpoint(request)
        except ApiError as error:
            return JSONResponse(error.body(), error.status)

    return guarded


class _Client:
    """The endpoints."""

    def __init__(self, world: World, static: Path) -> None:
        self.world = world
        self.static = static

    async def page(self, _request: Request) -> Response:
        return FileResponse(self.static / "index.html", headers=PAGE_HEADERS)

    async def static_file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in {path.name for path in self.static.iterdir()}:
            return Response("Not Found", 404)
        return FileResponse(self.static / name, headers=PAGE_HEADERS)

    async def people(self, _request: Request) -> Response:
        return JSONResponse(people(self.world))

    async def state(self, request: Request) -> Response:
        return JSONResponse(overview(self.world, self._user(request)))

    async def messages(self, request: Request) -> Response:
        query = Params(request.query_params)
        chat = self.world.chat(query.number("chat", 0))
        view = {
            "chat": chat_view(self.world, chat, self._user(request)),
            "messages": history(self.world, chat, query.integer("thread"), before=query.integer("before")),
        }
        return JSONResponse(view)

    async def events(self, request: Request) -> Response:
        user_id = self._user(request)
        return StreamingResponse(
            self._stream(user_id), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    async def _stream(self, user_id: int) -> AsyncIterator[str]:
        with self.world.events.watch() as queue:
            yield "retry: 1000\n\n"
            while (event := await queue.get())["event"] != "bye":
                if self._concerns(event, user_id):
                    yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"

    def _concerns(self, event: dict[str, Any], user_id: int) -> bool:
        if event.get("user_id") not in {None, user_id}:
            return False
        chat = self.world.chats.get(event["chat_id"] or 0)
        return chat is None or chat.id == user_id or user_id in chat.members

    async def journal(self, request: Request) -> Response:
        since = Params(request.query_params).number("since", 0)
        entries = self.world.journal.entries[since:]
        names = (
            "method",
            "at",
            "status",
            "description",
            "fault",
            "applied",
            "chat_id",
            "thread_id",
            "message_id",
            "text",
        )
        return JSONResponse([{name: getattr(entry, name) for name in names} for entry in entries])

    async def file(self, request: Request) -> Response:
        stored = self.world.files.get(request.path_params["id"])
        if stored is None:
            return Response("Not Found", 404)
        inline = stored.mime in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        headers = {"x-content-type-options": "nosniff"} | ({} if inline else {"content-disposition": "attachment"})
        return Response(stored.data, media_type=stored.mime, headers=headers)

    async def act(self, request: Request) -> Response:
        action = ACTIONS.get(request.path_params["action"])
        if action is None:
            raise ApiError(404, "Not Found: no such action")
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse request body") from None
        if not isinstance(body, dict):
            raise bad_request("object expected as request body")
        result = await action(self.world, Params(body))
        return JSONResponse({"ok": True, "result": result})

    def _user(self, request: Request) -> int:
        user_id = Params(request.query_params).number("user", 0)
        if user_id not in self.world.users:
            raise bad_request("user not found")
        return user_id
