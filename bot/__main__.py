"""The command line: ``factline`` and ``python -m bot`` are the same."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
STARTING: Final[tuple[list[str], ...]] = ([], ["run"])
"""Typer is left out of these too: it would stay in the memory of a bot that runs for months."""
FLAGS: Final = {"--explain": "explain", "--json": "json_"}


def main() -> None:
    """Run the command line; what goes wrong with the data is said in plain lines, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    from knowledge.errors import KnowledgeError

    try:
        sys.exit(_run(sys.argv[1:]))
    except KnowledgeError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.exit(FAILED)


def _run(arguments: Sequence[str]) -> int:
    plain = plain_question(arguments)
    if plain is not None:
        gc.disable()  # 4 ms of 100; a process that ends after one answer gives back everything at once
        from bot.commands.ask import ask

        return ask(plain[0], explain="explain" in plain[1], json_="json_" in plain[1])
    if list(arguments) in STARTING:
        from bot.commands.start import start

        return start()
    from bot.cli import app

    app()
    return 0


def plain_question(arguments: Sequence[str]) -> tuple[str, frozenset[str]] | None:
    """The question and the flags of ``ask QUESTION [--explain] [--json]``; None for any other command line.

    typer 0.29 builds a pydantic adapter for every parameter before it looks at one: 0.4 s, more than everything else
    together. So the plainest and most frequent form is read here, and all others, usage errors included, by typer.
    """
    if len(arguments) < 2 or arguments[0] != "ask":
        return None
    words = [word for word in arguments[1:] if not word.startswith("-")]
    flags = [word for word in arguments[1:] if word.startswith("-")]
    if len(words) != 1 or not set(flags) <= FLAGS.keys():
        return None
    return words[0], frozenset(FLAGS[flag] for flag in flags)


if __name__ == "__main__":
    main()
