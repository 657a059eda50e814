"""What a follow-up leans on, kept in memory beside the store, where that is the same for sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.store.conversations import FOLLOW_UP
from handlers.care import Recent
from knowledge.outcome import Context as Thread

if TYPE_CHECKING:
    from bot.store.conversations import Place


class Threads:
    """The last question of each place; a bounded number of them, for as long as the store itself would recall them.

    Only where this process is the only one that writes: with several, the next question may come to another of them,
    and the store alone knows what was asked last.
    """

    def __init__(self, *, alone: bool) -> None:
        self._recent: Recent[Place, tuple[Thread | None]] | None = None
        if alone:
            self._recent = Recent(FOLLOW_UP.total_seconds())

    def recall(self, place: Place) -> tuple[Thread | None] | None:
        """Return what is known: what was asked last, or that nothing was; None where the store has to be asked."""
        return self._recent.get(place) if self._recent is not None else None

    def remember(self, place: Place, thread: Thread | None) -> None:
        """Keep what the store keeps now."""
        if self._recent is not None:
            self._recent.put(place, (thread,))

    def clear(self) -> None:
        """Forget all of it, after something was erased or moved in the store."""
        if self._recent is not None:
            self._recent.clear()


def thread_of(kept: Any) -> Thread | None:  # noqa: ANN401 - whatever JSON was kept
    """Read what was kept of the question before."""
    if not isinstance(kept, dict):
        return None
    return Thread(
        tuple(kept.get("concepts", ())),
        tuple(kept.get("facts", ())),
        str(kept.get("asked", "")),
        bool(kept.get("refused")),
        tuple(kept.get("before", ())),
    )


def leaning(thread: Thread) -> dict[str, Any]:
    """Return what `thread_of` reads; by hand, since `asdict` copies each text and took 2 % of an update."""
    return {
        "concepts": list(thread.concepts),
        "facts": list(thread.facts),
        "asked": thread.asked,
        "refused": thread.refused,
        "before": list(thread.before),
    }
