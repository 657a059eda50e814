"""Imports without what a library takes along only because it happens to be installed."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRAS: Final = ("greenlet", "rich")
"""structlog loads its coloured tracebacks wherever rich is, and SQLAlchemy greenlet, which only its asyncio uses,
wherever that is: 5 MB that no bot on SQLite uses."""
UNUSED: Final = ("argparse", "httpx")
"""PTB's own HTTP is made of httpx and aiohttp's command line of argparse: 1.4 MB; the bot has its own of both."""
CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Environment variables that tell OpenSSL whom to trust."""
WITHOUT_DOCSTRINGS: Final = 2
LEAN: Final = ("-OO", "-X", "no_debug_ranges")


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """Let imports within the block find that modules are not installed; those that are loaded already stay.

    Afterwards they can be imported as ever. ``None`` in ``sys.modules`` is the language's own way to say so.
    """
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    hidden = [name for name in names if name not in modules]
    for name in hidden:
        modules[name] = None
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]


class _StandIn(ModuleType):
    """A module of empty classes: enough to be named in a signature or an ``except``."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@contextlib.contextmanager
def standing_in(*names: str) -> Iterator[None]:
    """Let imports within the block find a stand-in for modules that they name and that will never be used.

    Those that are loaded already stay; afterwards each can be imported as ever.
    """
    put = {name: _StandIn(name) for name in names if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            del sys.modules[name]


@contextlib.contextmanager
def trusting_nobody() -> Iterator[None]:
    """Let what is prepared for TLS within the block hold no certificates.

    aiohttp prepares itself as soon as it is imported, with the machine's: 2 MB. Where the bot has to trust anyone,
    :mod:`bot.http` makes a context of its own.
    """
    before = {name: os.environ.get(name) for name in CERTIFICATES}
    os.environ.update(dict.fromkeys(CERTIFICATES, os.devnull))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def restart() -> None:
    """Begin again as the same process and the same command, with what a Python has to be told at its start.

    Measured of an idle bot: 7.5 MB less without docstrings, 0.3 MB without the column of each instruction, 2 MB with
    one heap for all threads, of which only one works at a time anyway. Nothing happens where that is so already, or
    where every library would have to be compiled at each start, since bytecode is neither there nor kept.
    """
    kept = not sys.dont_write_bytecode and os.access(Path(__file__).parent, os.W_OK)
    there = Path(cache_from_source(__file__, optimization=WITHOUT_DOCSTRINGS)).exists()
    if (there or kept) and sys.flags.optimize < WITHOUT_DOCSTRINGS and sys.executable:
        with contextlib.suppress(OSError):
            os.execve(  # noqa: S606 - our own interpreter, our own command line
                sys.executable, [sys.executable, *LEAN, *sys.orig_argv[1:]], {"MALLOC_ARENA_MAX": "1", **os.environ}
            )
