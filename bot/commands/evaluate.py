"""``factline eval``: runs question sets and prints right, false and missed."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.commands.ask import print_line
from bot.commands.knowledge_base import open_knowledge

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.evaluation import Result

PASSED: Final = 0
FALSE_ANSWERS: Final = 1


def evaluate_files(files: list[Path], *, show: bool = False) -> int:
    """Print a table by kind and language; 1 where any answer was false."""
    from rich.console import Console
    from rich.table import Table

    from knowledge.evaluation import evaluate, read_items, tally

    knowledge = open_knowledge()
    results = [result for path in files for result in evaluate(knowledge, read_items(path))]
    table = Table("kind", "language", "right", "false", "missed")
    total: Counter[str] = Counter()
    for (kind, language), counts in sorted(tally(results).items()):
        table.add_row(kind, language, *(str(counts[verdict]) for verdict in ("right", "false", "missed")))
        total.update(counts)
    Console().print(table)
    if show:
        for result in results:
            if result.verdict != "right":
                print_line(sys.stdout, _shown(result))
    asked = sum(total.values())
    share = f"{100 * total['right'] / asked:.1f} %" if asked else "no questions"
    print_line(
        sys.stdout,
        f"{asked} questions: {total['right']} right ({share}), {total['false']} false, {total['missed']} missed",
    )
    return FALSE_ANSWERS if total["false"] else PASSED


def _shown(result: Result) -> str:
    turns = " / ".join(result.item.turns)
    left = ", ".join(result.outcome.evidence.leftover)
    reply = f"{result.outcome.kind}: {result.outcome.text.splitlines()[0]}"
    return f"{result.verdict}  {result.item.id}  {turns}\n    {reply}\n    left over: {left or '—'}"
