"""What is kept in memory beside the store and the knowledge is never other than what those would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bot.store.conversations import Place
from handlers.answers import LONGEST, Answers
from handlers.threads import Threads
from knowledge.outcome import Context as Thread

if TYPE_CHECKING:
    from knowledge.engine import Knowledge


class Counted:
    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def answer(self, text: str, previous: Thread | None = None, language: str | None = None) -> str:
        self.asked.append(text)
        return f"{self.name}: {text} {previous} {language}"


def test_a_question_is_worked_out_once_in_each_context_and_anew_after_a_reload() -> None:
    answers, old, new = Answers(), Counted("old"), Counted("new")

    def ask(counted: Counted, *given: object) -> object:
        return answers.answer(cast("Knowledge", counted), *given)  # type: ignore[arg-type]

    after = Thread(("quota",), ("qdlp-quota",), "amount")
    for _ in range(2):
        assert ask(old, "q", None, "en") == "old: q None en"
        assert ask(old, "q", after, "en") == f"old: q {after} en"
        assert ask(old, "q", None, "zh-Hans") == "old: q None zh-Hans"
    assert old.asked == ["q"] * 3
    assert ask(new, "q", None, "en") == "new: q None en"
    answers.clear()
    ask(new, "q", None, "en")
    assert new.asked == ["q"] * 2
    for _ in range(2):
        ask(new, "x" * (LONGEST + 1), None, "en")
    assert len(new.asked) == 4, "nobody else asks that"


def test_threads_are_kept_where_one_process_writes_and_nowhere_else() -> None:
    place, thread = Place(1, 2), Thread(("quota",))
    alone, several = Threads(alone=True), Threads(alone=False)
    for threads in (alone, several):
        assert threads.recall(place) is None
        threads.remember(place, thread)
    assert alone.recall(place) == (thread,)
    assert alone.recall(Place(1, 2, 3)) is None
    assert several.recall(place) is None, "another replica may know better"
    alone.remember(place, None)
    assert alone.recall(place) == (None,), "known to be nothing: the store need not be asked"
    alone.clear()
    assert alone.recall(place) is None
