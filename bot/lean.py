"""Imports without what a library takes along only because it happens to be installed."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

EXTRAS: Final = ("httpx._main", "rich")
"""httpx loads its command line, and structlog its coloured tracebacks, wherever rich is: 4 MB that no bot uses."""


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
