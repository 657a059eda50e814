"""Work whose memory shall not stay: done in a process of its own, which takes it along when it ends.

Reading the settings, compiling the knowledge base and upgrading the database need pydantic, YAML, pypinyin and Alembic
for a second; in the bot's own process the allocator would keep 86 MB of that for as long as the bot runs.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from bot.settings import SettingsError
from bot.store.errors import StoreError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# What a child may fail with that says nothing about the work: it cannot be started, was killed, or wrote rubbish.
LOST: Final = (OSError, subprocess.SubprocessError, pickle.UnpicklingError, EOFError)

log = structlog.get_logger(__name__)


def call(function: Callable[..., T], *arguments: object) -> T:
    """What ``function`` returns or raises, worked out in a fresh Python; where none can be started, in this one.

    The function has to be one of a module, and it, its arguments and its outcome have to be fit for pickle.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-P", "-m", __name__],
            input=pickle.dumps((function, arguments)),
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
        )
        succeeded, outcome = pickle.loads(done.stdout)  # noqa: S301 - from our own child
    except LOST as error:
        log.warning("no process of its own, so the memory stays", work=function.__name__, reason=str(error))
        return function(*arguments)
    if not succeeded:
        raise outcome
    return outcome  # type: ignore[no-any-return]


def main() -> None:
    """Be the child: read the work, write its outcome; whatever else is printed goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group, and the parent is the one to end
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    with answer:
        pickle.dump(_outcome(function, arguments), answer, protocol=pickle.HIGHEST_PROTOCOL)


def _outcome(function: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[bool, object]:
    """Whether it succeeded, and what it returned, or what the operator is to be told.

    Any other error ends the child, with its traceback on standard error, and meets the parent when it tries itself.
    """
    try:
        return True, function(*arguments)
    except (KnowledgeError, SettingsError, StoreError) as error:
        return False, error


if __name__ == "__main__":
    main()
