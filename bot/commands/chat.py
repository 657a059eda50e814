"""``factline chat``: the same answers as a conversation in the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from bot.commands.knowledge_base import open_knowledge

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.engine import Knowledge
    from knowledge.outcome import Context, Outcome, Suggestion

PROMPT: Final = "you> "
LEAVING: Final = frozenset({"/quit", "/exit", "/q"})


def chat() -> int:
    """Talk until the input ends; the arrow keys bring back earlier questions."""
    knowledge = open_knowledge()
    read = _line_editor() if sys.stdin.isatty() else _plain_input
    conversation = Conversation(knowledge)
    _say("Ask me about the article, in English or Chinese. /why explains the last answer, /quit leaves.")
    while True:
        try:
            line = read(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return 0
        if line.strip().lower() in LEAVING:
            return 0
        _say(conversation.reply(line))


class Conversation:
    """Follow-ups, and "did you mean" answered by its number."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._context: Context | None = None
        self._options: tuple[Suggestion, ...] = ()
        self._last: Outcome | None = None

    def reply(self, line: str) -> str:
        """The reply to one line."""
        line = line.strip()
        if line == "/why":
            from bot.commands.ask import explained

            return explained(self._last) if self._last else "There is no answer to explain yet: ask something first."
        chosen = int(line) - 1 if line.isdecimal() and len(line) < 3 else -1
        if 0 <= chosen < len(self._options):
            line = self._options[chosen].question
        outcome = self._knowledge.answer(line, self._context)
        self._context, self._last = outcome.context, outcome
        self._options = outcome.suggestions if outcome.kind == "suggest" else ()
        return outcome.text


def _line_editor() -> Callable[[str], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    session: PromptSession[str] = PromptSession(history=InMemoryHistory())
    return session.prompt


def _plain_input(_prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _say(text: str) -> None:
    from bot.commands.ask import print_line

    print_line(sys.stdout, text)
