"""The question sets beside the tests, and clean questions to change a word of."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from knowledge.engine import Knowledge
from knowledge.evaluation import Item, read_items

FOLDER = Path(__file__).parent.parent / "questions"
SETS = sorted(FOLDER.glob("*.jsonl"))
FROZEN = sorted((FOLDER / "frozen").glob("*.jsonl"))


@cache
def items() -> Sequence[Item]:
    """Every question of the open sets."""
    return tuple(item for path in SETS for item in read_items(path))


def single(language: str = "") -> list[str]:
    """Questions that stand alone, in order, without doubles."""
    chosen = [item.turns[0] for item in items() if len(item.turns) == 1 and item.language.startswith(language)]
    return list(dict.fromkeys(chosen))


def clean(knowledge: Knowledge) -> list[str]:
    """Correctly spelt questions that the article answers: the phrasings of every entry."""
    return [phrase for entry in knowledge.entries.values() for phrase in (*entry.phrasings_en, *entry.phrasings_zh)] + [
        item.turns[0]
        for item in items()
        if item.expected == "answer" and item.kind in {"direct", "keyword"} and len(item.turns) == 1
    ]
