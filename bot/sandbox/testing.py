"""The sandbox for tests: a real server in a thread of its own, people who act, and a journal that judges."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bot.sandbox import membership, people
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import YOU, World, furnished

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.faults import FaultPlan
    from bot.sandbox.journal import Entry, Journal
    from bot.sandbox.limits import FloodLimits
    from bot.sandbox.model import Json, Message

T = TypeVar("T")
POLL_SECONDS = 0.01


class Sandbox:
    """A running sandbox.

    All deeds are synchronous and safe from any thread: they run in the server's loop. What waits comes twice, as a
    coroutine (`wait_for_reply`) for tests whose bot lives in the same loop, and blocking (`until`) for the others.
    """

    def __init__(self, world: World | None = None, *, port: int = 0, webhook_pause: float = 0.05) -> None:
        self.world = world or furnished()
        self.host = "127.0.0.1"
        self.port = port
        self._webhook_pause = webhook_pause
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: SandboxServer | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The root: what FACTLINE_API_URL takes, and the address of the page."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What PTB takes as `base_url`; it appends the token."""
        return f"{self.url}/bot"

    @property
    def token(self) -> str:
        """The only token that this sandbox accepts."""
        return self.world.token

    @property
    def journal(self) -> Journal:
        """Every call that arrived."""
        return self.world.journal

    @property
    def faults(self) -> FaultPlan:
        """The faults to inject."""
        return self.world.faults

    @property
    def limits(self) -> FloodLimits:
        """Telegram's flood limits, off until `limits.enabled`."""
        return self.world.limits

    def start(self) -> Self:
        """Start the server and return once it accepts connections."""
        listener = socket.create_server((self.host, self.port), backlog=2048)
        self.port = listener.getsockname()[1]
        self._server = SandboxServer(self.world, self.host, self.port, webhook_pause=self._webhook_pause)
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listener, started), name="sandbox", daemon=True)
        self._thread.start()
        started.wait(10)
        self.until(lambda: self._server is not None and self._server.started, timeout=10)
        return self

    def _run(self, listener: socket.socket, started: threading.Event) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            started.set()
            assert self._server is not None  # noqa: S101 - set before the thread starts
            await self._server.serve(sockets=[listener])

        asyncio.run(main())
        listener.close()

    def stop(self) -> None:
        """Stop the server; long polls end with 409, as when another bot takes over."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
        self._server = self._thread = self._loop = None
        self.world.journal.close()

    def run(self, deed: Callable[[], T]) -> T:
        """Run a function in the server's loop, where the world may be touched, and return what it returns."""
        if self._loop is None or threading.current_thread() is self._thread:
            return deed()

        async def in_loop() -> T:
            return deed()

        return asyncio.run_coroutine_threadsafe(in_loop(), self._loop).result(10)

    def say(
        self,
        chat: int,
        text: str | None,
        *,
        user: int = YOU,
        thread: int | None = None,
        reply_to: int | None = None,
        **details: Any,  # noqa: ANN401
    ) -> Message:
        """Let a user write; `details` are fields of the message such as `media` or `raw`."""
        return self.run(
            lambda: people.say(self.world, chat, text, user, thread_id=thread, reply_to=reply_to, **details)
        )

    def edit(self, chat: int, message_id: int, text: str, *, user: int = YOU) -> Message:
        """Let a user change a message of their own."""
        return self.run(lambda: people.edit(self.world, chat, message_id, text, user))

    def press(self, chat: int, message_id: int, data: str, *, user: int = YOU) -> str:
        """Let a user press a button, on the keyboard or forged; return the id of the callback query."""
        return self.run(lambda: people.press(self.world, chat, message_id, data, user).id)

    def ask_inline(self, text: str, *, user: int = YOU, offset: str = "", chat: int | None = None) -> str:
        """Let a user type `@bot text`; return the id of the inline query."""
        return self.run(lambda: people.type_inline(self.world, user, text, offset=offset, chat_id=chat).id)

    def choose_inline(self, query_id: str, result_id: str, chat: int, *, thread: int | None = None) -> Message:
        """Let the user send a result of their inline query."""
        return self.run(lambda: people.choose_inline(self.world, query_id, result_id, chat, thread_id=thread))

    def set_bot(self, chat: int, status: str, *, by: int = YOU, **options: Any) -> None:  # noqa: ANN401
        """Make the bot a member or administrator of a chat, or remove or kick it."""
        self.run(lambda: membership.set_bot(self.world, chat, status, by, **options))

    def block(self, user: int = YOU, *, blocked: bool = True) -> None:
        """Let a user block the bot, or unblock it."""
        self.run(lambda: membership.set_blocked(self.world, user, blocked=blocked))

    def migrate(self, chat: int, *, by: int = YOU) -> int:
        """Turn a group into a supergroup; return its new id."""
        return self.run(lambda: membership.migrate(self.world, chat, by).id)

    def bulk_chats(self, number: int, kind: str = "private") -> list[int]:
        """Create many chats to send to; return their ids."""
        return self.run(lambda: membership.bulk_chats(self.world, number, kind))

    def put_update(self, update: Json) -> int:
        """Queue a raw update, without its id, however odd it is; return its update_id."""
        return self.run(lambda: self.world.updates.put_raw(update))

    def messages(self, chat: int, *, thread: int | None = None) -> list[Message]:
        """Return the messages of a chat or topic as they stand now."""
        return self.run(
            lambda: [m for m in self.world.chat(chat).messages.values() if thread is None or m.thread_id == thread]
        )

    def replies(self, chat: int, *, after: int = 0, thread: int | None = None) -> list[Message]:
        """Return the bot's messages after a message id."""
        bot_id = self.world.bot.id
        found = self.messages(chat, thread=thread)
        return [m for m in found if m.id > after and (m.sender_id == bot_id or m.sender_chat_id == chat)]

    async def wait_for_reply(
        self,
        chat: int,
        *,
        after: int = 0,
        thread: int | None = None,
        count: int = 1,
        timeout: float = 10,  # noqa: ASYNC109
    ) -> Message:
        """Wait until the bot has written so many messages after a message id; return the last of them."""
        await self.wait_for(lambda: len(self.replies(chat, after=after, thread=thread)) >= count, timeout=timeout)
        return self.replies(chat, after=after, thread=thread)[count - 1]

    async def wait_for_answer(self, query_id: str, *, timeout: float = 10) -> Json:  # noqa: ASYNC109
        """Wait for the bot's answer to a callback, inline or guest query."""
        stores = (self.world.callbacks, self.world.inline_queries, self.world.guest_queries)

        def answer() -> Json | None:
            return next((store[query_id].answer for store in stores if query_id in store), None)

        await self.wait_for(lambda: answer() is not None, timeout=timeout)
        return answer() or {}

    async def wait_for(self, condition: Callable[[], bool], *, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until a condition holds, without holding up the caller's loop."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The condition did not come true within {timeout} s.\n{self.tail()}")
            await asyncio.sleep(POLL_SECONDS)

    def until(self, condition: Callable[[], bool], *, timeout: float = 10) -> None:
        """Wait until a condition holds, blocking: for a bot in another process."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The condition did not come true within {timeout} s.\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def tail(self, count: int = 5) -> str:
        """Return the last calls, for the message of a test that fails."""
        return "\n".join(_line(entry) for entry in self.journal.entries[-count:])


def _line(entry: Entry) -> str:
    return f"{entry.method} {entry.chat_id} {entry.status} {entry.description or entry.text or ''} {entry.fault}"
