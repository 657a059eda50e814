"""Answers to what was asked lately: many ask the same, and the answer depends on nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.engine import Knowledge
    from knowledge.outcome import Context as Thread
    from knowledge.outcome import Language, Outcome

CAPACITY = 1000
"""Outcomes in memory, of little more than 1 KB each; working one out takes 0.5 to 0.8 ms."""
LONGEST = 300
"""Characters of a question that others may ask, too; what is longer is one person's, and would fill the memory."""


class Answers:
    """Asks the knowledge, once for each question in its context; a reload begins anew."""

    def __init__(self) -> None:
        self._knowledge: Knowledge | None = None
        self._known: Callable[[str, Thread | None, Language | None], Outcome]

    def answer(
        self, knowledge: Knowledge, text: str, previous: Thread | None = None, language: Language | None = None
    ) -> Outcome:
        """Return what the knowledge answers."""
        if len(text) > LONGEST:
            return knowledge.answer(text, previous, language)
        if knowledge is not self._knowledge:
            self._knowledge = knowledge
            self._known = lru_cache(CAPACITY)(lambda *given: knowledge.answer(*given))  # noqa: PLW0108 - looked up late
        return self._known(text, previous, language)

    def clear(self) -> None:
        """Forget what was asked."""
        self._knowledge = None
